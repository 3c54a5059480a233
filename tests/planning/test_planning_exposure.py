"""What every customer sees, counted together and counted one by one; which rules that breaks."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.audience.customers import Customer
from studio.audience.tiers import read_tiers
from studio.brand import Segment
from studio.planning.breaches import ReaderRule
from studio.planning.calendar import Slot, WeekId
from studio.planning.exposure import direct_left, exposure
from studio.planning.inputs import AudienceClass, Touch
from studio.planning.limits import read_limits
from studio.planning.readers import classes
from studio.planning.rules import PlanRules
from studio.planning.seen import PILLARS, Traffic, seen
from studio.resources import content_library
from studio.vocabulary import Channel, Pillar, Stage, Status

WEEK = WeekId.parse("2026-W48")
MONDAY = WEEK.monday
TIERS, _ = read_tiers([content_library() / "tiers.yaml"])
LIMITS, _ = read_limits([content_library() / "limits"])
SEGMENTS = [Segment(id=name, name=name, need="x", all_tags=(name,)) for name in ("a", "b", "nobody")]
CUSTOMERS = [
    Customer("1", tags=frozenset({"a"})),
    Customer("2", tags=frozenset({"a", "b"})),
    Customer("3"),
    Customer("4", tags=frozenset({"a"})),
]


def slot(day=0, hour=12, channel=Channel.MOMENTS, pillar=Pillar.LIFESTYLE, segment=None, **more):
    values = {
        "id": f"{day}-{hour}-{channel}-{segment}",
        "date": MONDAY + timedelta(days=day),
        "time": time(hour),
        "channel": channel,
        "pillar": pillar,
        "stage": Stage.AWARENESS,
        "segment": segment,
        "theme": "采枸杞",
        "occasion": None,
        "product": None,
        "why": "",
    }
    return Slot(**values | more)


def direct(day, segment=None, pillar=Pillar.PRODUCT, **more):
    return slot(day, channel=Channel.DIRECT, pillar=pillar, segment=segment, **more)


def touch(day, *customers, hour=10, pillar=Pillar.PRODUCT):
    return Touch("b", "第一步", datetime.combine(MONDAY + timedelta(days=day), time(hour)), pillar, "问候", customers)


def readers(customers=CUSTOMERS, segments=SEGMENTS):
    return classes(customers, segments, MONDAY, TIERS)


def shown(slots=(), touches=(), customers=CUSTOMERS, close=None, **rules):
    more = {} if close is None else {"close": close}
    return exposure([WEEK], readers(customers), Traffic(slots, touches), PlanRules(**rules), LIMITS, **more)


def broken(found):
    return [(breach.rule, breach.day, breach.customers) for breach in found.breaches]


def test_customers_in_the_same_segments_are_one_class_and_an_empty_segment_is_reported():
    found = readers()
    assert sorted((sorted(item.segments), item.size) for item in found.classes) == [
        ([], 1),
        (["a"], 2),
        (["a", "b"], 1),
    ]
    assert found.index[0] == found.index[3] != found.index[1]
    assert [problem.field for problem in found.problems] == ["nobody"]


def test_a_shop_without_customers_has_one_class_of_friends():
    found = readers([])
    assert found.classes == (AudienceClass(frozenset(), 0),)
    assert found.problems == ()


def test_more_than_sixty_four_segments_keep_their_classes_apart():
    segments = [Segment(id=f"s{n}", name=f"s{n}", need="x", all_tags=(f"t{n}",)) for n in range(130)]
    customers = [Customer(str(n), tags=frozenset({f"t{n}"})) for n in range(130)]
    found = readers(customers, segments)
    assert [found.classes[row].segments for row in found.index] == [{f"s{n}"} for n in range(130)]


def test_a_one_to_one_post_reaches_its_segment_and_any_other_everybody():
    week = [slot(0, channel=Channel.GROUP, segment="b"), direct(0, "a"), direct(0, "nobody"), direct(0, None)]
    counts = seen([WEEK], readers(), Traffic(week))
    assert counts.posts.sum(axis=0)[:, 0].tolist() == [3, 3, 2, 3]
    assert counts.messages[:, 0].tolist() == [2, 2, 1, 2]
    assert not counts.posts[:, :, 1:].any()


def test_skipped_slots_are_seen_by_nobody_and_posted_ones_count():
    week = [slot(1, status=Status.SKIPPED), slot(2, status=Status.POSTED)]
    assert seen([WEEK], readers(), Traffic(week)).posts.sum(axis=0)[0].tolist() == [0, 0, 1, 0, 0, 0, 0]


SEGMENT_IDS = st.sampled_from([None, "a", "b", "nobody", "gone"])
SLOTS = st.lists(
    st.builds(
        slot,
        day=st.integers(-3, 16),
        channel=st.sampled_from(Channel),
        pillar=st.sampled_from(Pillar),
        segment=SEGMENT_IDS,
        status=st.sampled_from(Status),
    ),
    max_size=15,
)
TOUCHES = st.lists(
    st.builds(lambda day, pillar, who: touch(day, *who, pillar=pillar), st.integers(-3, 16), st.sampled_from(Pillar),
              st.lists(st.sampled_from(["1", "2", "3", "4", "gone"]), max_size=5)),
    max_size=5,
)  # fmt: skip


@settings(max_examples=100)
@given(slots=SLOTS, touches=TOUCHES)
def test_counting_all_customers_at_once_is_counting_them_one_by_one(slots, touches):
    weeks = [WEEK, WEEK.plus(1)]
    counts = seen(weeks, readers(), Traffic(slots, touches))
    for row, customer in enumerate(CUSTOMERS):
        posts = [
            (item.date, item.pillar, item.channel is Channel.DIRECT)
            for item in slots
            if item.status is not Status.SKIPPED
            and (item.channel is not Channel.DIRECT or item.segment in {None, *customer.tags})
        ]
        posts += [
            (item.when.date(), item.pillar, True)
            for item in touches
            for other in item.customers
            if other == customer.id
        ]
        for column, day in enumerate(counts.days):
            of_day = [post for post in posts if post[0] == day]
            assert counts.posts[:, row, column].tolist() == [[p for _, p, _ in of_day].count(x) for x in PILLARS]
            assert counts.messages[row, column] == sum(is_direct for _, _, is_direct in of_day)
        for (year, month), column in counts.monthly.items():
            sent = [post for post in posts if post[2] and (post[0].year, post[0].month) == (year, month)]
            assert column[row] == len(sent)


def test_a_third_advertisement_on_one_day_breaks_the_rule_for_those_who_see_it():
    week = [slot(1, 10, pillar=Pillar.PRODUCT), slot(1, 15, pillar=Pillar.PRODUCT), direct(1, "a")]
    found = shown(week)
    assert broken(found) == [(ReaderRule.ADS, MONDAY + timedelta(days=1), 3)]
    message = found.breaches[0].message
    assert message.startswith("11月24日（周二）有 3 位客户会看到 3 条产品，上限是 2 条")
    assert broken(shown(week, max_product_per_day=3)) == []


def test_playbook_messages_count_against_the_same_caps():
    week = [slot(1, 10, pillar=Pillar.PRODUCT), direct(1, "b")]
    found = shown(week, [touch(1, "2", "3")])
    assert broken(found) == [
        (ReaderRule.ADS, MONDAY + timedelta(days=1), 1),
        (ReaderRule.MESSAGES_A_DAY, MONDAY + timedelta(days=1), 1),
    ]


def test_the_budget_of_a_month_counts_messages_outside_the_weeks_shown():
    november = [touch(-day, "1", pillar=Pillar.VALUE) for day in range(23)]
    rest = [touch(day, "1", pillar=Pillar.VALUE) for day in range(1, 8)]
    assert broken(shown(touches=[*november, *rest])) == []
    found = shown(touches=[*november, *rest, touch(-30, "1", pillar=Pillar.VALUE), touch(-1, "1", pillar=Pillar.VALUE)])
    assert broken(found) == [(ReaderRule.MESSAGES_A_MONTH, date(2026, 11, 1), 1)]
    assert "2026年11月有 1 位客户会收到 31 条群发，企业微信当月最多送达 30 条" in found.breaches[0].message


def test_a_group_gets_no_more_messages_a_month_than_it_has_days():
    posts = [slot(-day, channel=Channel.GROUP) for day in range(23)] + [slot(d, 9, Channel.GROUP) for d in range(7)]
    assert broken(shown(posts)) == []
    found = shown([*posts, slot(0, 20, Channel.GROUP)])
    assert broken(found) == [(ReaderRule.MESSAGES_A_MONTH, date(2026, 11, 1), 4)]
    assert "社群排了 31 条" in found.breaches[0].message


def test_quiet_hours_are_named_for_those_they_would_wake():
    week = [
        direct(0, "a", hour=23, pillar=Pillar.VALUE),
        slot(1, 23, status=Status.POSTED),
        direct(2, "nobody", hour=23),
    ]
    found = shown(week, [touch(3, "3", "gone", hour=6)])
    assert broken(found) == [
        (ReaderRule.QUIET_HOURS, MONDAY, 3),
        (ReaderRule.QUIET_HOURS, MONDAY + timedelta(days=3), 1),
    ]
    assert "会在 23:00 收到「采枸杞」" in found.breaches[0].message


def test_what_is_close_in_meaning_is_named_while_it_can_still_be_changed():
    asked = []

    def close(theme, segment, on):
        asked.append((theme, segment, on))
        return segment == "a"

    week = [direct(0, "a", pillar=Pillar.VALUE), slot(1), slot(2, status=Status.POSTED)]
    found = shown(week, close=close)
    assert broken(found) == [(ReaderRule.COOLDOWN, MONDAY, 3)]
    assert asked == [("采枸杞", "a", MONDAY), ("采枸杞", None, MONDAY + timedelta(days=1))]


def test_pressure_is_told_as_a_distribution():
    week = [slot(0, pillar=Pillar.PRODUCT), slot(1, pillar=Pillar.VALUE), direct(0, "a"), direct(2, "b", Pillar.VALUE)]
    found = shown(week)
    posts = found.weeks[0].posts
    assert (posts.least, posts.median, posts.p90, posts.most) == (2, 3, 4, 4)
    assert posts.histogram == {2: 1, 3: 2, 4: 1}
    assert found.weeks[0].mix[Pillar.PRODUCT] == pytest.approx((2 / 3 + 2 / 4 + 1 / 2 + 2 / 3) / 4)
    assert (found.ads[0].highest, found.ads[0].mean) == (2, 1.75)
    assert len(found.ads) == 7


def test_the_answer_is_plain_json():
    found = json.loads(json.dumps(shown([slot(0, 23, pillar=Pillar.PRODUCT)]).to_json(), allow_nan=False))
    assert found["customers"] == 4
    assert found["violations"][0]["rule"] == "quiet_hours"
    assert found["weeks"][0]["posts"]["histogram"] == [{"posts": 1, "customers": 4}]
    assert found["ads"][0] == {"date": "2026-11-23", "highest": 1, "mean": 1.0}


def test_without_customers_the_friend_in_no_segment_is_shown_and_nobody_is_counted():
    found = shown([slot(0, hour, pillar=Pillar.PRODUCT) for hour in (9, 12, 15)], customers=[])
    assert found.customers == 0
    assert found.ads[0].highest == 3
    assert broken(found) == [(ReaderRule.ADS, MONDAY, 0)]
    assert "每位好友会看到 3 条产品" in found.breaches[0].message


def test_what_a_class_may_still_get_this_month_is_what_its_worst_off_member_may():
    found = readers()
    left = direct_left(found, Traffic([direct(0, "a"), direct(9)], [touch(1, "1", "3"), touch(2, "1")]), MONDAY, LIMITS)
    by_class = {tuple(sorted(item.segments)): count for item, count in zip(found.classes, left, strict=True)}
    assert by_class == {(): 29, ("a",): 27, ("a", "b"): 29}
    assert direct_left(found, Traffic([direct(-day) for day in range(23)] * 2), MONDAY, LIMITS) == (0, 0, 0)
    assert direct_left(readers([]), Traffic([direct(0)]), MONDAY, LIMITS) == (29,)
