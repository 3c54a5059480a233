"""What a merchant changes in a week: done at once, told at once, taken back with one tap."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import streamlit as st

from studio.app.ui import session
from studio.app.ui.week_effects import Standing
from studio.app.ui.week_picker import chosen_week
from studio.errors import InputError
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.revision import Change, Proposal, diff

GONE = "这一条刚在别处删掉了，没有动别的。这里看到的已经是新的周历。"
_LAST = "week_last"
_OFFER = "week_offer"
_STANDING = "week_standing"


Basis = frozenset[tuple[str, int]]
"""The slots of a week by id and version: the same only while nothing in it has changed."""


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
    """A proposal waiting for yes or no; ``reason`` is what the history will say.

    ``basis`` is the week it was made from, ``again`` makes it anew from the week as it is then.
    """

    proposal: Proposal
    reason: str
    basis: Basis
    again: Callable[[], None]


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
    session.workspace().schedule.accept(Proposal(after, diff(week, after), change), words)
    _note(words, slots=tuple(slot.id for slot in change.slots))
    st.session_state.pop(_OFFER, None)


def propose(change: Change, reason: str) -> None:
    """Work out the least change that answers ``change``, and offer it; say so when nothing else has to move."""
    basis = _basis(_planned(chosen_week()))
    proposal = session.workspace().schedule.adjust(chosen_week(), change)
    _offer(Offer(proposal, reason, basis, partial(propose, change, reason)))


def propose_fresh(seed: int) -> None:
    """Plan the chosen week with another seed and offer the result."""
    week = _planned(chosen_week())
    fresh = matched(week, session.workspace().schedule.plan(week.id, seed=seed, from_now=True)[0])
    proposal = Proposal(fresh, diff(week, fresh), Change())
    _offer(Offer(proposal, "重新排", _basis(week), partial(propose_fresh, seed)))


@session.told
def adjust_rest() -> None:
    """Offer to fit the rest of the week to the last change, or else to fill what it left short."""
    _adjust_rest()


def _adjust_rest() -> None:
    last, week = last_change(chosen_week()), _planned(chosen_week())
    touched = [slot for slot in week.slots if last and slot.id in last.slots]
    proposal = session.workspace().schedule.adjust(week.id, Change(slots=touched))
    reason = "顺着调整"
    short = sum(session.workspace().schedule.short_of(week).values())
    if not proposal.diff.steps and short:
        proposal, reason = session.workspace().schedule.filled(week), f"补上还差的 {short} 条"
        if not proposal.diff.steps:
            session.notify(f"其余的不用动；还差的 {short} 条可以点 + 加，或重新排", "info")
            return
    _offer(Offer(proposal, reason, _basis(week), _adjust_rest))


@session.told
def accept() -> None:
    """Save what was offered; when the week has changed meanwhile, offer it anew instead."""
    found: Offer | None = st.session_state.pop(_OFFER, None)
    if found is None:
        return
    if _basis(_planned(chosen_week())) != found.basis:
        session.notify("这一周刚在别处改过，刚才的提议没有用上，已经照新的样子重算。", "error")
        found.again()
        return
    session.workspace().schedule.accept(found.proposal, found.reason)
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
    revisions = session.workspace().schedule.revisions(chosen_week())
    if not revisions:
        raise InputError("没有可以撤销的改动，这一周没有变过。")
    last = last_change(chosen_week())
    go_back(revisions[0].id)
    if last and last.blocked:
        session.workspace().schedule.block(last.blocked, blocked=False)
    wave_away()
    session.notify(f"撤销了「{revisions[0].reason}」")


def go_back(revision_id: str) -> None:
    """Bring the chosen week back to what it was at a revision; what was written since stays."""
    session.workspace().schedule.go_back(chosen_week(), revision_id)
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


def check_there(slot: Slot) -> None:
    """Raise :class:`InputError` when a slot has been deleted elsewhere."""
    if not session.workspace().store.calendar.named([slot.id]):
        raise InputError(GONE)


def _basis(week: Week) -> Basis:
    return frozenset((slot.id, slot.version) for slot in week.slots)


def _offer(found: Offer) -> None:
    proposal = found.proposal
    if proposal.diff.steps:
        st.session_state[_OFFER] = found
        session.notify("怎么改列在上面了，接受才算", "info")
        return
    st.session_state.pop(_OFFER, None)
    if proposal.change.blocked:
        session.workspace().schedule.block(proposal.change.blocked)
        _note(found.reason, blocked=tuple(proposal.change.blocked))
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
