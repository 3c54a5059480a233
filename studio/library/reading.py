"""Files into rows: CSV, Excel, Markdown, JSON lines and plain text, whatever their encoding.

A file that cannot be read at all raises :class:`ImportFailed`; what is odd but readable is a ``Problem``.
Every cell comes out as text; formulas are kept as the text they are and never calculated.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from studio.errors import ImportFailed, Problem
from studio.library.encoding import decode, even
from studio.library.fields import field_of as post_field_of
from studio.library.sheets import MAX_COLUMNS, MAX_ROWS, clean, read_sheets
from studio.library.splitting import split_markdown, split_text

MAX_BYTES = 64 * 1024 * 1024
"""Largest file that is read; the whole of it is held in memory."""

_LONGEST_CELL = 131_072
_TOP = 5  # filled lines among which the header is looked for
_LONG = 30  # characters; no column name is longer

_FieldOf = Callable[[str], str | None]

KINDS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".md": "md",
    ".markdown": "md",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".txt": "txt",
}
"""File endings that can be imported, and how each is read."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``number`` as the user counts it (1 is the first line), ``cells`` by column name."""

    number: int
    cells: dict[str, str]
    reason: str = ""  # why the row cannot be used at all (Chinese), or empty


@dataclass(slots=True)
class Table:
    """A file as rows. ``columns`` are unique and in file order."""

    columns: list[str]
    rows: list[Row]
    problems: list[Problem] = field(default_factory=list)


def read_table(path: Path, field_of: _FieldOf = post_field_of) -> Table:
    """Return the rows of a file; raise :class:`ImportFailed` when there is nothing to be read in it.

    ``field_of`` tells which column names are known; the line with one of them is the header.
    """
    data = _load(path)
    kind = KINDS.get(path.suffix.lower())
    if data.startswith(b"PK\x03\x04"):
        table = _read_xlsx(data, path.name, field_of)
    elif kind is None or kind == "xlsx":
        raise ImportFailed(_unreadable(path, data))
    else:
        text, problems = decode(data, path.name)
        text = even(text)
        table = _read_csv(text, path.name, field_of) if kind == "csv" else _READERS[kind](text, path.name)
        table.problems[:0] = problems
    return _limited(table, path.name)


def read_pasted(text: str, source: str = "粘贴的内容") -> Table:
    """Return the posts in pasted text, one a row."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise ImportFailed("粘贴的内容太长了。什么都没有改动，请存成文件分几次导入。")
    return _limited(_read_txt(even(text), source), source)


def _load(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ImportFailed(
                f"「{path.name}」有 {size // 1024 // 1024} MB，一次最多读 64 MB。什么都没有改动，请拆成几个文件再导入。"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise ImportFailed(f"找不到文件「{path.name}」，请检查路径") from None
    except OSError as error:
        raise ImportFailed(f"打不开「{path.name}」（{error.strerror}）。请检查它是不是文件、有没有权限。") from None
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise ImportFailed(f"「{path.name}」是空的，没有可以导入的内容")
    return data


def _unreadable(path: Path, data: bytes) -> str:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return f"「{path.name}」是旧版 .xls 或加了密码的 Excel。请在 Excel 里另存为不带密码的 .xlsx 再导入。"
    if path.suffix.lower() in KINDS:
        return f"「{path.name}」不是真正的 Excel 文件，或者已经损坏。请在 Excel 里重新另存为 .xlsx。"
    return f"不认识「{path.name}」的格式。可以导入：{'、'.join(KINDS)}"


def _limited(table: Table, source: str) -> Table:
    if not table.rows:
        raise ImportFailed(f"「{source}」里没有可以导入的内容")
    if len(table.rows) > MAX_ROWS:
        raise ImportFailed(f"「{source}」超过 {MAX_ROWS:,} 行。什么都没有改动，请拆成几个文件再导入。")
    return table


def _read_csv(text: str, source: str, field_of: _FieldOf) -> Table:
    csv.field_size_limit(_LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    return _from_grid(_numbered(lines, source), source, field_of)


def _numbered(lines: Any, source: str) -> Iterator[tuple[int, list[str]]]:
    number = 1
    try:
        for cells in lines:
            yield number, cells
            number = lines.line_num + 1
    except csv.Error:
        raise ImportFailed(
            f"「{source}」第 {number} 行的引号没有成对，或者一格里的文字太长。什么都没有改动，请改好再导入。"
        ) from None


def _delimiter(text: str) -> str:
    first = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    return max(",\t;|", key=first.count)


def _read_xlsx(data: bytes, source: str, field_of: _FieldOf) -> Table:
    (title, rows), *others = read_sheets(data, source)
    table = _from_grid(rows, source, field_of)
    if others:
        unread = "、".join(name for name, _ in others)
        table.problems.append(Problem(source, "", f"只读了第一张表「{title}」，没有读：{unread}"))
    return table


def _from_grid(grid: Iterable[tuple[int, list[str]]], source: str, field_of: _FieldOf) -> Table:
    """Turn numbered lines of cells into a table; a first line that reads like a post is not taken as a header."""
    lines = ((number, [_unquoted(clean(cell)) for cell in cells]) for number, cells in grid)
    filled = ((number, cells) for number, cells in lines if any(cells))
    top = list(islice(filled, _TOP))
    place = next((place for place, (_, cells) in enumerate(top) if any(map(field_of, cells))), None)
    header = _trimmed(top[place or 0][1]) if top else []
    if len(header) > MAX_COLUMNS:
        raise ImportFailed(f"「{source}」超过 {MAX_COLUMNS} 列，不像内容表。什么都没有改动，请检查分隔符。")
    problems: list[Problem] = []
    if place is None and any(len(cell) > _LONG or "\n" in cell for cell in header):
        columns, body = [f"第{number}列" for number in range(1, len(header) + 1)], top
        problems.append(Problem(source, "", "没有看到表头，第一行也当作内容读了；请核对每一列是什么"))
    else:
        columns, body = _columns(header, source, problems), top[(place or 0) + 1 :]
        if place is None:
            problems.append(Problem(source, "", f"没认出表头，把第一行「{'、'.join(header)[:40]}」当作了表头；请核对"))
        elif place:
            problems.append(Problem(source, "", f"表头上面的 {place} 行没有当作内容读"))
    rows = [_row(number, cells, columns) for number, cells in islice(chain(body, filled), MAX_ROWS + 1)]
    return Table(columns, rows, problems)


def _trimmed(cells: list[str]) -> list[str]:
    """Return the cells up to the last filled one."""
    last = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[:last]


def _row(number: int, cells: list[str], columns: list[str]) -> Row:
    extra = [cell for cell in cells[len(columns) :] if cell]
    named = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
    if not extra:
        return Row(number, named)
    named["多出来的格"] = " | ".join(extra)
    return Row(number, named, "格数比表头多，可能是文字里的分隔符没有加引号")


def _columns(header: list[str], source: str, problems: list[Problem]) -> list[str]:
    columns: list[str] = []
    for place, name in enumerate(header, start=1):
        wanted = name or f"第{place}列"
        unique, copy = wanted, 1
        while unique in columns:
            copy += 1
            unique = f"{wanted} ({copy})"
        if unique != wanted:
            problems.append(Problem(source, wanted, f"有两列都叫「{wanted}」，后面的一列改叫「{unique}」"))
        columns.append(unique)
    return columns


def _unquoted(cell: str) -> str:
    """Undo the quote that our own exports put before a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@") else cell


