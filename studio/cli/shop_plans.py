"""Weeks for every shop of a database, several shops at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.planning.calendar import Week, WeekId
    from studio.schedule import Schedule


@dataclass(frozen=True, slots=True)
class WeeksWanted:
    """Which weeks every shop of a workspace is to plan. ``week`` is the first one as ``2026-W48``."""

    root: Path
    week: str
    weeks: int
    seed: int
    posts: int | None
    save: bool


@dataclass(frozen=True, slots=True)
class ShopWeeks:
    """The planned weeks of one shop, or the sentence that says why there are none."""

    shop: str
    weeks: tuple[Week, ...] = ()
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        told = {"error": self.error} if self.error else {}
        return {"shop": self.shop, "weeks": [week.to_json() for week in self.weeks], **told}


def plan_weeks(
    schedule: Schedule, start: WeekId, weeks: int, *, seed: int, posts: int | None, save: bool
) -> list[Week]:
    """Return the planned weeks of a shop, saved when that is wanted; nothing new is placed in what is over of this one.

    Raises :class:`~studio.errors.InputError` when a week that is over, and was never saved, is to be saved.
    """
    if save:
        schedule.check_savable(start, weeks)
    planned = schedule.plan(start, weeks, seed=seed, posts=posts, from_now=schedule.is_running(start))
    if save:
        schedule.save(planned)
    return planned


def plan_shops(wanted: WeeksWanted, shops: Sequence[str]) -> Iterator[ShopWeeks]:
    """Yield the weeks of each shop in the order of ``shops``; a shop that cannot be planned stops no other.

    One process a core: building the models is Python's work and shares no thread. What processes leave when they
    die is planned here.
    """
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import get_context

    workers = max(1, min(len(shops), os.cpu_count() or 1))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        promised = [pool.submit(plan_shop, wanted, shop) for shop in shops]
        for shop, answer in zip(shops, promised, strict=True):
            try:
                planned = answer.result()
            except BrokenExecutor:
                planned = plan_shop(wanted, shop)
            yield planned


def plan_shop(wanted: WeeksWanted, shop: str) -> ShopWeeks:
    """Return the weeks of one shop, saved when that is wanted."""
    from studio.errors import StudioError
    from studio.planning.calendar import WeekId
    from studio.workspace import Workspace

    workspace = Workspace.open(wanted.root, shop=shop)
    try:
        start = WeekId.parse(wanted.week)
        weeks = plan_weeks(
            workspace.schedule, start, wanted.weeks, seed=wanted.seed, posts=wanted.posts, save=wanted.save
        )
    except StudioError as error:
        return ShopWeeks(shop, error=str(error))
    finally:
        workspace.close()
    return ShopWeeks(shop, tuple(weeks))
