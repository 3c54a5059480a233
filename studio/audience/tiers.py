"""Tiers: tags that follow from a customer's numbers on a given day, such as 「高消费」 or 「30天未购」.

What a customer spent, how often they order, when they were last here, and how far they have come
(潜在 / 新 / 老 / 流失). The thresholds are data: the shipped file, then the shop's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from studio.brand import Line, explain
from studio.errors import Problem
from studio.yaml_file import read_yaml

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.audience.customers import Customer

    Flags = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

DAYS_A_MONTH = 30

Days = Annotated[int, Field(ge=1, le=3650)]
Threshold = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Steps = Annotated[dict[Line, Threshold], Field(min_length=1, max_length=10)]


class Tiers(BaseModel):
    """The thresholds. ``spend`` is in yuan, ``monthly_orders`` in orders per 30 days: tag → the least for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Line
    checked: date
    spend: Steps
    monthly_orders: Steps
    active_days: Days
    idle_days: Annotated[tuple[Days, ...], Field(max_length=10)]
    regular_orders: Annotated[int, Field(ge=1, le=1000)]
    lost_days: Days

    def derive(self, customers: Sequence[Customer], on: date) -> dict[str, tuple[Flags, Flags]]:
        """Return, for every tag, who has it on that day and of whom that can be known (one flag a customer each).

        Days in the future count as today.
        """
        spent = _numbers([customer.spent for customer in customers])
        idle = _days_since([customer.last_order_on for customer in customers], on)
        added = _days_since([customer.added_on for customer in customers], on)
        orders = _numbers([customer.orders for customer in customers])
        orders[np.isnan(orders) & ~np.isnan(idle)] = 1
        monthly = orders * DAYS_A_MONTH / np.fmax(added, DAYS_A_MONTH)
        monthly[(orders == 0) | np.isnan(added)] = np.nan
        return (
            _stepped(self.spend, spent)
            | _stepped(self.monthly_orders, monthly)
            | self._activity(idle, added)
            | {f"{days}天未购": (idle > days, ~np.isnan(idle)) for days in self.idle_days}
            | self._journey(orders, idle)
        )

    def _activity(self, idle: Numbers, added: Numbers) -> dict[str, tuple[Flags, Flags]]:
        quiet = np.fmin(idle, added)
        known = ~np.isnan(quiet)
        return {"活跃": (quiet <= self.active_days, known), "沉默": (quiet > self.active_days, known)}

    def _journey(self, orders: Numbers, idle: Numbers) -> dict[str, tuple[Flags, Flags]]:
        known = ~np.isnan(orders)
        lost = (orders > 0) & (idle > self.lost_days)
        here = (orders > 0) & ~lost
        return {
            "潜在客户": (orders == 0, known),
            "新客户": (here & (orders < self.regular_orders), known),
            "老客户": (here & (orders >= self.regular_orders), known),
            "流失客户": (lost, known),
        }


def read_tiers(files: Sequence[Path]) -> tuple[Tiers, list[Problem]]:
    """Return the tiers of the shipped file with what the shop's own files change, and what is wrong in those.

    The first file must be there and right; of another one a wrong key is left out and the rest counts.
    """
    shipped, *own = files
    tiers, problems = Tiers.model_validate(_load(shipped)), []
    for path in own:
        if not path.is_file():
            continue
        try:
            data = _load(path)
        except ValueError as error:
            problems.append(Problem(path.name, "", str(error)))
            continue
        for key, value in data.items():
            try:
                tiers = Tiers.model_validate(tiers.model_dump() | {str(key): value})
            except ValidationError as error:
                problems.append(Problem(path.name, str(key)[:40], f"{_first(error)}；这一项先用默认的"))
    return tiers, problems


def _first(error: ValidationError) -> str:
    return explain(error.errors(include_input=False, include_url=False)[0])


def _load(path: Path) -> dict[str, Any]:
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise ValueError("要写成「名称： 内容」的形式，例如 lost_days: 180")  # noqa: TRY004
    return data


def _stepped(steps: Mapping[str, float], numbers: Numbers) -> dict[str, tuple[Flags, Flags]]:
    """Give everybody the tag of the highest step they reach."""
    known = ~np.isnan(numbers)
    below = np.full(len(numbers), np.inf)
    found = {}
    for tag, least in sorted(steps.items(), key=lambda step: -step[1]):
        found[tag] = ((numbers >= least) & (numbers < below), known)
        below = np.full(len(numbers), least)
    return found


def _numbers(values: Sequence[float | None]) -> Numbers:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _days_since(days: Sequence[date | None], on: date) -> Numbers:
    """Return how many days ago each day was; NaN where it is not known."""
    today = on.toordinal()
    return np.array([np.nan if day is None else max(0, today - day.toordinal()) for day in days], dtype=np.float64)
