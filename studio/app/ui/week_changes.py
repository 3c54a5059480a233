"""What a merchant changes in a week: done at once, told at once, taken back with one tap."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from studio.app.ui import session
from studio.app.ui.week_effects import Standing
from studio.app.ui.week_picker import chosen_week
from studio.errors import InputError
from studio.planning.calendar import Week, WeekId
from studio.planning.revision import Change, Proposal, diff

_LAST = "week_last"
_OFFER = "week_offer"
_STANDING = "week_standing"


@dataclass(frozen=True, slots=True)
class Last:
    """The last change of a week in words, how the week stood before it, and the slots and days it was about."""

    week: WeekId
    words: str
    before: Standing | None
    slots: tuple[str, ...] = ()
    blocked: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal waiting for yes or no; ``reason`` is what the history will say."""

    proposal: Proposal
    reason: str


def remember_standing(week: WeekId, standing: Standing) -> None:
    """Keep how the week stands as shown, so that the next change can be told against it."""
    st.session_state[_STANDING] = (week, standing)


def last_change(week: WeekId) -> Last | None:
    """Return the last change of this week that was made in this tab, until it is waved away."""
    last: Last | None = st.session_state.get(_LAST)
    return last if last and last.week == week else None


def offer(week: WeekId) -> Offer | None:
    """Return what is proposed for this week."""
    found: Offer | None = st.session_state.get(_OFFER)
    return found if found and found.proposal.week.id == week else None


def make(change: Change, words: str) -> None:
    """Save a change of the chosen week as it is; ``words`` say what was done."""
    week = _planned(chosen_week())
    after = _changed(week, change)
    session.workspace().editorial.accept(Proposal(after, diff(week, after), change), words)
    _note(words, slots=tuple(slot.id for slot in change.slots))
    st.session_state.pop(_OFFER, None)


def propose(change: Change, reason: str) -> None:
    """Work out the least change that answers ``change``, and offer it; say so when nothing else has to move."""
    _offer(session.workspace().editorial.adjust(chosen_week(), change), reason)


def propose_fresh(seed: int) -> None:
    """Plan the chosen week with another seed and offer the result."""
    week = _planned(chosen_week())
    fresh = matched(week, session.workspace().editorial.plan(week.id, seed=seed, from_now=True)[0])
    _offer(Proposal(fresh, diff(week, fresh), Change()), "重新排")


@session.told
def adjust_rest() -> None:
    """Offer to fit the rest of the week to the last change."""
    last = last_change(chosen_week())
    calendar = session.workspace().store.calendar
    touched = [slot for slot in _planned(chosen_week()).slots if last and slot.id in last.slots]
    propose(Change(slots=[calendar.slot(slot.id) for slot in touched]), "顺着调整")


@session.told
def accept() -> None:
    """Save what was offered."""
    found: Offer | None = st.session_state.pop(_OFFER, None)
    if found is None:
        return
    session.workspace().editorial.accept(found.proposal, found.reason)
    count = len(found.proposal.diff.steps)
    _note(f"{found.reason}，改了 {count} 处", blocked=tuple(found.proposal.change.blocked))


def refuse() -> None:
    """Drop what was offered."""
    st.session_state.pop(_OFFER, None)


def wave_away() -> None:
    """Stop telling about the last change."""
    st.session_state.pop(_LAST, None)


@session.told
def undo() -> None:
    """Take back the last change of the chosen week, days kept free included."""
    revisions = session.workspace().editorial.revisions(chosen_week())
    if not revisions:
        raise InputError("没有可以撤销的改动，这一周没有变过。")
    last = last_change(chosen_week())
    go_back(revisions[0].id)
    if last and last.blocked:
        session.workspace().editorial.block(last.blocked, blocked=False)
    wave_away()
    session.notify(f"撤销了「{revisions[0].reason}」")


def go_back(revision_id: str) -> None:
    """Bring the chosen week back to what it was at a revision; what was written since stays."""
    session.workspace().editorial.go_back(chosen_week(), revision_id)
    st.session_state.pop(_OFFER, None)


def matched(before: Week, fresh: Week) -> Week:
    """Return a fresh plan in which a slot has the id of the one before it with the same theme, if there was one."""
    standing = {slot.id for slot in before.slots if slot in fresh.slots}
    themes = {slot.theme: slot.id for slot in reversed(before.slots) if slot.id not in standing}
    new = [slot for slot in fresh.slots if slot.id not in standing]
    named = {slot.id: name for slot in new if (name := themes.pop(slot.theme, None)) is not None}
    taken = {*named.values(), *standing}
    ids = [slot.id for slot in (*before.slots, *new) if slot.id not in taken]
    free = iter(dict.fromkeys(ids))
    slots = [
        slot if slot.id in standing else replace(slot, id=named.get(slot.id) or next(free)) for slot in fresh.slots
    ]
    return replace(fresh, slots=tuple(slots))


def _changed(week: Week, change: Change) -> Week:
    """Return a week with a change in it and nothing else; how good the plan is has not been worked out again."""
    edited = {slot.id for slot in change.slots}
    stays = [slot for slot in week.slots if slot.id not in edited and slot.id not in change.deleted]
    here = [slot for slot in change.slots if slot.week == week.id]
    slots = tuple(sorted([*stays, *here], key=lambda slot: (slot.when, slot.id)))
    return replace(week, slots=slots, quality={})


def _offer(proposal: Proposal, reason: str) -> None:
    if proposal.diff.steps:
        st.session_state[_OFFER] = Offer(proposal, reason)
        session.notify("怎么改列在上面了，接受才算", "info")
        return
    st.session_state.pop(_OFFER, None)
    if proposal.change.blocked:
        session.workspace().editorial.block(proposal.change.blocked)
        _note(reason, blocked=tuple(proposal.change.blocked))
    else:
        session.notify("看过了，其余的不用动", "info")


def _note(words: str, *, slots: tuple[str, ...] = (), blocked: Collection[date] = ()) -> None:
    week, standing = st.session_state.get(_STANDING, (None, None))
    before = standing if week == chosen_week() else None
    st.session_state[_LAST] = Last(chosen_week(), words, before, slots, tuple(blocked))
    session.notify(words)


def _planned(week: WeekId) -> Week:
    plan = session.workspace().store.calendar.week(week)
    if plan is None:
        raise InputError("这一周还没有排过，先点「生成这一周」。")
    return plan
