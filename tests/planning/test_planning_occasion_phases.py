"""Lead-in, main days and after-care; what a merchant changes; birthdays; every date of three years."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.planning.occasion_kinds import OccasionKind, Phase
from studio.planning.occasions import Occasion, birthdays_by_day, occasions_between
from studio.resources import content_library

SHIPPED = content_library() / "occasions"
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
ALL, _ = occasions_between(FIRST, LAST, [SHIPPED])
DAYS = st.dates(FIRST, LAST)


def own(folder, *entries):
    folder.mkdir(exist_ok=True)
    lines = "".join(f"  - {entry}\n" for entry in entries)
    (folder / "own.yaml").write_text(f"source: 店主\nchecked: 2026-11-01\noccasions:\n{lines}", "utf-8")
    return folder


def named(name, folder, year=2027):
    found, problems = occasions_between(date(year, 1, 1), date(year, 12, 31), [SHIPPED, folder])
    assert problems == []
    return [item for item in found if item.name == name]


def test_double_eleven_has_a_lead_in_main_days_and_after_care():
    sale = next(item for item in ALL if item.name == "双11" and item.start.year == 2027)
    assert [sale.phase(day) for day in (date(2027, 10, 20), date(2027, 10, 21), date(2027, 10, 30))] == [
        None, Phase.LEAD, Phase.LEAD,
    ]  # fmt: skip
    assert [sale.phase(day) for day in (date(2027, 10, 31), date(2027, 11, 11))] == [Phase.MAIN, Phase.MAIN]
    assert [sale.phase(day) for day in (date(2027, 11, 12), date(2027, 11, 18), date(2027, 11, 19))] == [
        Phase.AFTER, Phase.AFTER, None,
    ]  # fmt: skip
    assert sale.countdown(date(2027, 11, 13)) == "双11 返场第 2 天"
    assert sale.countdown(date(2027, 11, 30)) == "双11 过后第 19 天"
    assert not sale.covers(date(2027, 11, 12))


def test_after_care_brings_a_sale_into_the_week_after_it():
    found, _ = occasions_between(date(2027, 11, 15), date(2027, 11, 21), [SHIPPED])
    assert "双11" in {item.name for item in found}


def test_days_after_a_festival_are_no_second_sale():
    festival = Occasion("中秋节", date(2027, 9, 15), date(2027, 9, 15), OccasionKind.HOLIDAY, "s", after_days=2)
    assert festival.countdown(date(2027, 9, 16)) == "中秋节 过后第 1 天"


@given(DAYS)
def test_every_date_is_in_the_phase_that_its_words_say(day):
    for item in ALL:
        phase = item.phase(day)
        assert item.covers(day) == (phase in (Phase.LEAD, Phase.MAIN))
        words = item.countdown(day)
        assert item.name in words
        if phase is Phase.AFTER:
            assert f"第 {(day - item.end).days} 天" in words
        elif phase is Phase.LEAD:
            assert re.search(rf"还有 {(item.start - day).days} 天|明天|后天", words)
        elif phase is Phase.MAIN:
            assert re.search("今天|进行中|最后一天", words)


def test_asking_for_one_day_gives_the_same_as_asking_for_three_years():
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        assert occasions_between(day, day, [SHIPPED])[0] == [item for item in ALL if item.phase(day) is not None]


def test_every_occasion_has_a_source_and_the_date_it_was_checked():
    assert all(item.source and item.checked and item.checked >= date(2026, 11, 22) for item in ALL)


def test_words_that_tell_relevance_cannot_hide_in_other_words():
    safe = {"粽", "粥"}
    assert [w for item in ALL for w in item.words if len(w) < 2 and w not in safe] == []
    assert all(
        item.words or item.kind in (OccasionKind.MEMORIAL, OccasionKind.WORKDAY, OccasionKind.SALE) for item in ALL
    )


def test_a_merchant_leaves_out_or_reweighs_an_occasion(tmp_path):
    folder = own(tmp_path / "o", "{name: 情人节, use: false}", "{name: 端午, weight: 3}", "{name: 双11, lead_days: 20}")
    assert named("情人节", folder) == []
    (dragon_boat,) = named("端午节", folder)
    assert dragon_boat.weight == 3
    assert dragon_boat.start == date(2027, 6, 9)
    assert dragon_boat.words
    (sale,) = named("双11", folder)
    assert (sale.lead_days, sale.after_days) == (20, 7)


def test_an_entry_with_a_day_keeps_what_it_says_against_an_earlier_change(tmp_path):
    folder = own(tmp_path / "o", "{name: 38节, kind: sale, date: 03-08, words: [凉席]}")
    (sale,) = named("38节", folder)
    assert sale.words == ("凉席",)
    folder = own(tmp_path / "o", "{name: 母亲节, date: 05-09, kind: festival}")
    (mothers_day,) = named("母亲节", folder)
    assert "康乃馨" in mothers_day.words


def test_a_dated_entry_that_is_not_used_takes_the_shipped_one_away(tmp_path):
    assert named("七夕节", own(tmp_path / "o", "{name: 七夕节, lunar: 07-07, use: false}")) == []


@pytest.mark.parametrize("entry", ["{name: 端无节, weight: 3}", "{name: 店庆, use: false}"])
def test_a_change_to_an_occasion_that_is_not_there_is_a_problem(tmp_path, entry):
    _, problems = occasions_between(FIRST, LAST, [SHIPPED, own(tmp_path / "o", entry)])
    assert [(item.source, "没有叫这个名字的节点" in item.message) for item in problems] == [("o/own.yaml", True)]


@pytest.mark.parametrize("weight", ["-1", "4", ".nan", "很多"])
def test_a_weight_off_the_scale_is_a_problem(tmp_path, weight):
    _, problems = occasions_between(FIRST, LAST, [SHIPPED, own(tmp_path / "o", f"{{name: 端午节, weight: {weight}}}")])
    assert len(problems) == 1


def test_a_file_that_unfolds_itself_is_refused(tmp_path):
    bomb = "source: &a [x]\nchecked: 2026-11-01\noccasions: [*a, *a]\n"
    (tmp_path / "bomb.yaml").write_text(bomb, "utf-8")
    _, problems = occasions_between(FIRST, LAST, [tmp_path])
    assert "引用" in problems[0].message


def test_an_edited_file_is_read_again(tmp_path):
    assert len(named("店庆", own(tmp_path / "o", "{name: 店庆, date: 06-06}"))) == 1
    assert named("店庆", own(tmp_path / "o", "{name: 店庆日, date: 06-07}")) == []


COUNTS = {date(2027, 3, 8): 4, date(2027, 3, 20): 2, date(2028, 2, 29): 1, date(2027, 4, 1): 0}


def test_birthdays_are_counted_by_day_and_name_nobody():
    found = birthdays_by_day(COUNTS, "客户表", date(2026, 11, 22))
    assert [item.start for item in found] == [date(2027, 3, 8), date(2027, 3, 20), date(2028, 2, 29)]
    assert found[0].note == "3 月 8 日有 4 位客户过生日"
    assert all(item.kind is OccasionKind.BIRTHDAY and item.start == item.end for item in found)
