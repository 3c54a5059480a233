"""Re-planning with least change: what moves, what stays, and how it is told."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.plan_checker import broken
from studio.brand import Brand
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.inputs import Request
from studio.planning.known import Known
from studio.planning.planner import Planner
from studio.planning.revision import Change, diff
from studio.planning.rules import PlanRules, WeeklyEvent
from studio.resources import content_library
from studio.vocabulary import Channel, Pillar, Stage, Status

FOLDERS = [content_library() / "occasions"]
START = WeekId(2026, 49)
CLASS = WeeklyEvent(3, time(20), Channel.GROUP, "养生小课堂")
BRAND = Brand.model_validate(
    {
        "products": [{"id": "pear", "name": "梨"}, {"id": "plum", "name": "李子"}],
        "segments": [{"id": "mom", "name": "宝妈", "need": "省心", "best_hours": [13, 21]}],
    }
)


def planner(brand=BRAND, folders=FOLDERS, **rules):
    return Planner(brand, PlanRules(weekly_events=(CLASS,), **rules), folders)


@pytest.fixture(scope="module")
def week():
    """A planned week of fourteen."""
    return planner().plan(START, posts=14)[0]


def legal(proposal, **more):
    return broken(list(proposal.week.slots), planner().rules, **more)


def ids(steps):
    return [step.slot_id for step in steps]


def test_a_week_without_any_change_stays_as_it_is(week):
    proposal = planner().adjust(week, Change())
    assert proposal.week.slots == week.slots
    assert proposal.diff.steps == ()
    assert proposal.diff.kept == week.slots


def test_a_sick_day_moves_its_slots_and_nothing_else(week):
    day = START.days[3]
    there = [slot for slot in week.slots if slot.date == day]
    proposal = planner().adjust(week, Change(blocked=[day]))
    assert sorted(ids(proposal.diff.moved)) == sorted(slot.id for slot in there)
    assert len(proposal.diff.besides(ids(proposal.diff.moved))) == 0
    assert not [slot for slot in proposal.week.slots if slot.date == day]
    assert legal(proposal) == []


def test_a_moved_slot_says_where_it_came_from(week):
    day = START.days[3]
    proposal = planner().adjust(week, Change(blocked=[day]))
    for step in proposal.diff.moved:
        assert step.after.why.startswith(f"从周四 {step.before.time:%H:%M}挪来")
        assert f"从周四 {step.before.time:%H:%M} 挪到周" in step.sentence
        assert step.before.theme == step.after.theme


def test_a_slot_moved_onto_another_makes_only_that_one_give_way(week):
    slot, other = week.slots[0], week.slots[9]
    by_hand = replace(slot, date=other.date, time=other.time)
    proposal = planner().adjust(week, Change(slots=[by_hand]))
    assert by_hand in proposal.week.slots
    assert ids(proposal.diff.besides([slot.id])) == [other.id]
    assert legal(proposal, fixed=[by_hand]) == []


def test_a_deleted_slot_is_not_made_up_for_this_week(week):
    gone = week.slots[4]
    proposal = planner().adjust(week, Change(deleted=[gone.id]))
    assert ids(proposal.diff.removed) == [gone.id]
    assert proposal.diff.besides([gone.id]) == ()
    assert proposal.diff.removed[0].sentence.startswith("去掉周")


def test_a_third_product_post_by_hand_sends_another_away(week):
    ad = next(slot for slot in week.slots if slot.pillar is Pillar.PRODUCT)
    new = [
        replace(ad, id=f"hand-{hour}", time=time(hour, 5), locked=True)
        for hour in (9, 11)
    ]  # fmt: skip
    proposal = planner().adjust(week, Change(slots=new))
    assert ids(proposal.diff.added) == ["hand-9", "hand-11"]
    assert ad.id in ids(proposal.diff.moved)
    assert legal(proposal, fixed=new) == []


def test_a_product_no_longer_sold_changes_its_posts_where_they_stand(week):
    left = BRAND.model_copy(update={"products": BRAND.products[1:]})
    pears = [slot.id for slot in week.slots if slot.product == "pear"]
    proposal = planner(left).adjust(week, Change())
    assert pears
    assert ids(proposal.diff.changed) == pears
    assert proposal.diff.moved == ()
    assert all(step.after.product == "plum" and "换成" in step.sentence for step in proposal.diff.changed)


def test_a_newly_announced_holiday_gets_one_slot(week, tmp_path):
    (tmp_path / "own.yaml").write_text(
        "source: 店主\nchecked: 2026-11-22\noccasions:\n"
        "  - {name: 开园日, kind: shop, date: 2026-12-03}\n",
        "utf-8",
    )  # fmt: skip
    proposal = planner(folders=[*FOLDERS, tmp_path]).adjust(week, Change(announced=["开园日"]))
    told = [slot for slot in proposal.week.slots if slot.occasion == "开园日"]
    assert len(told) == 1
    assert told[0].date == date(2026, 12, 3)
    assert len(proposal.diff.steps) == 1


def test_a_weekly_event_gives_way_to_nothing_but_a_day_off(week):
    event = next(slot for slot in week.slots if slot.theme == CLASS.theme)
    near = replace(week.slots[0], date=event.date, time=time(19, 30))
    moved = planner().adjust(week, Change(slots=[near])).diff.moved
    assert event.id in ids(moved)
    untouched = planner().adjust(week, Change(slots=[replace(near, time=time(18, 30))]))
    assert event in untouched.week.slots


def test_what_has_begun_or_is_past_never_moves(week):
    opens = datetime(2026, 12, 2, 12)
    begun = replace(week.slots[-1], status=Status.APPROVED)
    now = replace(week, slots=(*week.slots[:-1], begun))
    proposal = planner().adjust(now, Change(blocked=[begun.date, START.days[0]]), opens=opens)
    assert begun in proposal.week.slots
    for slot in week.slots:
        if slot.when < opens:
            assert slot in proposal.week.slots


def test_a_playbook_started_meanwhile_adds_its_step_and_a_deleted_step_stays_away(week):
    step = Request("launch", "亮相", START.days[4], None, Channel.MOMENTS, Pillar.VALUE, Stage.DECISION, "新梨上市")
    known = Known(requests=[step])
    added = planner().adjust(week, Change(), known=known)
    assert [item.after.playbook for item in added.diff.steps] == ["launch"]
    gone = added.diff.added[0].slot_id
    again = planner().adjust(added.week, Change(deleted=[gone]), known=known)
    assert ids(again.diff.steps) == [gone]


def test_a_week_of_which_everything_is_blocked_loses_its_slots_with_a_reason(week):
    proposal = planner().adjust(week, Change(blocked=START.days))
    assert proposal.week.slots == ()
    assert len(proposal.diff.removed) == 14
    assert any("放不下了：那天停发" in line for line in proposal.week.relaxed)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 13), st.integers(0, 6), st.integers(9, 20), st.booleans())
def test_one_change_by_hand_keeps_every_hard_rule_and_most_of_the_week(week, index, day, hour, is_locked):
    by_hand = replace(week.slots[index], date=START.days[day], time=time(hour, 15), locked=is_locked)
    proposal = planner().adjust(week, Change(slots=[by_hand]))
    assert legal(proposal, fixed=[by_hand]) == []
    assert len(proposal.diff.besides([by_hand.id])) <= 4
    assert {slot.id for slot in proposal.week.slots} == {slot.id for slot in week.slots}


def test_a_diff_tells_apart_what_moved_changed_came_and_went(week):
    first, second, third, *rest = week.slots
    after = replace(
        week,
        slots=(
            replace(first, time=time(23, 1)),
            replace(second, theme="别的"),
            replace(first, id="new"),
            *rest,
        ),
    )
    found = diff(week, after)
    assert [ids(part) for part in (found.moved, found.changed, found.added, found.removed)] == [
        [first.id], [second.id], ["new"], [third.id],
    ]  # fmt: skip
    assert found.kept == tuple(rest)
    assert [item["sentence"] for item in found.to_json()["added"]] == [found.added[0].sentence]


def test_a_slot_and_a_week_come_back_from_their_json(week):
    assert Week.from_json(week.to_json()) == week
    assert Slot.from_json(week.slots[0].to_json()) == week.slots[0]
