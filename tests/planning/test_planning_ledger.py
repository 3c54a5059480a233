"""The mix ledger: what counts, how far it drifts, and the way back by Sunday."""

from __future__ import annotations

import json
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.planning.calendar import Slot, WeekId
from studio.planning.ledger import ledger, to_get_back
from studio.planning.mix import carry
from studio.planning.rules import Published
from studio.vocabulary import Channel, Mix, Pillar, Stage, Status

P, V, L = Pillar.PRODUCT, Pillar.VALUE, Pillar.LIFESTYLE
MIX = Mix(3, 3, 4)
WEEK = WeekId.parse("2026-W48")
WEDNESDAY = WEEK.days[2]


def posts(pillars, day=WEEK.monday, channel=Channel.MOMENTS, product=None):
    return [Published(day, pillar, None, "x", product, channel) for pillar in pillars]


def slot(pillar, day=WEEK.days[4], status=Status.PLANNED, product=None, channel=Channel.MOMENTS):
    return Slot("s", day, time(12), channel, pillar, Stage.AWARENESS, None, "x", None, product, "", status=status)


def test_only_what_went_out_and_what_is_still_to_come_this_week_counts():
    slots = [
        slot(V),
        slot(V, status=Status.SKIPPED),
        slot(V, status=Status.POSTED),
        slot(V, WEEK.days[1]),
        slot(V, WEEK.plus(1).monday),
    ]
    found = ledger(posts([P, L, L]), slots, MIX, WEDNESDAY, [])
    assert found.shop.published == {P: 1, V: 0, L: 2}
    assert found.shop.planned == {P: 0, V: 1, L: 0}


def test_drift_is_in_posts_and_follows_the_plan_to_sunday():
    found = ledger(posts([P] * 3 + [V] * 3 + [L] * 3), [slot(L)], MIX, WEDNESDAY, []).shop
    assert found.drift == pytest.approx({P: 0.3, V: 0.3, L: -0.6})
    assert found.drift_planned == pytest.approx({P: 0, V: 0, L: 0})
    assert found.shares == pytest.approx({P: 1 / 3, V: 1 / 3, L: 1 / 3})


def test_posts_outside_the_plan_drift_and_are_forgiven_after_four_weeks():
    extra = posts([P] * 10, WEEK.plus(-1).monday)
    assert ledger(extra, [], MIX, WEDNESDAY, []).shop.drift[P] > 5
    later = WEEK.plus(6).days[2]
    assert abs(ledger(extra, [], MIX, later, []).shop.drift[P]) <= 1
    assert ledger(extra, [], MIX, later, []).shop.published == {P: 0, V: 0, L: 0}


def test_every_channel_and_every_product_has_its_own_account():
    out = posts([P, P], product="gouqi") + posts([P], product="fengmi") + posts([V], channel=Channel.GROUP)
    out += posts([L], channel=None) + posts([V], product="fengmi") + posts([P], product="gone")
    found = ledger(
        out, [slot(P, product="xiaomi", channel=Channel.GROUP)], MIX, WEDNESDAY, ["gouqi", "fengmi", "xiaomi"]
    )
    assert list(found.channels) == [Channel.MOMENTS, Channel.GROUP]
    assert found.channels[Channel.GROUP].published == {P: 0, V: 1, L: 0}
    assert found.channels[Channel.GROUP].planned == {P: 1, V: 0, L: 0}
    assert [(item.product, item.published, item.planned) for item in found.products] == [
        ("gouqi", 2, 0),
        ("fengmi", 1, 0),
        ("xiaomi", 0, 1),
    ]
    assert [item.share for item in found.products] == pytest.approx([0.5, 0.25, 0.25])
    assert [item.drift for item in found.products] == pytest.approx([2 / 3, -1 / 3, -1 / 3])


def test_an_empty_shop_has_an_empty_ledger():
    found = ledger([], [], MIX, WEDNESDAY, ["gouqi"])
    assert set(found.shop.drift.values()) == {0}
    assert found.channels == {}
    assert found.products[0].share == 0
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["shop"]["published"]["product"] == 0


def test_the_way_back_says_what_to_post_more_and_less():
    found = to_get_back(posts([P, V, V, L, L, P]), [slot(P), slot(P), slot(V), slot(L)], MIX, WEDNESDAY, 7)
    assert found.changes == {P: -1, V: 0, L: 1}
    assert found.sentence == "到周日再发 1 条生活、少发 1 条产品，周日就在 3:3:4 上"


def test_a_plan_that_ends_on_target_needs_no_change():
    found = to_get_back(posts([P, P, P, V, V]), [slot(V), *[slot(L)] * 4], MIX, WEDNESDAY, 10)
    assert set(found.changes.values()) == {0}
    assert found.sentence == "照计划发，周日就在 3:3:4 上"


def test_with_nothing_planned_the_rest_of_the_week_is_told():
    found = to_get_back(posts([P, V]), [], MIX, WEDNESDAY, 10)
    assert found.changes == {P: 2, V: 2, L: 4}


def test_what_one_week_cannot_mend_is_left_to_the_next_and_said():
    found = to_get_back(posts([P] * 12), [slot(L), slot(V)], MIX, WEDNESDAY, 14)
    assert found.changes[P] == 0
    assert found.drift[P] > 1
    assert f"产品还多 {found.drift[P]:.1f} 条" in found.sentence
    assert found.sentence.endswith("下周接着补")


PILLARS = st.lists(st.sampled_from(Pillar), max_size=12)


@settings(max_examples=100)
@given(
    weeks=st.lists(PILLARS, max_size=6),
    done=PILLARS,
    coming=PILLARS,
    usual=st.integers(0, 20),
    mix=st.builds(Mix, *[st.integers(1, 9)] * 3),
)
def test_following_the_way_back_keeps_what_is_done_and_ends_where_it_says(weeks, done, coming, usual, mix):
    out = posts(done)
    for number, pillars in enumerate(weeks):
        out += posts(pillars, WEEK.plus(number - len(weeks)).monday)
    found = to_get_back(out, [slot(pillar) for pillar in coming], mix, WEDNESDAY, usual)
    wanted = {pillar: done.count(pillar) + coming.count(pillar) + found.changes[pillar] for pillar in Pillar}
    assert all(wanted[pillar] >= done.count(pillar) for pillar in Pillar)
    assert sum(wanted.values()) == max(len(done) + len(coming), usual)
    followed = posts([pillar for pillar, count in wanted.items() for _ in range(count)])
    before = [item for item in out if item.date < WEEK.monday]
    assert ledger(before + followed, [], mix, WEDNESDAY, []).shop.drift == pytest.approx(found.drift)
    assert ("下周接着补" in found.sentence) == any(abs(value) >= 1 for value in found.drift.values())


@settings(max_examples=50)
@given(weeks=st.lists(PILLARS, min_size=1, max_size=8))
def test_the_drift_is_what_the_planner_carries(weeks):
    first = WEEK.plus(1 - len(weeks))
    out = [post for number, pillars in enumerate(weeks) for post in posts(pillars, first.plus(number).monday)]
    counted = [{pillar: pillars.count(pillar) for pillar in Pillar} for pillars in weeks]
    assert ledger(out, [], MIX, WEEK.days[6], []).shop.drift == pytest.approx(carry(MIX, counted))


def test_what_lies_more_than_a_year_back_or_ahead_of_today_is_left_out():
    old = posts([P] * 5, WEEK.monday - timedelta(weeks=60)) + posts([V], date(2027, 3, 1))
    assert ledger(old, [], MIX, WEDNESDAY, []) == ledger([], [], MIX, WEDNESDAY, [])
