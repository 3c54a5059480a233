"""Weeks as a page of text, in Markdown."""

from __future__ import annotations

import re

from studio.planning.calendar import Slot
from studio.planning.export.selection import Selection, clean, mix_words, one_line
from studio.planning.rules import WEEKDAYS
from studio.vocabulary import Status


def write_md(selection: Selection) -> bytes:
    """Return the weeks day by day, each slot with its reason and its text."""
    lines = [f"# {_plain(selection.brand.name)} 周历", ""]
    for week in selection.weeks:
        lines += [f"## {week.id}", "", mix_words(week), ""]
        for day in week.id.days:
            today = [slot for slot in week.slots if slot.date == day]
            if today:
                lines += [f"### {day:%m-%d} 周{WEEKDAYS[day.weekday()]}", ""]
            for slot in today:
                lines += _slot(slot, selection)
    return "\n".join(lines).encode()


def _slot(slot: Slot, selection: Selection) -> list[str]:
    tags = [
        slot.channel.label,
        slot.pillar.label,
        slot.stage.label,
        selection.segment(slot),
        slot.occasion or "",
        selection.product(slot),
        slot.status.label if slot.status is Status.SKIPPED else "",
    ]
    head = " · ".join(_plain(tag) for tag in tags if tag)
    lines = [f"#### {slot.time:%H:%M} {_plain(slot.theme)}", "", head, "", f"为什么：{_plain(slot.why)}", ""]
    text = clean(selection.text(slot))
    return [*lines, *(f"> {line}".rstrip() for line in text.splitlines()), *([""] if text else [])]


def _plain(text: str) -> str:
    """Return one line in which Markdown finds nothing to format."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", one_line(text))
