"""The moments at which a post of the week may stand.

A week has 10,080 minutes; a solver needs only those that somebody would choose: the hours people read, the
moments that are asked for, the edges of what is taken, and as many more as the posts need to fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from studio.planning.placement import Day, Demand
from studio.planning.times import DAY, minute_of
from studio.vocabulary import Channel, Pillar


@dataclass(frozen=True, slots=True)
class Cell:
    """One moment of the week. ``day`` is 0 (Monday) to 6, ``minute`` counts from midnight."""

    day: int
    minute: int
    when: datetime


def cells_of(demand: Demand, hours: Iterable[int], asked: Sequence[datetime]) -> list[Cell]:
    """Return the cells of the week in time order: enough that every post fits if it fits anywhere."""
    usual = {60 * hour for hour in hours}
    need = _needed(demand)
    found = []
    for index, day in enumerate(demand.days):
        here = {minute_of(moment.time()) for moment in asked if moment.date() == day.date}
        least = max(need[index], sum(request.date == day.date for request in demand.requests))
        midnight = datetime.combine(day.date, time())
        found += [
            Cell(index, minute, midnight + timedelta(minutes=minute)) for minute in _minutes(day, usual | here, least)
        ]
    return found


def too_close(cells: Sequence[Cell], gap: int) -> list[list[int]]:
    """Return the largest groups of cells (by index) of which only one may be taken."""
    groups: list[list[int]] = []
    first = 0
    for last, cell in enumerate(cells):
        while cell.when - cells[first].when >= timedelta(minutes=gap):
            first += 1
        group = list(range(first, last + 1))
        if groups and groups[-1][0] == first:
            groups[-1] = group
        elif len(group) > 1:
            groups.append(group)
    return groups


def _needed(demand: Demand) -> list[int]:
    """Return how many new posts each day may be asked to take: one more than an even spread gives it.

    Where messages to customers are all there is, their limits may crowd the posts into few days.
    """
    rooms = [day.times.room() for day in demand.days]
    if not any(weight > 0 for channel, weight in demand.rules.channels.items() if channel is not Channel.DIRECT):
        most = demand.rules.direct_per_day * max(1, len(demand.segments))
        return [min(room, most) for room in rooms]
    level = next((level for level in range(DAY + 1) if sum(min(room, level) for room in rooms) >= demand.wanted), DAY)
    ads = demand.counts[Pillar.PRODUCT]
    return [min(room, max(level + 1, min(ads, day.ad_room))) for room, day in zip(rooms, demand.days, strict=True)]


def _minutes(day: Day, wanted: set[int], least: int) -> list[int]:
    free = list(day.times.free())
    natural = {edge for span in day.times.spans for edge in span}
    edges = {edge for span in free for edge in span} - natural
    chosen = {
        minute for minute in (wanted | edges) if any(first <= minute <= last for first, last in free) and minute < DAY
    }
    steps = [step for step in (240, 120, 60, 30, 15, 5) if step > day.times.gap]
    for step in [*steps, day.times.gap]:
        if _fitting(chosen, day.times.gap) >= least:
            break
        chosen |= set(_packed(free, step))
    return sorted(chosen)


def _fitting(minutes: set[int], gap: int) -> int:
    count, latest = 0, -DAY
    for minute in sorted(minutes):
        if minute - latest >= gap:
            count, latest = count + 1, minute
    return count


def _packed(free: Sequence[tuple[int, int]], gap: int) -> Iterable[int]:
    """Yield free minutes from the morning on, a gap apart: no day holds more than these."""
    earliest = -DAY
    for first, last in free:
        for minute in range(max(first, earliest), last + 1, gap):
            yield minute
            earliest = minute + gap
