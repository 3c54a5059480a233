"""The planner: from a shop, its rules and its past to whole weeks, every slot explained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

from studio.brand import Brand
from studio.errors import InputError, Problem
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.content import Filler, Sources
from studio.planning.inputs import Request
from studio.planning.known import NOTHING_KNOWN, Known
from studio.planning.mix import apportion, carry
from studio.planning.occasion_relevance import ranked
from studio.planning.occasions import Occasion, occasions_between
from studio.planning.past import DONE, Counts, ahead, by_week, counts_of, mix_of
from studio.planning.placement import Chance, Demand, product_room
from studio.planning.relaxed import given_way
from studio.planning.revision import Change, Proposal, diff
from studio.planning.rules import PlanRules, Published, check_posts
from studio.planning.solver.clashes import capped
from studio.planning.solver.solving import Placement, place
from studio.planning.themes import pillars_told
from studio.vocabulary import Pillar, Status

MAX_WEEKS = 53
HISTORY_WEEKS = 52
_AROUND_DAYS = 10


@dataclass(frozen=True, slots=True)
class _Given:
    """What the caller says of a plan."""

    seed: int
    history: Sequence[Published]
    opens: datetime | None
    known: Known


@dataclass(frozen=True, slots=True)
class _Past:
    """What a week builds on: what was given, the weeks before, the slots that stand, and what was used."""

    given: _Given
    weeks: Sequence[WeekId]
    ledger: Sequence[Counts]
    kept: Sequence[Slot]
    filler: Filler
    chances: Sequence[Chance]


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
        known: Known = NOTHING_KNOWN,
    ) -> list[Week]:
        """Return ``weeks`` consecutive weeks from ``start``; the same arguments give the same plan.

        ``history`` is what was published before ``start``, of which a year is used. Slots of ``existing`` in the
        planned weeks stay when they are fixed and are replaced when not. Those of earlier weeks count as planned
        unless posted or skipped: leave out what a past week never published. Nothing new is placed before
        ``opens``; the week it falls in gets its share of the posts for the days that are left.
        Raises :class:`InputError` with the rules that clash when they leave no way to place that many posts.
        """
        wanted = self.rules.posts_per_week if posts is None else posts
        check_posts(wanted)
        if not 1 <= weeks <= MAX_WEEKS:
            raise InputError(f"一次可以排 1 到 {MAX_WEEKS} 周，现在是 {weeks} 周；请分几次排")
        ids = [start.plus(offset) for offset in range(weeks)]
        kept = [slot for slot in existing if slot.is_fixed or slot.week not in ids]
        past, problems = self._past(ids, kept, _Given(seed, history, opens, known))
        planned: list[Week] = []
        for week in ids:
            made = self._plan_week(week, wanted, past)
            planned.append(replace(made, problems=tuple(problems)))
            kept = [*past.kept, *(slot for slot in made.slots if slot not in past.kept)]
            past = replace(past, kept=kept, ledger=[*past.ledger, counts_of(made.slots)])
        return planned

    def adjust(
        self,
        week: Week,
        change: Change,
        *,
        history: Sequence[Published] = (),
        existing: Sequence[Slot] = (),
        opens: datetime | None = None,
        known: Known = NOTHING_KNOWN,
    ) -> Proposal:
        """Return the week after a change, with as few other slots touched as the rules allow.

        Slots that stay keep id, theme and reason. Nothing is added that nobody asked for: what was taken away is
        made up for by the mix of the weeks to come. ``existing`` are slots of other weeks. Fixed slots, those of
        the change, and those before ``opens`` stay where they are.
        """
        edited = {slot.id: slot for slot in change.slots}
        now = [edited.pop(slot.id, slot) for slot in week.slots if slot.id not in change.deleted]
        now += list(edited.values())
        given = {slot.id for slot in change.slots}
        stays = [
            slot
            for slot in now
            if slot.is_fixed or slot.id in given or (opens is not None and slot.when < opens) or slot.week != week.id
        ]
        known = replace(known, blocked=known.blocked | set(change.blocked))
        kept = [*(slot for slot in existing if slot.week != week.id), *stays]
        free = [slot for slot in now if slot not in stays]
        past, problems = self._past([week.id], kept, _Given(week.seed, history, opens, known), free)
        demand = replace(
            self._demand(week.id, counts_of(free), past),
            keep=free,
            chances=[item for item in past.chances if item.occasion.name in change.announced],
        )
        gone = [slot for slot in week.slots if slot.id in change.deleted]
        asked = [step for step in demand.requests if not _has(step, [*free, *gone])]
        placement = place(replace(demand, requests=asked), week.seed)
        slots = self._refilled(placement, stays, change, past, week)
        made = self._week(week.id, past, slots, placement, given_way(demand, placement.places, placement.left_out))
        made = replace(made, problems=tuple(problems))
        return Proposal(made, diff(week, made), change)

    def _past(
        self, ids: Sequence[WeekId], kept: Sequence[Slot], given: _Given, free: Sequence[Slot] = ()
    ) -> tuple[_Past, list[Problem]]:
        start = ids[0]
        since = start.plus(-HISTORY_WEEKS).monday
        past = [item for item in given.history if since <= item.date < start.monday]
        before = [slot for slot in kept if since <= slot.date < start.monday and slot.status not in DONE]
        ledger = by_week([*((p.date, p.pillar) for p in past), *((s.date, s.pillar) for s in before)], start)
        found, problems = occasions_between(start.monday, ids[-1].days[-1], self.occasions)
        chances = [self._chance(item, told.score) for item, told in ranked(found, self.brand)]
        sources = Sources(self.brand, past, [*kept, *free], chances, given.known.close)
        filler = Filler(sources, Random(f"{given.seed}/{start}"))  # noqa: S311
        made = _Past(replace(given, history=past), ids, ledger, kept, filler, chances)
        return made, [*problems, *missing(self.brand)]

    def _chance(self, occasion: Occasion, score: float) -> Chance:
        suiting = frozenset(pillar for pillar in Pillar if occasion.kind.suits(pillar))
        return Chance(occasion, score, pillars_told(self.brand, occasion) or suiting)

    def _plan_week(self, week: WeekId, wanted: int, past: _Past) -> Week:
        fixed = [slot for slot in past.kept if slot.week == week]
        stands = counts_of(fixed)
        if past.given.opens:
            wanted = _share_left(week, wanted, past.given.opens) + _begun_before(fixed, past.given.opens)
        counts = apportion(self.rules.mix, max(wanted, sum(stands.values())), past.ledger, stands)
        demand = self._demand(week, {pillar: counts[pillar] - stands[pillar] for pillar in Pillar}, past)
        new, told = capped(demand, product_room(demand))
        demand = replace(demand, counts=new)
        placement = place(demand, past.given.seed)
        short = {pillar: math.floor(-over) for pillar, over in carry(self.rules.mix, past.ledger).items()}
        slots, repeats = past.filler.fill(placement.places, _numbers(week, fixed), short)
        relaxed = [*told, *given_way(demand, placement.places, placement.left_out), *repeats]
        return self._week(week, past, [*fixed, *slots], placement, relaxed)

    def _demand(self, week: WeekId, counts: Counts, past: _Past) -> Demand:
        around = [slot for slot in past.kept if abs((slot.date - week.monday).days - 3) <= _AROUND_DAYS]
        standing = [slot for slot in around if slot.week == week]
        sent = [slot for slot in past.kept if slot.status is not Status.SKIPPED]
        return Demand(
            week=week,
            counts=counts,
            rules=self.rules,
            segments=self.brand.segments,
            around=around,
            opens=past.given.opens,
            known=past.given.known.after([slot for slot in sent if slot.week in past.weeks]),
            requests=[
                step for step in past.given.known.requests if WeekId.of(step.date) == week and not _has(step, standing)
            ],
            chances=past.chances,
            seen=past.filler.seen(week),
            ahead=self._ahead(week, past),
        )

    def _ahead(self, week: WeekId, past: _Past) -> dict[str, float]:
        channels = {channel.value: weight for channel, weight in self.rules.channels.items()}
        segments = past.given.known.weigh(self.brand.segments)
        return {
            **ahead(week, segments, past.given.history, past.kept),
            **ahead(week, channels, past.given.history, past.kept),
        }

    def _refilled(
        self, placement: Placement, stays: Sequence[Slot], change: Change, past: _Past, week: Week
    ) -> list[Slot]:
        here = [slot for slot in stays if slot.week == week.id]
        told = [item for item in placement.places if item.slot is not None]
        kept = [past.filler.refill(item, item.slot, change.announced) for item in told if item.slot]
        fresh = [item for item in placement.places if item.slot is None]
        new, _ = past.filler.fill(fresh, _numbers(week.id, [*week.slots, *here]), {})
        return [*here, *kept, *new]

    def _week(
        self, week: WeekId, past: _Past, slots: Sequence[Slot], placement: Placement, relaxed: Sequence[str]
    ) -> Week:
        together = tuple(sorted(slots, key=lambda slot: (slot.when, slot.id)))
        mix = mix_of(self.rules, past.ledger, together)
        return Week(week, past.given.seed, together, mix, tuple(relaxed), quality=placement.quality)


def _share_left(week: WeekId, wanted: int, opens: datetime) -> int:
    """Return how many of a week's posts belong to the days from ``opens`` on."""
    return round(wanted * sum(day >= opens.date() for day in week.days) / 7)


def _begun_before(fixed: Sequence[Slot], before: datetime) -> int:
    return sum(slot.date < before.date() and slot.status is not Status.SKIPPED for slot in fixed)


def _has(step: Request, slots: Sequence[Slot]) -> bool:
    """Whether a playbook's step is among these slots already."""
    return any(slot.playbook == step.playbook and slot.theme == step.theme for slot in slots)


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


def _numbers(week: WeekId, fixed: Sequence[Slot]) -> list[str]:
    """Return slot ids of the week that no fixed slot has, in order."""
    taken = {slot.id for slot in fixed}
    return [name for number in range(1, 1000) if (name := f"{week}-{number:02d}") not in taken]
