"""A second opinion on a plan: every hard rule, checked slot by slot with none of the solver's code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from studio.planning.calendar import Slot
from studio.planning.inputs import AudienceClass
from studio.planning.known import Reached
from studio.planning.rules import PlanRules


def broken(
    slots: Sequence[Slot],
    rules: PlanRules,
    *,
    fixed: Sequence[Slot] = (),
    audience: Sequence[AudienceClass] = (),
    reached: Mapping[tuple[date, AudienceClass], Reached] | None = None,
    direct_left: Mapping[tuple[int, int], Mapping[AudienceClass, int]] | None = None,
    blocked: Collection[date] = (),
    opens: datetime | None = None,
) -> list[str]:
    """Return one line for each hard rule a plan breaks; what fixed slots break among themselves is not the plan's."""
    sent = [slot for slot in slots if slot.status.value != "skipped"]
    names = {slot.id for slot in fixed}
    found = _times(sent, rules, names)
    found += [f"lost or changed fixed slot {slot.id}" for slot in fixed if slot not in slots]
    found += [f"id twice {name}" for name, count in Counter(slot.id for slot in slots).items() if count > 1]
    found += [f"no reason {slot.id}" for slot in slots if not slot.why]
    for slot in sent:
        if slot.id not in names and slot.date in blocked:
            found.append(f"blocked day {slot.when}")
        if slot.id not in names and opens is not None and slot.when < opens:
            found.append(f"in the past {slot.when}")
    everybody = AudienceClass(frozenset(slot.segment for slot in slots if slot.segment), 1)
    for readers in [item for item in audience if item.size] or [everybody]:
        found += _day_limits(sent, rules, readers, names, reached or {})
        found += _month_limits(sent, readers, names, direct_left or {})
    return found


def _times(slots: list[Slot], rules: PlanRules, fixed: Collection[str]) -> list[str]:
    found = []
    ordered = sorted(slots, key=lambda slot: slot.when)
    for number, earlier in enumerate(ordered):
        for later in ordered[number + 1 :]:
            near = later.when - earlier.when < timedelta(minutes=max(1, rules.min_gap_minutes))
            if near and not {earlier.id, later.id} <= set(fixed):
                found.append(f"gap {earlier.when} {later.when}")
            if not near:
                break
    for slot in slots:
        for start, end in rules.quiet_hours:
            inside = start <= slot.time < end if start < end else slot.time >= start or slot.time < end
            if inside and slot.id not in fixed:
                found.append(f"quiet hours {slot.when}")
    return found


def _day_limits(
    slots: list[Slot],
    rules: PlanRules,
    readers: AudienceClass,
    fixed: Collection[str],
    reached: Mapping[tuple[date, AudienceClass], Reached],
) -> list[str]:
    found = []
    for day in sorted({slot.date for slot in slots}):
        today = [slot for slot in slots if slot.date == day]
        mine = [slot for slot in today if slot.channel.value != "direct" or slot.segment in (None, *readers.segments)]
        already = reached.get((day, readers), Reached())
        ads = [slot for slot in mine if slot.pillar.value == "product"]
        direct = [slot for slot in mine if slot.channel.value == "direct"]
        checks = (
            ("ads of a customer", ads, already.ads, rules.max_product_per_day),
            ("ads of a day", [s for s in today if s.pillar.value == "product"], 0, rules.max_product_per_day),
            ("one-to-one of a day", direct, already.direct, rules.direct_per_day),
        )
        for name, new, before, most in checks:
            if len(new) + before > most and any(slot.id not in fixed for slot in new):
                found.append(f"{name} {day}: {len(new)} + {before} > {most}")
    return found


def _month_limits(
    slots: list[Slot],
    readers: AudienceClass,
    fixed: Collection[str],
    direct_left: Mapping[tuple[int, int], Mapping[AudienceClass, int]],
) -> list[str]:
    found = []
    for month, lefts in direct_left.items():
        mine = [
            slot
            for slot in slots
            if slot.channel.value == "direct"
            and (slot.date.year, slot.date.month) == month
            and slot.segment in (None, *readers.segments)
        ]
        if len(mine) > lefts.get(readers, len(mine)) and any(slot.id not in fixed for slot in mine):
            found.append(f"one-to-one of a month {month}: {len(mine)} > {lefts[readers]}")
    return found
