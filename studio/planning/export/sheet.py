"""Weeks as a workbook: a grid to print and hang up, and the table behind it."""

from __future__ import annotations

import io
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from studio.planning.calendar import Slot, Week
from studio.planning.export import palette
from studio.planning.export.selection import Selection, mix_words, one_line, posts, rolling_words, span
from studio.planning.export.table import HEADER, neutral, rows
from studio.planning.rules import WEEKDAYS

_WIDTHS = (10, 12, 7, 7, 10, 7, 7, 14, 26, 12, 16, 9, 6, 40, 60)
_DAY_WIDTH = 20
_LINE_HEIGHT = 15.0
_HIGHEST_ROW = 400.0
_LONGEST_THEME = 120
_LONGEST_CELL = 32_000


def write_xlsx(selection: Selection) -> bytes:
    """Return a workbook of two sheets: 「周历」, a page A4 for every week, and 「明细」, a row for every slot."""
    from openpyxl import Workbook

    book = Workbook()
    grid = book.active
    assert grid is not None
    grid.title = "周历"
    _draw_grids(grid, selection)
    _list_slots(book.create_sheet("明细"), selection)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _draw_grids(sheet: Any, selection: Selection) -> None:
    from openpyxl.worksheet.pagebreak import Break

    for column in "ABCDEFG":
        sheet.column_dimensions[column].width = _DAY_WIDTH
    _banner(sheet, 1, f"{one_line(selection.brand.name)} 周历", size=16, bold=True)
    row = 2
    for index, week in enumerate(selection.weeks):
        if index:
            sheet.row_breaks.append(Break(id=row - 1))
        row = _draw_week(sheet, row, week, selection)
    _fit_to_page(sheet)
    sheet.sheet_view.showGridLines = False
    sheet.print_options.horizontalCentered = True


def _draw_week(sheet: Any, row: int, week: Week, selection: Selection) -> int:
    """Draw one grid from ``row`` on and return the row after it."""
    _banner(sheet, row, f"{week.id} · {span(week)}", size=13, bold=True)
    _banner(sheet, row + 1, " · ".join(filter(None, [mix_words(week), rolling_words(week)])), colour=palette.GREY)
    row += 2
    days = week.id.days
    _line(sheet, row, [f"周{WEEKDAYS[day.weekday()]} {day.month}/{day.day}" for day in days], ground=palette.SHADE)
    occasions = ["、".join(one_line(item.name) for item in selection.on(day)) for day in days]
    if any(occasions):
        row += 1
        _line(sheet, row, occasions, colour=palette.JADE, ground=palette.JADE_SHADE)
    columns = [[slot for slot in posts(week) if slot.date == day] for day in days]
    for place in range(max(map(len, columns))):
        row += 1
        _draw_slots(sheet, row, [column[place] if place < len(column) else None for column in columns], selection)
    return row + 2


def _banner(sheet: Any, row: int, text: str, *, size: int = 10, bold: bool = False, colour: str = palette.INK) -> None:
    """Write a line over all seven days."""
    from openpyxl.styles import Alignment, Font

    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=7)
    cell = sheet.cell(row, 1, neutral(text))
    cell.font = Font(size=size, bold=bold, color=colour[1:])
    cell.alignment = Alignment(vertical="center", shrink_to_fit=True)
    sheet.row_dimensions[row].height = size * 1.8


def _line(sheet: Any, row: int, texts: list[str], *, ground: str, colour: str = palette.INK) -> None:
    """Write a bold cell for every day."""
    from openpyxl.styles import Alignment, Font

    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column, neutral(text))
        cell.font = Font(bold=True, color=colour[1:])
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        _frame(cell, ground)
    sheet.row_dimensions[row].height = _height(texts)


def _draw_slots(sheet: Any, row: int, slots: list[Slot | None], selection: Selection) -> None:
    """Write the posts that are the first, second … of their days, one cell a day."""
    from openpyxl.styles import Alignment

    texts = []
    for column, slot in enumerate(slots, 1):
        cell = sheet.cell(row, column)
        _frame(cell, palette.TINTS[slot.pillar].ground if slot else palette.PAPER)
        if slot is None:
            continue
        cell.value = _slot_text(slot, selection)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        texts.append(str(cell.value))
    sheet.row_dimensions[row].height = _height(texts)


def _slot_text(slot: Slot, selection: Selection) -> Any:
    """Return time and pillar, theme, and who sees it where: three lines, the first bold in the pillar's colour."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    head = InlineFont(b=True, sz=11, color=palette.TINTS[slot.pillar].word[1:])
    small = InlineFont(sz=9, color=palette.GREY[1:])
    theme = one_line(slot.theme)[:_LONGEST_THEME]
    return CellRichText(
        TextBlock(head, f"{slot.time:%H:%M} {slot.pillar.label}\n"),
        TextBlock(InlineFont(sz=11, color=palette.INK[1:]), f"{theme}\n"),
        TextBlock(small, f"{slot.channel.label} · {one_line(selection.segment(slot))[:_LONGEST_THEME]}"),
    )


def _frame(cell: Any, ground: str) -> None:
    from openpyxl.styles import Border, PatternFill, Side

    side = Side("thin", color=palette.LINE[1:])
    cell.border = Border(side, side, side, side)
    cell.fill = PatternFill("solid", fgColor=ground[1:])


def _height(texts: list[str]) -> float:
    """Return the height in points of a row that shows these texts wrapped to a day's width."""
    lines = [sum(ceil(max(_width(line), 1) / (_DAY_WIDTH - 1)) for line in text.split("\n")) for text in texts]
    return min(max(lines, default=1) * _LINE_HEIGHT + 6, _HIGHEST_ROW)


def _width(line: str) -> int:
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in line)


def _list_slots(sheet: Any, selection: Selection) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet.append(HEADER)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for slot, row in zip(selection.slots, rows(selection), strict=True):
        sheet.append([cell[:_LONGEST_CELL] for cell in row])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        ground = palette.TINTS[slot.pillar].ground[1:]
        sheet.cell(sheet.max_row, HEADER.index("类别") + 1).fill = PatternFill("solid", fgColor=ground)
    for index, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    sheet.freeze_panes = "A2"
    _fit_to_page(sheet)


def _fit_to_page(sheet: Any) -> None:
    """Print on A4 across, as wide as the page, the first row on every page."""
    from openpyxl.worksheet.page import PageMargins

    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.4, bottom=0.6, header=0.2, footer=0.3)
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "&P / &N"
