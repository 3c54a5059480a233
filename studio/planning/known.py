"""What a plan is told of its readers and of what else reaches them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from studio.brand import Segment
from studio.planning.calendar import Slot
from studio.planning.inputs import AudienceClass, BestHours, Request, Touch
from studio.vocabulary import Channel, Pillar

Month = tuple[int, int]
Close = Callable[[str, str | None, date], bool]
"""Tells whether a theme is close in meaning to what a segment (None: everybody) saw shortly before a day."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What playbooks send one to one on a day to the most written-to customer of a class."""

    ads: int = 0
    direct: int = 0


NOT_REACHED = Reached()


def never(_theme: str, _segment: str | None, _on: date) -> bool:
    """Say that nothing is close to anything."""
    return False


@dataclass(frozen=True, slots=True)
class Known:
    """Everything besides the shop, its rules and its past that a plan can use; a shop may know none of it.

    ``hours`` go by segment id. ``requests`` are the posts that playbooks ask for, ``reached`` what they send one to
    one. ``direct_left`` is how many one-to-one messages a class may get in a month besides those in the weeks to be
    planned. On a ``blocked`` day nothing new is placed. ``close`` keeps themes apart that say much the same.
    """

    audience: Sequence[AudienceClass] = ()
    hours: Mapping[str, BestHours] = field(default_factory=lambda: MappingProxyType({}))
    requests: Sequence[Request] = ()
    reached: Mapping[tuple[date, AudienceClass], Reached] = field(default_factory=lambda: MappingProxyType({}))
    direct_left: Mapping[Month, Mapping[AudienceClass, int]] = field(default_factory=lambda: MappingProxyType({}))
    blocked: frozenset[date] = frozenset()
    close: Close = never

    def after(self, slots: Sequence[Slot]) -> Known:
        """Return what is left once these slots, none of them skipped, have had their one-to-one messages."""
        sent = [slot for slot in slots if slot.channel is Channel.DIRECT]
        left = {
            month: {
                readers: count
                - sum(
                    (slot.date.year, slot.date.month) == month and readers.sees(slot.channel, slot.segment)
                    for slot in sent
                )
                for readers, count in by_class.items()
            }
            for month, by_class in self.direct_left.items()
        }
        return replace(self, direct_left=left)

    def weigh(self, segments: Sequence[Segment]) -> dict[str, float]:
        """Return how much each segment is worth writing for: its customers when they are known, else all the same."""
        sizes = {item.id: float(sum(c.size for c in self.audience if item.id in c.segments)) for item in segments}
        return sizes if any(sizes.values()) else dict.fromkeys(sizes, 1.0)


NOTHING_KNOWN = Known()


def reached_by(
    touches: Sequence[Touch], class_of: Mapping[str, AudienceClass]
) -> dict[tuple[date, AudienceClass], Reached]:
    """Return what touches do to each class on each day; ``class_of`` goes by customer id."""
    ads: Counter[tuple[date, str]] = Counter()
    direct: Counter[tuple[date, str]] = Counter()
    for touch in touches:
        sent = [(touch.when.date(), customer) for customer in touch.customers]
        direct.update(sent)
        if touch.pillar is Pillar.PRODUCT:
            ads.update(sent)
    most: dict[tuple[date, AudienceClass], Reached] = {}
    for (day, customer), count in direct.items():
        if customer in class_of:
            key = day, class_of[customer]
            had = most.get(key, NOT_REACHED)
            most[key] = Reached(max(had.ads, ads[day, customer]), max(had.direct, count))
    return most
