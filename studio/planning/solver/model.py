"""The week as a constraint model: what may be chosen, and the rules no plan breaks.

A cell is taken by a post asked for by name or by a free one. A free post stands at an hour its readers read, and
then the cell knows them, or off their hours, and then only the day does: readers are counted by day, so the many
cells nobody prefers cost one variable each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from studio.planning.placement import Demand
from studio.planning.solver.asked import Asked, asked_of, moments
from studio.planning.solver.cells import Cell, cells_of, too_close
from studio.planning.solver.messages import limit_direct
from studio.planning.solver.readers import Readers, readers_of
from studio.vocabulary import Channel, Pillar

if TYPE_CHECKING:
    from datetime import datetime

    from ortools.sat.python.cp_model import CpModel, IntVar

Expression = Any
"""A linear expression of the model, or a number."""


@dataclass
class WeekModel:
    """The variables of one week. Lists go by cell; ``reads`` by cell and readers, ``daily`` by day and readers."""

    demand: Demand
    model: CpModel
    cells: Sequence[Cell]
    readers: Sequence[Readers]
    asked: Sequence[Asked]
    taken: list[IntVar] = field(default_factory=list)
    product: list[IntVar] = field(default_factory=list)
    value: list[IntVar] = field(default_factory=list)
    off: dict[int, IntVar] = field(default_factory=dict)
    reads: dict[tuple[int, int], IntVar] = field(default_factory=dict)
    daily: dict[tuple[int, int], IntVar] = field(default_factory=dict)
    stands: dict[tuple[int, int], IntVar] = field(default_factory=dict)
    left_out: list[IntVar] = field(default_factory=list)
    penalties: list[tuple[Expression, int]] = field(default_factory=list)

    def on_day(self, day: int) -> list[int]:
        """Return the cells of a day."""
        return [index for index, cell in enumerate(self.cells) if cell.day == day]

    def total(self, variables: Iterable[Expression]) -> Expression:
        """Return the sum of some variables."""
        return _sum(list(variables))

    def of_pillar(self, pillar: Pillar, cells: Iterable[int]) -> Expression:
        """Return how many new posts of a pillar stand in these cells."""
        chosen = list(cells)
        if pillar is Pillar.PRODUCT:
            return _sum([self.product[c] for c in chosen])
        if pillar is Pillar.VALUE:
            return _sum([self.value[c] for c in chosen])
        return _sum([self.taken[c] for c in chosen]) - _sum([self.product[c] + self.value[c] for c in chosen])

    def asked_on(self, day: int, number: int) -> Expression:
        """Return whether a post asked for stands on a day."""
        return _sum([var for (n, c), var in self.stands.items() if n == number and self.cells[c].day == day])


def build(demand: Demand, besides: Sequence[datetime] = ()) -> WeekModel:
    """Return the model with its hard rules. ``besides`` are moments to offer in addition to the usual ones."""
    from ortools.sat.python.cp_model import CpModel

    readers = readers_of(demand)
    hours = [hour for group in readers for hour in group.hours]
    cells = cells_of(demand, hours, [*moments(demand), *besides])
    week = WeekModel(demand, CpModel(), cells, readers, asked_of(demand, cells))
    _take(week)
    _choose_pillars(week)
    _choose_readers(week)
    _limit_direct(week)
    return week


def _take(week: WeekModel) -> None:
    model = week.model
    week.taken = [model.new_bool_var("") for _ in week.cells]
    week.left_out = [model.new_bool_var("") for _ in week.asked]
    for number, asked in enumerate(week.asked):
        for cell in asked.options:
            week.stands[number, cell] = model.new_bool_var("")
        model.add_exactly_one([week.left_out[number], *(week.stands[number, cell] for cell in asked.options)])
    for group in too_close(week.cells, max(1, week.demand.rules.min_gap_minutes)):
        model.add_at_most_one([week.taken[cell] for cell in group])


def _choose_pillars(week: WeekModel) -> None:
    model, counts = week.model, week.demand.counts
    week.product = [model.new_bool_var("") for _ in week.cells]
    week.value = [model.new_bool_var("") for _ in week.cells]
    for cell, taken in enumerate(week.taken):
        model.add(week.product[cell] + week.value[cell] <= taken)
    for (number, cell), stands in week.stands.items():
        pillar = week.asked[number].pillar
        for kind, chosen in ((Pillar.PRODUCT, week.product[cell]), (Pillar.VALUE, week.value[cell])):
            model.add_implication(stands, chosen if pillar is kind else chosen.negated())
    for index, day in enumerate(week.demand.days):
        model.add(week.of_pillar(Pillar.PRODUCT, week.on_day(index)) <= day.ad_room)
    if week.demand.keep is None:
        model.add(_sum(week.taken) == week.demand.wanted)
        for pillar in (Pillar.PRODUCT, Pillar.VALUE):
            model.add(week.of_pillar(pillar, range(len(week.cells))) == counts[pillar])


def _choose_readers(week: WeekModel) -> None:
    model = week.model
    stands: dict[int, list[IntVar]] = {}
    for (_, cell), variable in week.stands.items():
        stands.setdefault(cell, []).append(variable)
    if week.demand.keep is not None:
        for cell, taken in enumerate(week.taken):
            model.add(_sum(stands.get(cell, [])) == taken)
        return
    for cell, taken in enumerate(week.taken):
        hour = week.cells[cell].minute // 60
        here = {n: model.new_bool_var("") for n, group in enumerate(week.readers) if hour in group.hours}
        week.reads |= {(cell, number): variable for number, variable in here.items()}
        week.off[cell] = model.new_bool_var("")
        model.add(_sum([*here.values(), week.off[cell], *stands.get(cell, [])]) == taken)
    _count_by_day(week)


def _count_by_day(week: WeekModel) -> None:
    model = week.model
    for day in range(7):
        cells = week.on_day(day)
        for number in range(len(week.readers)):
            here = [week.reads[cell, number] for cell in cells if (cell, number) in week.reads]
            count = model.new_int_var(0, min(len(cells), week.demand.wanted), "")
            week.daily[day, number] = count
            model.add(count >= _sum(here))
        free = [week.off[cell] for cell in cells]
        free += [variable for (cell, _), variable in week.reads.items() if week.cells[cell].day == day]
        model.add(_sum([week.daily[day, number] for number in range(len(week.readers))]) == _sum(free))


def _limit_direct(week: WeekModel) -> None:
    named = {asked.segment.id for asked in week.asked if asked.segment}
    limit_direct(week.model, week.demand, named, lambda day, segments: _direct(week, day, segments))


def _direct(week: WeekModel, day: int, segments: frozenset[str]) -> Expression:
    free = [
        week.daily[day, number]
        for number, group in enumerate(week.readers)
        if group.channel is Channel.DIRECT
        and (group.segment is None or group.segment.id in segments)
        and (day, number) in week.daily
    ]
    named = [
        week.asked_on(day, number)
        for number, asked in enumerate(week.asked)
        if asked.channel is Channel.DIRECT and (asked.segment is None or asked.segment.id in segments)
    ]
    return _sum([*free, *named])


def _sum(terms: Sequence[Expression]) -> Expression:
    from ortools.sat.python.cp_model import LinearExpr

    return LinearExpr.sum(terms)
