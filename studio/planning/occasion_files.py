"""Occasion files: YAML that people write, read with care."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from studio.brand import Line
from studio.errors import Problem
from studio.planning.almanac import lunar_day, solar_terms
from studio.planning.occasion_kinds import OccasionKind
from studio.yaml_file import Stamp, problems_in, read_yaml, stamp, yaml_files

MAX_ENTRIES = 1000
CHANGEABLE = frozenset({"use", "weight", "words", "trades", "lead_days", "after_days", "note"})
"""What an entry without a day may change in the occasion it names."""

_DATE = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})")
_NTH = re.compile(r"(\d{1,2})-([1-5])-([1-7])")
_TERM = re.compile("冬至|[小大][寒雪暑]|立[春夏秋冬]|雨水|惊蛰|[春秋]分|清明|谷雨|小满|芒种|夏至|处暑|白露|寒露|霜降")

Offset = Annotated[int, Field(ge=-120, le=120)]


class Rule(BaseModel):
    """An entry: one base day a year (``date``, ``lunar``, ``term`` or ``nth``) and the days around it.

    One without a day changes the occasion of its name: how much it counts (``weight``, 0 to 3), whether it is used,
    the words and trades it goes with, how long it is prepared and followed up.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line
    kind: OccasionKind = OccasionKind.SHOP
    date: str | None = None
    lunar: str | None = None
    term: str | None = None
    nth: str | None = None
    first: Offset = Field(default=0, alias="from")
    last: Offset = Field(default=0, alias="until")
    lead_days: Annotated[int, Field(ge=0, le=60)] = 0
    after_days: Annotated[int, Field(ge=0, le=30)] = 0
    weight: Annotated[float, Field(ge=0, le=3, allow_inf_nan=False)] | None = None
    use: bool = True
    words: tuple[Line, ...] = Field(default=(), max_length=60)
    trades: tuple[Line, ...] = Field(default=(), max_length=20)
    note: str = Field(default="", max_length=500)
    source: Line | None = None

    @field_validator("kind", mode="before")
    @classmethod
    def _read_kind(cls, value: Any) -> Any:
        return OccasionKind.parse(value) if isinstance(value, str) else value

    @field_validator("name", "date", "lunar", "nth", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int | dt.date) else value

    @model_validator(mode="after")
    def _check(self) -> Rule:
        days = sum(value is not None for value in (self.date, self.lunar, self.term, self.nth))
        if days != 1 and not (days == 0 and self.is_change):
            raise ValueError("日期要写、而且只写一种：date、lunar（农历）、term（节气）或 nth（第几个星期几）")
        if self.first > self.last:
            raise ValueError("from 不能晚于 until")
        _check_day(self)
        return self

    @property
    def is_change(self) -> bool:
        """Whether this entry has no day of its own and changes an occasion that another one, or the calendar, gives."""
        told = self.model_fields_set - {"name", "source"}
        return bool(told) and told <= CHANGEABLE

    def base(self, year: int) -> dt.date | None:
        """Return the base day in ``year`` (for ``lunar``: of that lunar year); None when there is none."""
        if self.term is not None:
            return solar_terms(year)[self.term]
        if self.nth is not None:
            return _nth_weekday(year, *(int(part) for part in self.nth.split("-")))
        if self.lunar is not None:
            return lunar_day(year, *(int(part) for part in self.lunar.split("-")))
        match = _DATE.fullmatch(self.date or "")
        if match is None or (match[1] and int(match[1]) != year):
            return None
        return _calendar_day(year, int(match[2]), int(match[3]))


class OccasionFile(BaseModel):
    """A file of entries; ``origin`` is its name. ``announced`` is the year whose holiday arrangement it holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Line
    checked: dt.date
    announced: int | None = None
    origin: str = ""
    occasions: tuple[Rule, ...] = ()


def read_folder(folder: Path) -> tuple[list[OccasionFile], list[Problem]]:
    """Return the files of a folder in name order without their broken entries, and what is wrong with those."""
    paths, problems = yaml_files(folder)
    files: list[OccasionFile] = []
    for path in paths:
        file, wrong = _read_file(path, stamp(path))
        problems.extend(wrong)
        if file is not None:
            files.append(file)
    return files, problems


@lru_cache(maxsize=256)
def _read_file(path: Path, _: Stamp) -> tuple[OccasionFile | None, tuple[Problem, ...]]:
    source = f"{path.parent.name}/{path.name}"
    try:
        data = _parse(path)
    except ValueError as error:
        return None, (Problem(source, "", str(error)),)
    good: list[Rule] = []
    problems: list[Problem] = []
    for index, entry in enumerate(data.pop("occasions", None) or [], start=1):
        try:
            good.append(Rule.model_validate(entry))
        except ValidationError as error:
            name = str(entry.get("name", ""))[:40] if isinstance(entry, dict) else ""
            problems.extend(problems_in(error, source, f"第 {index} 条{name}"))
    try:
        return OccasionFile.model_validate({**data, "occasions": tuple(good), "origin": source}), tuple(problems)
    except ValidationError as error:
        return None, (*problems, *problems_in(error, source, "文件开头"))


def _parse(path: Path) -> dict[str, Any]:
    data = read_yaml(path)
    if not isinstance(data, dict) or not isinstance(data.get("occasions", []), list | None):
        raise ValueError(  # noqa: TRY004
            "要写 source、checked 和 occasions 三项，可以照 sales.yaml 的样子写"
        )
    if len(data.get("occasions") or []) > MAX_ENTRIES:
        raise ValueError(f"节点超过 {MAX_ENTRIES} 条，没有读；请拆成几个小文件")
    return data


def _check_day(rule: Rule) -> None:
    if rule.term is not None and not _TERM.fullmatch(rule.term):
        raise ValueError(f"没有「{rule.term[:20]}」这个节气")
    if rule.nth is not None and not _NTH.fullmatch(rule.nth):
        raise ValueError("nth 要写成「月-第几个-星期几」，例如 5-2-7 是 5 月第 2 个星期日")
    if rule.lunar is not None:
        match = _DATE.fullmatch(rule.lunar)
        if not match or match[1] or not (1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 30):
            raise ValueError("lunar 要写成农历「月-日」，例如 08-15")
    if rule.date is not None:
        match = _DATE.fullmatch(rule.date)
        if not match or _calendar_day(int(match[1] or 2028), int(match[2]), int(match[3])) is None:
            raise ValueError("date 要写成「月-日」或「年-月-日」，例如 06-18 或 2027-06-18")


def _calendar_day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _nth_weekday(year: int, month: int, nth: int, weekday: int) -> dt.date | None:
    first = _calendar_day(year, month, 1)
    if first is None:
        return None
    day = first + dt.timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    return day if day.month == month else None
