"""The solver's own promises: hard rules held against a second checker, proofs, wishes, and clashes explained."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.plan_checker import broken
from benchmarks.planning import START, try_shop
from studio.brand import Brand
from studio.errors import InputError
from studio.planning.calendar import WeekId
from studio.planning.inputs import AudienceClass, BestHours, Request, Touch
from studio.planning.known import Known, Reached, reached_by
from studio.planning.planner import Planner
from studio.planning.rules import PlanRules, Published, WeeklyEvent
from studio.resources import content_library
from studio.vocabulary import Channel, Mix, Pillar, Stage

FOLDERS = [content_library() / "occasions"]
MOMENTS_AND_DIRECT = {Channel.MOMENTS: 1, Channel.DIRECT: 1}
TUESDAY = START.days[1]


def planner(segments=(), **rules):
    brand = Brand.model_validate({"segments": [{"name": item["id"], "need": "x", **item} for item in segments]})
    return Planner(brand, PlanRules(**rules), FOLDERS)


def step(day, moment=None, **changes):
    asked = Request("launch", "亮相", day, moment, Channel.MOMENTS, Pillar.PRODUCT, Stage.DECISION, "新梨上市")
    return replace(asked, **changes)


def week_of(made, **wanted):
    return made.plan(START, **wanted)[0]


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10_000))
def test_random_shops_keep_every_hard_rule_and_the_mix(seed):
    found = try_shop(seed)
    assert found.breaches == []
    assert not found.touched
    assert not found.unsteady
    if found.drift:
        _, prefix, _ = found.drift
        assert prefix < 1
    if found.greedy and found.greedy[0] is not None:
        greedy, best, bound = found.greedy
        assert bound <= best <= greedy


def test_the_checker_finds_what_it_is_there_for():
    readers = AudienceClass(frozenset({"a"}), 5)
    made = planner([{"id": "a"}])
    slots = list(week_of(made, posts=7).slots)
    ads = [replace(slots[0], id=f"x{i}", time=time(9 + 3 * i), pillar=Pillar.PRODUCT) for i in range(3)]
    direct = [replace(slots[0], id=f"d{i}", time=time(8 + 5 * i), channel=Channel.DIRECT, segment="a") for i in (0, 1)]
    rules = PlanRules()

    def found(changed, **more):
        return " ".join(broken(changed, rules, audience=[readers], **more))

    assert found(slots) == ""
    assert "ads of a customer" in found(ads)
    assert "one-to-one of a day" in found(direct)
    assert "one-to-one of a month" in found(direct[:1], direct_left={(2026, 11): {readers: 0}})
    assert "gap" in found([*slots, replace(slots[0], id="y", time=time(slots[0].time.hour, 59))])
    assert "quiet hours" in found([replace(slots[0], time=time(3))])
    assert "blocked day" in found(slots, blocked=[slots[0].date])
    assert "fixed slot" in found(slots[1:], fixed=slots[:1])
    assert "ads of a customer" in found(ads[:2], reached={(ads[0].date, readers): Reached(ads=1)})


def test_weeks_of_fourteen_are_proven_optimal_and_say_so():
    weeks = planner([{"id": "a", "best_hours": [9, 20]}, {"id": "b"}]).plan(START, 4, posts=14)
    for week in weeks:
        assert week.quality["status"] == "optimal"
        assert week.quality["objective"] == week.quality["bound"]


def test_a_request_stands_at_its_hour_and_says_which_step_it_is():
    week = week_of(planner(), posts=7, known=Known(requests=[step(TUESDAY, time(15, 20))]))
    (slot,) = [slot for slot in week.slots if slot.playbook == "launch"]
    assert (slot.date, slot.time, slot.theme, slot.pillar) == (TUESDAY, time(15, 20), "新梨上市", Pillar.PRODUCT)
    assert slot.why.startswith("剧本这一步：亮相")
    assert len(week.slots) == 7


def test_two_requests_for_one_hour_both_stand_on_their_day_a_gap_apart():
    asked = [step(TUESDAY, time(20)), step(TUESDAY, time(20), theme="老客先尝", pillar=Pillar.VALUE)]
    week = week_of(planner(), posts=7, known=Known(requests=asked))
    times = [slot.when for slot in week.slots if slot.playbook]
    assert len(times) == 2
    assert times[1] - times[0] >= timedelta(minutes=60)


def test_requests_beyond_a_hard_rule_come_back_as_sentences():
    asked = [step(TUESDAY, theme=f"第{n}遍") for n in range(3)]
    week = week_of(planner(), posts=14, known=Known(requests=asked))
    assert sum(slot.playbook == "launch" for slot in week.slots) == 2
    assert any(line.startswith("剧本的「亮相」周二没排：") for line in week.relaxed)
    none = week_of(planner(), posts=7, known=Known(requests=[step(TUESDAY)], blocked=frozenset({TUESDAY})))
    assert any("那天停发" in line for line in none.relaxed)


def test_a_request_that_already_stands_is_not_placed_twice():
    known = Known(requests=[step(TUESDAY)])
    first = week_of(planner(), posts=7, known=known)
    locked = [replace(slot, locked=True) for slot in first.slots if slot.playbook]
    again = week_of(planner(), posts=7, known=known, existing=locked)
    assert sum(slot.playbook == "launch" for slot in again.slots) == 1


def test_customers_who_get_ads_from_a_playbook_are_spared_others_that_day():
    readers = AudienceClass(frozenset(), 10)
    known = Known(audience=[readers], reached={(day, readers): Reached(ads=1) for day in START.days})
    week = week_of(planner(mix=Mix(1, 0, 1)), posts=14, known=known)
    ads = Counter(slot.date for slot in week.slots if slot.pillar is Pillar.PRODUCT)
    assert max(ads.values()) == 1


def test_touches_count_for_the_most_written_to_customer_of_a_class():
    readers = AudienceClass(frozenset({"a"}), 2)
    when = date(2026, 12, 1)
    touches = [
        Touch("wake", "问候", datetime(2026, 12, 1, hour), pillar, "x", customers)
        for hour, pillar, customers in ((9, Pillar.PRODUCT, ("u",)), (10, Pillar.VALUE, ("u", "v", "stranger")))
    ]
    assert reached_by(touches, {"u": readers, "v": readers}) == {(when, readers): Reached(ads=1, direct=2)}


def test_a_customer_gets_one_direct_message_a_day_and_no_more_than_the_month_leaves():
    segments = [{"id": "a", "channels": ["一对一"]}, {"id": "b", "channels": ["一对一"]}]
    both = AudienceClass(frozenset({"a", "b"}), 3)
    made = planner(segments, channels=MOMENTS_AND_DIRECT)
    days = Counter(slot.date for slot in week_of(made, posts=14).slots if slot.channel is Channel.DIRECT)
    assert max(days.values()) == 1
    known = Known(audience=[both], direct_left={(2026, 12): {both: 3}})
    weeks = made.plan(START, 3, posts=14, known=known)
    december = [slot for week in weeks for slot in week.slots if slot.date.month == 12]
    assert sum(slot.channel is Channel.DIRECT for slot in december) == 3


def test_separate_customers_may_each_get_a_direct_message_the_same_day():
    segments = [{"id": "a", "channels": ["一对一"]}, {"id": "b", "channels": ["一对一"]}]
    apart = [AudienceClass(frozenset({name}), 3) for name in "ab"]
    week = week_of(planner(segments, channels={Channel.DIRECT: 1}), posts=14, known=Known(audience=apart))
    assert Counter(slot.date for slot in week.slots) == dict.fromkeys(START.days, 2)


def test_large_segments_get_more_posts_and_empty_ones_none():
    sizes = {"a": 300, "b": 100, "c": 0}
    known = Known(audience=[AudienceClass(frozenset({name}), size) for name, size in sizes.items()])
    slots = [
        slot
        for week in planner([{"id": name} for name in sizes]).plan(START, 4, posts=14, known=known)
        for slot in week.slots
    ]
    assert Counter(slot.segment for slot in slots) == {"a": 42, "b": 14}


def test_measured_hours_decide_and_say_how_much_they_know():
    made = planner([{"id": "a", "best_hours": [9]}])
    known = Known(hours={"a": BestHours((21, 13), 34)})
    slots = week_of(made, posts=7, known=known).slots
    assert {slot.time.hour for slot in slots} == {21}
    assert any("按 34 条的数据，21 点看的人多" in slot.why for slot in slots)


def test_channels_keep_their_weights_over_weeks_that_are_too_short_for_them():
    slots = [
        slot
        for week in planner(channels={Channel.MOMENTS: 7, Channel.GROUP: 3}).plan(START, 4, posts=5)
        for slot in week.slots
    ]
    assert Counter(slot.channel for slot in slots) == {Channel.MOMENTS: 14, Channel.GROUP: 6}


def test_a_channel_that_was_overdone_rests():
    history = [Published(START.plus(-1).days[i], Pillar.VALUE, channel=Channel.GROUP) for i in range(7)]
    made = planner(channels={Channel.MOMENTS: 1, Channel.GROUP: 1})
    counts = Counter(slot.channel for slot in week_of(made, posts=6, history=history).slots)
    assert counts[Channel.MOMENTS] > counts[Channel.GROUP]


def test_a_theme_close_to_what_was_seen_waits():
    brand = Brand.model_validate(
        {"facts": [{"text": t, "source": "x", "topic": t, "pillar": "生活"} for t in ("雨天收果", "下雨摘果")]}
    )
    made = Planner(brand, PlanRules(), FOLDERS)
    known = Known(close=lambda theme, segment, on: "摘果" in theme)
    themes = [slot.theme for slot in week_of(made, posts=7, known=known).slots]
    assert "雨天收果" in themes
    assert "下雨摘果" not in themes


@pytest.mark.parametrize(
    ("rules", "known", "posts", "names", "way"),
    [
        ({"min_gap_minutes": 120}, Known(), 60, ["间隔 120 分钟", "免打扰时段 22:30-07:30"], "把间隔从 120 分钟改成 90 分钟，就放得下 60 条"),
        ({"mix": Mix(10, 0, 0)}, Known(), 20, ["每天最多 2 条产品类"], "把每天产品类的上限从 2 条改成 3 条，就放得下 20 条"),
        ({"channels": {Channel.DIRECT: 1}}, Known(), 14, ["同一位客户一天最多 1 条一对一"], "加上朋友圈这个渠道，就放得下 14 条"),
        ({}, Known(blocked=frozenset(START.days)), 7, ["每天都停发"], "周一照常发，就放得下 7 条"),
    ],
)  # fmt: skip
def test_a_clash_names_its_rules_and_offers_ways_that_really_work(rules, known, posts, names, way):
    with pytest.raises(InputError) as refused:
        week_of(planner(**rules), posts=posts, known=known)
    told = str(refused.value)
    reasons = told.split("但")[1].split("，只放得下", maxsplit=1)[0]
    assert reasons == "和".join(f"「{name}」" for name in names)
    assert way in told


def test_the_ways_out_of_a_clash_do_what_they_say():
    narrow = {"min_gap_minutes": 120}
    with pytest.raises(InputError, match="少排 4 条"):
        week_of(planner(**narrow), posts=60)
    assert len(week_of(planner(**narrow), posts=56).slots) == 56
    assert len(week_of(planner(min_gap_minutes=90), posts=60).slots) == 60


def test_fixed_slots_on_a_day_off_stay_and_are_named():
    locked = [replace(slot, locked=True) for slot in week_of(planner(), posts=7).slots if slot.date == TUESDAY]
    week = week_of(planner(), posts=7, existing=locked, known=Known(blocked=frozenset({TUESDAY})))
    assert [slot for slot in week.slots if slot.date == TUESDAY] == locked
    assert any("周二停发，但有 1 条已定的没有动" in line for line in week.relaxed)


def test_a_weekly_event_keeps_its_hour_when_the_week_is_full_of_others():
    event = WeeklyEvent(2, time(20), Channel.GROUP, "小课堂")
    week = week_of(planner(weekly_events=(event,)), posts=60)
    assert any(slot.theme == "小课堂" and (slot.date, slot.time) == (TUESDAY, time(20)) for slot in week.slots)


def test_week_53_with_a_budget_for_each_of_its_months():
    readers = AudienceClass(frozenset(), 1)
    known = Known(audience=[readers], direct_left={(2026, 12): {readers: 1}, (2027, 1): {readers: 1}})
    made = planner(channels=MOMENTS_AND_DIRECT)
    (week,) = made.plan(WeekId(2026, 53), posts=14, known=known)
    months = Counter(slot.date.month for slot in week.slots if slot.channel is Channel.DIRECT)
    assert months == {12: 1, 1: 1}


def test_planning_loads_the_solver_only_when_it_plans(run_python):
    code = "import sys, studio.planning.planner; print('ortools' in sys.modules, 'pandas' in sys.modules)"
    assert run_python(code).stdout.split() == ["False", "False"]
