"""One-to-one messages: what WeCom delivers to a customer in a day and in a month."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from studio.planning.known import Month
from studio.planning.placement import Demand
from studio.vocabulary import Channel

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel


def limit_direct(
    model: CpModel, demand: Demand, named: Collection[str], sent: Callable[[int, frozenset[str]], Any]
) -> None:
    """Keep one-to-one posts within what a customer of any class may get.

    ``sent`` gives the new one-to-one posts of a day (0 to 6) that customers of some segments get, as an expression;
    ``named`` are segments such posts may be for besides those of the shop's readers.
    """
    months: dict[Month, list[int]] = {}
    for index, date in enumerate(demand.week.days):
        months.setdefault((date.year, date.month), []).append(index)
    written = set(named) | {item.id for item in demand.segments if not item.channels or Channel.DIRECT in item.channels}
    done = set()
    for readers in demand.classes:
        rooms = tuple(demand.direct_room(day, readers) for day in demand.week.days)
        left = {month: by[readers] for month, by in demand.known.direct_left.items() if readers in by}
        key = (readers.segments & written, rooms, tuple(sorted(left.items())))
        if key in done:
            continue
        done.add(key)
        mine = [sent(day, readers.segments) for day in range(7)]
        for day, room in enumerate(rooms):
            model.add(mine[day] <= room)
        for month, days in months.items():
            if month in left:
                model.add(sum(mine[day] for day in days) <= max(0, left[month]))
