"""The workbook a team prints: read back by openpyxl and by pandas."""

import io
from dataclasses import replace
from datetime import date, time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from studio.brand import Brand
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.export import export
from studio.planning.export.table import HEADER
from studio.planning.occasions import Occasion, OccasionKind
from studio.vocabulary import Channel, Pillar, Stage, Status

BRAND = Brand.model_validate({"name": "果园", "segments": [{"id": "mom", "name": "宝妈", "need": "省心"}]})
SNOW = Occasion("大雪", date(2026, 12, 7), date(2026, 12, 7), OccasionKind.TERM, "")
MIX = {
    "target": {"product": 0.3, "value": 0.3, "lifestyle": 0.4},
    "planned": {},
    "rolling4": {"product": 0.25, "value": 0.25, "lifestyle": 0.5},
}


def slot(day, hour, pillar=Pillar.VALUE, **more):
    return Slot(
        id=f"{day}-{hour}",
        date=date(2026, 12, day),
        time=time(hour),
        channel=Channel.MOMENTS,
        pillar=pillar,
        stage=Stage.USAGE,
        segment="mom",
        product=None,
        occasion=None,
        why="缺",
        **{"theme": f"主题{day}-{hour}"} | more,
    )


WEEK = Week(
    WeekId(2026, 50),
    0,
    (slot(7, 20, Pillar.LIFESTYLE), slot(7, 9, Pillar.PRODUCT), slot(13, 12), slot(8, 8, status=Status.SKIPPED)),
    MIX,
)


def book_of(weeks=(WEEK,), occasions=(SNOW,), brand=BRAND, drafts=()):
    return load_workbook(io.BytesIO(export(weeks, dict(drafts), brand, "xlsx", occasions)))


def grid_of(book):
    return [[cell.value for cell in row] for row in book["周历"].iter_rows(max_col=7)]


def test_the_first_sheet_is_the_week_as_a_grid():
    assert grid_of(book_of()) == [
        ["果园 周历", *[None] * 6],
        ["2026-W50 · 12月7日 – 12月13日", *[None] * 6],
        [
            "共 3 条：产品 1、价值 1、生活 1 · 连上前三周：产品 25%、价值 25%、生活 50%（目标 30%、30%、40%）",
            *[None] * 6,
        ],
        ["周一 12/7", "周二 12/8", "周三 12/9", "周四 12/10", "周五 12/11", "周六 12/12", "周日 12/13"],
        ["大雪", *[None] * 6],
        ["09:00 产品\n主题7-9\n朋友圈 · 宝妈", *[None] * 5, "12:00 价值\n主题13-12\n朋友圈 · 宝妈"],
        ["20:00 生活\n主题7-20\n朋友圈 · 宝妈", *[None] * 6],
    ]


def test_pillars_have_colours_of_their_own_and_a_word():
    sheet = book_of()["周历"]
    fills = {cell.value.split()[1]: cell.fill.fgColor.rgb for cell in (sheet["A6"], sheet["A7"], sheet["G6"])}
    assert set(fills) == {"产品", "生活", "价值"}
    assert len(set(fills.values())) == 3


def test_a_grid_prints_on_a_page_of_its_own_as_wide_as_the_paper():
    later = replace(WEEK, id=WeekId(2026, 51), slots=())
    book = book_of([WEEK, later], ())
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$1"
    rows = grid_of(book)
    begins = next(index for index, row in enumerate(rows, 1) if str(row[0]).startswith("2026-W51"))
    assert [item.id for item in book["周历"].row_breaks.brk] == [begins - 1]
    assert rows[begins][0].startswith("共 0 条")


def test_rows_are_as_high_as_their_text():
    long = replace(WEEK, slots=(slot(7, 9, theme="很长的主题" * 12), slot(8, 9)))
    short = replace(WEEK, slots=(slot(7, 9), slot(8, 9)))
    heights = [book_of([week], ())["周历"].row_dimensions[5].height for week in (short, long)]
    assert heights[0] >= 3 * 13
    assert heights[1] >= heights[0] + 5 * 13


def test_the_second_sheet_is_the_table():
    book = book_of(drafts={"7-20": "正文"}.items())
    sheet = book["明细"]
    assert book.sheetnames == ["周历", "明细"]
    assert [cell.value for cell in sheet[1]] == list(HEADER)
    assert sheet.freeze_panes == "A2"
    assert all(cell.alignment.wrap_text for cell in sheet[2])
    fills = {row[5].value: row[5].fill.fgColor.rgb for row in sheet.iter_rows(min_row=2)}
    assert len(set(fills.values())) == len(fills) == 3


def test_pandas_reads_both_sheets():
    data = io.BytesIO(export([WEEK], {"7-20": "正文"}, BRAND, "xlsx", [SNOW]))
    sheets = pd.read_excel(data, sheet_name=None)
    assert list(sheets["明细"].columns) == list(HEADER)
    assert list(sheets["明细"]["状态"]) == ["待写", "待写", "待写", "跳过"]
    assert sheets["明细"]["文案"][0] == "正文"
    assert sheets["周历"].shape == (6, 7)


@pytest.mark.parametrize("text", ["=1+1", "＝cmd", "@x", "-2"])
def test_nothing_in_the_grid_is_a_formula(text):
    brand = Brand.model_validate({"name": text, "segments": [{"id": "mom", "name": text, "need": "省心"}]})
    week = replace(WEEK, slots=(slot(7, 9, theme=text),))
    book = book_of([week], [replace(SNOW, name=text)], brand)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if cell.value.startswith(text)]


@given(st.text(st.characters(exclude_categories=[]), max_size=80))
@settings(max_examples=40)
def test_any_theme_gives_a_workbook_that_opens(theme):
    book = book_of([replace(WEEK, slots=(slot(7, 9, theme=theme),))], ())
    assert grid_of(book)[4][0].startswith("09:00 价值\n")
