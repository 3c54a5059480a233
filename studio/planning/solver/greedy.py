"""A quick first plan, day by day and post by post: where the solver starts from, and what it must beat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from studio.brand import Segment
from studio.planning.mix import deal
from studio.planning.placement import Day, Demand, Place, placed
from studio.planning.rules import WeeklyEvent
from studio.planning.solver.readers import channel_counts, queue
from studio.planning.times import DayTimes, minute_of
from studio.vocabulary import Channel, Pillar


@dataclass(slots=True)
class _Filling:
    """A day while it fills."""

    day: Day
    times: DayTimes
    events: list[Place]
    ads: int = 0
    new: int = 0
    new_ads: int = 0

    @property
    def load(self) -> int:
        return self.day.load + len(self.events) + self.new

    def has_room(self) -> bool:
        return self.times.room() > self.new

    def takes_ad(self) -> bool:
        return self.ads + self.new_ads < self.day.ad_room and self.has_room()


@dataclass(frozen=True, slots=True)
class _Frame:
    when: datetime
    channel: Channel
    segment: Segment | None


def greedy(demand: Demand, rng: Random) -> list[Place]:
    """Return places for the posts asked for, in time order; fewer when it finds no room.

    Requests of playbooks and the one-to-one budget are beyond it.
    """
    week = [_Filling(day, DayTimes(day.times.spans, day.times.gap, list(day.times.taken)), []) for day in demand.days]
    left = Counter(demand.counts)
    for event in demand.rules.weekly_events:
        _place_event(demand, week[event.weekday - 1], event, left)
    _spread(week, left, rng)
    frames = _frames(demand, week, rng)
    events = [place for filling in week for place in filling.events]
    return sorted([*events, *_with_pillars(demand, week, frames, events, left)], key=lambda place: place.when)


def _place_event(demand: Demand, filling: _Filling, event: WeeklyEvent, left: Counter[Pillar]) -> None:
    minute, is_ad = minute_of(event.time), event.pillar is Pillar.PRODUCT
    if left[event.pillar] <= 0 or not filling.times.is_free(minute) or (is_ad and not filling.takes_ad()):
        return
    filling.times.taken = sorted([*filling.times.taken, minute])
    filling.ads += is_ad
    left[event.pillar] -= 1
    segment = next((item for item in demand.segments if item.id == event.segment), None)
    when = datetime.combine(filling.day.date, event.time)
    filling.events.append(Place(when, event.channel, event.pillar, segment, event=event))


def _spread(week: list[_Filling], left: Counter[Pillar], rng: Random) -> None:
    """Decide how many posts, and how many of them product posts, each day takes."""
    turn = dict(enumerate(rng.sample(range(7), 7)))

    def near(index: int) -> int:
        return sum(week[i].day.products + week[i].new_ads for i in (index - 1, index + 1) if 0 <= i < 7)

    for _ in range(left[Pillar.PRODUCT]):
        open_days = [i for i, filling in enumerate(week) if filling.takes_ad()]
        if open_days:
            index = min(open_days, key=lambda i: (week[i].new_ads, near(i), week[i].load, turn[i]))
            week[index].new += 1
            week[index].new_ads += 1
    for _ in range(left[Pillar.VALUE] + left[Pillar.LIFESTYLE]):
        open_days = [i for i, filling in enumerate(week) if filling.has_room()]
        if open_days:
            week[min(open_days, key=lambda i: (week[i].load, turn[i]))].new += 1


def _frames(demand: Demand, week: list[_Filling], rng: Random) -> list[_Frame]:
    counts = channel_counts(demand, sum(filling.new for filling in week))
    channels = deal(counts, sum(counts.values())) if any(counts.values()) else []
    line = queue(demand, rng)
    frames = []
    for filling in week:
        for leaving in range(filling.new - 1, -1, -1):
            channel = channels.pop(0)
            segment = _next_segment(line, channel)
            minute = filling.times.book(demand.hours_of(channel, segment), leaving)
            when = datetime.combine(filling.day.date, time()) + timedelta(minutes=minute)
            frames.append(_Frame(when, channel, segment))
    return frames


def _next_segment(line: list[Segment], channel: Channel) -> Segment | None:
    chosen = next((item for item in line if not item.channels or channel in item.channels), None)
    if chosen is not None:
        line.sort(key=lambda segment: segment.id == chosen.id)
    return chosen


def _with_pillars(
    demand: Demand, week: list[_Filling], frames: list[_Frame], events: list[Place], left: Counter[Pillar]
) -> list[Place]:
    pillars: dict[datetime, Pillar | None] = {slot.when: slot.pillar for slot in demand.standing}
    pillars.update({event.when: event.pillar for event in events})
    pillars.update(dict.fromkeys(frame.when for frame in frames))
    line = sorted(pillars)
    for filling in week:
        open_frames = [frame.when for frame in frames if frame.when.date() == filling.day.date]
        for _ in range(filling.new_ads):
            when = max(open_frames, key=lambda moment: _distance(line, pillars, moment))
            pillars[when] = Pillar.PRODUCT
            open_frames.remove(when)
    rest = [frame.when for frame in frames if pillars[frame.when] is None]
    others: dict[Pillar | None, float] = {
        pillar: left[pillar] for pillar in (Pillar.LIFESTYLE, Pillar.VALUE) if left[pillar] > 0
    }
    pillars.update(zip(rest, deal(others, len(rest)) if rest else [], strict=True))
    return [
        placed(demand, frame.when, frame.channel, pillar, frame.segment)
        for frame in frames
        if (pillar := pillars[frame.when]) is not None
    ]


def _distance(line: Sequence[datetime], pillars: Mapping[datetime, Pillar | None], when: datetime) -> tuple[int, float]:
    """Return how many posts away, at most two, and how long away the nearest product post is."""
    here = line.index(when)
    products = [i for i, moment in enumerate(line) if pillars[moment] is Pillar.PRODUCT]
    steps = min((abs(i - here) for i in products), default=2)
    seconds = min((abs((line[i] - when).total_seconds()) for i in products), default=0.0)
    return min(steps, 2), seconds
