"""A customer as the studio knows one: tags and totals, no way to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from studio.brand import Segment


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


def belongs(customer: Customer, segment: Segment) -> bool:
    """Tell whether a customer's tags satisfy a segment's rule."""
    tags = customer.tags
    return (
        tags.issuperset(segment.all_tags)
        and (not segment.any_tags or not tags.isdisjoint(segment.any_tags))
        and tags.isdisjoint(segment.no_tags)
    )


def members(customers: Iterable[Customer], segment: Segment) -> list[Customer]:
    """Return the customers a segment's rule selects, in the order given."""
    return [customer for customer in customers if belongs(customer, segment)]
