"""Weeks as an iCalendar file (RFC 5545), to import into the calendar of a phone."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from studio.planning.calendar import Slot
from studio.planning.export.selection import Selection, clean, one_line
from studio.planning.occasions import Occasion
from studio.vocabulary import Status

_ALARM = timedelta(minutes=-10)
_LENGTH = timedelta(minutes=15)


def write_ics(selection: Selection) -> bytes:
    """Return an event for every slot, and one for every occasion of these weeks.

    Times are in the zone of the shop, and the stamp is the moment of the export. An event keeps its UID when its
    slot is moved or rewritten, so importing a newer file changes events instead of doubling them; a skipped slot is a
    cancelled event.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//siyu-studio//zh-CN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{one_line(selection.brand.name)} 周历")
    shop = _digest(selection.brand.name)
    for occasion in _shown(selection):
        calendar.add_component(_day_event(occasion, selection, shop))
    for slot in selection.slots:
        calendar.add_component(_slot_event(slot, selection, shop))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def _shown(selection: Selection) -> list[Occasion]:
    """Return the occasions of the weeks, each once however many of its days they hold."""
    found: dict[tuple[str, str], Occasion] = {}
    for week in selection.weeks:
        for day in week.id.days:
            found.update({(item.name, str(item.start)): item for item in selection.on(day)})
    return list(found.values())


def _event(uid: str, stamp: datetime, title: str, about: list[str], category: str) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", title)
    event.add("description", clean("\n\n".join(part for part in about if part)))
    event.add("categories", [category])
    return event


def _day_event(occasion: Occasion, selection: Selection, shop: str) -> Any:
    """Return an event of whole days, during which its owner counts as free."""
    uid = f"day-{occasion.start:%Y%m%d}-{_digest(occasion.name)}.{shop}@siyu-studio"
    about = [occasion.note, f"依据：{occasion.source}"]
    event = _event(uid, selection.at, one_line(occasion.name), about, occasion.kind.label)
    event.add("dtstart", occasion.start)
    event.add("dtend", occasion.end + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _slot_event(slot: Slot, selection: Selection, shop: str) -> Any:
    """Return a short event with a reminder before it."""
    title = one_line(f"[{slot.pillar.label}] {slot.channel.label} · {slot.theme}")
    about = [f"写给：{selection.segment(slot)}", f"为什么：{slot.why}", selection.text(slot)]
    event = _event(f"{slot.id}.{shop}@siyu-studio", selection.at, title, about, slot.pillar.label)
    event.add("sequence", slot.version)
    event.add("dtstart", slot.when.replace(tzinfo=selection.at.tzinfo))
    event.add("duration", _LENGTH)
    if slot.status is Status.SKIPPED:
        event.add("status", "CANCELLED")
    else:
        event.add_component(_alarm(title))
    return event


def _alarm(title: str) -> Any:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", _ALARM)
    alarm.add("description", title)
    return alarm
