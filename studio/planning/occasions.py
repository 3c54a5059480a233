"""The days a plan looks at: holidays, lunar festivals, solar terms, sale windows, birthdays, the shop's own dates.

Statutory days come from ``holidays``, lunar dates and the 24 solar terms from ``tyme4py``. Everything
else, and the make-up workdays of the years already announced, are YAML files with a source and a date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from studio.errors import Problem
from studio.planning.occasion_files import CHANGEABLE, OccasionFile, Rule, read_folder
from studio.planning.occasion_kinds import OccasionKind, Phase

NOT_ANNOUNCED = "调休待公布"
COMPUTED_ON = date(2026, 11, 22)
"""When the days computed by ``holidays`` and ``tyme4py`` were last held against other tables."""

_MEMORIAL_NOTE = "以踏青、时令为主，不做促销"
_STATUTORY_LEAD = {"春节": 14, "端午节": 10, "中秋节": 7, "清明节": 3}


@dataclass(frozen=True, slots=True)
class Occasion:
    """A named stretch of days, both ends included.

    Warming up starts ``lead_days`` before ``start``, after-care lasts ``after_days`` after ``end``. ``checked`` is
    when its source was last looked at. ``weight`` is what the merchant says it counts, 0 to 3; ``words`` and
    ``trades`` tell which shops it goes with.
    """

    name: str
    start: date
    end: date
    kind: OccasionKind
    source: str
    lead_days: int = 0
    note: str = ""
    after_days: int = 0
    checked: date | None = None
    weight: float | None = None
    words: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()

    @property
    def lead_start(self) -> date:
        return self.start - timedelta(days=self.lead_days)

    @property
    def after_end(self) -> date:
        return self.end + timedelta(days=self.after_days)

    def covers(self, day: date) -> bool:
        """Whether ``day`` is in the occasion or its lead-in; the days after it are not."""
        return self.lead_start <= day <= self.end

    def phase(self, day: date) -> Phase | None:
        """Return which part of the occasion ``day`` is in, or None when it is in none."""
        if not self.lead_start <= day <= self.after_end:
            return None
        if day < self.start:
            return Phase.LEAD
        return Phase.MAIN if day <= self.end else Phase.AFTER

    def countdown(self, day: date) -> str:
        """Return how far away it is, as said on ``day``: 「后天大雪」「618 进行中」「双11 返场第 2 天」."""
        away = (self.start - day).days
        if away > 2:
            return f"{self.name} 还有 {away} 天"
        if away == 0 and self.end > self.start:
            return f"{self.name} 今天开始"
        if away >= 0:
            return f"{('今天', '明天', '后天')[away]}{self.name}"
        past = (day - self.end).days
        if past > 0:
            word = Phase.AFTER.label if self.kind is OccasionKind.SALE and day <= self.after_end else "过后"
            return f"{self.name} {word}第 {past} 天"
        return f"{self.name} 进行中" if past < 0 else f"{self.name} 最后一天"


@dataclass(frozen=True, slots=True)
class _Entry:
    """An occasion, the number of the file that gives it (-1: computed), and which fields that file sets."""

    occasion: Occasion
    number: int = -1
    told: frozenset[str] = frozenset()
    use: bool = True


def occasions_between(start: date, end: date, folders: Sequence[Path]) -> tuple[list[Occasion], list[Problem]]:
    """Return the occasions whose days, lead-in or after-care touch ``start..end``, and what is wrong in the files.

    They come earliest first. ``folders`` hold ``*.yaml`` files of one form; an entry in a later folder replaces those
    of the same name in an earlier one for the years it covers, one without a day changes them. A year nobody has
    announced yet notes 「调休待公布」 on its holidays.
    """
    files: list[OccasionFile] = []
    problems: list[Problem] = []
    for folder in folders:
        found, wrong = read_folder(folder)
        files.extend(found)
        problems.extend(wrong)
    announced = {file.announced for file in files}
    merged: dict[tuple[str, date], Occasion] = {}
    names: set[str] = {rule.name for file in files for rule in file.occasions if not rule.is_change}
    for year in range(start.year - 1, end.year + 2):
        entries = _entries(year, files, announced=year in announced)
        names.update(entry.occasion.name for entry in entries)
        for occasion in _changed(entries, files):
            merged[occasion.name, occasion.start] = occasion
    touching = [item for item in merged.values() if item.lead_start <= end and item.after_end >= start]
    return sorted(touching, key=lambda item: (item.start, item.end, item.name)), [*problems, *_unknown(files, names)]


def birthdays_by_day(counts: Mapping[date, int], source: str, checked: date) -> list[Occasion]:
    """Return one occasion for every day on which customers have their birthday; it knows how many, not who."""
    return [
        Occasion(
            name="客户生日",
            start=day,
            end=day,
            kind=OccasionKind.BIRTHDAY,
            source=source,
            note=f"{day.month} 月 {day.day} 日有 {count} 位客户过生日",
            checked=checked,
        )
        for day, count in sorted(counts.items())
        if count > 0
    ]


def _entries(year: int, files: Sequence[OccasionFile], *, announced: bool) -> list[_Entry]:
    found = [_Entry(item) for item in (*(() if announced else _statutory(year)), *_terms(year))]
    for number, file in enumerate(files):
        own = [entry for rule in file.occasions for entry in _dated(rule, year, number, file)]
        replaced = {entry.occasion.name for entry in own}
        found = [entry for entry in found if entry.occasion.name not in replaced] + own
    names = {entry.occasion.name for entry in found}
    return [
        entry
        for entry in found
        if entry.occasion.kind is not OccasionKind.TERM or f"{entry.occasion.name}节" not in names
    ]


def _dated(rule: Rule, year: int, number: int, file: OccasionFile) -> Iterator[_Entry]:
    day = rule.base(year)
    if day is not None:
        occasion = Occasion(
            name=rule.name,
            start=day + timedelta(days=rule.first),
            end=day + timedelta(days=rule.last),
            kind=rule.kind,
            source=rule.source or file.source,
            lead_days=rule.lead_days,
            note=rule.note,
            after_days=rule.after_days,
            checked=file.checked,
            weight=rule.weight,
            words=rule.words,
            trades=rule.trades,
        )
        yield _Entry(occasion, number, frozenset(rule.model_fields_set), rule.use)


def _changed(entries: Sequence[_Entry], files: Sequence[OccasionFile]) -> Iterator[Occasion]:
    """Yield the occasions that are used, with what entries without a day say of them; the later file wins."""
    changes: dict[str, list[tuple[int, Rule]]] = {}
    for number, file in enumerate(files):
        for rule in file.occasions:
            if rule.is_change:
                changes.setdefault(_stem(rule.name), []).append((number, rule))
    for entry in entries:
        values: dict[str, Any] = {"use": entry.use}
        for number, rule in changes.get(_stem(entry.occasion.name), ()):
            told = rule.model_fields_set & CHANGEABLE
            for name in told if number >= entry.number else told - entry.told:
                values[name] = getattr(rule, name)
        if values.pop("use"):
            yield replace(entry.occasion, **values)


def _unknown(files: Sequence[OccasionFile], names: set[str]) -> list[Problem]:
    known = {_stem(name) for name in names}
    return [
        Problem(file.origin, rule.name, "没有叫这个名字的节点，这一条没有用上；请检查名字，或补上日期")
        for file in files
        for rule in file.occasions
        if rule.is_change and _stem(rule.name) not in known
    ]


def _stem(name: str) -> str:
    return name.removesuffix("节")


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
        checked=COMPUTED_ON,
        note=f"{NOT_ANNOUNCED}；{_MEMORIAL_NOTE}" if memorial else NOT_ANNOUNCED,
    )


@lru_cache(maxsize=32)
def _terms(year: int) -> tuple[Occasion, ...]:
    from studio.planning.almanac import solar_terms

    return tuple(
        Occasion(
            name, day, day, OccasionKind.TERM, "GB/T 33661-2017，由 tyme4py 推算", lead_days=2, checked=COMPUTED_ON
        )
        for name, day in solar_terms(year).items()
    )
