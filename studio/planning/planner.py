"""The planner: from a shop, its rules and its past to whole weeks, every slot explained."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from studio.brand import Brand
from studio.errors import InputError, Problem
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.content import Filler
from studio.planning.mix import FORGIVEN_AFTER_WEEKS, apportion, carry, deal
from studio.planning.occasions import occasions_between
from studio.planning.placement import Demand, place, product_room
from studio.planning.rules import PlanRules, Published, check_posts
from studio.vocabulary import Pillar, Status

MAX_WEEKS = 53
HISTORY_WEEKS = 52
Counts = dict[Pillar, int]


@dataclass(frozen=True, slots=True)
class _Past:
    """What a week builds on: counts of the weeks before it, slots that stand, and what was used."""

    seed: int
    ledger: Sequence[Counts]
    kept: Sequence[Slot]
    filler: Filler
    opens: datetime | None


class Planner:
    """Plans the weeks of one shop. ``occasions`` are folders of occasion files, the shop's own last."""

    def __init__(self, brand: Brand, rules: PlanRules, occasions: Sequence[Path]) -> None:
        self.brand = brand
        self.rules = rules
        self.occasions = tuple(occasions)

    def plan(
        self,
        start: WeekId,
        weeks: int = 1,
        *,
        seed: int = 0,
        posts: int | None = None,
        history: Sequence[Published] = (),
        existing: Sequence[Slot] = (),
        opens: datetime | None = None,
    ) -> list[Week]:
        """Return ``weeks`` consecutive weeks from ``start``; the same arguments give the same plan.

        ``history`` is what was published before ``start``, of which a year is used. Slots of ``existing`` in the
        planned weeks stay when they are fixed and are replaced when not. Those of earlier weeks count as planned
        unless posted or skipped: leave out what a past week never published. Nothing new is placed before
        ``opens``; the week it falls in gets its share of the posts for the days that are left.
        Raises :class:`InputError` when the rules leave no way to place that many posts.
        """
        wanted = self.rules.posts_per_week if posts is None else posts
        check_posts(wanted)
        if not 1 <= weeks <= MAX_WEEKS:
            raise InputError(f"一次可以排 1 到 {MAX_WEEKS} 周，现在是 {weeks} 周；请分几次排")
        ids = [start.plus(offset) for offset in range(weeks)]
        since = start.plus(-HISTORY_WEEKS).monday
        past = [item for item in history if since <= item.date < start.monday]
        kept = [slot for slot in existing if slot.is_fixed or slot.week not in ids]
        before = [slot for slot in kept if since <= slot.date < start.monday and slot.status not in _DONE]
        ledger = _by_week([*((p.date, p.pillar) for p in past), *((s.date, s.pillar) for s in before)], start)
        occasions, problems = occasions_between(start.monday, ids[-1].days[-1], self.occasions)
        problems = [*problems, *missing(self.brand)]
        filler = Filler(self.brand, past, kept, occasions, Random(f"{seed}/{start}"))  # noqa: S311
        planned: list[Week] = []
        for week in ids:
            made = self._plan_week(week, wanted, _Past(seed, ledger, kept, filler, opens))
            planned.append(replace(made, problems=tuple(problems)))
            kept = [*kept, *(slot for slot in made.slots if slot not in kept)]
            ledger = [*ledger, _counts(made.slots)]
        return planned

    def _plan_week(self, week: WeekId, wanted: int, past: _Past) -> Week:
        fixed = [slot for slot in past.kept if slot.week == week]
        around = [slot for slot in past.kept if abs((slot.date - week.monday).days - 3) <= 10]
        placed = _counts(fixed)
        if past.opens:
            wanted = _share_left(week, wanted, past.opens) + _begun_before(fixed, past.opens)
        counts = apportion(self.rules.mix, max(wanted, sum(placed.values())), past.ledger, placed)
        new = {pillar: counts[pillar] - placed[pillar] for pillar in Pillar}
        demand = Demand(week, new, self.rules, self.brand.segments, around, past.filler.seen(week), past.opens)
        new, capped = _capped(new, product_room(demand), self.rules, week)
        demand = replace(demand, counts=new)
        places, relaxed = place(demand, Random(f"{past.seed}/{week}"))  # noqa: S311
        short = {pillar: math.floor(-ahead) for pillar, ahead in carry(self.rules.mix, past.ledger).items()}
        slots, repeats = past.filler.fill(places, _numbers(week, fixed), short)
        together = tuple(sorted([*fixed, *slots], key=lambda slot: (slot.when, slot.id)))
        return Week(week, past.seed, together, self._mix(past.ledger, together), (*capped, *relaxed, *repeats))

    def _mix(self, ledger: Sequence[Counts], slots: Sequence[Slot]) -> dict[str, dict[str, float]]:
        planned = _counts(slots)
        recent = Counter[Pillar]()
        for week in [*ledger, planned][-FORGIVEN_AFTER_WEEKS:]:
            recent.update(week)
        total = recent.total()
        return {
            "target": {pillar.value: share for pillar, share in self.rules.mix.shares.items()},
            "planned": {pillar.value: planned[pillar] for pillar in Pillar},
            "rolling4": {pillar.value: recent[pillar] / total if total else 0.0 for pillar in Pillar},
        }


