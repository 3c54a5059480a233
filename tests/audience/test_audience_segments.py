"""Who is in which segment, by what was written of them and by what their numbers say today."""

from __future__ import annotations

import csv
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.audience.customers import Customer, birthdays
from studio.audience.importing import read_birthday, read_customers
from studio.audience.segments import empty_segments, members, membership
from studio.audience.tiers import read_tiers
from studio.brand import Segment
from studio.resources import content_library

TODAY = date(2026, 11, 22)
SHIPPED = content_library() / "tiers.yaml"
TIERS, _ = read_tiers([SHIPPED])


def segment(name="x", **rule):
    return Segment(id="x", name=name, need="x", **rule)


def ago(days):
    return TODAY - timedelta(days=days)


def tags_today(customer, tiers=TIERS):
    derived = tiers.derive([customer], TODAY)
    return {tag for tag, (holds, known) in derived.items() if holds[0] and known[0]}


@pytest.mark.parametrize(
    ("customer", "tags"),
    [
        (Customer("a"), set()),
        (Customer("a", spent=1000), {"高消费"}),
        (Customer("a", spent=999.99), {"中消费"}),
        (Customer("a", spent=0), {"低消费"}),
        (Customer("a", orders=0, added_on=ago(30)), {"潜在客户", "活跃"}),
        (Customer("a", orders=0, added_on=ago(31)), {"潜在客户", "沉默"}),
        (Customer("a", orders=2, last_order_on=ago(30)), {"新客户", "活跃"}),
        (Customer("a", last_order_on=ago(31)), {"新客户", "沉默", "30天未购"}),
        (
            Customer("a", orders=9, last_order_on=ago(91), added_on=ago(90)),
            {"老客户", "沉默", "高频", "30天未购", "60天未购", "90天未购"},
        ),
        (
            Customer("a", orders=3, last_order_on=ago(181), added_on=ago(900)),
            {"流失客户", "沉默", "低频", "30天未购", "60天未购", "90天未购"},
        ),
        (Customer("a", orders=1, last_order_on=TODAY + timedelta(days=3), added_on=ago(1)), {"新客户", "活跃", "中频"}),
    ],
)
def test_a_customer_gets_the_tags_their_numbers_say_and_none_where_they_say_nothing(customer, tags):
    assert tags_today(customer) == tags


def test_a_written_tag_gives_way_to_the_computed_one_and_stands_where_nothing_can_be_computed():
    back = Customer("back", tags=frozenset({"90天未购"}), last_order_on=ago(2))
    unknown = Customer("unknown", tags=frozenset({"90天未购"}))
    gone = Customer("gone", last_order_on=ago(200))
    asleep = segment(all_tags=("90天未购",))
    assert [found.id for found in members([back, unknown, gone], asleep, TODAY, TIERS)] == ["unknown", "gone"]
    assert [found.id for found in members([gone], asleep, ago(180), TIERS)] == []


def test_a_shop_changes_thresholds_and_a_wrong_one_is_reported_and_left_out(tmp_path):
    own = tmp_path / "tiers.yaml"
    own.write_text("spend: {豪客: 50, 常客: 0}\nlost_days: 很久\ncolour: 1\n", "utf-8")
    tiers, problems = read_tiers([SHIPPED, own])
    assert tags_today(Customer("a", spent=50), tiers) == {"豪客"}
    assert tiers.lost_days == TIERS.lost_days
    assert {problem.field for problem in problems} == {"lost_days", "colour"}


@pytest.mark.parametrize(
    "content", [b"- 1", b"a: [", b"\xff\xfe\x00", b"x: &a [1]\ny: *a", b"spend: {}" + b" " * 70_000]
)
def test_a_file_of_thresholds_that_cannot_be_used_leaves_the_shipped_ones(tmp_path, content):
    own = tmp_path / "tiers.yaml"
    own.write_bytes(content)
    tiers, problems = read_tiers([SHIPPED, own])
    assert tiers == TIERS
    assert len(problems) == 1


def test_no_file_of_thresholds_is_no_problem(tmp_path):
    assert read_tiers([SHIPPED, tmp_path / "tiers.yaml"]) == (TIERS, [])


