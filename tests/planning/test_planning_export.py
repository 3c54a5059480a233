"""Exported weeks read back by other programs: table, page of text, and what all formats have in common."""

import csv
import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from studio.brand import Brand
from studio.cli.calendar import FORMATS
from studio.errors import InputError
from studio.planning.calendar import WeekId
from studio.planning.export import export
from studio.planning.export.table import HEADER
from studio.planning.planner import Planner
from studio.planning.rules import PlanRules
from studio.resources import content_library
from studio.vocabulary import Status

BRAND = Brand.model_validate({"name": "果园", "segments": [{"id": "mom", "name": "宝妈", "need": "省心"}]})
NASTY = '=HYPERLINK("http://x"),\n第二行;带\\反斜杠\x0b和😀𠮷' + "很长" * 100


@pytest.fixture(scope="module")
def weeks():
    return Planner(BRAND, PlanRules(), [content_library() / "occasions"]).plan(WeekId(2026, 49), 2)


@pytest.fixture(scope="module")
def drafts(weeks):
    return {weeks[0].slots[0].id: NASTY}


def test_a_table_opens_in_excel_and_runs_no_formula(weeks, drafts):
    data = export(weeks, drafts, BRAND, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 14
    assert rows[0]["文案"].startswith("'=HYPERLINK")
    assert {row["客群"] for row in rows} <= {"宝妈", "所有人"}
    assert rows[0]["星期"] == "周一"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_no_cell_begins_like_a_formula(weeks, start, fmt):
    week = replace(weeks[0], slots=(replace(weeks[0].slots[0], theme=f"{start}1+1"),))
    data = export([week], {}, BRAND, fmt)
    if fmt == "csv":
        cell = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))["主题"]
    else:
        sheet_cell = load_workbook(io.BytesIO(data))["明细"].cell(2, HEADER.index("主题") + 1)
        assert sheet_cell.data_type == "s"
        cell = sheet_cell.value
    assert cell.startswith("'")


def test_a_page_of_text_shows_days_slots_and_drafts(weeks, drafts):
    text = export(weeks, drafts, BRAND, "md").decode()
    assert text.startswith("# 果园 周历")
    assert "## 2026-W49" in text
    assert text.count("#### ") == 14
    assert "> 第二行" in text
    assert "共 7 条：产品 2、价值 2、生活 3" in text


def test_a_skipped_slot_is_not_counted(weeks):
    week = replace(weeks[0], slots=tuple(replace(slot, status=Status.SKIPPED) for slot in weeks[0].slots))
    text = export([week], {}, BRAND, "md").decode()
    assert "共 0 条：产品 0、价值 0、生活 0" in text
    assert text.count(" · 跳过") == 7


def test_an_unknown_format_names_the_known_ones(weeks):
    with pytest.raises(InputError, match="ics、csv、xlsx、md、png"):
        export(weeks, {}, BRAND, "docx")


@pytest.mark.parametrize("fmt", FORMATS)
def test_no_weeks_still_make_a_file(fmt):
    assert export([], {}, BRAND, fmt)


@pytest.mark.parametrize("fmt", ["ics", "csv", "md", "png"])
def test_the_same_weeks_make_the_same_file(fmt, weeks, drafts):
    assert export(weeks, drafts, BRAND, fmt) == export(weeks, drafts, BRAND, fmt)


@pytest.mark.parametrize("fmt", FORMATS)
def test_text_that_no_file_can_hold_does_not_stop_an_export(fmt, weeks):
    slot = replace(weeks[0].slots[0], theme="\ud800\x00\x1f\ufffe甲", why="\udfff", segment="\x0b没有", occasion="\x08")
    assert export([replace(weeks[0], slots=(slot,))], {slot.id: "\ud83d乙\r丙"}, BRAND, fmt)
