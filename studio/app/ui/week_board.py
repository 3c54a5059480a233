"""The week's board: planning it, drafting it, and what can be done to one slot."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, datetime, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from studio import jobs
from studio.app.ui import session
from studio.app.ui.marks import CHANNEL_ICON, PILLAR_COLOUR, PILLAR_ICON, STATUS_COLOUR, WEEKDAYS
from studio.app.ui.ring import mix_ring
from studio.brand import Brand
from studio.planning.calendar import Slot, WeekId
from studio.vocabulary import Pillar, Status

_REVEAL = "reveal"
_LIST_ON_PHONES = """
<style>@media (max-width: 640px) { .st-key-week_board .stGrid { grid-template-columns: 1fr; } }</style>
"""
_PACE = 0.06
"""Seconds between two slots when a fresh week appears."""


def plan_week(week: WeekId, *, seed: int = 0) -> None:
    """Plan a week and save it; the board then shows it slot by slot."""
    editorial = session.workspace().editorial
    planned = editorial.plan(week, seed=seed, from_now=True)
    editorial.save(planned)
    st.session_state[_REVEAL] = str(week)


def first_week(today: date) -> WeekId:
    """Return the week a new shop should see first: this one, or the next when little of it is left."""
    return WeekId.of(today + timedelta(days=3))


def counts_of(slots: list[Slot]) -> Counter[Pillar]:
    """Return how many posts of each pillar there are, skipped ones left out."""
    return Counter(slot.pillar for slot in slots if slot.status is not Status.SKIPPED)


def show_board(week: WeekId, slots: list[Slot], brand: Brand, ring: DeltaGenerator) -> None:
    """Show the week as seven columns, a list on a phone; a fresh week appears slot by slot."""
    st.html(_LIST_ON_PHONES)
    revealing = st.session_state.pop(_REVEAL, None) == str(week)
    shown: list[Slot] = []
    today = session.today()
    with st.container(key="week_board"), st.grid(7, min_column_width=140, gap="small"):
        for day in week.days:
            with st.container(key=f"day_{day}"):
                mine = [slot for slot in slots if slot.date == day]
                mark = " · 今天" if day == today else ""
                ads = sum(slot.pillar is Pillar.PRODUCT and slot.status is not Status.SKIPPED for slot in mine)
                st.markdown(f"**周{WEEKDAYS[day.weekday()]}** {day.month}/{day.day}{mark}")
                st.caption(f"产品 {ads} 条" if ads else "没有产品类" if mine else "空着")
                for slot in mine:
                    show_slot(slot, brand)
                    shown.append(slot)
                    if revealing:
                        with ring:
                            mix_ring(counts_of(shown), key=f"ring_{len(shown)}")
                        time.sleep(_PACE)


def show_slot(slot: Slot, brand: Brand) -> None:
    """Show one slot as a card with its reason and what can be done to it."""
    segment = brand.segment(slot.segment)
    with st.container(border=True, key=f"slot_{slot.id}", gap="xsmall"):
        lock = " :material/lock:" if slot.locked else ""
        st.markdown(
            f":{PILLAR_COLOUR[slot.pillar]}-badge[{PILLAR_ICON[slot.pillar]} {slot.pillar.label}]"
            f" **{slot.time:%H:%M}**{lock}"
        )
        st.markdown(f"**{session.plain(slot.theme)}**")
        audience = session.plain(segment.name) if segment else "所有人"
        occasion = f" · {session.plain(slot.occasion)}" if slot.occasion else ""
        st.caption(f"{CHANNEL_ICON[slot.channel]} {slot.channel.label} · {audience}{occasion}")
        st.caption(f":material/help: {session.plain(slot.why)}")
        if slot.status is not Status.PLANNED:
            st.badge(slot.status.label, color=STATUS_COLOUR[slot.status])
        _show_actions(slot)


def _show_actions(slot: Slot) -> None:
    if slot.status is Status.POSTED:
        return
    more = st.popover("调整", icon=":material/more_horiz:", width="stretch", key=f"more_{slot.id}", on_change="rerun")
    if not more.open:
        return
    with more:
        if st.button("去起草", key=f"open_{slot.id}", type="primary", width="stretch", icon=":material/edit_note:"):
            st.switch_page("views/draft.py", query_params={"week": str(slot.week), "slot": slot.id})
        lock_label = "解锁" if slot.locked else "锁定，重排时不动"
        st.button(
            lock_label, key=f"lock_{slot.id}", on_click=_lock, args=(slot,), width="stretch", icon=":material/lock:"
        )
        with st.form(f"move_{slot.id}", border=False):
            st.date_input("改到哪天", slot.date, key=f"date_{slot.id}")
            st.time_input("几点", slot.time, key=f"time_{slot.id}", step=900)
            st.form_submit_button("挪过去", on_click=_move, args=(slot,), width="stretch")
        if slot.status is Status.SKIPPED:
            st.button("恢复这一条", key=f"back_{slot.id}", on_click=_set, args=(slot, Status.PLANNED), width="stretch")
        else:
            st.button("这条不发了", key=f"skip_{slot.id}", on_click=_set, args=(slot, Status.SKIPPED), width="stretch")


@session.told
def _lock(slot: Slot) -> None:
    session.workspace().editorial.lock(slot, locked=not slot.locked)
    session.notify("已解锁" if slot.locked else "已锁定，重排时不会动它")


@session.told
def _move(slot: Slot) -> None:
    when = datetime.combine(st.session_state[f"date_{slot.id}"], st.session_state[f"time_{slot.id}"])
    session.workspace().editorial.move(slot, when)
    session.notify(f"挪到了 {when.month} 月 {when.day} 日周{WEEKDAYS[when.weekday()]} {when:%H:%M}")


@session.told
def _set(slot: Slot, status: Status) -> None:
    session.workspace().editorial.set_status(slot.id, status)


@session.told
def start_drafting(week: WeekId, *, offline: bool) -> None:
    """Draft every unwritten slot of the week in the background."""
    opened = session.workspace()
    jobs.start(opened, jobs.DRAFT_WEEK, jobs.draft_week(opened, week, offline=offline))
