"""The days a plan looks at: statutory holidays, lunar festivals, solar terms, sale windows, the shop's own dates.

Statutory days come from ``holidays``, lunar dates and the 24 solar terms from ``tyme4py``. Everything
else, and the make-up workdays of the years already announced, are YAML files with a source and a date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from studio.errors import Problem
from studio.planning.occasion_files import OccasionFile, Rule, read_folder
from studio.planning.occasion_kinds import OccasionKind

NOT_ANNOUNCED = "调休待公布"
_MEMORIAL_NOTE = "以踏青、时令为主，不做促销"
_STATUTORY_LEAD = {"春节": 14, "端午节": 10, "中秋节": 7, "清明节": 3}


@dataclass(frozen=True, slots=True)
class Occasion:
    """A named stretch of days, both ends included. Warming up starts ``lead_days`` before ``start``."""

    name: str
    start: date
    end: date
    kind: OccasionKind
    source: str
    lead_days: int = 0
    note: str = ""

    @property
    def lead_start(self) -> date:
        return self.start - timedelta(days=self.lead_days)

    def covers(self, day: date) -> bool:
        """Whether ``day`` is in the occasion or its lead-in."""
        return self.lead_start <= day <= self.end

    def countdown(self, day: date) -> str:
        """Return how far away it is, as said on ``day``: 「后天大雪」「双11 还有 5 天」「618 进行中」."""
        away = (self.start - day).days
        if away > 2:
            return f"{self.name} 还有 {away} 天"
        if away == 0 and self.end > self.start:
            return f"{self.name} 今天开始"
        if away >= 0:
            return f"{('今天', '明天', '后天')[away]}{self.name}"
        return f"{self.name} 进行中" if day < self.end else f"{self.name} 最后一天"


def occasions_between(start: date, end: date, folders: Sequence[Path]) -> tuple[list[Occasion], list[Problem]]:
    """Return the occasions whose days or lead-in touch ``start..end``, earliest first, and what is wrong in the files.

    ``folders`` hold ``*.yaml`` files of one form; an entry in a later folder replaces those of the same name in
    an earlier one for the years it covers. A year nobody has announced yet notes 「调休待公布」 on its holidays.
    """
    files: list[OccasionFile] = []
    problems: list[Problem] = []
    for folder in folders:
        found, wrong = read_folder(folder)
        files.extend(found)
        problems.extend(wrong)
    announced = {file.announced for file in files}
    merged: dict[tuple[str, date], Occasion] = {}
    for year in range(start.year - 1, end.year + 2):
        for occasion in _occasions_of(year, files, announced=year in announced):
            merged[occasion.name, occasion.start] = occasion
    touching = [item for item in merged.values() if item.lead_start <= end and item.end >= start]
    return sorted(touching, key=lambda item: (item.start, item.end, item.name)), problems


def _occasions_of(year: int, files: Sequence[OccasionFile], *, announced: bool) -> list[Occasion]:
    found = [] if announced else list(_statutory(year))
    found += _terms(year)
    for file in files:
        own = [item for rule in file.occasions for item in _dated(rule, year, rule.source or file.source)]
        replaced = {item.name for item in own}
        found = [item for item in found if item.name not in replaced] + own
    names = {item.name for item in found}
    return [item for item in found if item.kind is not OccasionKind.TERM or f"{item.name}节" not in names]


def _dated(rule: Rule, year: int, source: str) -> Iterator[Occasion]:
    day = rule.base(year)
    if day is not None:
        yield Occasion(
            name=rule.name,
            start=day + timedelta(days=rule.first),
            end=day + timedelta(days=rule.last),
            kind=rule.kind,
            source=source,
            lead_days=rule.lead_days,
            note=rule.note,
        )


@lru_cache(maxsize=32)
def _statutory(year: int) -> tuple[Occasion, ...]:
    import holidays

    spans: dict[str, list[date]] = {}
    for day, label in holidays.country_holidays("CN", years=year, language="zh_CN", observed=False).items():
        for name in label.split("; "):
            spans.setdefault("春节" if name == "农历除夕" else name, []).append(day)
    source = "《全国年节及纪念日放假办法》，日期由 holidays 推算"
    return tuple(
        _holiday(name, min(days), max(days), source) for name, days in spans.items() if not name.startswith("休息日")
    )


def _holiday(name: str, start: date, end: date, source: str) -> Occasion:
    memorial = name == "清明节"
    return Occasion(
        name=name,
        start=start,
        end=end,
        kind=OccasionKind.MEMORIAL if memorial else OccasionKind.HOLIDAY,
        source=source,
        lead_days=_STATUTORY_LEAD.get(name, 5),
        note=f"{NOT_ANNOUNCED};{_MEMORIAL_NOTE}" if memorial else NOT_ANNOUNCED,
    )


@lru_cache(maxsize=32)
def _terms(year: int) -> tuple[Occasion, ...]:
    from studio.planning.almanac import solar_terms

    return tuple(
        Occasion(name, day, day, OccasionKind.TERM, "GB/T 33661-2017，由 tyme4py 推算", lead_days=2)
        for name, day in solar_terms(year).items()
    )
