"""The head of the week: the ring, where the mix is going, what can be done with the whole week, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from studio import jobs
from studio.app.ui import session, week_changes
from studio.app.ui.exports import show_exports
from studio.app.ui.occasion_dialog import show_occasions
from studio.app.ui.playbook_dialog import show_playbooks
from studio.app.ui.ring import mix_ring, mix_words, rolling_words
from studio.app.ui.week_answers import show_history
from studio.app.ui.week_board import counts_of, start_drafting
from studio.app.ui.week_words import channel_words, quality_words
from studio.app.ui.work import running
from studio.brand import Brand
from studio.errors import Problem
from studio.planning.breaches import ReaderRule
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.exposure import Exposure
from studio.planning.planner import missing
from studio.planning.revision import Change
from studio.planning.troubles import coming, is_unsold, unsold
from studio.vocabulary import Status


def show_summary(plan: Week, slots: list[Slot], *, fresh: bool) -> None:
    """Show how many posts of each pillar the week has, and what brings the mix back."""
    opened = session.workspace()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        counts = counts_of(slots)
        live = [slot.pillar for slot in slots if slot.status is not Status.SKIPPED]
        mix_ring(counts, key="ring", arriving=live if fresh else ())
        with st.container(width="stretch", gap="xsmall"):
            st.markdown(mix_words(counts, opened.schedule.due(plan)))
            st.caption(session.plain(rolling_words(plan, opened.settings.plan.target)))
            if plan.id == WeekId.of(session.today()):
                way = opened.outlook.way_back().sentence
                besides = "除了已经排好的，" if way.startswith("到周日") else ""
                st.markdown(f":material/explore: {session.plain(besides + way)}。")
                _show_channels()


def _show_channels() -> None:
    box = st.expander("分渠道看", key="week_channels", on_change="rerun", type="compact")
    if box.open:
        with box:
            st.markdown("  \n".join(channel_words(session.workspace().outlook.ledger())) or "近四周还没有发过。")
            st.caption("近四周发了的，加上这周还要发的；后面是照计划到周日离配比差多少。")


@session.told
def plan_afresh(seed: int) -> None:
    """Offer another arrangement of the week."""
    week_changes.propose_fresh(seed)


def show_actions(plan: Week, slots: Sequence[Slot], brand: Brand) -> None:
    """Show what can be done with the week as a whole: write it, plan it anew, look back, take it along."""
    opened = session.workspace()
    unwritten = [slot for slot in slots if slot.status is Status.PLANNED]
    with st.container(horizontal=True, gap="xsmall"):
        if unwritten:
            st.button(
                f"写好这 {len(unwritten)} 条",
                type="primary",
                icon=":material/edit_note:",
                on_click=start_drafting,
                args=(plan.id,),
                kwargs={"offline": opened.settings.llm.preset == "off"},
                disabled=running(jobs.DRAFT_WEEK),
            )
            st.button(
                "重新排",
                on_click=plan_afresh,
                args=(plan.seed + 1,),
                icon=":material/refresh:",
                help="没动过的档位换一种排法，先给你看会改哪些；锁定的和写过的不动",
            )
        show_exports(plan, brand)
        if st.button("改动", icon=":material/history:", key="open_history"):
            show_history(plan.id)
        show_tools(slots)


def show_tools(slots: Sequence[Slot] | None) -> None:
    """Show the ways to the playbooks and the occasions; ``slots`` are None in a week that is not planned."""
    if st.button("剧本", icon=":material/conversion_path:", key="open_playbooks"):
        show_playbooks(slots)
    if st.button("节点", icon=":material/event:", key="open_occasions"):
        show_occasions()


def show_stale(slots: Sequence[Slot], brand: Brand) -> None:
    """Warn of the posts to come about products that are off sale or gone, with a way to replace them."""
    stale = [slot for slot in coming(slots, session.today()) if is_unsold(slot, brand)]
    if not stale:
        return
    products = (brand.product(slot.product) for slot in stale)
    names = "、".join(dict.fromkeys(f"「{item.name}」" if item else "有的产品" for item in products))
    fixed = sum(slot.is_fixed for slot in stale)
    own = f"其中 {fixed} 条锁定或写过，要你自己改。" if fixed else ""
    with st.container(horizontal=True, vertical_alignment="center", key="week_stale"):
        words = session.plain(f"{names}不在售了，还有 {len(stale)} 条讲它。{own}")
        st.warning(words, icon=":material/remove_shopping_cart:")
        if fixed < len(stale):
            st.button("顺着调整其余的", key="week_sold_out", on_click=_replace_sold_out, icon=":material/tune:")


def show_remarks(plan: Week, slots: Sequence[Slot], brand: Brand) -> None:
    """Show how good the plan is, what gave way, and what is missing."""
    lines = [f":material/tune: {session.plain(line)}" for line in plan.relaxed]
    problems: list[Problem] = [*missing(brand), *session.workspace().outlook.problems(plan.id)]
    above = {item.message for item in unsold(coming(slots, session.today()), brand)}
    texts = dict.fromkeys(item.message for item in problems if item.message not in above)
    lines += [f":material/info: {session.plain(text)}" for text in texts]
    if words := quality_words(plan):
        lines.insert(0, f":material/verified: {words}。")
    if lines:
        st.caption("  \n".join(lines))


def show_breaches(exposure: Exposure) -> None:
    """Show where the days to come ask too much of the customers."""
    today = session.today()
    ahead = [item for item in exposure.breaches if item.day >= today or item.rule is ReaderRule.MESSAGES_A_MONTH]
    if ahead:
        st.warning("  \n".join(session.plain(item.message) for item in ahead), icon=":material/warning:")


@session.told
def _replace_sold_out() -> None:
    week_changes.propose(Change(), "换掉不在售的")
