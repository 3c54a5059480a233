"""What every single customer sees: posts for all, what is sent to their segments, what playbooks owe them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from studio.planning.calendar import Slot, WeekId
from studio.planning.inputs import Touch
from studio.planning.readers import Classes
from studio.vocabulary import Channel, Pillar, Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int16]

Month = tuple[int, int]
Mark = tuple[Pillar, date] | date | Month
"""What is counted: posts of a pillar on a day, one-to-one messages on a day, the same in a month."""

PILLARS = tuple(Pillar)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is sent: the slots of a plan, skipped ones included, and the messages that playbooks owe."""

    slots: Sequence[Slot]
    touches: Sequence[Touch] = ()

    @property
    def shown(self) -> list[Slot]:
        """The slots that somebody sees."""
        return [slot for slot in self.slots if slot.status is not Status.SKIPPED]


@dataclass(frozen=True, slots=True)
class Seen:
    """Counts for every customer. ``posts`` is (pillar, customer, day), ``messages`` one-to-one (customer, day).

    ``monthly`` are the one-to-one messages of a whole month by customer. Pillars are in the order of
    :data:`PILLARS`, customers in that of the index of the classes, days in that of ``days``.
    """

    days: tuple[date, ...]
    posts: Counts
    messages: Counts
    monthly: dict[Month, Counts]


def seen(weeks: Sequence[WeekId], readers: Classes, traffic: Traffic) -> Seen:
    """Return what every customer sees in some weeks.

    The traffic may reach beyond the weeks: the months the weeks touch are counted whole as far as it is given.
    """
    days = tuple(day for week in weeks for day in week.days)
    months = sorted({(day.year, day.month) for day in days})
    marks: list[Mark] = [*((pillar, day) for pillar in PILLARS for day in days), *days, *months]
    column = {mark: number for number, mark in enumerate(marks)}
    counts = _from_slots(readers, traffic.shown, column) + _from_touches(readers, traffic.touches, column)
    by_day = counts[:, : len(marks) - len(months)].reshape(len(counts), len(PILLARS) + 1, len(days)).transpose(1, 0, 2)
    return Seen(days, by_day[:-1], by_day[-1], {month: counts[:, column[month]] for month in months})


def reach(readers: Classes, channel: Channel, segment: str | None) -> int:
    """Return how many customers a post reaches."""
    return sum(item.size for item in readers.classes if item.sees(channel, segment))


def _post(pillar: Pillar, day: date) -> list[Mark]:
    return [(pillar, day)]


def _message(pillar: Pillar, day: date) -> list[Mark]:
    return [(pillar, day), day, (day.year, day.month)]


def _from_slots(readers: Classes, slots: Sequence[Slot], column: Mapping[Mark, int]) -> Counts:
    audiences = {audience: number for number, audience in enumerate(dict.fromkeys(map(_audience, slots)))}
    posts = np.zeros((len(audiences), len(column)), dtype=np.float32)
    for slot in slots:
        marks = (_message if slot.channel is Channel.DIRECT else _post)(slot.pillar, slot.date)
        posts[audiences[_audience(slot)], [column[mark] for mark in marks if mark in column]] += 1
    sees = [[item.sees(*audience) for audience in audiences] for item in readers.classes]
    by_class = (np.array(sees, dtype=np.float32) @ posts).astype(np.int16)
    return by_class[readers.index]


def _audience(slot: Slot) -> tuple[Channel, str | None]:
    """Return what decides who sees a slot; on channels that everybody sees the segment does not."""
    return slot.channel, slot.segment if slot.channel is Channel.DIRECT else None


def _from_touches(readers: Classes, touches: Sequence[Touch], column: Mapping[Mark, int]) -> Counts:
    found = np.zeros((len(readers.index), len(column)), dtype=np.int16)
    row = {key: number for number, key in enumerate(readers.ids)}
    for touch in touches:
        rows = np.array([row[customer] for customer in touch.customers if customer in row], dtype=np.int64)
        for mark in _message(touch.pillar, touch.when.date()):
            if mark in column:
                np.add.at(found[:, column[mark]], rows, 1)
    return found
