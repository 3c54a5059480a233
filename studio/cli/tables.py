"""Rows of a large file, read and written a few at a time: CSV, JSON lines, Parquet."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio.errors import InputError

FORMATS = (".csv", ".jsonl", ".parquet")
SCORES = ("review_risk", "review_tone")
"""Columns that are whole numbers wherever the format has numbers."""

CHUNK = 1000
"""Rows held in memory at a time."""

_LONGEST_CELL = 10_000_000
_SAMPLE = 256 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, Any]


def read_rows(path: Path, column: str, on_bad: Callable[[int], None]) -> Iterator[Row]:
    """Yield the rows of a file; ``on_bad`` gets the number of a line that is no row.

    Raises :class:`InputError` when the file cannot be read or has no ``column``.
    """
    if not path.is_file():
        raise InputError(f"没有文件「{path}」。请检查路径。")
    return _READERS[_kind(path)](path, column, on_bad)


@contextmanager
def row_writer(path: Path) -> Iterator[Callable[[list[Row]], None]]:
    """Yield what appends rows to ``path``; the file takes its name when everything is written, else it is dropped."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with _WRITERS[_kind(path)](unfinished) as write:
            yield write
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _kind(path: Path) -> str:
    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise InputError(f"「{path.name}」的格式不支持，文件名要以 {'、'.join(FORMATS)} 结尾。")
    return kind


def _need(column: str, columns: list[str]) -> None:
    if column not in columns:
        raise InputError(f"没有「{column[:40]}」这一列，现有：{'、'.join(columns[:20])}。用 --column 指定。")


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample:
        raise InputError(f"「{path.name}」不是文字表格，没有处理。")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _read_csv(path: Path, column: str, on_bad: Callable[[int], None]) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=_encoding(path), errors="replace", newline="") as stream:
        rows = csv.DictReader((line.replace("\0", "") for line in stream), restkey="多出来的格")
        _need(column, list(rows.fieldnames or []))
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error:
                on_bad(rows.line_num)
                continue
            yield row


def _read_jsonl(path: Path, column: str, on_bad: Callable[[int], None]) -> Iterator[Row]:
    with path.open(encoding=_encoding(path), errors="replace") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict) or column not in row:
                on_bad(number)
            else:
                yield row


def _read_parquet(path: Path, column: str, on_bad: Callable[[int], None]) -> Iterator[Row]:  # noqa: ARG001
    parquet = _parquet()
    try:
        source = parquet.ParquetFile(path)
    except (OSError, ValueError):
        raise InputError(f"「{path.name}」不是能读的 Parquet 文件，没有处理。") from None
    with source:
        _need(column, source.schema_arrow.names)
        for batch in source.iter_batches(batch_size=CHUNK):
            yield from batch.to_pylist()


def _parquet() -> Any:
    try:
        from pyarrow import parquet
    except ImportError:
        raise InputError("读写 Parquet 要先装 pyarrow:pip install pyarrow。也可以改用 .csv 或 .jsonl。") from None
    return parquet


@contextmanager
def _write_csv(path: Path) -> Iterator[Callable[[list[Row]], None]]:
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
        writer = csv.writer(stream)
        columns: list[str] = []

        def write(rows: list[Row]) -> None:
            if rows and not columns:
                columns.extend(rows[0])
                writer.writerow([_harmless(name) for name in columns])
            writer.writerows([_harmless(_flat(row.get(name))) for name in columns] for row in rows)

        yield write


@contextmanager
def _write_jsonl(path: Path) -> Iterator[Callable[[list[Row]], None]]:
    with path.open("w", encoding="utf-8", errors="replace") as stream:
        yield lambda rows: stream.writelines(f"{json.dumps(row, ensure_ascii=False, default=str)}\n" for row in rows)


@contextmanager
def _write_parquet(path: Path) -> Iterator[Callable[[list[Row]], None]]:
    """Every column is text but for the scores, so that no later row can clash with the first."""
    parquet = _parquet()
    import pyarrow as pa

    opened: list[Any] = []

    def write(rows: list[Row]) -> None:
        if rows and not opened:
            kinds = {name: pa.int64() if name in SCORES else pa.string() for name in rows[0]}
            opened.append(parquet.ParquetWriter(path, pa.schema(list(kinds.items()))))
        for writer in opened:
            tidy = [{name: _cell(name, row.get(name)) for name in writer.schema.names} for row in rows]
            writer.write_table(pa.Table.from_pylist(tidy, schema=writer.schema))

    try:
        yield write
        if not opened:
            raise InputError("没有可以处理的行，没有写出 Parquet 文件。")
    finally:
        for writer in opened:
            writer.close()


def _cell(name: str, value: Any) -> Any:
    return value if name in SCORES else _flat(value)


def _flat(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, default=str)


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows instead of running it as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


_READERS: dict[str, Callable[[Path, str, Callable[[int], None]], Iterator[Row]]] = {
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".parquet": _read_parquet,
}
_WRITERS = {".csv": _write_csv, ".jsonl": _write_jsonl, ".parquet": _write_parquet}
