"""What running playbooks ask of a week: on the right days, until they end, the same every time."""

from __future__ import annotations

import datetime as dt
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.brand import Brand
from studio.errors import InputError
from studio.planning.calendar import WeekId
from studio.planning.occasions import occasions_between
from studio.planning.playbook_files import Playbook, read_playbooks
from studio.planning.playbooks import REACH, Running, checked, clashes, problems, requests
from studio.resources import content_library
from studio.vocabulary import Channel

PLAYBOOKS, _ = read_playbooks([content_library() / "playbooks"])
OCCASIONS, _ = occasions_between(date(2025, 10, 1), date(2029, 3, 31), [content_library() / "occasions"])
BRAND = Brand(
    products=[{"id": "gouqi", "name": "头茬枸杞"}, {"id": "gone", "name": "鲜果", "on_sale": False}],
    segments=[{"id": "laoke", "name": "老客", "need": "补货", "all_tags": ["老客"]}],
)
LAUNCH = Running("r1", "launch", anchor=date(2026, 12, 30), product="gouqi")
WEEKLY = Running("r2", "weekly-group")
SALE = Running("r3", "big-sale")
TERMS = Running("r4", "solar-terms")
EVERY = [LAUNCH, WEEKLY, SALE, TERMS]
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def asked(running, since, until, playbooks=PLAYBOOKS, brand=BRAND):
    runs = running if isinstance(running, list) else [running]
    return requests(runs, playbooks, brand, since=since, until=until, occasions=OCCASIONS)


def one_step(ends=None, occasions=(), **step):
    fields = {"name": "一步", "channel": "朋友圈", "pillar": "生活", "stage": "认知", "theme": "说说", "goal": "试试"}
    made = Playbook.model_validate(
        {
            "source": "店主", "checked": date(2026, 11, 1), "version": 1, "id": "mine", "name": "我的", "goal": "试试",
            "ends": ends or {}, "occasions": list(occasions), "steps": [fields | step],
        }
    )  # fmt: skip
    return {"mine": made}


def test_a_launch_over_new_year_asks_for_every_step_on_its_day():
    found = asked(LAUNCH, date(2026, 12, 1), date(2027, 1, 31))
    assert [item.date for item in found] == [
        date(2026, 12, 30) + timedelta(days=days) for days in (-7, -5, -3, -1, 0, 0, 1, 6)
    ]
    assert found[0].theme == "为什么要上头茬枸杞：一次没做好的事"
    assert {item.product for item in found} == {"gouqi"}
    assert {item.playbook for item in found} == {"launch"}
    assert found[0].step == "新品首发：为什么做它"


def test_the_weekly_class_is_in_week_53_like_in_any_other():
    week = WeekId.parse("2026-W53")
    found = asked(WEEKLY, week.days[0], week.days[-1])
    assert [(item.date, item.date.isoweekday()) for item in found] == [
        (date(2026, 12, 29), 2), (date(2026, 12, 30), 3), (date(2026, 12, 31), 4), (date(2027, 1, 1), 5),
    ]  # fmt: skip
    assert found[1].time == dt.time(20)
    assert found[1].channel is Channel.GROUP


def test_a_big_sale_warms_up_bursts_and_comes_back_after_every_one_of_its_occasions():
    found = asked(SALE, date(2027, 1, 1), date(2027, 12, 31))
    assert {item.occasion for item in found} == {"618", "双11"}
    eleven = [item for item in found if item.occasion == "双11"]
    assert [item.date for item in eleven][:3] == [date(2027, 10, 24), date(2027, 10, 27), date(2027, 10, 30)]
    assert [item.date for item in eleven][-4:] == [
        date(2027, 11, 11), date(2027, 11, 13), date(2027, 11, 14), date(2027, 11, 16),
    ]  # fmt: skip
    assert "双11" in eleven[0].theme


def test_an_anchor_picks_one_occasion_or_stands_for_a_sale_of_ones_own():
    only = Running("r", "big-sale", anchor=date(2027, 11, 11))
    found = asked(only, date(2027, 1, 1), date(2028, 12, 31))
    assert {(item.occasion, item.date.year) for item in found} == {("双11", 2027)}
    own = Running("r", "big-sale", anchor=date(2027, 3, 15))
    found = asked(own, date(2027, 1, 1), date(2027, 12, 31))
    assert found[0].date == date(2027, 3, 8)
    assert {item.occasion for item in found} == {None}
    assert found[0].theme == "这次活动前的备货间"


def test_solar_terms_ask_for_three_posts_a_term():
    found = asked(TERMS, date(2027, 1, 1), date(2027, 12, 31))
    assert len(found) == 3 * 23
    assert {item.date for item in found if item.occasion == "冬至"} == {date(2027, 12, 21), date(2027, 12, 22)}


def test_event_steps_are_no_posts():
    events = [Running("r", name) for name in ("welcome", "repurchase", "dormant", "aftersales", "member")]
    assert asked(events, date(2026, 1, 1), date(2026, 12, 31)) == []


