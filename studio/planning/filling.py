"""What a week is short of by its target and the weeks before it, and the posts that fill it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.planning.calendar import Slot, Week
from studio.planning.mix import apportion
from studio.planning.past import Counts, counts_of
from studio.vocabulary import Mix, Pillar


def due(week: Week, target: Mix, past: Sequence[Counts]) -> Counts:
    """Return how many posts of each pillar ``week``, as it was planned, gets after the ``past`` weeks."""
    return apportion(target, size(week), past)


def size(week: Week) -> int:
    """Return how many posts the week was planned with, or has by now if that is more."""
    return max(sum(counts_of(week.slots).values()), round(sum(week.mix["planned"].values())))


def short(week: Week, wanted: Counts) -> Counts:
    """Return how many posts of each pillar are missing."""
    counts = counts_of(week.slots)
    return {pillar: max(0, wanted[pillar] - counts[pillar]) for pillar in Pillar}


def filled(week: Week, fresh: Week, missing: Counts) -> Week:
    """Return ``week`` with the ``missing`` posts out of ``fresh``, a plan around it; as many as that has room for."""
    known = {slot.id for slot in week.slots}
    new = [slot for slot in fresh.slots if slot.id not in known]
    added = [slot for pillar, count in missing.items() for slot in _of(new, pillar)[:count]]
    slots = tuple(sorted([*week.slots, *added], key=lambda slot: (slot.when, slot.id)))
    return replace(week, slots=slots, relaxed=(), quality={})


def _of(slots: Sequence[Slot], pillar: Pillar) -> list[Slot]:
    return [slot for slot in slots if slot.pillar is pillar]
