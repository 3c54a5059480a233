"""What a week is short of, and a proposal that fills it without touching what stands."""

from __future__ import annotations

from dataclasses import replace

from studio.app.ui import session
from studio.planning.calendar import Slot, Week
from studio.planning.mix import apportion
from studio.planning.past import by_week, counts_of
from studio.planning.revision import Change, Proposal, diff
from studio.vocabulary import Pillar


def due(week: Week) -> dict[Pillar, int]:
    """Return how many posts of each pillar a week of its size gets by the target and the weeks before it."""
    opened = session.workspace()
    past = [(post.date, post.pillar) for post in opened.editorial.history(week.id.monday)]
    return apportion(opened.settings.plan.target, _size(week), by_week(past, week.id))


def short_of(week: Week) -> int:
    """Return how many posts are missing in all."""
    return sum(_missing(week).values())


def filled(week: Week) -> Proposal:
    """Return a week with posts added for the pillars it is short of, where the rules leave room for them."""
    opened = session.workspace()
    held = [replace(slot, locked=True) for slot in week.slots]
    around = opened.store.calendar.slots(week.id.plus(-1).monday, week.id.plus(1).days[-1])
    fresh = opened.planner().plan(
        week.id,
        seed=week.seed,
        posts=_size(week),
        history=opened.editorial.history(week.id.monday),
        existing=[*held, *(slot for slot in around if slot.week != week.id)],
        opens=opened.clock().replace(tzinfo=None),
        known=opened.editorial.known(week.id),
    )[0]
    known = {slot.id for slot in week.slots}
    new = [slot for slot in fresh.slots if slot.id not in known]
    added = [slot for pillar, count in _missing(week).items() for slot in _of(new, pillar)[:count]]
    slots = tuple(sorted([*week.slots, *added], key=lambda slot: (slot.when, slot.id)))
    after = replace(week, slots=slots, relaxed=(), quality={})
    return Proposal(after, diff(week, after), Change())


def _size(week: Week) -> int:
    """Return how many posts the week was planned with, or has by now if that is more."""
    saved = session.workspace().store.calendar.week(week.id)
    planned = sum(saved.mix["planned"].values()) if saved else 0
    return max(sum(counts_of(week.slots).values()), round(planned))


def _missing(week: Week) -> dict[Pillar, int]:
    counts, wanted = counts_of(week.slots), due(week)
    return {pillar: max(0, wanted[pillar] - counts[pillar]) for pillar in Pillar}


def _of(slots: list[Slot], pillar: Pillar) -> list[Slot]:
    return [slot for slot in slots if slot.pillar is pillar]
