"""A week in a calendar program: imported, imported again, and read by the letter of RFC 5545."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from studio.brand import Brand
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.export import export
from studio.planning.export.selection import clean, one_line
from studio.planning.occasions import Occasion, OccasionKind
from studio.vocabulary import Channel, Pillar, Stage, Status

BRAND = Brand(name="果园")
SLOT = Slot(
    id="2026-W49-01",
    date=date(2026, 12, 2),
    time=time(20, 0),
    channel=Channel.GROUP,
    pillar=Pillar.VALUE,
    stage=Stage.USAGE,
    segment=None,
    theme="雨后为什么不摘",
    occasion="大雪",
    product=None,
    why="价值类本周缺 1 条",
)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FESTIVAL = Occasion("双12", date(2026, 12, 5), date(2026, 12, 8), OccasionKind.SALE, "各平台, 公告; 2026", note="错峰")
ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=200)


def week_of(*slots, number=49):
    return Week(WeekId(2026, number), 0, slots, {"target": {}, "planned": {}, "rolling4": {}})


def imported(data):
    """Return the events of a calendar file by UID; every line must be whole UTF-8 of at most 75 octets."""
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    for line in lines:
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode("utf-8")
    return {str(part["uid"]): part for part in Calendar.from_ical(data).walk() if part.name == "VEVENT"}


def only(data):
    (event,) = imported(data).values()
    return event


def test_a_slot_is_a_short_event_in_the_zone_of_the_shop_with_a_reminder():
    data = export([week_of(SLOT)], {SLOT.id: "正文"}, BRAND, "ics", at=NOW)
    event = only(data)
    assert event["dtstart"].dt == datetime(2026, 12, 2, 20, 0, tzinfo=NOW.tzinfo)
    assert b"DTSTART;TZID=Asia/Shanghai:20261202T200000" in data
    assert b"BEGIN:VTIMEZONE" in data
    assert b"DTSTAMP:20261122T010000Z" in data
    assert event["duration"].dt == timedelta(minutes=15)
    assert str(event["summary"]) == "[价值] 社群 · 雨后为什么不摘"
    assert str(event["description"]) == "写给：所有人\n\n为什么：价值类本周缺 1 条\n\n正文"
    assert [part["trigger"].dt for part in event.walk() if part.name == "VALARM"] == [timedelta(minutes=-10)]


@given(ANYTHING, ANYTHING)
@settings(max_examples=150)
def test_any_text_comes_back_as_it_was_written(theme, text):
    slot = replace(SLOT, theme=theme)
    event = only(export([week_of(slot)], {slot.id: text}, BRAND, "ics"))
    assert str(event["summary"]) == one_line(f"[价值] 社群 · {theme}")
    assert str(event["description"]) == clean(
        "\n\n".join(["写给：所有人", "为什么：价值类本周缺 1 条", *filter(None, [text])])
    )


@pytest.mark.parametrize(
    "text", ["很长" * 200, "😀👨‍👩‍👧𠮷" * 50, 'a,b;c\\n\\,d:"e"', "行一\n\n行三\n", "BEGIN:VEVENT\nUID:1"]
)
def test_awkward_text_comes_back_as_it_was_written(text):
    event = only(export([week_of(SLOT)], {SLOT.id: text}, BRAND, "ics"))
    assert str(event["description"]).endswith(f"\n\n{text}")


def test_importing_a_changed_week_changes_events_and_doubles_none():
    moved = replace(SLOT, date=date(2026, 12, 3), theme="别的", version=2)
    before, after = (imported(export([week_of(slot)], {}, BRAND, "ics")) for slot in (SLOT, moved))
    calendar = before | after
    assert list(calendar) == list(before)
    (event,) = calendar.values()
    assert event["dtstart"].dt.date() == date(2026, 12, 3)
    assert after[str(event["uid"])]["sequence"] > before[str(event["uid"])]["sequence"]


def test_two_shops_in_one_calendar_keep_apart():
    one, other = (
        imported(export([week_of(SLOT)], {}, brand, "ics", [FESTIVAL])) for brand in (BRAND, Brand(name="别家"))
    )
    assert len(one) == len(other) == 2
    assert not set(one) & set(other)


def test_the_uid_of_a_slot_is_the_one_earlier_files_had():
    assert str(only(export([week_of(SLOT)], {}, BRAND, "ics"))["uid"]) == "2026-W49-01.951dca4419ab@siyu-studio"


def test_an_occasion_is_one_event_of_whole_days_however_many_weeks_it_touches():
    data = export([week_of(), week_of(number=50)], {}, BRAND, "ics", [FESTIVAL])
    event = only(data)
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 12, 5), date(2026, 12, 9))
    assert str(event["summary"]) == "双12"
    assert str(event["description"]) == "错峰\n\n依据：各平台, 公告; 2026"
    assert str(event["transp"]) == "TRANSPARENT"
    assert [part.name for part in event.walk()] == ["VEVENT"]


def test_an_occasion_of_another_week_is_left_out():
    assert imported(export([week_of(number=40)], {}, BRAND, "ics", [FESTIVAL])) == {}


def test_a_skipped_slot_is_taken_out_of_the_calendar_and_rings_no_more():
    event = only(export([week_of(replace(SLOT, status=Status.SKIPPED))], {}, BRAND, "ics"))
    assert str(event["status"]) == "CANCELLED"
    assert [part.name for part in event.walk()] == ["VEVENT"]
