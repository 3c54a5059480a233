"""Rows into posts: which column is what, and what became of every row."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import TypeVar

from studio.errors import ImportFailed, Problem
from studio.library.fields import FIELDS, field_of
from studio.library.index import bigrams
from studio.library.posts import METRICS, Post
from studio.library.reading import Row, Table, read_pasted, read_table
from studio.vocabulary import Channel, Pillar

T = TypeVar("T")

MAX_TEXT = 20_000
"""Characters of the longest post that is kept."""

_SHOWN = 5
_MAX_COUNT = 1_000_000_000
_TRUE = {"true", "1", "yes", "是", "y"}
_TIME = re.compile(r"(\d{1,2})(?:[:：](\d{2})(?:[:：]\d{2})?|[点时](\d{0,2})分?)")
_CHANNEL_WORDS = {
    "群": Channel.GROUP,
    "微信群": Channel.GROUP,
    "社群": Channel.GROUP,
    "私聊": Channel.DIRECT,
    "企微": Channel.DIRECT,
    "企业微信": Channel.DIRECT,
    "微信公众号": Channel.OFFICIAL,
    "视频号": Channel.VIDEO,
    "微信朋友圈": Channel.MOMENTS,
}
_PILLAR_WORDS = {"干货": Pillar.VALUE, "知识": Pillar.VALUE, "日常": Pillar.LIFESTYLE, "产品推广": Pillar.PRODUCT}


@dataclass(frozen=True, slots=True)
class Preview:
    """A file before it is imported. ``mapping`` is field code → column; ``rows`` are the first few."""

    columns: tuple[str, ...]
    mapping: dict[str, str]
    rows: tuple[dict[str, str], ...]
    total: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not become a post: its number in the file, why (Chinese), and all it held."""

    number: int
    reason: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file gave. Every row is either in ``posts`` or in ``rejected``."""

    posts: tuple[Post, ...]
    rejected: tuple[RejectedRow, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a post gets where its row says nothing."""

    pillar: Pillar | None = None
    channel: Channel | None = None
    segment: str | None = None
    tags: tuple[str, ...] = ()


def preview(path: Path) -> Preview:
    """Return the columns of a file, what each seems to be, and its first rows; raise :class:`ImportFailed`."""
    table = read_table(path)
    return Preview(
        columns=tuple(table.columns),
        mapping=guess_mapping(table),
        rows=tuple(row.cells for row in table.rows[:_SHOWN]),
        total=len(table.rows),
        problems=tuple(table.problems),
    )


def read_posts(path: Path, mapping: dict[str, str] | None = None, defaults: Defaults | None = None) -> Imported:
    """Return the posts of a file; raise :class:`ImportFailed` when the file cannot be read at all.

    ``mapping`` is field code → column as in :func:`preview`; None guesses it.
    """
    return _import(read_table(path), path.name, mapping, defaults or Defaults())


def read_paste(text: str, defaults: Defaults | None = None) -> Imported:
    """Return the posts in pasted text."""
    source = "粘贴的内容"
    return _import(read_pasted(text, source), source, None, defaults or Defaults())


def guess_mapping(table: Table) -> dict[str, str]:
    """Return field code → column by the names of the columns; the wordiest column is the text when none says so."""
    mapping: dict[str, str] = {}
    for column in table.columns:
        field = field_of(column)
        if field == "posted_on" and _holds_times(table, column):
            field = "posted_time"
        if field and field not in mapping:
            mapping[field] = column
    if "text" not in mapping:
        free = [column for column in table.columns if column not in mapping.values()]
        lengths = {column: sum(len(row.cells.get(column, "")) for row in table.rows[:200]) for column in free}
        if lengths:
            mapping["text"] = max(lengths, key=lambda column: lengths[column])
    return mapping


def _holds_times(table: Table, column: str) -> bool:
    """Whether a column named for a date says the time of day only, like 「发布时间」 beside 「日期」."""
    cells = [cell for row in table.rows[:200] if (cell := row.cells.get(column, "").strip())]
    return bool(cells) and all(_TIME.fullmatch(cell) for cell in cells)


def _import(table: Table, source: str, mapping: dict[str, str] | None, defaults: Defaults) -> Imported:
    chosen = guess_mapping(table) if mapping is None else _checked(mapping, table, source)
    reader = _RowReader(source, chosen, defaults)
    posts: list[Post] = []
    rejected: list[RejectedRow] = []
    for row in table.rows:
        reason = row.reason or _unusable(row.cells.get(chosen.get("text", ""), ""))
        if reason:
            rejected.append(RejectedRow(row.number, reason, row.cells))
        else:
            posts.append(reader.read(row))
    return Imported(tuple(posts), tuple(rejected), (*table.problems, *reader.problems))


def _checked(mapping: dict[str, str], table: Table, source: str) -> dict[str, str]:
    unknown = [field for field in mapping if field not in FIELDS]
    absent = [column for column in mapping.values() if column not in table.columns]
    if unknown:
        raise ImportFailed(f"没有「{'、'.join(unknown)}」这样的项，可选：{'、'.join(FIELDS)}")
    if absent:
        raise ImportFailed(f"「{source}」里没有「{'、'.join(absent)}」这一列，现有：{'、'.join(table.columns)}")
    if "text" not in mapping:
        raise ImportFailed("还没有指出哪一列是正文")
    return mapping


