"""The exposure ledger: what a plan means to those who read it, for every customer and in numbers for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.planning.breaches import Breach, ill_timed, over_caps
from studio.planning.calendar import WeekId
from studio.planning.known import Close, never
from studio.planning.limits import LimitName, Limits
from studio.planning.readers import Classes
from studio.planning.rules import PlanRules
from studio.planning.seen import PILLARS, Traffic, seen
from studio.vocabulary import Pillar

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Spread:
    """How a count is spread over the customers; ``histogram`` is count → customers, without empty counts."""

    least: int
    median: int
    p90: int
    most: int
    histogram: dict[int, int]

    @classmethod
    def of(cls, counts: NDArray[np.int64]) -> Spread:
        """Return the spread of one count a customer; at least one is needed."""
        median, p90 = np.percentile(counts, [50, 90], method="inverted_cdf").tolist()
        values, customers = np.unique(counts, return_counts=True)
        histogram = dict(zip(values.tolist(), customers.tolist(), strict=True))
        return cls(int(values[0]), int(median), int(p90), int(values[-1]), histogram)

    def to_json(self) -> dict[str, Any]:
        return {
            "min": self.least,
            "median": self.median,
            "p90": self.p90,
            "max": self.most,
            "histogram": [{"posts": count, "customers": customers} for count, customers in self.histogram.items()],
        }


@dataclass(frozen=True, slots=True)
class WeekPressure:
    """A week as customers feel it: posts a customer, and the mean share of each pillar among what they see."""

    week: WeekId
    posts: Spread
    mix: dict[Pillar, float]

    def to_json(self) -> dict[str, Any]:
        mix = {pillar.value: round(share, 4) for pillar, share in self.mix.items()}
        return {"week": str(self.week), "posts": self.posts.to_json(), "mix": mix}


@dataclass(frozen=True, slots=True)
class DayHeat:
    """The product posts of a day: the most any customer sees, and how many they see on average."""

    day: date
    highest: int
    mean: float

    def to_json(self) -> dict[str, Any]:
        return {"date": self.day.isoformat(), "highest": self.highest, "mean": round(self.mean, 4)}


@dataclass(frozen=True, slots=True)
class Exposure:
    """What some weeks do to the customers. With ``customers`` 0 the numbers are of a friend in no segment."""

    customers: int
    breaches: tuple[Breach, ...]
    weeks: tuple[WeekPressure, ...]
    ads: tuple[DayHeat, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "customers": self.customers,
            "violations": [breach.to_json() for breach in self.breaches],
            "weeks": [week.to_json() for week in self.weeks],
            "ads": [day.to_json() for day in self.ads],
        }


def exposure(
    weeks: Sequence[WeekId],
    readers: Classes,
    traffic: Traffic,
    rules: PlanRules,
    limits: Limits,
    *,
    close: Close = never,
) -> Exposure:
    """Return what every customer would see in some weeks, which rules that breaks, and how hard it presses.

    Give the traffic of the whole months the weeks touch: the monthly budget counts them all. Every
    touch counts as one mass message to each of its customers. ``close`` is asked about slots yet to be posted.
    Raises :class:`~studio.errors.InputError` when the quiet hours leave no minute of the day.
    """
    counts = seen(weeks, readers, traffic)
    breaches = over_caps(counts, readers, traffic, rules, limits)
    breaches += ill_timed(counts.days, readers, traffic, rules, close)
    breaches.sort(key=lambda breach: (breach.day, breach.rule, breach.message))
    pressures = tuple(_pressure(week, counts.posts[:, :, 7 * number :][:, :, :7]) for number, week in enumerate(weeks))
    ads = counts.posts[PILLARS.index(Pillar.PRODUCT)]
    heat = zip(counts.days, ads.max(axis=0).tolist(), ads.mean(axis=0).tolist(), strict=True)
    return Exposure(len(readers.ids), tuple(breaches), pressures, tuple(DayHeat(*day) for day in heat))


def direct_left(readers: Classes, traffic: Traffic, month: date, limits: Limits) -> tuple[int, ...]:
    """Return how many one-to-one messages each class may still get in the month of a day, as its worst-off member.

    In the order of ``readers.classes``; ``traffic`` is what stands already in that month.
    """
    got = seen([WeekId.of(month)], readers, traffic).monthly[month.year, month.month]
    most = np.zeros(len(readers.classes), dtype=np.int64)
    np.maximum.at(most, readers.index, got)
    return tuple(np.maximum(limits.on(LimitName.MESSAGES_A_MONTH, month) - most, 0).tolist())


def _pressure(week: WeekId, posts: NDArray[np.int16]) -> WeekPressure:
    """Return the pressure of one week; ``posts`` is (pillar, customer, day)."""
    by_pillar = posts.sum(axis=2, dtype=np.int64)
    total = by_pillar.sum(axis=0)
    reached = total > 0
    shares = by_pillar[:, reached] / total[reached] if reached.any() else np.zeros((len(PILLARS), 1))
    return WeekPressure(week, Spread.of(total), dict(zip(PILLARS, shares.mean(axis=1).tolist(), strict=True)))
