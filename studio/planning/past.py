"""What earlier weeks leave to the next one: counts, shares, and who got more than theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from studio.planning.calendar import Slot, WeekId
from studio.planning.mix import FORGIVEN_AFTER_WEEKS
from studio.planning.rules import PlanRules, Published
from studio.vocabulary import Pillar, Status

Counts = dict[Pillar, int]
DONE = (Status.POSTED, Status.SKIPPED)
MOST_AHEAD = 1.5
"""Posts a channel or segment may carry into a week; more would turn one odd month into several."""


def counts_of(slots: Iterable[Slot]) -> Counts:
    """Return how many posts of each pillar there are, skipped ones left out."""
    found = Counter(slot.pillar for slot in slots if slot.status is not Status.SKIPPED)
    return {pillar: found[pillar] for pillar in Pillar}


def by_week(posts: Sequence[tuple[date, Pillar]], start: WeekId) -> list[Counts]:
    """Return the counts of every week from the first post to ``start``, oldest first."""
    if not posts:
        return []
    first = WeekId.of(min(day for day, _ in posts)).monday
    weeks = [Counter[Pillar]() for _ in range((start.monday - first) // timedelta(weeks=1))]
    for day, pillar in posts:
        weeks[(day - first) // timedelta(weeks=1)][pillar] += 1
    return [{pillar: week[pillar] for pillar in Pillar} for week in weeks]


def mix_of(rules: PlanRules, ledger: Sequence[Counts], slots: Sequence[Slot]) -> dict[str, dict[str, float]]:
    """Return a week's ``target`` shares, ``planned`` counts and ``rolling4`` shares by pillar code."""
    planned = counts_of(slots)
    recent = Counter[Pillar]()
    for week in [*ledger, planned][-FORGIVEN_AFTER_WEEKS:]:
        recent.update(week)
    total = recent.total()
    return {
        "target": {pillar.value: share for pillar, share in rules.mix.shares.items()},
        "planned": {pillar.value: planned[pillar] for pillar in Pillar},
        "rolling4": {pillar.value: recent[pillar] / total if total else 0.0 for pillar in Pillar},
    }


def ahead(
    week: WeekId, weights: Mapping[str, float], history: Sequence[Published], kept: Sequence[Slot]
) -> dict[str, float]:
    """Return how many posts each channel and segment has over its share of the four weeks before ``week``.

    ``weights`` are those of the channels or those of the segments, by code or id.
    """
    since = week.plus(-FORGIVEN_AFTER_WEEKS).monday
    slots = [slot for slot in kept if slot.status is not Status.SKIPPED]
    before: list[Published | Slot] = [*history, *slots]
    recent = [item for item in before if since <= item.date < week.monday]
    had = Counter(name for item in recent for name in (item.channel, item.segment) if name in weights)
    total, count = sum(weights.values()), sum(had.values())
    if not total:
        return {}
    over = {kind: had[kind] - weight / total * count for kind, weight in weights.items()}
    most = max(map(abs, over.values()))
    return {kind: value * min(1.0, MOST_AHEAD / most) if most else 0.0 for kind, value in over.items()}