@pytest.mark.parametrize(
    "run",
    [
        Running("r", "launch", date(2026, 12, 30), product="gouqi", paused=True),
        Running("r", "launch", date(2026, 12, 30), product="gone"),
        Running("r", "launch", date(2026, 12, 30), product="deleted"),
        Running("r", "launch", date(2026, 12, 30)),
        Running("r", "launch", product="gouqi"),
        Running("r", "launch", date(2026, 12, 30), product="gouqi", segment="deleted"),
        Running("r", "no-such", date(2026, 12, 30)),
    ],
    ids=["paused", "sold-out", "product-gone", "no-product", "no-anchor", "segment-gone", "no-playbook"],
)
def test_a_run_that_cannot_go_on_asks_for_nothing(run):
    assert asked(run, date(2026, 12, 1), date(2027, 1, 31)) == []


def test_a_run_ends_on_its_last_day():
    ending = Running("r", "weekly-group", anchor=date(2026, 12, 9), ends_on=date(2026, 12, 16))
    found = asked(ending, date(2026, 12, 1), date(2026, 12, 31))
    assert [item.date.day for item in found] == [9, 10, 11, 15, 16]


def test_days_over_end_dated_and_weekly_steps():
    run = Running("r", "mine", anchor=date(2026, 12, 1))
    weekly = one_step(ends={"days": 14}, weekday=3)
    assert [i.date.day for i in asked(run, date(2026, 11, 1), date(2026, 12, 31), weekly)] == [2, 9]
    assert asked(run, date(2026, 11, 1), date(2026, 12, 31), one_step(ends={"days": 2}, day=3)) == []
    assert len(asked(run, date(2026, 11, 1), date(2026, 12, 31), one_step(ends={"days": 3}, day=3))) == 1


def test_a_stretch_of_time_makes_way_for_a_fixed_time():
    playbooks = PLAYBOOKS | one_step(weekday=3, time="20:00-22:00")
    found = asked([Running("r", "mine"), WEEKLY], date(2026, 12, 9), date(2026, 12, 9), playbooks)
    assert [(item.playbook, item.time.hour) for item in found] == [("weekly-group", 20), ("mine", 21)]
    assert clashes(found) == []


def test_two_playbooks_that_claim_one_hour_both_stand_and_are_named():
    playbooks = PLAYBOOKS | one_step(weekday=3, time="20:00")
    found = asked([WEEKLY, Running("r", "mine")], date(2026, 12, 9), date(2026, 12, 9), playbooks)
    assert len(found) == 2
    (clash,) = clashes(found)
    assert clash.field == "12 月 9 日 20 点"
    assert "「社群周活动：周三小课堂」" in clash.message
    assert "「我的：一步」" in clash.message


@given(DAYS, st.integers(0, 40))
def test_a_stretch_of_days_asks_for_what_its_days_ask_for(since, length):
    days = [since + timedelta(days=ahead) for ahead in range(length + 1)]
    whole = asked(EVERY, days[0], days[-1])
    assert whole == [item for day in days for item in asked(EVERY, day, day)]
    assert whole == asked(EVERY[::-1], days[0], days[-1])
    assert all(days[0] <= item.date <= days[-1] for item in whole)


@given(DAYS, st.integers(-60, 60))
def test_a_step_is_so_many_days_from_its_anchor_over_any_year_end(anchor, offset):
    run = Running("r", "mine", anchor=anchor)
    (found,) = asked(run, anchor - REACH, anchor + REACH, one_step(day=offset))
    assert (found.date - anchor).days == offset


@given(DAYS, st.integers(1, 7))
def test_a_weekly_step_comes_once_in_every_week(day, weekday):
    week = WeekId.of(day)
    (found,) = asked(Running("r", "mine"), week.days[0], week.days[-1], one_step(weekday=weekday))
    assert found.date == week.days[weekday - 1]


def test_what_is_wrong_with_a_run_is_said_in_chinese():
    runs = [
        Running("r", "no-such"), Running("r", "launch", product="deleted"), Running("r", "welcome", segment="deleted"),
    ]  # fmt: skip
    assert [item.message[:4] for item in problems(runs, PLAYBOOKS, BRAND)] == ["剧本文件", "产品「d", "客群「d"]
    assert problems(EVERY, PLAYBOOKS, BRAND) == []
    (sold_out,) = problems([Running("r", "launch", product="gone")], PLAYBOOKS, BRAND)
    assert "「鲜果」卖完了" in sold_out.message


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (Running("", "launch", product="gouqi"), "开始日期"),
        (Running("", "launch", anchor=date(2026, 12, 1)), "选一样产品"),
        (Running("", "launch", anchor=date(2026, 12, 1), product="nope"), "已经不在店里"),
        (Running("", "launch", anchor=date(2026, 12, 1), product="gone"), "卖完了"),
        (Running("", "launch", anchor=date(1, 1, 1), product="gouqi"), "1970"),
        (Running("", "weekly-group", ends_on=date(9999, 12, 31)), "1970"),
        (Running("", "welcome", segment="nope"), "客群「nope」"),
        (Running("", "weekly-group", anchor=date(2026, 12, 1), ends_on=date(2026, 11, 1)), "早于"),
    ],
)
def test_a_run_that_would_do_nothing_does_not_start(run, said):
    with pytest.raises(InputError, match=said):
        checked(run, PLAYBOOKS[run.playbook], BRAND)


@pytest.mark.parametrize("run", EVERY, ids=lambda run: run.playbook)
def test_a_run_that_has_what_it_needs_starts(run):
    assert checked(run, PLAYBOOKS[run.playbook], BRAND) == run
