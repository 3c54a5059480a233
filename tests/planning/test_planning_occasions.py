"""Dates of festivals, terms and sale windows against known calendars; what broken files give."""

from datetime import date

import pytest

from studio.planning.occasion_kinds import OccasionKind
from studio.planning.occasions import NOT_ANNOUNCED, Occasion, occasions_between
from studio.resources import content_library

SHIPPED = content_library() / "occasions"


def year(number, *folders):
    found, problems = occasions_between(date(number, 1, 1), date(number, 12, 31), [SHIPPED, *folders])
    assert problems == [] or folders
    return found


def starts(number, name):
    return [item.start for item in year(number) if item.name == name and item.start.year == number]


@pytest.mark.parametrize(
    ("number", "name", "day"),
    [
        (2026, "春节", date(2026, 2, 15)), (2027, "春节", date(2027, 2, 5)), (2028, "春节", date(2028, 1, 25)),
        (2026, "端午节", date(2026, 6, 19)), (2027, "端午节", date(2027, 6, 9)), (2028, "端午节", date(2028, 5, 28)),
        (2026, "中秋节", date(2026, 9, 25)), (2027, "中秋节", date(2027, 9, 15)), (2028, "中秋节", date(2028, 10, 3)),
        (2026, "七夕节", date(2026, 8, 19)), (2027, "七夕节", date(2027, 8, 8)), (2028, "七夕节", date(2028, 8, 26)),
        (2026, "元宵节", date(2026, 3, 3)), (2027, "元宵节", date(2027, 2, 20)), (2028, "元宵节", date(2028, 2, 9)),
        (2026, "腊八节", date(2026, 1, 26)), (2027, "腊八节", date(2027, 1, 15)), (2028, "腊八节", date(2028, 1, 4)),
        (2026, "重阳节", date(2026, 10, 18)), (2027, "重阳节", date(2027, 10, 8)), (2028, "重阳节", date(2028, 10, 26)),
        (2026, "冬至", date(2026, 12, 22)), (2027, "冬至", date(2027, 12, 22)), (2028, "冬至", date(2028, 12, 21)),
        (2026, "大雪", date(2026, 12, 7)), (2027, "立春", date(2027, 2, 4)), (2028, "谷雨", date(2028, 4, 19)),
        (2026, "母亲节", date(2026, 5, 10)), (2027, "父亲节", date(2027, 6, 20)),
        (2026, "618", date(2026, 5, 31)), (2027, "双11", date(2027, 10, 31)), (2028, "双12", date(2028, 12, 12)),
        (2026, "38节", date(2026, 3, 5)), (2027, "520", date(2027, 5, 18)), (2026, "年货节", date(2026, 1, 18)),
        (2027, "清明节", date(2027, 4, 5)), (2028, "清明节", date(2028, 4, 4)),
    ],
)  # fmt: skip
def test_an_occasion_is_on_its_day(number, name, day):
    assert starts(number, name) == [day]


def test_the_make_up_workdays_of_2026_are_the_announced_ones():
    workdays = {item.start for item in year(2026) if item.kind is OccasionKind.WORKDAY}
    assert workdays == {
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)
    }  # fmt: skip
    assert not any(NOT_ANNOUNCED in item.note for item in year(2026) if item.start.year == 2026)


@pytest.mark.parametrize("number", [2027, 2028])
def test_a_year_not_announced_says_so_on_every_holiday(number):
    statutory = [
        item for item in year(number) if item.name in {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}
    ]
    assert len({item.name for item in statutory}) == 7
    assert all(NOT_ANNOUNCED in item.note for item in statutory)
    assert not any(item.kind is OccasionKind.WORKDAY for item in year(number))


@pytest.mark.parametrize("number", [2026, 2027, 2028])
def test_every_occasion_names_its_source_and_a_year_has_its_terms_once(number):
    found = year(number)
    assert all(item.source for item in found)
    terms = [item.name for item in found if item.kind is OccasionKind.TERM and item.start.year == number]
    assert len(terms) == len(set(terms)) == 23
    assert "清明" not in terms


def test_lead_in_days_bring_an_occasion_into_an_earlier_week():
    found, _ = occasions_between(date(2026, 10, 22), date(2026, 10, 25), [SHIPPED])
    assert "双11" in {item.name for item in found}


