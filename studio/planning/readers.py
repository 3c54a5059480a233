"""The readers of a shop, sorted into classes: customers in exactly the same segments see the same posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from studio.audience.customers import Customer
from studio.audience.segments import empty_segments, membership
from studio.audience.tiers import Tiers
from studio.brand import Segment
from studio.errors import Problem
from studio.planning.inputs import AudienceClass

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Classes:
    """All customers by class. ``index`` gives, for every customer of ``ids``, the row of their class in ``classes``.

    A shop that knows no customers has no ids, and one row in a class of size 0: a friend who is in no segment.
    """

    classes: tuple[AudienceClass, ...]
    ids: tuple[str, ...]
    index: NDArray[np.int64]
    problems: tuple[Problem, ...] = ()


def classes(customers: Sequence[Customer], segments: Sequence[Segment], on: date, tiers: Tiers) -> Classes:
    """Return the classes of the customers on a day, in a fixed order; a segment with nobody in it is a problem."""
    ids = tuple(customer.id for customer in customers)
    if not ids:
        return Classes((AudienceClass(frozenset(), 0),), (), np.zeros(1, dtype=np.int64))
    inside = membership(customers, segments, on, tiers)
    marks = np.packbits(np.pad(inside, ((0, 0), (0, 1))), axis=1)
    _, rows, index, sizes = np.unique(marks, axis=0, return_index=True, return_inverse=True, return_counts=True)
    names = np.array([segment.id for segment in segments], dtype=object)
    found = tuple(
        AudienceClass(frozenset(names[row].tolist()), size)
        for row, size in zip(inside[rows], sizes.tolist(), strict=True)
    )
    return Classes(found, ids, index.ravel(), tuple(empty_segments(segments, inside.sum(axis=0).tolist())))
