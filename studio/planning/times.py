"""The minutes of a day: quiet hours, the gap between posts, and the hours people read.

A minute is counted from midnight, 0 to 1439.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import lru_cache

from studio.errors import InputError
from studio.vocabulary import Channel

Window = tuple[time, time]
Span = tuple[int, int]
DAY = 24 * 60

USUAL_HOURS: dict[Channel, tuple[int, ...]] = {
    Channel.MOMENTS: (20, 12, 8),
    Channel.GROUP: (20, 10, 15),
    Channel.DIRECT: (19, 11, 15),
    Channel.OFFICIAL: (20, 8),
    Channel.VIDEO: (19, 12),
}


def minute_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute


@lru_cache(maxsize=64)
def open_spans(quiet: tuple[Window, ...]) -> tuple[Span, ...]:
    """Return the stretches of the day, both ends included, in which posting is allowed.

    A quiet window includes its start but not its end, may cross midnight and may overlap others.
    Raises :class:`InputError` when no minute of the day is left.
    """
    allowed = [True] * DAY
    for start, end in quiet:
        first, last = minute_of(start), minute_of(end)
        if first == last:
            raise InputError(f"免打扰时段 {start:%H:%M}-{end:%H:%M} 的开始和结束一样，请改成例如 22:30-07:30，或删掉它")
        for minute in range(first, last if first < last else last + DAY):
            allowed[minute % DAY] = False
    edges = [minute for minute in range(DAY) if allowed[minute] and (minute == 0 or not allowed[minute - 1])]
    if not edges:
        listed = "、".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in quiet)
        raise InputError(f"免打扰时段({listed})合起来占满了全天，没有一个钟点能发。请缩短或删掉其中一段")
    return tuple((edge, next((m for m in range(edge, DAY) if not allowed[m]), DAY) - 1) for edge in edges)


@dataclass(slots=True)
class DayTimes:
    """The bookable minutes of one day. ``taken`` may reach into the days around it (below 0, above 1439)."""

    spans: Sequence[Span]
    gap: int
    taken: list[int] = field(default_factory=list)

    def free(self, besides: int | None = None) -> Iterator[Span]:
        """Yield the stretches still free, in order, as if ``besides`` were taken too."""
        taken = self.taken if besides is None else sorted([*self.taken, besides])
        for first, last in self.spans:
            start = first
            for minute in taken:
                if minute - self.gap >= last:
                    break
                if minute + self.gap <= start:
                    continue
                if minute - self.gap >= start:
                    yield start, minute - self.gap
                start = minute + self.gap
            if start <= last:
                yield start, last

    def room(self, besides: int | None = None) -> int:
        """Return how many more posts fit."""
        count, earliest = 0, -DAY
        for first, last in self.free(besides):
            start = max(first, earliest)
            if start <= last:
                more = (last - start) // self.gap + 1
                count += more
                earliest = start + more * self.gap
        return count

    def is_free(self, minute: int) -> bool:
        return any(first <= minute <= last for first, last in self.free())

    def book(self, hours: Sequence[int], leaving: int) -> int:
        """Take and return the free minute nearest to ``hours`` (best first) that leaves room for ``leaving`` more.

        Needs ``room() > leaving``: the earliest free minute always qualifies.
        """
        free = list(self.free())
        chosen = free[0][0]
        for minute in _by_preference(tuple(hours)):
            if any(first <= minute <= last for first, last in free) and self.room(minute) >= leaving:
                chosen = minute
                break
        insort(self.taken, chosen)
        return chosen


def day_times(quiet: tuple[Window, ...], gap: int) -> DayTimes:
    """Return an empty day whose last minute also keeps the gap to the first one of the next day."""
    spans, least = open_spans(quiet), max(gap, 1)
    latest = DAY + spans[0][0] - least
    return DayTimes(tuple((first, min(last, latest)) for first, last in spans if first <= latest), least)


def opened_at(day: DayTimes, minute: int) -> DayTimes:
    """Return the day without the minutes before ``minute``; from 1440 on nothing is left of it."""
    spans = tuple((max(first, minute), last) for first, last in day.spans if last >= minute)
    return DayTimes(spans, day.gap, day.taken)


@lru_cache(maxsize=512)
def _by_preference(hours: tuple[int, ...]) -> tuple[int, ...]:
    def cost(minute: int) -> int:
        return min((abs(minute - 60 * hour) + 30 * rank for rank, hour in enumerate(hours)), default=minute)

    return tuple(sorted(range(0, DAY, 15), key=cost))
