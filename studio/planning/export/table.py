"""Weeks as a table: one row a slot."""

from __future__ import annotations

import csv
import io

from studio.planning.calendar import Slot
from studio.planning.export.selection import Selection, clean
from studio.planning.rules import WEEKDAYS

HEADER = (
    "周次",
    "日期",
    "星期",
    "时间",
    "渠道",
    "类别",
    "阶段",
    "客群",
    "主题",
    "节点",
    "产品",
    "状态",
    "锁定",
    "为什么",
    "文案",
)
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def rows(selection: Selection) -> list[list[str]]:
    """Return the cells under :data:`HEADER`, a row for every slot, none of them a formula."""
    return [
        [neutral(clean(cell)) for cell in _row(str(week.id), slot, selection)]
        for week in selection.weeks
        for slot in week.slots
    ]


def neutral(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def write_csv(selection: Selection) -> bytes:
    """Return the table as CSV that spreadsheets open as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows(rows(selection))
    return out.getvalue().encode("utf-8-sig")


def _row(week: str, slot: Slot, selection: Selection) -> list[str]:
    return [
        week,
        slot.date.isoformat(),
        f"周{WEEKDAYS[slot.date.weekday()]}",
        f"{slot.time:%H:%M}",
        slot.channel.label,
        slot.pillar.label,
        slot.stage.label,
        selection.segment(slot),
        slot.theme,
        slot.occasion or "",
        selection.product(slot),
        slot.status.label,
        "是" if slot.locked else "",
        slot.why,
        selection.text(slot),
    ]
