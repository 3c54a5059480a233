"""周历: does this week go well? Seven columns, the mix ring, each slot with its reason."""

import streamlit as st

from studio import jobs
from studio.app.ui import session, week_changes
from studio.app.ui.week_answers import show_answers
from studio.app.ui.week_board import is_fresh, plan_week, show_board
from studio.app.ui.week_cards import Around
from studio.app.ui.week_dialogs import show_asked
from studio.app.ui.week_effects import Standing
from studio.app.ui.week_head import show_actions, show_breaches, show_remarks, show_stale, show_summary, show_tools
from studio.app.ui.week_month import show_month, show_month_steps
from studio.app.ui.week_picker import MONTH_VIEW, VIEW, chosen_week, pick_view, show_week_steps
from studio.app.ui.work import running, show_ending, show_work
from studio.vocabulary import Status

opened = session.workspace()
brand = opened.brand
is_month = st.session_state.get(VIEW) == MONTH_VIEW
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    (show_month_steps if is_month else show_week_steps)()
    pick_view()
week = chosen_week()
if is_month:
    show_month(week)
    st.stop()
plan = opened.schedule.week(week)


@session.told
def generate() -> None:
    plan_week(week)


if plan is None:
    with st.container(border=True, horizontal_alignment="center"):
        st.subheader("这一周还空着", anchor=False)
        if week.days[-1] < session.today():
            st.write("这一周已经过去了，翻到后面的周再排。")
        else:
            begun = "从今天起排好" if week.days[0] < session.today() else "一键排好"
            count = opened.settings.plan.posts_per_week
            target = opened.settings.plan.target
            st.write(f"{begun}，一周 {count} 条，产品、价值、生活按 {target} 分，每条都说明为什么。")
            st.button("生成这一周", type="primary", on_click=generate, icon=":material/auto_awesome:")
    with st.container(horizontal=True):
        show_tools(None)
    st.stop()

slots = list(plan.slots)
fresh = is_fresh(week)
summary, actions = st.columns(2, vertical_alignment="center")
with summary:
    show_summary(plan, slots, fresh=fresh)
with actions:
    show_actions(plan, slots, brand)
if running(jobs.DRAFT_WEEK):
    show_work(jobs.DRAFT_WEEK, "正在写")
elif any(slot.status is Status.PLANNED for slot in slots):
    show_ending(jobs.DRAFT_WEEK, "上次停在半路，写好的都在；再点一次接着写。")

with st.spinner("正在看客户这周会看到什么"):
    exposure = opened.outlook.exposure(week)
standing = Standing.of(slots, exposure)
show_stale(slots, brand)
show_answers(week, standing)
week_changes.remember_standing(week, standing)
offered = week_changes.offer(week)
show_board(
    week,
    slots,
    brand,
    Around(
        today=session.today(),
        occasions=opened.outlook.occasions(week.days[0], week.days[-1]),
        exposure=exposure,
        blocked=opened.schedule.blocked_days(),
        most_ads=opened.plan_rules.max_product_per_day,
    ),
    playbooks={item.id: item.name for item in opened.outlook.playbooks()[0].values()},
    changing={step.slot_id for step in offered.proposal.diff.steps} if offered else (),
    fresh=fresh,
)
show_breaches(exposure)
show_remarks(plan, slots, brand)
show_asked(week, slots, brand)
