"""周历: does this week go well? Seven columns, the mix ring, each slot with its reason."""

import streamlit as st

from studio import jobs
from studio.app.ui import session
from studio.app.ui.exports import show_exports
from studio.app.ui.ring import mix_ring, mix_words, rolling_words
from studio.app.ui.week_board import (
    counts_of,
    plan_week,
    show_board,
    start_drafting,
)
from studio.app.ui.week_picker import pick_week
from studio.app.ui.work import running, show_ending, show_work
from studio.planning.planner import missing
from studio.vocabulary import Status

opened = session.workspace()
brand = opened.brand
target = opened.settings.plan.target
week = pick_week()
plan = opened.store.calendar.week(week)


@session.told
def generate(seed: int) -> None:
    plan_week(week, seed=seed)


if plan is None:
    with st.container(border=True, horizontal_alignment="center"):
        st.subheader("这一周还空着", anchor=False)
        if week.days[-1] < session.today():
            st.write("这一周已经过去了，翻到后面的周再排。")
        else:
            begun = "从今天起排好" if week.days[0] < session.today() else "一键排好"
            count = opened.settings.plan.posts_per_week
            st.write(f"{begun}，一周 {count} 条，产品、价值、生活按 {target} 分，每条都说明为什么。")
            st.button("生成这一周", type="primary", on_click=generate, args=(0,), icon=":material/auto_awesome:")
    st.stop()

slots = list(plan.slots)
unwritten = [slot for slot in slots if slot.status is Status.PLANNED]
has_model = opened.settings.llm.preset != "off"
summary, actions = st.columns([3, 2], vertical_alignment="center")
with summary.container(horizontal=True, vertical_alignment="center", gap="medium"):
    ring = st.empty()
    with ring:
        mix_ring(counts_of(slots), key="ring")
    with st.container(width="stretch"):
        st.markdown(mix_words(counts_of(slots), plan))
        st.caption(session.plain(rolling_words(plan, target)))
        days = opened.editorial.occasions(week.days[0], week.days[-1])
        if days:
            st.caption(":material/event: " + session.plain(" · ".join(days)))
with actions.container(horizontal=True, horizontal_alignment="right"):
    if unwritten:
        label = f"写好这 {len(unwritten)} 条"
        st.button(
            label,
            type="primary",
            icon=":material/edit_note:",
            on_click=start_drafting,
            args=(week,),
            kwargs={"offline": not has_model},
            disabled=running(jobs.DRAFT_WEEK),
        )
        st.button(
            "重新排",
            on_click=generate,
            args=(plan.seed + 1,),
            icon=":material/refresh:",
            help="没动过的档位换一种排法；锁定的和写过的不动",
        )
    show_exports(plan, brand)

if running(jobs.DRAFT_WEEK):
    show_work(jobs.DRAFT_WEEK, "正在写")
elif unwritten:
    show_ending(jobs.DRAFT_WEEK, "上次停在半路，写好的都在；再点一次接着写。")
for problem in missing(brand):
    st.caption(f":material/info: {session.plain(problem.message)}")
for line in plan.relaxed:
    st.caption(f":material/tune: {session.plain(line)}")

show_board(week, slots, brand, ring)
