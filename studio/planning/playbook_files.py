"""Playbook files: one YAML file a playbook, the shop's own in the same form as the shipped ones."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from studio.brand import Key, Line
from studio.errors import Problem
from studio.vocabulary import Channel, Pillar, Stage, Word
from studio.yaml_file import Stamp, problems_in, read_yaml, stamp, yaml_files

REACH_DAYS = 60
"""How far from its occasion or starting day a step of a dated playbook may lie."""

_WEEKDAYS = "一二三四五六日"
_HOURS = re.compile(r"(\d{1,2}):(\d{2})(?:\s*[-–—~至到]\s*(\d{1,2}):(\d{2}))?")
_BLANK = re.compile(r"[{}]")
PLACEHOLDERS = ("{product}", "{occasion}")


class Mark(Word):
    """What the days of a step are counted from; the last four are events of one customer."""

    START = "start", "开始那天"
    END = "end", "结束那天"
    ADDED = "added", "加好友"
    ORDER = "order", "最近一次下单"
    BIRTHDAY = "birthday", "生日"
    TIER = "tier", "升级"

    @property
    def is_event(self) -> bool:
        return self not in (Mark.START, Mark.END)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Model):
    """One post or message: ``day`` or ``hour`` counted from ``of``, or every ``weekday`` (1 is Monday).

    ``time`` is the first and the last moment it may go out (the same for a fixed time), None for any free hour.
    ``every`` repeats a message of an event after so many days.
    """

    name: Line
    of: Mark = Mark.START
    day: Annotated[int, Field(ge=-REACH_DAYS, le=400)] | None = None
    hour: Annotated[int, Field(ge=0, le=720)] | None = None
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    every: Annotated[int, Field(ge=7, le=365)] | None = None
    time: tuple[dt.time, dt.time] | None = None
    channel: Channel
    pillar: Pillar
    stage: Stage
    theme: Line
    goal: Line

    @field_validator("of", "channel", "pillar", "stage", mode="before")
    @classmethod
    def _read_word(cls, value: Any, info: Any) -> Any:
        kinds: dict[str, type[Word]] = {"of": Mark, "channel": Channel, "pillar": Pillar, "stage": Stage}
        return kinds[info.field_name].parse(value) if isinstance(value, str) else value

    @field_validator("weekday", mode="before")
    @classmethod
    def _read_weekday(cls, value: Any) -> Any:
        if isinstance(value, str):
            found = re.fullmatch(f"(?:周|星期|礼拜)?([{_WEEKDAYS}天])", value.strip())
            if found is None:
                raise ValueError("weekday 要写成 周一 到 周日")
            return _WEEKDAYS.index(found[1].replace("天", "日")) + 1
        return value

    @field_validator("time", mode="before")
    @classmethod
    def _read_time(cls, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60:
            value = f"{value // 60}:{value % 60:02d}"  # YAML reads a bare 20:00 as a number of base 60
        if value is None or isinstance(value, tuple):
            return value
        found = _HOURS.fullmatch(str(value).strip())
        try:
            if found is None:
                raise ValueError
            first = dt.time(int(found[1]), int(found[2]))
            last = dt.time(int(found[3]), int(found[4])) if found[3] else first
        except ValueError:
            raise ValueError("time 要写成 20:00，或 20:00-21:30 这样的一段") from None
        if last < first:
            raise ValueError("time 的后一个钟点不能早于前一个")
        return first, last

    @field_validator("theme")
    @classmethod
    def _known_placeholders(cls, value: str) -> str:
        if _BLANK.search(value.replace("{product}", "").replace("{occasion}", "")):
            raise ValueError(f"花括号里只能写 {'、'.join(PLACEHOLDERS)}")
        return value

    @model_validator(mode="after")
    def _check(self) -> Step:
        if sum(value is not None for value in (self.day, self.hour, self.weekday)) != 1:
            raise ValueError("day（第几天）、hour（第几小时）、weekday（每周几）要写、而且只写一种")
        if self.of.is_event:
            if self.weekday is not None:
                raise ValueError("weekday 是发给大家的，不能再写 of")
            if self.channel is not Channel.DIRECT:
                raise ValueError("跟着每位客户走的一步只能一对一发，channel 要写 一对一")
        elif self.hour is not None:
            raise ValueError("hour 要从客户的事情数起，of 写 加好友、最近一次下单 这样的")
        elif self.day is not None and self.day > REACH_DAYS:
            raise ValueError(f"day 最多离开始或结束 {REACH_DAYS} 天")
        if self.every is not None and not (self.of.is_event and self.day is not None):
            raise ValueError("every 只能和 day、of 客户的事情一起写")
        return self

    @property
    def is_movable(self) -> bool:
        """Whether it may go out at more than one time of the day."""
        return self.time is None or self.time[0] < self.time[1]

    @property
    def when(self) -> str:
        """When it goes out, in words: 「每周三 20:00」「加好友后第 1 天」「开始那天前 3 天」."""
        hours = "" if self.time is None else f" {self.time[0]:%H:%M}"
        if self.time is not None and self.time[1] > self.time[0]:
            hours += f"-{self.time[1]:%H:%M}"
        if self.weekday is not None:
            return f"每周{_WEEKDAYS[self.weekday - 1]}{hours}"
        if self.hour is not None:
            return f"{self.of.label}后 {self.hour} 小时" if self.hour else f"{self.of.label}当时"
        day = self.day or 0
        base = (
            f"{self.of.label}{'前' if day < 0 else '后'} {abs(day)} 天"
            if day
            else self.of.label.removesuffix("那天") + "当天"
        )
        return f"{base}{hours}{f'，之后每 {self.every} 天' if self.every else ''}"


class Ends(_Model):
    """When a playbook stops: the customer ordered again, so many days passed, sold out, enough messages each."""

    ordered: bool = False
    sold_out: bool = False
    days: Annotated[int, Field(ge=0, le=400)] | None = None
    times: Annotated[int, Field(ge=1, le=50)] | None = None

    @property
    def words(self) -> str:
        """The conditions in words, 「到停用为止」 when there is none."""
        told = (
            "下单就停" if self.ordered else "",
            "卖完就停" if self.sold_out else "",
            "" if self.days is None else f"满 {self.days} 天停",
            "" if self.times is None else f"每位客户最多 {self.times} 次",
        )
        return "，".join(filter(None, told)) or "到停用为止"


class Playbook(_Model):
    """A sequence of steps with a goal. ``occasions`` are names or kinds of occasions that start it."""

    source: Line
    checked: dt.date
    version: Annotated[int, Field(ge=1, le=9999)]
    id: Key
    name: Line
    goal: Line
    note: str = Field(default="", max_length=500)
    occasions: tuple[Line, ...] = Field(default=(), max_length=40)
    ends: Ends = Ends()
    steps: tuple[Step, ...] = Field(max_length=40)

    @field_validator("occasions", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return [str(item) if isinstance(item, int) else item for item in value] if isinstance(value, list) else value

    @model_validator(mode="after")
    def _check(self) -> Playbook:
        if not self.steps:
            raise ValueError("steps 里至少要有一步")
        names = [step.name for step in self.steps]
        if len(set(names)) < len(names):
            raise ValueError("每一步的 name 不能重名")
        if any(step.every for step in self.steps) and self.ends.times is None and self.ends.days is None:
            raise ValueError("写了 every 就要在 ends 里写 times 或 days，不然会一直发下去")
        return self

    @property
    def needs_anchor(self) -> bool:
        """Whether it cannot start without a date: it has dated steps and no occasion to count from."""
        return not self.occasions and any(step.weekday is None and not step.of.is_event for step in self.steps)

    @property
    def needs_product(self) -> bool:
        """Whether it cannot start without a product: a theme names one."""
        return any("{product}" in step.theme for step in self.steps)

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json") | {
            "steps": [step.model_dump(mode="json") | {"when": step.when} for step in self.steps]
        }


def read_playbooks(folders: Sequence[Path]) -> tuple[Mapping[str, Playbook], list[Problem]]:
    """Return the playbooks of some folders by id, one in a later folder in place of its namesake, and what is wrong.

    A playbook with a fault is left out whole: a sequence with a hole in it would mislead.
    """
    found: dict[str, Playbook] = {}
    problems: list[Problem] = []
    for folder in folders:
        paths, wrong = yaml_files(folder)
        problems.extend(wrong)
        for path in paths:
            playbook, faults = _read_file(path, stamp(path))
            problems.extend(faults)
            if playbook is not None:
                found[playbook.id] = playbook
    return found, problems


@lru_cache(maxsize=256)
def _read_file(path: Path, _: Stamp) -> tuple[Playbook | None, tuple[Problem, ...]]:
    source = f"{path.parent.name}/{path.name}"
    try:
        data = read_yaml(path)
    except ValueError as error:
        return None, (Problem(source, "", str(error)),)
    if not isinstance(data, dict):
        return None, (
            Problem(source, "", "要写 id、name、goal、source、checked、version 和 steps，可以照自带的剧本写"),
        )
    try:
        return Playbook.model_validate(data), ()
    except ValidationError as error:
        return None, tuple(problems_in(error, source, ""))
