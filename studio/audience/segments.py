"""Who is in which segment: the rules of all segments asked of all customers at once.

A segment's tags are looked up in what the file of customers said and in the tiers of the day
(:mod:`studio.audience.tiers`). Where a tier can be computed it is right and a written tag of the
same name is old; where it cannot, the written one stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from studio.audience.customers import Customer
from studio.audience.tiers import Tiers
from studio.brand import Segment
from studio.errors import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]


def membership(customers: Sequence[Customer], segments: Sequence[Segment], on: date, tiers: Tiers) -> Flags:
    """Return who is in which segment on a day: a row a customer, a column a segment."""
    wanted = {tag for segment in segments for tag in (*segment.all_tags, *segment.any_tags, *segment.no_tags)}
    has = _written(customers, sorted(wanted))
    for tag, (holds, known) in tiers.derive(customers, on).items():
        if tag in wanted:
            has[tag] = np.where(known, holds, has[tag])
    columns = [_inside(segment, has, len(customers)) for segment in segments]
    return np.stack(columns, axis=1) if columns else np.zeros((len(customers), 0), dtype=np.bool_)


def members(customers: Sequence[Customer], segment: Segment, on: date, tiers: Tiers) -> list[Customer]:
    """Return the customers in one segment on a day, in the order given."""
    inside = membership(customers, [segment], on, tiers)[:, 0]
    return [customers[row] for row in np.flatnonzero(inside).tolist()]


def empty_segments(segments: Sequence[Segment], sizes: Iterable[int]) -> list[Problem]:
    """Return a problem for every segment that nobody is in; ``sizes`` are in the order of the segments."""
    return [
        Problem("客群", segment.name, f"没有一位客户符合「{segment.rule}」，写给他们的内容没人收到；请改规则或补标签")
        for segment, size in zip(segments, sizes, strict=True)
        if not size
    ]


def _inside(segment: Segment, has: Mapping[str, Flags], count: int) -> Flags:
    inside = np.ones(count, dtype=np.bool_)
    for tag in segment.all_tags:
        inside &= has[tag]
    if segment.any_tags:
        inside &= np.logical_or.reduce([has[tag] for tag in segment.any_tags])
    for tag in segment.no_tags:
        inside &= ~has[tag]
    return inside


def _written(customers: Sequence[Customer], tags: Sequence[str]) -> dict[str, Flags]:
    """Return who has each of the tags according to the file they came from."""
    column = {tag: number for number, tag in enumerate(tags)}
    counts = np.fromiter((len(customer.tags) for customer in customers), dtype=np.int64, count=len(customers))
    every = chain.from_iterable(customer.tags for customer in customers)
    columns = np.fromiter((column.get(tag, -1) for tag in every), dtype=np.int64, count=int(counts.sum()))
    rows = np.repeat(np.arange(len(customers)), counts)
    has = np.zeros((len(tags), len(customers)), dtype=np.bool_)
    has[columns[columns >= 0], rows[columns >= 0]] = True
    return dict(zip(tags, has, strict=True))