def test_a_window_over_new_year_is_found_from_both_sides():
    assert [i.name for i in occasions_between(date(2028, 1, 2), date(2028, 1, 2), [SHIPPED])[0]].count("年货节") == 1


def write(folder, text, name="own.yaml"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_shop_adds_its_own_dates_and_replaces_shipped_ones(tmp_path):
    folder = write(
        tmp_path / "occasions",
        "source: 店主\nchecked: 2026-11-01\noccasions:\n"
        "  - {name: 店庆, date: 06-06, until: 1, lead_days: 3}\n"
        "  - {name: '618', kind: 大促, date: 06-18, from: -2}\n",
    )
    found = {item.name: item for item in year(2027, folder)}
    assert found["店庆"].kind is OccasionKind.SHOP
    assert found["店庆"].end == date(2027, 6, 7)
    assert found["618"].start == date(2027, 6, 16)
    assert found["618"].source == "店主"


def test_announcing_a_year_in_a_file_replaces_the_guessed_holidays(tmp_path):
    folder = write(
        tmp_path / "occasions",
        "source: 通知\nchecked: 2026-12-01\nannounced: 2027\noccasions:\n"
        "  - {name: 国庆节, kind: holiday, date: 2027-10-01, until: 6}\n"
        "  - {name: 国庆节调休上班, kind: workday, date: 2027-10-09}\n",
    )
    found = [item for item in year(2027, folder) if item.name.startswith("国庆")]
    assert [(item.start, item.end) for item in found] == [
        (date(2027, 10, 1), date(2027, 10, 7)),
        (date(2027, 10, 9), date(2027, 10, 9)),
    ]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{name: a}", "日期要写"),
        ("{name: a, date: 02-30}", "date 要写成"),
        ("{name: a, date: 13-01}", "date 要写成"),
        ("{name: a, lunar: 13-01}", "lunar"),
        ("{name: a, term: 大热}", "节气"),
        ("{name: a, nth: 5-9-1}", "nth"),
        ("{name: a, date: 06-01, term: 冬至}", "只写一种"),
        ("{name: a, date: 06-01, from: 3}", "from 不能晚于 until"),
        ("{name: a, date: 06-01, kind: party}", "不在可选范围"),
        ("{name: a, date: 06-01, lead_days: 999}", "不能大于 60"),
        ("{name: a, date: 06-01, surprise: 1}", "不认识这一项"),
        ("just a word", ""),
    ],
)
def test_a_broken_entry_is_a_problem_and_the_rest_still_works(tmp_path, entry, said):
    folder = write(
        tmp_path / "occasions",
        f"source: 店主\nchecked: 2026-11-01\noccasions:\n  - {entry}\n  - {{name: 店庆, date: 06-06}}\n",
    )
    found, problems = occasions_between(date(2027, 6, 1), date(2027, 6, 10), [folder])
    assert "店庆" in {item.name for item in found}
    assert len(problems) == 1
    assert said in problems[0].message
    assert problems[0].source == "occasions/own.yaml"


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"a: [", b"- 1", b"occasions: 3", b"", b"source: x\n", b"a: " + b"[" * 3000, b"#" * 300_000],
    ids=["binary", "cut", "list", "number", "empty", "no-date", "deep", "huge"],
)
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path, content):
    (tmp_path / "bad.yaml").write_bytes(content)
    _, problems = occasions_between(date(2027, 6, 1), date(2027, 6, 10), [tmp_path])
    assert problems
    assert all(any("\u4e00" <= char <= "\u9fff" for char in problem.message) for problem in problems)


def test_countdown_reads_as_people_say_it():
    sale = Occasion("双11", date(2026, 10, 31), date(2026, 11, 11), OccasionKind.SALE, "s", 10)
    assert sale.countdown(date(2026, 10, 26)) == "双11 还有 5 天"
    assert sale.countdown(date(2026, 10, 29)) == "后天双11"
    assert sale.countdown(date(2026, 10, 31)) == "双11 今天开始"
    assert sale.countdown(date(2026, 11, 3)) == "双11 进行中"
    assert sale.countdown(date(2026, 11, 11)) == "双11 最后一天"
