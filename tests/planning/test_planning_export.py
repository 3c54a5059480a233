"""Exported weeks read back by other programs: calendar, spreadsheet, table, text."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from studio.brand import Brand
from studio.errors import InputError
from studio.planning.calendar import WeekId
from studio.planning.export import HEADER, export
from studio.planning.planner import Planner
from studio.planning.rules import PlanRules
from studio.resources import content_library

BRAND = Brand.model_validate({"name": "果园", "segments": [{"id": "mom", "name": "宝妈", "need": "省心"}]})
NASTY = '=HYPERLINK("http://x"),\n第二行;带\\反斜杠\x0b和😀𠮷' + "很长" * 100


@pytest.fixture(scope="module")
def weeks():
    return Planner(BRAND, PlanRules(), [content_library() / "occasions"]).plan(WeekId(2026, 49), 2)


@pytest.fixture(scope="module")
def drafts(weeks):
    return {weeks[0].slots[0].id: NASTY}


def read_calendar(data):
    return [part for part in Calendar.from_ical(data).walk() if part.name == "VEVENT"]


def test_a_calendar_holds_every_slot_with_an_alarm_and_its_text(weeks, drafts):
    events = read_calendar(export(weeks, drafts, BRAND, "ics"))
    first = weeks[0].slots[0]
    assert len(events) == 14
    assert events[0]["dtstart"].dt == first.when
    assert first.theme in str(events[0]["summary"])
    assert NASTY.replace("\x0b", "") in str(events[0]["description"])
    alarms = [part for part in events[0].walk() if part.name == "VALARM"]
    assert [alarm["trigger"].dt for alarm in alarms] == [timedelta(minutes=-10)]


def test_calendar_lines_are_folded_and_times_are_local(weeks, drafts):
    data = export(weeks, drafts, BRAND, "ics")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert isinstance(read_calendar(data)[0]["dtstart"].dt, datetime)
    assert read_calendar(data)[0]["dtstart"].dt.tzinfo is None


def test_calendar_uids_stay_when_a_slot_moves_and_differ_between_shops(weeks):
    moved = replace(weeks[0], slots=tuple(replace(slot, theme="别的") for slot in weeks[0].slots))
    before = [event["uid"] for event in read_calendar(export(weeks[:1], {}, BRAND, "ics"))]
    after = [event["uid"] for event in read_calendar(export([moved], {}, BRAND, "ics"))]
    other = [event["uid"] for event in read_calendar(export(weeks[:1], {}, Brand(name="别家"), "ics"))]
    assert before == after
    assert not set(before) & set(other)


def test_a_table_opens_in_excel_and_runs_no_formula(weeks, drafts):
    data = export(weeks, drafts, BRAND, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 14
    assert rows[0]["文案"].startswith("'=HYPERLINK")
    assert rows[0]["客群"] == "宝妈"
    assert rows[0]["星期"] == "周一"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_no_cell_begins_like_a_formula(weeks, start, fmt):
    week = replace(weeks[0], slots=(replace(weeks[0].slots[0], theme=f"{start}1+1"),))
    data = export([week], {}, BRAND, fmt)
    if fmt == "csv":
        cell = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))["主题"]
    else:
        sheet_cell = load_workbook(io.BytesIO(data)).active.cell(2, HEADER.index("主题") + 1)
        assert sheet_cell.data_type == "s"
        cell = sheet_cell.value
    assert cell.startswith("'")


def test_a_sheet_is_readable(weeks, drafts):
    sheet = load_workbook(io.BytesIO(export(weeks, drafts, BRAND, "xlsx"))).active
    assert [cell.value for cell in sheet[1]] == list(HEADER)
    assert sheet.max_row == 15
    assert sheet.freeze_panes == "A2"
    assert all(cell.alignment.wrap_text for cell in sheet[2])
    fills = {row[5].value: row[5].fill.fgColor.rgb for row in sheet.iter_rows(min_row=2)}
    assert len(set(fills.values())) == len(fills) == 3


def test_a_page_of_text_shows_days_slots_and_drafts(weeks, drafts):
    text = export(weeks, drafts, BRAND, "md").decode()
    assert text.startswith("# 果园 周历")
    assert "## 2026-W49" in text
    assert text.count("#### ") == 14
    assert "> 第二行" in text
    assert "共 7 条：产品 2、价值 2、生活 3" in text


def test_an_unknown_format_names_the_known_ones(weeks):
    with pytest.raises(InputError, match="ics、csv、xlsx、md"):
        export(weeks, {}, BRAND, "docx")


@pytest.mark.parametrize("fmt", ["ics", "csv", "xlsx", "md"])
def test_no_weeks_still_make_a_file(fmt):
    assert export([], {}, BRAND, fmt)