def _read_jsonl(text: str, source: str) -> Table:
    rows: list[Row] = []
    for number, item, written in islice(_json_items(text, source), MAX_ROWS + 1):
        cells = _flat(item) if isinstance(item, dict) else {"text": clean(item)} if isinstance(item, str) else {}
        rows.append(Row(number, cells) if cells else Row(number, {"原文": written}, "这一行不是能读的 JSON 对象"))
    columns = list(dict.fromkeys(name for row in rows if not row.reason for name in row.cells))
    return Table(columns[:MAX_COLUMNS], rows)


def _json_items(text: str, source: str) -> Iterator[tuple[int, Any, str]]:
    """Yield (number, value, as written) of a JSON list or of one value a line; None for what is not JSON."""
    if text.lstrip().startswith("["):
        try:
            yield from ((number, item, str(item)) for number, item in enumerate(json.loads(text), start=1))
        except (ValueError, RecursionError):
            raise ImportFailed(f"「{source}」写得不完整，读不出来。什么都没有改动，请重新导出。") from None
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line), line
            except (ValueError, RecursionError):
                yield number, None, line


def _flat(item: dict[str, Any]) -> dict[str, str]:
    """Return an object as cells: lists joined by 「;」, one level of nested objects as ``outer.inner``."""
    cells: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            cells |= {f"{clean(name)}.{clean(inner)}": clean(deep) for inner, deep in value.items()}
        elif isinstance(value, list):
            cells[clean(name)] = ";".join(clean(part) for part in value)
        else:
            cells[clean(name)] = clean(value)
    return cells


def _read_md(text: str, _source: str) -> Table:
    return _from_pieces(split_markdown(text), [])


def _read_txt(text: str, source: str) -> Table:
    pieces, how = split_text(text)
    return _from_pieces(
        [(number, {"text": piece}) for number, piece in pieces], [Problem(source, "", how)] if how else []
    )


def _from_pieces(pieces: list[tuple[int, dict[str, str]]], problems: list[Problem]) -> Table:
    columns = list(dict.fromkeys(name for _, cells in pieces for name in cells))
    return Table(columns, [Row(number, cells) for number, cells in pieces], problems)


_READERS: dict[str, Callable[[str, str], Table]] = {
    "md": _read_md,
    "jsonl": _read_jsonl,
    "txt": _read_txt,
}
