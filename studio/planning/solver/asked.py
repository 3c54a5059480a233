"""Posts somebody asked for by name: steps of playbooks, weekly events, and slots a re-plan should leave alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from studio.brand import Segment
from studio.planning.calendar import Slot
from studio.planning.inputs import Request
from studio.planning.placement import Demand
from studio.planning.rules import WeeklyEvent
from studio.planning.solver import weights
from studio.planning.solver.cells import Cell
from studio.planning.times import minute_of
from studio.vocabulary import Channel, Pillar


@dataclass(frozen=True, slots=True)
class Asked:
    """One post asked for, where it may go (cell index to cost) and what leaving it out costs."""

    source: WeeklyEvent | Request | Slot
    channel: Channel
    pillar: Pillar
    segment: Segment | None
    options: dict[int, int]
    left_out: int


def moments(demand: Demand) -> list[datetime]:
    """Return the moments that are asked for."""
    events = [_when(demand, event) for event in demand.rules.weekly_events]
    steps = [datetime.combine(step.date, step.time) for step in demand.requests if step.time]
    return [*events, *steps, *(slot.when for slot in demand.keep or ())]


def asked_of(demand: Demand, cells: Sequence[Cell]) -> list[Asked]:
    """Return what is asked of the week and does not stand in it yet."""
    segments = {segment.id: segment for segment in demand.segments}

    def asked(source: WeeklyEvent | Request | Slot, options: dict[int, int], left_out: int) -> Asked:
        segment = segments.get(source.segment or "")
        return Asked(source, source.channel, source.pillar, segment, options, left_out)

    return [
        *(asked(event, _at(demand, event, cells), weights.EVENT_LEFT_OUT) for event in _events(demand)),
        *(asked(step, _near(step, cells), weights.REQUEST_LEFT_OUT) for step in demand.requests),
        *(asked(slot, _around(demand, slot, cells), weights.SLOT_REMOVED) for slot in demand.keep or ()),
    ]


def _events(demand: Demand) -> list[WeeklyEvent]:
    """Return the weekly events to place; a re-plan brings none back that the merchant took away."""
    there = {(slot.when, slot.channel) for slot in demand.standing}
    return [
        event
        for event in demand.rules.weekly_events
        if demand.keep is None and (_when(demand, event), event.channel) not in there
    ]


def _when(demand: Demand, event: WeeklyEvent) -> datetime:
    return datetime.combine(demand.days[event.weekday - 1].date, event.time)


def _at(demand: Demand, event: WeeklyEvent, cells: Sequence[Cell]) -> dict[int, int]:
    return {index: 0 for index, cell in enumerate(cells) if cell.when == _when(demand, event)}


def _near(step: Request, cells: Sequence[Cell]) -> dict[int, int]:
    day = [(index, cell) for index, cell in enumerate(cells) if cell.when.date() == step.date]
    if step.time is None:
        return {index: 0 for index, _ in day}
    return {index: weights.HOUR_AWAY * _hours(cell.minute, minute_of(step.time)) for index, cell in day}


def _around(demand: Demand, slot: Slot, cells: Sequence[Cell]) -> dict[int, int]:
    """Return what each cell costs: its own nothing, others by days away and by how far from hours its readers read."""
    is_event = any(
        (_when(demand, event), event.channel) == (slot.when, slot.channel) for event in demand.rules.weekly_events
    )
    least = weights.EVENT_MOVED if is_event else weights.SLOT_MOVED
    segment = next((item for item in demand.segments if item.id == slot.segment), None)
    good = [minute_of(slot.time), *(60 * hour for hour in demand.hours_of(slot.channel, segment))]
    costs = {}
    for index, cell in enumerate(cells):
        days = abs((cell.when.date() - slot.date).days)
        away = min(_hours(cell.minute, minute) for minute in good)
        moved = least + weights.OTHER_DAY * days + weights.HOUR_AWAY * away
        costs[index] = moved if cell.when != slot.when else 0
    return costs


def _hours(one: int, other: int) -> int:
    """Return the hours begun between two minutes of a day, six at most."""
    return min(6, -(-abs(one - other) // 60))
