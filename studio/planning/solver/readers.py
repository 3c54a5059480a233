"""Who the posts of a week are for: channels and segments, how many posts each gets, and when they read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random
from typing import TypeVar

from studio.brand import Segment
from studio.planning.mix import deal
from studio.planning.placement import Demand
from studio.vocabulary import Channel

Kind = TypeVar("Kind", bound=str)


@dataclass(frozen=True, slots=True)
class Readers:
    """A segment in one channel (None: everybody there) and the hours they read; ``ranked`` says best first."""

    channel: Channel
    segment: Segment | None
    hours: tuple[int, ...]
    ranked: bool

    @classmethod
    def of(cls, demand: Demand, channel: Channel, segment: Segment | None) -> Readers:
        """Return these readers; hours that a merchant wrote down come in no order."""
        learned = demand.known.hours.get(segment.id) if segment else None
        written = segment is not None and bool(segment.best_hours) and not (learned and learned.measured)
        return cls(channel, segment, demand.hours_of(channel, segment), not written)


def readers_of(demand: Demand) -> list[Readers]:
    """Return everybody a post may be for; a channel that fits no segment is for all who are there."""
    found = []
    weights = demand.known.weigh(demand.segments)
    for channel, weight in demand.rules.channels.items():
        if weight <= 0:
            continue
        here: list[Segment | None] = [item for item in demand.segments if weights.get(item.id) and _fits(item, channel)]
        found += [Readers.of(demand, channel, item) for item in here or (None,)]
    return found


def channel_counts(demand: Demand, count: int) -> dict[Channel, int]:
    """Return how many of ``count`` new posts each channel should get."""
    weights = {channel: weight for channel, weight in demand.rules.channels.items() if weight > 0}
    had = Counter(slot.channel for slot in demand.standing if slot.week == demand.week)
    dealt = deal(weights, count, _ahead(weights, had, demand.ahead))
    return {channel: dealt.count(channel) for channel in weights}


def segment_counts(demand: Demand, count: int, rng: Random) -> dict[str, int]:
    """Return how many of ``count`` new posts each segment should get, those not written for longest first."""
    known = demand.known.weigh(demand.segments)
    reached = {readers.segment.id for readers in readers_of(demand) if readers.segment}
    weights = {item.id: known[item.id] for item in queue(demand, rng) if item.id in reached}
    if not weights:
        return {}
    had = Counter(slot.segment for slot in demand.standing if slot.week == demand.week and slot.segment)
    dealt = deal(weights, count, _ahead(weights, had, demand.ahead))
    return {name: dealt.count(name) for name in weights}


def queue(demand: Demand, rng: Random) -> list[Segment]:
    """Return the segments, those not written for longest first."""
    shuffled = rng.sample(list(demand.segments), len(demand.segments))
    return sorted(shuffled, key=lambda segment: demand.seen.get(segment.id, date.min))


def _fits(segment: Segment, channel: Channel) -> bool:
    return not segment.channels or channel in segment.channels


def _ahead(weights: Mapping[Kind, float], had: Counter[Kind], before: Mapping[str, float]) -> dict[Kind, Fraction]:
    """Return how many posts each kind is over its share, this week's standing ones counted; sums to 0."""
    total = sum(weights.values())
    used = sum(had[kind] for kind in weights)
    held = {
        kind: had[kind] + Fraction(before.get(kind, 0.0)) - Fraction(weight / total) * used
        for kind, weight in weights.items()
    }
    surplus = sum(held.values(), Fraction(0)) / len(held)
    return {kind: value - surplus for kind, value in held.items()}
