"""The official limits of WeCom as dated data: what holds on a day, and where that is written."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from studio.brand import Line
from studio.errors import Problem
from studio.yaml_file import problems_in, read_yaml, yaml_files

MAX_ENTRIES = 200


class LimitName(StrEnum):
    """What is limited; message limits count for one customer (or one customer group)."""

    MESSAGES_A_MONTH = "messages_a_month"
    MESSAGES_A_DAY = "messages_a_day"
    CUSTOMERS_A_SEND = "customers_a_send"
    MESSAGE_CHARACTERS = "message_characters"
    MESSAGE_ATTACHMENTS = "message_attachments"
    MOMENTS_CHARACTERS = "moments_characters"
    MOMENTS_IMAGES = "moments_images"


class Limit(BaseModel):
    """One limit from a day on. ``value`` is a number, or ``month_days``: as many as the month has days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: LimitName
    since: dt.date
    value: Annotated[int, Field(ge=0)] | Literal["month_days"]
    source: Line

    def on(self, day: dt.date) -> int:
        """Return the number it means on a day."""
        return monthrange(day.year, day.month)[1] if self.value == "month_days" else self.value


@dataclass(frozen=True, slots=True)
class Limits:
    """Every version of every limit, the earliest first; of two of one day the later read wins."""

    versions: tuple[Limit, ...]

    def on(self, name: LimitName, day: dt.date) -> int:
        """Return the limit that holds on a day."""
        return self.version(name, day).on(day)

    def version(self, name: LimitName, day: dt.date) -> Limit:
        """Return the version that holds on a day, with its source; before the first known one, that one."""
        known = [limit for limit in self.versions if limit.name is name]
        return next((limit for limit in reversed(known) if limit.since <= day), known[0])


def read_limits(folders: Sequence[Path]) -> tuple[Limits, list[Problem]]:
    """Return the limits in the files of the folders, the shop's own last, and what is wrong in them.

    Broken entries are left out. The shipped folder names every limit at least once.
    """
    found: list[Limit] = []
    problems: list[Problem] = []
    for folder in folders:
        paths, wrong = yaml_files(folder)
        problems += wrong
        for path in paths:
            source = f"{folder.name}/{path.name}"
            try:
                entries = _entries(read_yaml(path))
            except ValueError as error:
                problems.append(Problem(source, "", str(error)))
                continue
            for number, entry in enumerate(entries, start=1):
                try:
                    found.append(Limit.model_validate(entry))
                except ValidationError as error:
                    problems += problems_in(error, source, f"第 {number} 条")
    return Limits(tuple(sorted(found, key=lambda limit: limit.since))), problems


def _entries(data: Any) -> list[Any]:
    entries = data.get("limits") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise ValueError("要写 checked 和 limits 两项，可以照 wecom.yaml 的样子写")  # noqa: TRY004
    if len(entries) > MAX_ENTRIES:
        raise ValueError(f"上限超过 {MAX_ENTRIES} 条，没有读；请删掉过时的")
    return entries
