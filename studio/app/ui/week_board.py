"""The week's board: planning and drafting the week, and the seven columns with what a tap or a drag does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

import streamlit as st

from studio import jobs
from studio.app.ui import assets, session
from studio.app.ui.ring import PACE
from studio.app.ui.week_cards import Around, day_cards, slot_cards
from studio.app.ui.week_changes import GONE
from studio.app.ui.week_dialogs import ASKED, move
from studio.brand import Brand
from studio.errors import InputError
from studio.planning.calendar import Slot, WeekId
from studio.planning.times import open_spans
from studio.vocabulary import Pillar, Status

_REVEAL = "reveal"
_BOARD = "week_board"
_board = st.components.v2.component(
    "studio_board", html=assets.read("board.html"), css=assets.read("board.css"), js=assets.read("board.js")
)


def plan_week(week: WeekId, *, seed: int = 0) -> None:
    """Plan a week and save it; the board then shows it slot by slot."""
    schedule = session.workspace().schedule
    planned = schedule.plan(week, seed=seed, from_now=True)
    schedule.save(planned)
    st.session_state[_REVEAL] = str(week)


def first_week(today: date) -> WeekId:
    """Return the week a new shop should see first: this one, or the next when little of it is left."""
    return WeekId.of(today + timedelta(days=3))


def counts_of(slots: list[Slot]) -> Counter[Pillar]:
    """Return how many posts of each pillar there are, skipped ones left out."""
    return Counter(slot.pillar for slot in slots if slot.status is not Status.SKIPPED)


def is_fresh(week: WeekId) -> bool:
    """Tell, once, whether this week was planned just now and is to appear slot by slot."""
    return bool(st.session_state.pop(_REVEAL, None) == str(week))


def show_board(
    week: WeekId,
    slots: list[Slot],
    brand: Brand,
    around: Around,
    *,
    playbooks: Mapping[str, str],
    changing: Collection[str] = (),
    fresh: bool = False,
) -> None:
    """Show the week as seven columns, a list on a phone; a tap opens a slot, a drag or the arrow keys move it."""
    plan = session.workspace().plan_rules
    spans = open_spans(plan.quiet_hours)
    data = {
        "days": day_cards(week.days, slots, around),
        "slots": slot_cards(slots, brand, playbooks, changing),
        "first": spans[0][0],
        "last": spans[-1][1],
        "gap": plan.min_gap_minutes,
        "reveal": fresh,
        "pace": PACE,
    }
    _board(key=_BOARD, data=data, on_opened_change=_open_slot, on_day_change=_open_day, on_moved_change=_move_slot)


def _open_slot() -> None:
    st.session_state[ASKED] = ("slot", st.session_state[_BOARD].opened)


def _open_day() -> None:
    st.session_state[ASKED] = ("day", st.session_state[_BOARD].day)


@session.told
def _move_slot() -> None:
    slot_id, when = dropped(st.session_state[_BOARD].moved)
    slot = session.workspace().store.calendar.named([slot_id]).get(slot_id)
    if slot is None:
        raise InputError(GONE)
    move(slot, when)


def dropped(message: object) -> tuple[str, datetime]:
    """Return which slot the browser says was dropped and where; raise :class:`InputError` when it makes no sense."""
    try:
        if not isinstance(message, Mapping):
            raise TypeError
        return str(message["id"]), datetime.fromisoformat(f"{message['date']}T{message['time']}:00")
    except (KeyError, TypeError, ValueError):
        raise InputError("没有看懂要挪到哪里，什么都没有动。点开这一条，用「改到哪天」再试。") from None


@session.told
def start_drafting(week: WeekId, *, offline: bool) -> None:
    """Draft every unwritten slot of the week in the background."""
    opened = session.workspace()
    jobs.start(opened, jobs.DRAFT_WEEK, jobs.draft_week(opened, week, offline=offline))
