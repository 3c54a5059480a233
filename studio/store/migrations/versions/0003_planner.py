"""the planner: playbooks that run, revisions of a week, birthdays, the time of a post"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("slot") as table:
        table.add_column(sa.Column("playbook", sa.Text(), nullable=True))
    with op.batch_alter_table("week") as table:
        table.add_column(sa.Column("quality", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("post") as table:
        table.add_column(sa.Column("posted_time", sa.Time(), nullable=True))
    with op.batch_alter_table("customer") as table:
        table.add_column(sa.Column("birthday", sa.String(length=5), nullable=True))
    op.create_table(
        "playbook_run",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("playbook", sa.Text(), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_playbook_run_shop"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_playbook_run")),
    )
    op.create_table(
        "plan_revision",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_plan_revision_shop"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_plan_revision")),
    )
    op.create_index("ix_plan_revision_shop_week", "plan_revision", ["shop_id", "week", "number"])