def _share_left(week: WeekId, wanted: int, opens: datetime) -> int:
    """Return how many of a week's posts belong to the days from ``opens`` on."""
    return round(wanted * sum(day >= opens.date() for day in week.days) / 7)


def _begun_before(fixed: Sequence[Slot], before: datetime) -> int:
    return sum(slot.date < before.date() and slot.status is not Status.SKIPPED for slot in fixed)


_DONE = (Status.POSTED, Status.SKIPPED)


def missing(brand: Brand) -> list[Problem]:
    """Return what the shop lacks for a plan of its own, as sentences that say what to add."""
    lacks = (
        (
            any(item.on_sale for item in brand.products),
            "products",
            "还没有在售的产品，产品类先用通用主题；补上 1 个产品就会具体起来",
        ),
        (bool(brand.segments), "segments", "还没有客群，内容先写给所有人；补上 1 个客群就能分开写"),
        (bool(brand.all_facts()), "facts", "还没有事实资料，主题先用通用的；补上几条「知道什么、做过什么」会更像你"),
    )
    return [Problem("店铺资料", field, message) for present, field, message in lacks if not present]


def _capped(new: Counts, room: int, rules: PlanRules, week: WeekId) -> tuple[Counts, list[str]]:
    """Move product posts over the daily cap to the other pillars, by their shares."""
    over = new[Pillar.PRODUCT] - room
    if over <= 0:
        return new, []
    weights = {Pillar.LIFESTYLE: rules.mix.lifestyle, Pillar.VALUE: rules.mix.value}
    limit = f"每天最多 {rules.max_product_per_day} 条产品类"
    if not any(weights.values()):
        raise InputError(
            f"{week} 要再排 {new[Pillar.PRODUCT]} 条产品类，但{limit}，只放得下 {room} 条。"
            "已定的档位没有动。请减少一周的条数，或在配比里给价值和生活留出份额"
        )
    moved = Counter(deal(weights, over))
    changed = {pillar: new[pillar] + moved[pillar] for pillar in Pillar}
    changed[Pillar.PRODUCT] = room
    return changed, [f"配比没守住：按配比还要 {over + room} 条产品类，但{limit}，有 {over} 条改成了别的类"]


def _counts(slots: Iterable[Slot]) -> Counts:
    found = Counter(slot.pillar for slot in slots if slot.status is not Status.SKIPPED)
    return {pillar: found[pillar] for pillar in Pillar}


def _by_week(posts: Sequence[tuple[date, Pillar]], start: WeekId) -> list[Counts]:
    if not posts:
        return []
    first = WeekId.of(min(day for day, _ in posts)).monday
    weeks = [Counter[Pillar]() for _ in range((start.monday - first) // timedelta(weeks=1))]
    for day, pillar in posts:
        weeks[(day - first) // timedelta(weeks=1)][pillar] += 1
    return [{pillar: week[pillar] for pillar in Pillar} for week in weeks]


def _numbers(week: WeekId, fixed: Sequence[Slot]) -> list[str]:
    """Return slot ids of the week that no fixed slot has, in order."""
    taken = {slot.id for slot in fixed}
    return [name for number in range(1, 1000) if (name := f"{week}-{number:02d}") not in taken]
