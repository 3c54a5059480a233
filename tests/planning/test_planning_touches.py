"""Messages owed to single customers: the right people on the right day, until they order or have had enough."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.audience.customers import Customer
from studio.audience.tiers import read_tiers
from studio.brand import Brand
from studio.planning.playbook_files import Playbook, read_playbooks
from studio.planning.playbook_touches import touches
from studio.planning.playbooks import Running
from studio.resources import content_library

PLAYBOOKS, _ = read_playbooks([content_library() / "playbooks"])
TIERS, _ = read_tiers([content_library() / "tiers.yaml"])
BRAND = Brand(segments=[{"id": "laoke", "name": "老客", "need": "补货", "all_tags": ["老客"]}])
DAY = timedelta(days=1)


def owed(run, customers, since, until, playbooks=PLAYBOOKS):
    runs = run if isinstance(run, list) else [run if isinstance(run, Running) else Running("r", run)]
    return touches(runs, playbooks, BRAND, customers, tiers=TIERS, since=since, until=until)


def steps(found, customer="c"):
    return [(item.when, item.step.partition("：")[2]) for item in found if customer in item.customers]


def one_step(ends=None, **step):
    fields = {"name": "一步", "channel": "一对一", "pillar": "生活", "stage": "使用", "theme": "问候", "goal": "试试"}
    made = Playbook.model_validate(
        {
            "source": "店主", "checked": date(2026, 11, 1), "version": 1, "id": "mine", "name": "我的", "goal": "试试",
            "ends": ends or {}, "steps": [fields | step],
        }
    )  # fmt: skip
    return {"mine": made}


def test_a_new_friend_is_met_at_once_after_an_hour_and_on_three_days():
    found = owed("welcome", [Customer("c", added_on=date(2026, 12, 30))], date(2026, 12, 28), date(2027, 1, 10))
    assert steps(found) == [
        (datetime(2026, 12, 30, 10), "欢迎和见面礼"), (datetime(2026, 12, 30, 11), "真人问一句"),
        (datetime(2026, 12, 31, 10), "只给他的推荐"), (datetime(2027, 1, 1, 10), "怎么用我这个号"),
        (datetime(2027, 1, 2, 10), "三天回访"),
    ]  # fmt: skip


def test_an_order_ends_the_welcome_but_one_of_the_same_day_may_have_come_first():
    added = date(2026, 11, 23)
    customers = [
        Customer("before", added_on=added, last_order_on=added - 3 * DAY),
        Customer("same", added_on=added, last_order_on=added),
        Customer("next", added_on=added, last_order_on=added + DAY),
    ]
    found = owed("welcome", customers, added, added + 6 * DAY)
    assert [len(steps(found, name)) for name in ("before", "same", "next")] == [5, 5, 2]


def test_a_new_order_starts_the_repurchase_afresh():
    ordered = date(2026, 11, 1)
    early = owed("repurchase", [Customer("c", last_order_on=ordered)], ordered, ordered + 60 * DAY)
    assert [when.date() - ordered for when, _ in steps(early)] == [20 * DAY, 30 * DAY, 40 * DAY]
    again = ordered + 25 * DAY
    late = owed("repurchase", [Customer("c", last_order_on=again)], ordered, ordered + 60 * DAY)
    assert [when.date() - again for when, _ in steps(late)] == [20 * DAY, 30 * DAY]


def test_the_dormant_hear_three_times_and_no_more():
    ordered = date(2026, 1, 1)
    found = owed("dormant", [Customer("c", last_order_on=ordered)], ordered, ordered + 700 * DAY)
    assert [(when.date() - ordered).days for when, _ in steps(found)] == [90, 97, 157]


def test_repeats_end_with_the_days_of_the_playbook():
    ordered = date(2026, 3, 1)
    customers = [Customer("c", last_order_on=ordered)]
    playbooks = one_step(ends={"days": 30}, of="order", day=7, every=7)
    found = owed("mine", customers, ordered, ordered + 300 * DAY, playbooks)
    assert [(when.date() - ordered).days for when, _ in steps(found)] == [7, 14, 21, 28]
    assert owed("mine", customers, ordered, ordered + 300 * DAY, one_step(ends={"days": 6}, of="order", day=7)) == []


def test_nobody_gets_more_messages_than_the_playbook_allows():
    ordered = date(2026, 3, 1)
    playbooks = one_step(ends={"times": 2}, of="order", day=7, every=30)
    found = owed("mine", [Customer("c", last_order_on=ordered)], ordered, ordered + 300 * DAY, playbooks)
    assert [(when.date() - ordered).days for when, _ in steps(found)] == [7, 37]


@pytest.mark.parametrize(
    ("spent", "orders", "rises"),
    [(520, 3, True), (1005, 10, True), (700, 7, False), (480, 4, False), (2000, 1, True), (600, 6, False), (None, 3, False), (600, None, False)],
)  # fmt: skip
def test_a_customer_rises_when_the_last_order_crossed_a_tier(spent, orders, rises):
    customer = Customer("c", spent=spent, orders=orders, last_order_on=date(2026, 11, 20))
    found = owed("member", [customer], date(2026, 11, 20), date(2026, 11, 30))
    assert [name for _, name in steps(found)] == (["告诉他升级了", "第一次用权益"] if rises else [])


def test_a_birthday_in_january_is_prepared_in_december():
    found = owed("member", [Customer("c", birthday="01-02")], date(2026, 12, 28), date(2027, 1, 3))
    assert [(when.date(), name) for when, name in steps(found)] == [
        (date(2026, 12, 30), "生日前三天"), (date(2027, 1, 2), "生日当天"),
    ]  # fmt: skip


@pytest.mark.parametrize(("year", "day"), [(2027, date(2027, 2, 28)), (2028, date(2028, 2, 29))])
def test_a_birthday_on_29_february_is_kept_every_year_once(year, day):
    playbooks = one_step(of="birthday", day=0)
    found = owed("mine", [Customer("c", birthday="02-29")], date(year, 1, 1), date(year, 12, 31), playbooks)
    assert [item.when.date() for item in found] == [day]


def test_one_touch_holds_everybody_of_a_step_and_day():
    added = date(2026, 11, 23)
    customers = [Customer(f"c{number}", added_on=added) for number in (3, 1, 2)]
    found = owed([Running("a", "welcome"), Running("b", "welcome")], customers, added, added)
    assert [item.customers for item in found] == [("c1", "c2", "c3")] * 2


def test_a_segment_and_the_dates_of_the_run_narrow_whom_it_reaches():
    added = date(2026, 11, 23)
    customers = [Customer("old", tags=frozenset({"老客"}), added_on=added), Customer("new", added_on=added)]
    run = Running("r", "welcome", anchor=added + DAY, ends_on=added + 2 * DAY, segment="laoke")
    found = owed(run, customers, added - DAY, added + 9 * DAY)
    assert {item.customers for item in found} == {("old",)}
    assert [item.when.date() for item in found] == [added + DAY, added + 2 * DAY]


@pytest.mark.parametrize(
    "run", [Running("r", "welcome", paused=True), Running("r", "welcome", segment="gone"), Running("r", "no-such")]
)
def test_a_run_that_cannot_go_on_owes_nothing(run):
    added = date(2026, 11, 23)
    assert owed(run, [Customer("c", added_on=added)], added, added) == []


dates = st.dates(date(2026, 11, 1), date(2027, 2, 28))
people = st.lists(
    st.builds(
        Customer, st.uuids().map(str), added_on=st.none() | dates, last_order_on=st.none() | dates,
        birthday=st.none() | dates.map("{:%m-%d}".format),
    ),
    max_size=12,
)  # fmt: skip


@given(people, dates, st.integers(0, 30), st.integers(-20, 40), st.sampled_from(["added", "order", "birthday"]))
def test_a_step_reaches_exactly_those_whose_event_is_so_many_days_away(customers, since, length, offset, event):
    until = since + length * DAY
    found = owed("mine", customers, since, until, one_step(of=event, day=offset))
    told = {(item.when.date(), customer) for item in found for customer in item.customers}
    expected = set()
    for customer in customers:
        for day in (since + ahead * DAY for ahead in range(length + 1)):
            happened = day - offset * DAY
            value = {"added": customer.added_on, "order": customer.last_order_on, "birthday": customer.birthday}[event]
            if value == (f"{happened:%m-%d}" if event == "birthday" else happened):
                expected.add((day, customer.id))
    assert told == expected
    assert found == owed("mine", customers[::-1], since, until, one_step(of=event, day=offset))


@given(people, dates, st.integers(0, 20))
def test_a_stretch_of_days_owes_what_its_days_owe(customers, since, length):
    runs = [Running(name, name) for name in ("welcome", "repurchase", "aftersales", "member", "dormant")]
    days = [since + ahead * DAY for ahead in range(length + 1)]
    whole = owed(runs, customers, days[0], days[-1])
    assert whole == [item for day in days for item in owed(runs, customers, day, day)]


def test_a_week_of_100_000_customers_takes_less_than_a_second():
    first = date(2026, 1, 1)
    tags = (frozenset({"老客", "宝妈"}), frozenset({"新客"}))
    customers = [
        Customer(
            f"c{n:06d}", tags=tags[n % 2], spent=float(n % 1500), orders=1 + n % 9, added_on=first + n % 330 * DAY,
            last_order_on=first + n % 320 * DAY, birthday=f"{1 + n % 12:02d}-{1 + n % 28:02d}",
        )
        for n in range(100_000)
    ]  # fmt: skip
    runs = [Running(name, name) for name in PLAYBOOKS] + [Running("s", "welcome", segment="laoke")]
    before = time.process_time()
    found = owed(runs, customers, date(2026, 11, 23), date(2026, 11, 29))
    assert time.process_time() - before < 1
    assert sum(len(item.customers) for item in found) > 10_000


def test_nothing_of_a_customer_but_the_id_is_in_a_touch():
    customer = Customer("c1", nickname="小玉米", added_on=date(2026, 11, 23), source="集市")
    found = owed("welcome", [customer], date(2026, 11, 23), date(2026, 11, 23))
    assert "小玉米" not in repr(found)
