"""Weeks as files: a calendar to subscribe to, a sheet to print, a table, a page of text."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

from studio.brand import Brand
from studio.errors import InputError
from studio.planning.calendar import Slot, Week
from studio.planning.rules import WEEKDAYS
from studio.vocabulary import Pillar

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
WIDTHS = (10, 12, 7, 7, 10, 7, 7, 14, 26, 12, 16, 9, 6, 40, 60)
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FILLS = {Pillar.PRODUCT: "F4D9CC", Pillar.VALUE: "CFE8E4", Pillar.LIFESTYLE: "F8E8BF"}
_LONGEST_CELL = 32_000


def export(weeks: Sequence[Week], drafts_text: Mapping[str, str], brand: Brand, fmt: str) -> bytes:
    """Return the weeks as a file. ``fmt`` is ``ics``, ``csv``, ``xlsx`` or ``md``; drafts are keyed by slot id.

    Raises :class:`InputError` for another format.
    """
    write = _WRITERS.get(fmt.lower())
    if write is None:
        raise InputError(f"不能导出成「{fmt[:20]}」，可选：{'、'.join(_WRITERS)}")
    return write(weeks, drafts_text, brand)


def _row(week: Week, slot: Slot, drafts: Mapping[str, str], brand: Brand) -> list[str]:
    return [
        str(week.id),
        slot.date.isoformat(),
        f"周{WEEKDAYS[slot.date.weekday()]}",
        f"{slot.time:%H:%M}",
        slot.channel.label,
        slot.pillar.label,
        slot.stage.label,
        _segment(slot, brand),
        slot.theme,
        slot.occasion or "",
        _product(slot, brand),
        slot.status.label,
        "是" if slot.locked else "",
        slot.why,
        drafts.get(slot.id, ""),
    ]


def _segment(slot: Slot, brand: Brand) -> str:
    segment = brand.segment(slot.segment)
    return segment.name if segment else slot.segment or "所有人"


def _product(slot: Slot, brand: Brand) -> str:
    product = brand.product(slot.product)
    return product.name if product else slot.product or ""


def _rows(weeks: Sequence[Week], drafts: Mapping[str, str], brand: Brand) -> list[list[str]]:
    return [
        [_CONTROL.sub("", cell) for cell in _row(week, slot, drafts, brand)] for week in weeks for slot in week.slots
    ]


def _neutral(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _csv(weeks: Sequence[Week], drafts: Mapping[str, str], brand: Brand) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([_neutral(cell) for cell in row] for row in _rows(weeks, drafts, brand))
    return out.getvalue().encode("utf-8-sig")


def _xlsx(weeks: Sequence[Week], drafts: Mapping[str, str], brand: Brand) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "周历"
    sheet.append(HEADER)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    slots = [slot for week in weeks for slot in week.slots]
    for slot, row in zip(slots, _rows(weeks, drafts, brand), strict=True):
        sheet.append([_neutral(cell)[:_LONGEST_CELL] for cell in row])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(sheet.max_row, HEADER.index("类别") + 1).fill = PatternFill("solid", fgColor=_FILLS[slot.pillar])
    for index, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    sheet.freeze_panes = "A2"
    _fit_to_page(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fit_to_page(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _md(weeks: Sequence[Week], drafts: Mapping[str, str], brand: Brand) -> bytes:
    lines = [f"# {_plain(brand.name)} 周历", ""]
    for week in weeks:
        counts = "、".join(f"{pillar.label} {week.mix['planned'].get(pillar.value, 0):g}" for pillar in Pillar)
        lines += [f"## {week.id}", "", f"共 {len(week.slots)} 条：{counts}", ""]
        for day in week.id.days:
            today = [slot for slot in week.slots if slot.date == day]
            if today:
                lines += [f"### {day:%m-%d} 周{WEEKDAYS[day.weekday()]}", ""]
            for slot in today:
                lines += _md_slot(slot, drafts.get(slot.id, ""), brand)
    return "\n".join(lines).encode("utf-8", "replace")


def _md_slot(slot: Slot, text: str, brand: Brand) -> list[str]:
    tags = [slot.channel.label, slot.pillar.label, slot.stage.label, _segment(slot, brand), slot.occasion or ""]
    head = " · ".join(_plain(tag) for tag in tags if tag)
    lines = [f"#### {slot.time:%H:%M} {_plain(slot.theme)}", "", head, "", f"为什么：{_plain(slot.why)}", ""]
    return [*lines, *(f"> {line}".rstrip() for line in text.splitlines()), *([""] if text else [])]


def _plain(text: str) -> str:
    """Return one line in which Markdown finds nothing to format."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", " ".join(text.split()))


def _ics(weeks: Sequence[Week], drafts: Mapping[str, str], brand: Brand) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//siyu-studio//zh-CN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{brand.name} 周历")
    shop = hashlib.sha256(brand.name.encode("utf-8", "replace")).hexdigest()[:12]
    for week in weeks:
        for slot in week.slots:
            calendar.add_component(_event(slot, drafts.get(slot.id, ""), brand, shop))
    return bytes(calendar.to_ical())


def _event(slot: Slot, text: str, brand: Brand, shop: str) -> Any:
    """Return the event in the reader's local time, with a reminder ten minutes before."""
    from icalendar import Alarm, Event

    title = _CONTROL.sub("", f"[{slot.pillar.label}] {slot.channel.label} · {slot.theme}")
    event = Event()
    event.add("uid", f"{slot.id}.{shop}@siyu-studio")
    event.add("dtstamp", slot.when.replace(tzinfo=UTC))
    event.add("sequence", slot.version)
    event.add("dtstart", slot.when)
    event.add("duration", timedelta(minutes=15))
    event.add("summary", title)
    about = [f"写给：{_segment(slot, brand)}", f"为什么：{slot.why}", text]
    event.add("description", _CONTROL.sub("", "\n\n".join(part for part in about if part)))
    event.add("categories", [slot.pillar.label])
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-10))
    alarm.add("description", title)
    event.add_component(alarm)
    return event


_WRITERS: dict[str, Callable[[Sequence[Week], Mapping[str, str], Brand], bytes]] = {
    "ics": _ics,
    "csv": _csv,
    "xlsx": _xlsx,
    "md": _md,
}
