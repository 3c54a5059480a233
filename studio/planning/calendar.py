"""The calendar: weeks, and the slots in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from studio.errors import InputError, Problem
from studio.vocabulary import Channel, Pillar, Stage, Status


@dataclass(frozen=True, slots=True)
class WeekId:
    """An ISO week, printed as ``2026-W48``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> WeekId:
        """Read ``2026-W48``; raise :class:`InputError` for anything that is not a week of that year."""
        match = re.fullmatch(r"\s*(\d{4})-?[Ww](\d{1,2})\s*", text)
        try:
            if match is None:
                raise ValueError
            week = cls(int(match[1]), int(match[2]))
            if not 1970 <= week.year <= 2200:
                raise ValueError
            _ = week.monday
        except ValueError:
            raise InputError(f"看不懂周次「{text[:40]}」，请写成 2026-W48 这样（年份-W周数）") from None
        return week

    @classmethod
    def of(cls, day: date) -> WeekId:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=offset) for offset in range(7)]

    def plus(self, weeks: int) -> WeekId:
        return WeekId.of(self.monday + timedelta(weeks=weeks))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned post. ``segment`` and ``product`` are ids in the brand; ``why`` is one Chinese sentence.

    ``playbook`` is the id of the playbook that asked for it, if one did.
    """

    id: str
    date: date
    time: time
    channel: Channel
    pillar: Pillar
    stage: Stage
    segment: str | None
    theme: str
    occasion: str | None
    product: str | None
    why: str
    locked: bool = False
    status: Status = Status.PLANNED
    playbook: str | None = None
    version: int = 1

    @property
    def week(self) -> WeekId:
        return WeekId.of(self.date)

    @property
    def when(self) -> datetime:
        return datetime.combine(self.date, self.time)

    @property
    def is_fixed(self) -> bool:
        """A re-plan leaves this slot alone: it is locked, or work on it has begun."""
        return self.locked or self.status is not Status.PLANNED

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "date": self.date.isoformat(),
            "time": self.time.strftime("%H:%M"),
            "channel": self.channel.value,
            "pillar": self.pillar.value,
            "stage": self.stage.value,
            "segment": self.segment,
            "theme": self.theme,
            "occasion": self.occasion,
            "product": self.product,
            "playbook": self.playbook,
            "locked": self.locked,
            "status": self.status.value,
            "why": self.why,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Slot:
        """Return the slot that :meth:`to_json` wrote, at version 1."""
        return cls(
            **{name: data[name] for name in ("id", "segment", "theme", "occasion", "product", "why", "locked")},
            date=date.fromisoformat(data["date"]),
            time=time.fromisoformat(data["time"]),
            channel=Channel(data["channel"]),
            pillar=Pillar(data["pillar"]),
            stage=Stage(data["stage"]),
            status=Status(data["status"]),
            playbook=data.get("playbook"),
        )


@dataclass(frozen=True, slots=True)
class Week:
    """A planned week. ``mix`` holds ``target`` shares, ``planned`` counts and ``rolling4`` shares by pillar code.

    ``relaxed`` names, in Chinese, the soft rules that had to give way; ``problems`` what is missing.
    ``quality`` tells how good the plan is: ``status`` (``optimal`` or ``feasible``), ``objective`` and ``bound``
    (penalty points, less is better).
    """

    id: WeekId
    seed: int
    slots: tuple[Slot, ...]
    mix: dict[str, dict[str, float]]
    relaxed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default_factory=tuple)
    quality: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "week": str(self.id),
            "seed": self.seed,
            "mix": self.mix,
            "slots": [slot.to_json() for slot in self.slots],
            "relaxed": list(self.relaxed),
            "problems": [problem.to_json() for problem in self.problems],
            "quality": self.quality,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Week:
        """Return the week that :meth:`to_json` wrote."""
        return cls(
            id=WeekId.parse(data["week"]),
            seed=data["seed"],
            slots=tuple(map(Slot.from_json, data["slots"])),
            mix=data["mix"],
            relaxed=tuple(data["relaxed"]),
            problems=tuple(Problem(**item) for item in data["problems"]),
            quality=data["quality"],
        )
