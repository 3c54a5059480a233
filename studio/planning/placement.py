"""Where the posts of a week go: what is asked of a week, and what a placed post is.

:class:`Demand` is all the solver sees, :class:`Place` all it answers; neither knows themes or wording.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property

from studio.brand import Segment
from studio.planning.calendar import Slot, WeekId
from studio.planning.inputs import AudienceClass, Request
from studio.planning.known import NOT_REACHED, NOTHING_KNOWN, Known
from studio.planning.occasions import Occasion
from studio.planning.rules import PlanRules, WeeklyEvent
from studio.planning.times import DAY, USUAL_HOURS, DayTimes, day_times, opened_at
from studio.vocabulary import Channel, Pillar, Status


@dataclass(frozen=True, slots=True)
class Chance:
    """An occasion, its relevance (0 to 3), and the kinds of post that can make something of it."""

    occasion: Occasion
    score: float
    pillars: frozenset[Pillar]


@dataclass(frozen=True)
class Demand:
    """What one week must hold.

    ``counts`` are the posts to add, requests of playbooks and weekly events included. ``around`` are slots that
    stay where they are, of this week and the weeks next to it. A re-plan adds nothing of its own: its ``keep`` are
    the slots to leave alone if they can be. Nothing is placed before ``opens``. ``seen`` says when a segment was
    last written for; ``ahead`` is how many posts a channel or a segment has over its share. ``chances``
    are the occasions of the week.
    """

    week: WeekId
    counts: Mapping[Pillar, int]
    rules: PlanRules
    segments: Sequence[Segment] = ()
    around: Sequence[Slot] = ()
    keep: Sequence[Slot] | None = None
    opens: datetime | None = None
    known: Known = NOTHING_KNOWN
    requests: Sequence[Request] = ()
    chances: Sequence[Chance] = ()
    seen: Mapping[str, date] = field(default_factory=dict)
    ahead: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def standing(self) -> list[Slot]:
        """The slots around that will really be posted."""
        return sorted((slot for slot in self.around if slot.status is not Status.SKIPPED), key=lambda slot: slot.when)

    @cached_property
    def classes(self) -> Sequence[AudienceClass]:
        """Who reads; as long as nobody is known, somebody in every segment."""
        known = [readers for readers in self.known.audience if readers.size]
        return known or [AudienceClass(frozenset(segment.id for segment in self.segments), 0)]

    @cached_property
    def days(self) -> list[Day]:
        """The seven days with their free minutes and what already stands on them."""
        return [_day(self, day) for day in self.week.days]

    @property
    def wanted(self) -> int:
        return sum(self.counts.values())

    def hours_of(self, channel: Channel, segment: Segment | None) -> tuple[int, ...]:
        """Return the hours (best first) at which these readers read."""
        if segment is None:
            return USUAL_HOURS[channel]
        learned = self.known.hours.get(segment.id)
        return (learned.hours if learned else segment.best_hours) or USUAL_HOURS[channel]

    def direct_room(self, day: date, readers: AudienceClass) -> int:
        """Return how many one-to-one posts these customers may still get on a day."""
        stand = sum(
            slot.channel is Channel.DIRECT and readers.sees(slot.channel, slot.segment)
            for slot in self.standing
            if slot.date == day
        )
        return max(0, self.rules.direct_per_day - stand - self.known.reached.get((day, readers), NOT_REACHED).direct)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week. ``ad_room`` is how many product posts it still takes."""

    date: date
    times: DayTimes
    load: int
    products: int
    ad_room: int


@dataclass(frozen=True, slots=True)
class Place:
    """One placed post. ``at_best_hour`` is None when the segment names no hours; ``measured`` is how many posts
    taught them (0: nobody measured). ``event``, ``request`` or ``slot`` is what asked for it, if something did.
    """

    when: datetime
    channel: Channel
    pillar: Pillar
    segment: Segment | None
    at_best_hour: bool | None = None
    measured: int = 0
    event: WeeklyEvent | None = None
    request: Request | None = None
    slot: Slot | None = None


def placed(demand: Demand, when: datetime, channel: Channel, pillar: Pillar, segment: Segment | None) -> Place:
    """Return the place with what is known of its hour."""
    named = segment is not None and bool(segment.best_hours or segment.id in demand.known.hours)
    learned = demand.known.hours.get(segment.id) if segment else None
    return Place(
        when,
        channel,
        pillar,
        segment,
        when.hour in demand.hours_of(channel, segment) if named else None,
        learned.measured if learned else 0,
    )


def product_room(demand: Demand) -> int:
    """Return how many product posts the week can still take under the limits of its days."""
    return sum(min(day.ad_room, day.times.room()) for day in demand.days)


def _day(demand: Demand, day: date) -> Day:
    times = day_times(demand.rules.quiet_hours, demand.rules.min_gap_minutes)
    midnight = datetime.combine(day, time())
    if demand.opens:
        times = opened_at(times, int((demand.opens - midnight).total_seconds() // 60))
    if day in demand.known.blocked:
        times = opened_at(times, DAY)
    near = (int((slot.when - midnight).total_seconds() // 60) for slot in demand.standing)
    taken = sorted(minute for minute in near if -DAY <= minute <= 2 * DAY)
    today = [slot for slot in demand.standing if slot.date == day]
    ads = [slot for slot in today if slot.pillar is Pillar.PRODUCT]
    most = max(
        sum(readers.sees(slot.channel, slot.segment) for slot in ads)
        + demand.known.reached.get((day, readers), NOT_REACHED).ads
        for readers in demand.classes
    )
    room = demand.rules.max_product_per_day - max(len(ads), most)
    return Day(day, DayTimes(times.spans, times.gap, taken), len(today), len(ads), max(0, room))
