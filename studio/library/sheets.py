"""Excel workbooks into lines of text cells. Formulas come out as their text and are never calculated."""

from __future__ import annotations

import io
import warnings
import zipfile
from datetime import date, datetime
from typing import Any

from studio.errors import ImportFailed
from studio.library.encoding import even

MAX_ROWS = 200_000
MAX_COLUMNS = 200
_MAX_UNPACKED = 512 * 1024 * 1024

Lines = list[tuple[int, list[str]]]
"""(row number as Excel shows it, cells) of every row that is not empty."""


def clean(value: Any) -> str:
    """Return a cell as text: days in ISO form, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return even(str(value)).strip()


def read_sheets(data: bytes, source: str) -> list[tuple[str, Lines]]:
    """Return (title, lines) of every sheet with something in it; raise :class:`ImportFailed` when none has."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(item.file_size for item in package.infolist())
        if unpacked > _MAX_UNPACKED:
            raise ImportFailed(f"「{source}」解开后太大了。什么都没有改动，请拆成几个文件再导入。")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations that do not matter here
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            sheets = [(sheet.title, _lines(sheet)) for sheet in book.worksheets]
    except ImportFailed:
        raise
    except Exception:  # noqa: BLE001 - a broken package can fail anywhere inside openpyxl
        raise ImportFailed(
            f"「{source}」不是能读的 Excel 文件，或者已经损坏。请在 Excel 里重新另存为 .xlsx。"
        ) from None
    filled = [(title, lines) for title, lines in sheets if lines]
    if not filled:
        raise ImportFailed(f"「{source}」是空的，没有可以导入的内容")
    return filled


def _lines(sheet: Any) -> Lines:
    sheet.reset_dimensions()  # the size a file claims can be wrong by a million rows
    lines: Lines = []
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1), start=1):
        cells = [clean(value) for value in values]
        if any(cells):
            lines.append((number, cells))
        if len(lines) > MAX_ROWS + 1:
            break
    return lines
