"""A customer as the studio knows one: tags and totals, no way to reach them."""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer. ``spent`` is in yuan over all orders, ``birthday`` a month and day like 03-08."""

    id: str
    nickname: str = ""
    tags: frozenset[str] = frozenset()
    spent: float | None = None
    orders: int | None = None
    last_order_on: date | None = None
    added_on: date | None = None
    birthday: str | None = None
    source: str = ""


def birthdays(customers: Iterable[Customer], since: date, until: date) -> dict[date, int]:
    """Return how many customers have their birthday on each day of a stretch, both ends included.

    Days without one are left out; one of 29 February counts on the 28th when there is no 29th.
    """
    counts = Counter(customer.birthday for customer in customers if customer.birthday)
    found = {}
    for ordinal in range(since.toordinal(), until.toordinal() + 1):
        day = date.fromordinal(ordinal)
        keys = {f"{day:%m-%d}"}
        if (day.month, day.day) == (2, 28) and not isleap(day.year):
            keys.add("02-29")
        if count := sum(counts[key] for key in keys):
            found[day] = count
    return found