def _unusable(text: str) -> str:
    if not text.strip():
        return "没有正文"
    if len(text) > MAX_TEXT:
        return f"正文有 {len(text):,} 字，超过 {MAX_TEXT:,} 字"
    return "" if bigrams(text) else "正文只有标点，没有文字"


class _RowReader:
    """Reads the rows of one file; a value that is not understood is left out and reported once with its rows."""

    def __init__(self, source: str, mapping: dict[str, str], defaults: Defaults) -> None:
        self._source = source
        self._mapping = mapping
        self._defaults = defaults
        self._odd: dict[tuple[str, str], list[int]] = {}

    @property
    def problems(self) -> list[Problem]:
        return [
            Problem(f"{self._source} 第 {_listed(rows)} 行", FIELDS[field], message)
            for (field, message), rows in self._odd.items()
        ]

    def read(self, row: Row) -> Post:
        tags = split_tags(self._cell(row, "tags"))
        return Post(
            id=uuid.uuid4().hex[:16],
            text=self._cell(row, "text"),
            pillar=self._parse(row, "pillar", _pillar) or self._defaults.pillar,
            channel=self._parse(row, "channel", _channel) or self._defaults.channel,
            posted_on=self._parse(row, "posted_on", read_date),
            posted_time=self._parse(row, "posted_time", read_time) or _time_beside(self._cell(row, "posted_on")),
            segment=self._cell(row, "segment") or self._defaults.segment,
            title=self._cell(row, "title")[:200],
            tags=tuple(dict.fromkeys((*tags, *self._defaults.tags))),
            metrics={name: count for name in METRICS if (count := self._parse(row, name, read_count)) is not None},
            source=self._cell(row, "source") or self._source,
            is_example=self._cell(row, "is_example").casefold() in _TRUE,
        )

    def _cell(self, row: Row, field: str) -> str:
        return row.cells.get(self._mapping.get(field, ""), "").strip()

    def _parse(self, row: Row, field: str, parse: Callable[[str], T]) -> T | None:
        value = self._cell(row, field)
        if not value:
            return None
        try:
            return parse(value)
        except ValueError as error:
            self._odd.setdefault((field, f"{error}；这几行先不带{FIELDS[field]}导入"), []).append(row.number)
            return None


def _listed(rows: list[int]) -> str:
    shown = "、".join(map(str, rows[:5]))
    return shown if len(rows) <= 5 else f"{shown} 等 {len(rows)}"


def _pillar(value: str) -> Pillar:
    return _PILLAR_WORDS.get(value.removesuffix("类")) or Pillar.parse(value[:40].removesuffix("类"))


def _channel(value: str) -> Channel:
    return _CHANNEL_WORDS.get(value) or Channel.parse(value[:40])


def split_tags(value: str) -> list[str]:
    """Return the tags of a cell: parted by ``;`` ``,`` ``、`` ``*`` or ``#话题``; ``类型#裙`` becomes 类型:裙."""
    tags: list[str] = []
    for part in re.split(r"[;;,,、*|\n]", value):
        words = part.strip()
        pieces = [piece.strip() for piece in words.split("#") if piece.strip()]
        tags += pieces if words.startswith("#") else [":".join(pieces)] if pieces else []
    return [tag[:50] for tag in dict.fromkeys(tags)][:50]


def read_date(value: str) -> date:
    """Return the day of ``2026-11-03``, ``2026/11/3``, ``2026年11月3日``, ``20261103`` or an Excel day number."""
    match = re.match(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)", value)
    match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", value)
    if match:
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            raise ValueError(f"没有「{value[:20]}」这一天") from None
    if re.fullmatch(r"[2-7]\d{4}(\.\d+)?", value):
        return date(1899, 12, 30) + timedelta(days=int(float(value)))
    if re.match(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?$", value):
        raise ValueError(f"日期「{value[:20]}」没有年份，请写成 2026-11-03 这样")
    raise ValueError(f"看不懂日期「{value[:20]}」，请写成 2026-11-03 这样")


def read_time(value: str) -> time:
    """Return the time of day of ``20:15``, ``8:05:30`` or ``20点15分``, to the minute."""
    match = _TIME.fullmatch(value)
    hour, minute = (int(match[1]), int(match[2] or match[3] or 0)) if match else (24, 0)
    if hour > 23 or minute > 59:
        raise ValueError(f"看不懂时刻「{value[:20]}」，请写成 20:15 这样")
    return time(hour, minute)


def _time_beside(cell: str) -> time | None:
    """Return the time behind a date, as in ``2026-11-02 20:15``; midnight is how a spreadsheet says there is none."""
    match = re.search(r"\d[日号]?[T\s]\s*(\d{1,2}[:：]\d{2})(?:[:：]\d{2}(?:\.\d+)?)?(?:\+08:?00)?$", cell)
    try:
        moment = read_time(match[1]) if match else time()
    except ValueError:
        return None
    return moment if moment != time() else None


def read_count(value: str) -> int:
    """Return the whole number of ``1,234``, ``1.2万`` or ``3k``."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(万|w|千|k)?\+?", re.sub(r"[,,\s]", "", value)[:30].casefold())
    count = float(match[1]) * {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000}.get(match[2], 1) if match else -1.0
    if not 0 <= count <= _MAX_COUNT or (match and not match[2] and not count.is_integer()):
        raise ValueError(f"「{value[:20]}」不是数量，请写成 1200 这样的整数")
    return round(count)
