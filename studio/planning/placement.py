"""Where the posts of a week go: day, time, channel, segment and pillar.

:func:`place` is the seam for another solver: it sees a :class:`Demand` and returns :class:`Place` values,
and knows nothing of themes, products or wording.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random

from studio.brand import Segment
from studio.errors import InputError
from studio.planning.calendar import Slot, WeekId
from studio.planning.mix import deal
from studio.planning.rules import WEEKDAYS, PlanRules, WeeklyEvent
from studio.planning.times import DAY, USUAL_HOURS, DayTimes, day_times, minute_of, opened_at
from studio.vocabulary import Channel, Pillar, Status


@dataclass(frozen=True, slots=True)
class Demand:
    """What one week must hold. ``counts`` are the posts to add; ``around`` are slots that stay where they are,
    of this week and the weeks next to it. ``seen`` says when a segment was last written for; nothing is placed
    before ``opens``.
    """

    week: WeekId
    counts: Mapping[Pillar, int]
    rules: PlanRules
    segments: Sequence[Segment] = ()
    around: Sequence[Slot] = ()
    seen: Mapping[str, date] = field(default_factory=dict)
    opens: datetime | None = None

    @property
    def standing(self) -> list[Slot]:
        """The slots around that will really be posted."""
        return sorted((slot for slot in self.around if slot.status is not Status.SKIPPED), key=lambda slot: slot.when)


@dataclass(frozen=True, slots=True)
class Place:
    """One placed post. ``at_best_hour`` is None when the segment names no hours."""

    when: datetime
    channel: Channel
    pillar: Pillar | None
    segment: Segment | None
    event: WeeklyEvent | None = None
    at_best_hour: bool | None = None


@dataclass(slots=True)
class _Day:
    date: date
    times: DayTimes
    load: int
    products: int
    new: int = 0
    new_products: int = 0

    def has_room(self) -> bool:
        return self.times.room() > self.new


def product_room(demand: Demand) -> int:
    """Return how many product posts the week can still take under the daily cap."""
    cap = demand.rules.max_product_per_day
    return sum(min(max(0, cap - day.products), day.times.room()) for day in _days(demand))


def place(demand: Demand, rng: Random) -> tuple[list[Place], list[str]]:
    """Return the places in time order and, in Chinese, the soft rules that gave way.

    Raises :class:`InputError` when the week cannot hold that many posts.
    """
    days = _days(demand)
    left = Counter(demand.counts)
    events, relaxed = _place_events(demand, days, left)
    _check_room(demand, days, left.total())
    _spread(demand, days, left, rng)
    frames = [*events, *_frames(demand, days, rng)]
    places = _assign_pillars(demand, days, sorted(frames, key=lambda frame: frame.when), left)
    return places, relaxed + _given_way(demand, places)


def _days(demand: Demand) -> list[_Day]:
    days = []
    for day in demand.week.days:
        times = day_times(demand.rules.quiet_hours, demand.rules.min_gap_minutes)
        if demand.opens:
            times = opened_at(times, int((demand.opens - datetime.combine(day, time())).total_seconds() // 60))
        today = [slot for slot in demand.standing if slot.date == day]
        near = (int((slot.when - datetime.combine(day, time())).total_seconds() // 60) for slot in demand.standing)
        times.taken = sorted(minute for minute in near if -DAY <= minute <= 2 * DAY)
        days.append(_Day(day, times, len(today), sum(slot.pillar is Pillar.PRODUCT for slot in today)))
    return days


def _place_events(demand: Demand, days: list[_Day], left: Counter[Pillar]) -> tuple[list[Place], list[str]]:
    places, skipped = [], []
    for event in demand.rules.weekly_events:
        day = days[event.weekday - 1]
        when = datetime.combine(day.date, event.time)
        if any(slot.when == when and slot.channel is event.channel for slot in demand.standing):
            continue
        reason = _obstacle(demand, event, day, left)
        if reason:
            skipped.append(f"「{event.label}」这周没排：{reason}")
            continue
        day.times.taken = sorted([*day.times.taken, minute_of(event.time)])
        day.load += 1
        day.products += event.pillar is Pillar.PRODUCT
        left[event.pillar] -= 1
        segment = next((item for item in demand.segments if item.id == event.segment), None)
        places.append(Place(when, event.channel, event.pillar, segment, event))
    return places, skipped


def _obstacle(demand: Demand, event: WeeklyEvent, day: _Day, left: Counter[Pillar]) -> str:
    if left[event.pillar] <= 0:
        return f"{event.pillar.label}类这周没有名额了"
    if event.pillar is Pillar.PRODUCT and day.products >= demand.rules.max_product_per_day:
        return "当天产品类已经到上限"
    if not day.times.is_free(minute_of(event.time)):
        return "那个时间在免打扰时段里，或离别的内容太近"
    return ""


def _check_room(demand: Demand, days: list[_Day], wanted: int) -> None:
    room = sum(day.times.room() for day in days)
    if room < wanted:
        total = sum(demand.counts.values())
        raise InputError(
            f"{demand.week} 还要放 {total} 条，按现在的免打扰时段和 {demand.rules.min_gap_minutes} 分钟间隔"
            f"只放得下 {total - wanted + room} 条。已定的档位没有动。请减少条数、缩短间隔，或缩短免打扰时段"
        )


def _spread(demand: Demand, days: list[_Day], left: Counter[Pillar], rng: Random) -> None:
    """Decide how many posts, and how many of them product posts, each day takes."""
    turn = dict(enumerate(rng.sample(range(7), 7)))

    def products_near(index: int) -> int:
        return sum(days[i].products + days[i].new_products for i in (index - 1, index + 1) if 0 <= i < 7)

    for _ in range(left[Pillar.PRODUCT]):
        index = min(
            (i for i, day in enumerate(days) if _takes_product(day, demand.rules)),
            key=lambda i: (days[i].products + days[i].new_products, products_near(i), days[i].load, turn[i]),
        )
        days[index].new += 1
        days[index].new_products += 1
    for _ in range(left[Pillar.VALUE] + left[Pillar.LIFESTYLE]):
        index = min((i for i, day in enumerate(days) if day.has_room()), key=lambda i: (_load(days[i]), turn[i]))
        days[index].new += 1


def _takes_product(day: _Day, rules: PlanRules) -> bool:
    return day.products + day.new_products < rules.max_product_per_day and day.has_room()


def _load(day: _Day) -> int:
    return day.load + day.new


def _frames(demand: Demand, days: list[_Day], rng: Random) -> list[Place]:
    """Return the new posts with day, time, channel and segment, but no pillar yet."""
    channels = _channels(demand, sum(day.new for day in days))
    queue = _queue(demand, rng)
    frames = []
    for day in days:
        for slot in demand.standing:
            if slot.date == day.date:
                _move_back(queue, slot.segment)
        for leaving in range(day.new - 1, -1, -1):
            channel = channels.pop(0)
            segment = _next_segment(queue, channel)
            hours = segment.best_hours if segment else ()
            minute = day.times.book(hours or USUAL_HOURS[channel], leaving)
            when = datetime.combine(day.date, time()) + timedelta(minutes=minute)
            frames.append(Place(when, channel, None, segment, None, minute // 60 in hours if hours else None))
    return frames


def _channels(demand: Demand, count: int) -> list[Channel]:
    weights = {channel: weight for channel, weight in demand.rules.channels.items() if weight > 0}
    total, had = sum(weights.values()), Counter(slot.channel for slot in demand.standing if slot.week == demand.week)
    used = sum(had[channel] for channel in weights)
    ahead = {channel: had[channel] - Fraction(weight / total) * used for channel, weight in weights.items()}
    return deal(weights, count, ahead)


def _queue(demand: Demand, rng: Random) -> list[Segment]:
    shuffled = rng.sample(list(demand.segments), len(demand.segments))
    return sorted(shuffled, key=lambda segment: demand.seen.get(segment.id, date.min))


def _move_back(queue: list[Segment], segment_id: str | None) -> None:
    queue.sort(key=lambda segment: segment.id == segment_id)


def _next_segment(queue: list[Segment], channel: Channel) -> Segment | None:
    chosen = next((item for item in queue if not item.channels or channel in item.channels), None)
    if chosen is not None:
        _move_back(queue, chosen.id)
    return chosen


def _assign_pillars(demand: Demand, days: list[_Day], frames: list[Place], left: Counter[Pillar]) -> list[Place]:
    pillars: dict[datetime, Pillar | None] = {slot.when: slot.pillar for slot in demand.standing}
    pillars.update({frame.when: frame.pillar for frame in frames})
    line = sorted(pillars)
    for day in days:
        open_frames = [frame.when for frame in frames if frame.when.date() == day.date and frame.pillar is None]
        for _ in range(day.new_products):
            when = max(open_frames, key=lambda moment: _distance(line, pillars, moment))
            pillars[when] = Pillar.PRODUCT
            open_frames.remove(when)
    rest = [frame.when for frame in frames if pillars[frame.when] is None]
    others: dict[Pillar | None, float] = {
        pillar: left[pillar] for pillar in (Pillar.LIFESTYLE, Pillar.VALUE) if left[pillar] > 0
    }
    pillars.update(zip(rest, deal(others, len(rest)) if rest else [], strict=True))
    return [replace(frame, pillar=pillars[frame.when]) for frame in frames]


def _distance(line: list[datetime], pillars: Mapping[datetime, Pillar | None], when: datetime) -> tuple[int, float]:
    """Return how many posts away, at most two, and how long away the nearest product post is."""
    here = line.index(when)
    products = [i for i, moment in enumerate(line) if pillars[moment] is Pillar.PRODUCT]
    steps = min((abs(i - here) for i in products), default=2)
    seconds = min((abs((line[i] - when).total_seconds()) for i in products), default=0.0)
    return min(steps, 2), seconds


def _given_way(demand: Demand, places: list[Place]) -> list[str]:
    told = []
    week = [(slot.when, slot.pillar) for slot in demand.standing if slot.week == demand.week]
    line = [pillar for _, pillar in sorted([*week, *((item.when, item.pillar) for item in places)])]
    pairs = sum(a is b is Pillar.PRODUCT for a, b in pairwise(line))
    if pairs:
        told.append(f"有 {pairs} 处两条产品类连着发：这周产品类太多，中间插不下别的")
    missed = sum(item.at_best_hour is False for item in places)
    if missed:
        told.append(f"有 {missed} 条没排进客群的最佳时段：那些钟点已占用或在免打扰时段里")
    standing = Counter(slot.date for slot in demand.standing if slot.pillar is Pillar.PRODUCT)
    told.extend(
        f"周{WEEKDAYS[day.weekday()]}已定的产品类有 {standing[day]} 条，"
        f"超过每天 {demand.rules.max_product_per_day} 条；已定的没有动，你可以移走一条"
        for day in demand.week.days
        if standing[day] > demand.rules.max_product_per_day
    )
    return told
