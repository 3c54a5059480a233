"""The tables. Every row belongs to a shop; what people edit carries a version and who changed it when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

HEAD = "0003"
"""The newest migration; a test holds it against the migrations folder."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on every database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=UTC) if value else None


def _shop() -> Column[str]:
    return Column("shop_id", String(40), ForeignKey("shop.id", ondelete="CASCADE"), primary_key=True)


def _edited() -> tuple[Column[Any], ...]:
    return (
        Column("version", Integer, nullable=False, default=1),
        Column("actor", String(40), nullable=False, default=""),
        Column("updated_at", UtcDateTime, nullable=False),
    )


shop = Table(
    "shop",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("brand", JSON, nullable=False),
    Column("posts_revision", Integer, nullable=False, default=0),
    *_edited(),
)

week = Table(
    "week",
    metadata,
    _shop(),
    Column("id", String(8), primary_key=True),
    Column("seed", Integer, nullable=False),
    Column("mix", JSON, nullable=False),
    Column("relaxed", JSON, nullable=False),
    Column("problems", JSON, nullable=False),
    Column("quality", JSON, nullable=False, server_default="{}"),
)

slot = Table(
    "slot",
    metadata,
    _shop(),
    Column("id", String(40), primary_key=True),
    Column("date", Date, nullable=False),
    Column("time", Time, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("pillar", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("segment", Text),
    Column("theme", Text, nullable=False),
    Column("occasion", Text),
    Column("product", Text),
    Column("playbook", Text),
    Column("why", Text, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("status", String(20), nullable=False),
    *_edited(),
    Index("ix_slot_shop_date", "shop_id", "date"),
)

draft = Table(
    "draft",
    metadata,
    _shop(),
    Column("id", String(32), primary_key=True),
    Column("slot_id", String(40), nullable=False),
    Column("segment", Text, nullable=False),
    Column("sections", JSON, nullable=False),
    Column("provenance", JSON, nullable=False),
    *_edited(),
    ForeignKeyConstraint(["shop_id", "slot_id"], ["slot.shop_id", "slot.id"], ondelete="CASCADE"),
    UniqueConstraint("shop_id", "slot_id", "segment"),
)

draft_revision = Table(
    "draft_revision",
    metadata,
    _shop(),
    Column("draft_id", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sections", JSON, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["shop_id", "draft_id"], ["draft.shop_id", "draft.id"], ondelete="CASCADE"),
)

post = Table(
    "post",
    metadata,
    _shop(),
    Column("id", String(32), primary_key=True),
    Column("text", Text, nullable=False),
    Column("text_hash", String(32), nullable=False),
    Column("pillar", String(16)),
    Column("channel", String(16)),
    Column("posted_on", Date),
    Column("posted_time", Time),
    Column("segment", Text),
    Column("title", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("slot_id", String(40)),
    Column("is_example", Boolean, nullable=False),
    UniqueConstraint("shop_id", "text_hash"),
    Index("ix_post_shop_posted_on", "shop_id", "posted_on"),
)

vector = Table(
    "vector",
    metadata,
    _shop(),
    Column("post_id", String(32), primary_key=True),
    Column("model_key", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
    ForeignKeyConstraint(["shop_id", "post_id"], ["post.shop_id", "post.id"], ondelete="CASCADE"),
)

customer = Table(
    "customer",
    metadata,
    _shop(),
    Column("id", Text, primary_key=True),
    Column("nickname", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("spent", Float),
    Column("orders", Integer),
    Column("last_order_on", Date),
    Column("added_on", Date),
    Column("birthday", String(5)),
    Column("source", Text, nullable=False),
)

job = Table(
    "job",
    metadata,
    _shop(),
    Column("id", String(32), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("heartbeat", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

memo = Table(
    "memo",
    metadata,
    _shop(),
    Column("key", Text, primary_key=True),
    Column("value", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

suppression = Table(
    "suppression",
    metadata,
    _shop(),
    Column("id", String(32), primary_key=True),
    Column("code", String(60), nullable=False),
    Column("phrase", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("expires_on", Date),
    Column("actor", String(40), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

playbook_run = Table(
    "playbook_run",
    metadata,
    _shop(),
    Column("id", String(32), primary_key=True),
    Column("playbook", Text, nullable=False),
    Column("anchor", Date),
    Column("ends_on", Date),
    Column("segment", Text),
    Column("product", Text),
    Column("paused", Boolean, nullable=False),
    *_edited(),
)

plan_revision = Table(
    "plan_revision",
    metadata,
    _shop(),
    Column("id", String(32), primary_key=True),
    Column("week", String(8), nullable=False),
    Column("number", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("plan", JSON, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_plan_revision_shop_week", "shop_id", "week", "number"),
)
