"""Placing the posts of a week: the model, its solver, and the answer read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any

from studio.planning.inputs import Request
from studio.planning.placement import Demand, Place, placed
from studio.planning.rules import WeeklyEvent
from studio.planning.solver.asked import Asked
from studio.planning.solver.clashes import clash, feasible
from studio.planning.solver.greedy import greedy
from studio.planning.solver.model import WeekModel, build
from studio.planning.solver.readers import Readers
from studio.planning.solver.wishes import wish
from studio.vocabulary import Pillar

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver

EFFORT = 1.0
"""Deterministic seconds a week may take: about a second, the same on every machine."""

LAST_EFFORT = 20.0
"""What is spent on a week for which the first effort found nothing at all."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The places of a week in time order, what was asked for and left out, and how good it is.

    ``quality`` has ``status`` (``optimal`` or ``feasible``), ``objective`` and ``bound`` in penalty points.
    """

    places: list[Place]
    left_out: list[Asked]
    quality: dict[str, Any]


def place(demand: Demand, seed: int, *, effort: float = EFFORT) -> Placement:
    """Return the best places found for the posts of a week; the same arguments give the same places.

    Raises :class:`~studio.errors.InputError` with the rules that clash when the week cannot hold the posts.
    """
    if demand.keep is None and not feasible(demand):
        raise clash(demand)
    rng = Random(f"{seed}/{demand.week}")  # noqa: S311
    start = greedy(demand, rng) if demand.keep is None else []
    week = build(demand, [item.when for item in start])
    wish(week, rng)
    _hint(week, start)
    solver = _solver(seed, effort)
    status = solver.solve(week.model)
    if status.name == "UNKNOWN":
        solver = _solver(seed, LAST_EFFORT)
        status = solver.solve(week.model)
    if status.name not in ("OPTIMAL", "FEASIBLE"):
        raise clash(demand)
    quality = {
        "status": status.name.lower(),
        "objective": round(solver.objective_value),
        "bound": round(solver.best_objective_bound),
    }
    left_out = [asked for asked, gone in zip(week.asked, week.left_out, strict=True) if solver.boolean_value(gone)]
    return Placement(_places(week, solver), left_out, quality)


def rated(demand: Demand, seed: int, *, effort: float = EFFORT) -> int | None:
    """Return the penalty points of the greedy plan, or None where it breaks a hard rule: what a plan must beat."""
    rng = Random(f"{seed}/{demand.week}")  # noqa: S311
    start = greedy(demand, rng)
    week = build(demand, [item.when for item in start])
    wish(week, rng)
    for variable, value in _values(week, start).items():
        week.model.add(week.model.get_bool_var_from_proto_index(variable) == value)
    solver = _solver(seed, effort)
    status = solver.solve(week.model)
    return round(solver.objective_value) if status.name in ("OPTIMAL", "FEASIBLE") else None


def _solver(seed: int, effort: float) -> CpSolver:
    from ortools.sat.python.cp_model import CpSolver

    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    # The model is close to a flow, so its linear relaxation does most of the work (without all of it a week takes
    # twice as long); probing and symmetry cost more than they find. Presolve costs 10 ms and proves the hard weeks.
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    return solver


def _values(week: WeekModel, start: Sequence[Place]) -> dict[int, int]:
    """Return what a plan says of the cells: variable index to 0 or 1."""
    here = {item.when: item for item in start}
    values: dict[int, int] = {}
    for index, cell in enumerate(week.cells):
        item = here.get(cell.when)
        pillar = item.pillar if item else None
        values[week.taken[index].index] = int(item is not None)
        values[week.product[index].index] = int(pillar is Pillar.PRODUCT)
        values[week.value[index].index] = int(pillar is Pillar.VALUE)
    numbers = {(group.channel, group.segment.id if group.segment else None): n for n, group in enumerate(week.readers)}
    for (cell_index, number), variable in week.reads.items():
        item = here.get(week.cells[cell_index].when)
        key = (item.channel, item.segment.id if item.segment else None) if item and item.event is None else None
        values[variable.index] = int(key is not None and numbers.get(key) == number)
    return values


def _hint(week: WeekModel, start: Sequence[Place]) -> None:
    for index, value in _values(week, start).items() if start else ():
        week.model.add_hint(week.model.get_bool_var_from_proto_index(index), value)


def _places(week: WeekModel, solver: CpSolver) -> list[Place]:
    demand, free = week.demand, _free_readers(week, solver)
    sources = {cell: week.asked[n] for (n, cell), stands in week.stands.items() if solver.boolean_value(stands)}
    places = []
    for index, cell in enumerate(week.cells):
        if not solver.boolean_value(week.taken[index]):
            continue
        asked = sources.get(index)
        if asked is not None:
            places.append(_asked_place(demand, cell.when, asked))
            continue
        pillar = Pillar.PRODUCT if solver.boolean_value(week.product[index]) else Pillar.LIFESTYLE
        pillar = Pillar.VALUE if solver.boolean_value(week.value[index]) else pillar
        readers = free[index]
        places.append(placed(demand, cell.when, readers.channel, pillar, readers.segment))
    return places


def _asked_place(demand: Demand, when: datetime, asked: Asked) -> Place:
    found, source = placed(demand, when, asked.channel, asked.pillar, asked.segment), asked.source
    if isinstance(source, WeeklyEvent):
        return replace(found, at_best_hour=None, event=source)
    if isinstance(source, Request):
        return replace(found, at_best_hour=None, request=source)
    return replace(found, slot=source)


def _free_readers(week: WeekModel, solver: CpSolver) -> dict[int, Readers]:
    """Return the readers of each free cell; off their hours, those of the day whose hour is nearest."""
    found = {cell: week.readers[n] for (cell, n), reads in week.reads.items() if solver.boolean_value(reads)}
    for day in range(7):
        cells = week.on_day(day)
        left = (
            [n for n in range(len(week.readers)) for _ in range(solver.value(week.daily[day, n]))] if week.daily else []
        )
        for cell in cells:
            if cell in found:
                left.remove(week.readers.index(found[cell]))
        for cell in cells:
            if cell in week.off and solver.boolean_value(week.off[cell]):
                hour = week.cells[cell].minute / 60
                nearest = min(left, key=lambda n: min(abs(hour - h) for h in week.readers[n].hours))
                left.remove(nearest)
                found[cell] = week.readers[nearest]
    return found
