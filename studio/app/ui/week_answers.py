"""Between the head of the page and the board: what the last change did, what is proposed, what was changed before."""

from __future__ import annotations

import streamlit as st

from studio.app.ui import session, week_changes
from studio.app.ui.week_changes import Last, Offer
from studio.app.ui.week_dialogs import begin_dialog, closes
from studio.app.ui.week_effects import Standing, effects, new_breaches
from studio.app.ui.week_words import ago_words, step_words
from studio.planning.calendar import WeekId

_STEPS_SHOWN = 8
_REVISIONS_SHOWN = 10
_ADJUST_HELP = "别的档位能不动就不动；先给你看怎么改"


def show_answers(week: WeekId, standing: Standing) -> None:
    """Show what is proposed for this week, or else what the last change did."""
    found, last = week_changes.offer(week), week_changes.last_change(week)
    if found:
        _show_offer(found)
    elif last:
        _show_last(last, standing)


@st.dialog("改动", icon=":material/history:")
def show_history(week: WeekId) -> None:
    """Show the earlier states of this week."""
    begin_dialog()
    opened = session.workspace()
    revisions = opened.schedule.revisions(week)[:_REVISIONS_SHOWN]
    st.caption("写好的稿子不会因为回去而丢。" if revisions else "这一周还没有改过。")
    for revision in revisions:
        with st.container(horizontal=True, vertical_alignment="center"):
            when = ago_words(revision.changed_at, opened.clock())
            st.markdown(f"{session.plain(revision.reason)}  \n:gray[{when}]", width="stretch")
            st.button("回到这之前", key=f"back_to_{revision.id}", on_click=_go_back, args=(revision.id,))


@closes
def _go_back(revision_id: str) -> None:
    week_changes.go_back(revision_id)
    week_changes.wave_away()
    session.notify("回到那时候了，写好的稿子都在")


def _show_last(last: Last, standing: Standing) -> None:
    with st.container(border=True, key="week_effect", gap="small"):
        st.markdown(f":material/check_circle: **{session.plain(last.words)}**")
        if last.before:
            st.markdown(session.plain("；".join(effects(last.before, standing))) + "。")
            for message in new_breaches(last.before, standing):
                st.warning(session.plain(message), icon=":material/warning:")
        with st.container(horizontal=True):
            st.button("撤销", key="week_undo", on_click=week_changes.undo, icon=":material/undo:")
            if last.slots or not last.blocked:
                st.button(
                    "顺着调整其余的",
                    key="week_adjust",
                    on_click=week_changes.adjust_rest,
                    icon=":material/tune:",
                    help=_ADJUST_HELP,
                )
            st.button("好了", key="week_fine", on_click=week_changes.wave_away, type="tertiary")


def _show_offer(found: Offer) -> None:
    brand = session.workspace().brand
    lines = [f"- {session.plain(step_words(step, brand))}" for step in found.proposal.diff.steps]
    with st.container(border=True, key="week_offer", gap="small"):
        st.markdown(f":material/compare_arrows: **{session.plain(found.reason)}：会改 {len(lines)} 处，现在还没有动**")
        st.markdown("\n".join(lines[:_STEPS_SHOWN]))
        if len(lines) > _STEPS_SHOWN:
            with st.expander(f"还有 {len(lines) - _STEPS_SHOWN} 处"):
                st.markdown("\n".join(lines[_STEPS_SHOWN:]))
        for sentence in found.proposal.week.relaxed:
            st.caption(f":material/tune: {session.plain(sentence)}")
        with st.container(horizontal=True):
            st.button("接受", key="week_accept", type="primary", on_click=week_changes.accept, icon=":material/check:")
            st.button("不用", key="week_refuse", on_click=week_changes.refuse, icon=":material/close:")