TAG = st.sampled_from(["宝妈", "敏感肌", "老客", "高消费", "30天未购"])
PLAIN = st.sampled_from(["宝妈", "敏感肌", "老客"])
TAGS = st.lists(TAG, max_size=3, unique=True).map(tuple)


@settings(max_examples=100)
@given(
    customers=st.lists(
        st.builds(
            Customer,
            id=st.uuids().map(str),
            tags=st.frozensets(PLAIN),
            spent=st.none() | st.sampled_from([0.0, 2000.0]),
            last_order_on=st.none() | st.sampled_from([ago(1), ago(50)]),
        ),
        max_size=8,
    ),
    segments=st.lists(st.builds(segment, all_tags=TAGS, any_tags=TAGS, no_tags=TAGS), max_size=4),
)
def test_all_segments_at_once_are_the_same_as_one_customer_at_a_time(customers, segments):
    inside = membership(customers, segments, TODAY, TIERS)
    assert inside.shape == (len(customers), len(segments))
    for row, customer in enumerate(customers):
        tags = customer.tags | tags_today(customer)
        for column, rule in enumerate(segments):
            expected = (
                set(rule.all_tags) <= tags
                and (not rule.any_tags or bool(tags & set(rule.any_tags)))
                and not tags & set(rule.no_tags)
            )
            assert inside[row, column] == expected


def test_a_segment_nobody_is_in_is_a_problem_with_its_name_and_rule():
    (problem,) = empty_segments([segment("没人的", all_tags=("火星",)), segment("有人的")], [0, 3])
    assert problem.field == "没人的"
    assert "火星" in problem.message


def test_a_hundred_thousand_customers_are_sorted_in_well_under_a_second():
    customers = [Customer(str(n), tags=frozenset({f"t{n % 40}", "老客"}), spent=n % 3000) for n in range(100_000)]
    segments = [segment(f"s{n}", all_tags=("高消费",), any_tags=(f"t{n}", "x")) for n in range(20)]
    start = time.perf_counter()
    inside = membership(customers, segments, TODAY, TIERS)
    assert time.perf_counter() - start < 1
    assert inside.any(axis=0).all()


def test_birthdays_are_counted_by_day_and_the_29th_of_february_is_kept_on_the_28th():
    customers = [Customer("a", birthday="02-29"), Customer("b", birthday="02-28"), Customer("c", birthday="12-31")]
    customers += [Customer("d"), Customer("e", birthday="12-31")]
    assert birthdays(customers, date(2026, 12, 30), date(2027, 3, 1)) == {
        date(2026, 12, 31): 2,
        date(2027, 2, 28): 2,
    }
    assert birthdays(customers, date(2028, 2, 28), date(2028, 2, 29)) == {date(2028, 2, 28): 1, date(2028, 2, 29): 1}


@given(year=st.integers(2000, 2100), day=st.dates(date(2000, 1, 1), date(2000, 12, 31)))
@settings(max_examples=50)
def test_everybody_has_one_birthday_in_any_year(year, day):
    found = birthdays([Customer("a", birthday=f"{day:%m-%d}")], date(year, 1, 1), date(year, 12, 31))
    assert list(found.values()) == [1]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1990-03-08", "03-08"),
        ("1990/3/8", "03-08"),
        ("1990年3月8日", "03-08"),
        ("3月8号", "03-08"),
        ("03-08", "03-08"),
        ("0308", "03-08"),
        ("2000-02-29", "02-29"),
        ("02-29", "02-29"),
    ],
)
def test_a_birthday_is_kept_without_its_year(written, kept):
    assert read_birthday(written) == kept


@pytest.mark.parametrize("written", ["农历八月十五", "13-01", "02-30", "1990", "-", "1990-02-30"])
def test_a_birthday_that_is_not_certain_is_refused(written):
    with pytest.raises(ValueError, match="生日"):
        read_birthday(written)


def test_a_table_with_birthdays_gives_them_and_no_year_anywhere(tmp_path):
    path = tmp_path / "c.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["客户编号", "生日"], ["S1", "1987-05-06"], ["S2", "属兔"]])
    found = read_customers(path)
    assert [customer.birthday for customer in found.customers] == ["05-06", None]
    assert "1987" not in repr(found)
    assert "属兔" not in repr(found)
    assert "生日" in [problem.field for problem in found.problems]
