"""The weeks of the sample shop: adjusted, accepted, undone, and what counts as published."""

from dataclasses import replace
from datetime import date, time

import pytest

from studio.errors import InputError
from studio.library.posts import Post
from studio.planning.calendar import WeekId
from studio.planning.revision import Change
from studio.vocabulary import Channel, Pillar, Status

WEEK = WeekId(2026, 49)


@pytest.fixture
def schedule(demo_workspace):
    """The weeks of the sample shop, next week planned."""
    demo_workspace.schedule.save(demo_workspace.schedule.plan(WEEK))
    return demo_workspace.schedule


@pytest.fixture
def editorial(schedule, demo_workspace):
    return demo_workspace.editorial


def slots(workspace):
    return workspace.store.calendar.slots(WEEK.days[0], WEEK.days[-1])


def test_a_sick_day_is_proposed_accepted_kept_free_and_undone(schedule, demo_workspace):
    before, day = slots(demo_workspace), WEEK.days[2]
    proposal = schedule.adjust(WEEK, Change(blocked=[day]))
    assert slots(demo_workspace) == before
    schedule.accept(proposal, "周三停发")
    assert [item.when for item in slots(demo_workspace)] == [item.when for item in proposal.week.slots]
    assert not [item for item in schedule.plan(WEEK, seed=3)[0].slots if item.date == day]
    assert schedule.revisions(WEEK)[0].reason == "周三停发"
    schedule.block([day], blocked=False)
    undone = schedule.undo(WEEK)
    assert [replace(item, version=1) for item in undone.slots] == [replace(item, version=1) for item in before]
    assert [item for item in schedule.plan(WEEK, seed=3)[0].slots if item.date == day]


def test_a_drafted_slot_moved_by_hand_stays_where_it_was_put(schedule, editorial, demo_workspace):
    first = slots(demo_workspace)[0]
    editorial.draft(first.id, offline=True)
    drafted = demo_workspace.store.calendar.slot(first.id)
    moved = replace(drafted, date=WEEK.days[6], time=time(16, 0))
    schedule.accept(schedule.adjust(WEEK, Change(slots=[moved])), "挪到周日")
    found = demo_workspace.store.calendar.slot(first.id)
    assert (found.date, found.time, found.status) == (WEEK.days[6], time(16, 0), Status.DRAFTED)
    assert demo_workspace.store.drafts.for_slot(first.id)


def test_an_undo_brings_back_places_and_locks_but_keeps_what_was_written(schedule, editorial, demo_workspace):
    first, second = slots(demo_workspace)[:2]
    moved = replace(first, date=WEEK.days[6], time=time(16, 0), locked=True)
    schedule.accept(schedule.adjust(WEEK, Change(slots=[moved])), "挪到周日")
    editorial.draft(second.id, offline=True)
    schedule.undo(WEEK)
    found = {item.id: item for item in slots(demo_workspace)}
    assert (found[first.id].when, found[first.id].locked) == (first.when, False)
    assert demo_workspace.store.drafts.for_slot(second.id)
    schedule.undo(WEEK)
    assert demo_workspace.store.calendar.slot(first.id).when == moved.when
    with pytest.raises(InputError, match="太旧"):
        schedule.go_back(WEEK, "gone")


def test_a_week_that_was_never_planned_cannot_be_adjusted(schedule):
    with pytest.raises(InputError, match="还没有排过"):
        schedule.adjust(WEEK.plus(5), Change())
    assert schedule.undo(WEEK.plus(5)) is None


def test_a_skipped_slot_does_not_count_and_a_post_outside_the_plan_does(schedule, editorial, demo_workspace):
    first = slots(demo_workspace)[0]
    before = schedule.history(WEEK.plus(1).monday)
    editorial.set_status(first.id, Status.SKIPPED)
    extra = Post("extra", "临时发的一条", Pillar.PRODUCT, Channel.GROUP, date(2026, 11, 20))
    demo_workspace.store.posts.add([extra])
    after = schedule.history(WEEK.plus(1).monday)
    assert len(after) == len(before)
    assert [(item.pillar, item.channel) for item in after if item.text == extra.text] == [
        (Pillar.PRODUCT, Channel.GROUP)
    ]
    assert not [item for item in after if item.date == first.date and item.text == first.theme]


def test_the_mix_pays_back_what_was_skipped(schedule, editorial, demo_workspace):
    plan_after = schedule.plan(WEEK.plus(1))[0].mix["planned"]["lifestyle"]
    for item in slots(demo_workspace):
        if item.pillar is Pillar.LIFESTYLE:
            editorial.set_status(item.id, Status.SKIPPED)
    assert schedule.plan(WEEK.plus(1))[0].mix["planned"]["lifestyle"] > plan_after


def test_days_off_long_past_are_forgotten(schedule):
    schedule.block([date(2020, 1, 1), WEEK.days[0]])
    assert schedule.blocked_days() == {WEEK.days[0]}


def test_a_post_remembers_when_it_went_out(editorial, demo_workspace):
    first = slots(demo_workspace)[0]
    editorial.draft(first.id, offline=True)
    assert editorial.mark_posted(first.id).posted_time == time(9, 0)


def test_the_mix_of_a_saved_week_is_that_of_its_slots_as_they_are_now(schedule, editorial, demo_workspace):
    first = slots(demo_workspace)[0]
    before = schedule.week(WEEK).mix
    editorial.set_status(first.id, Status.SKIPPED)
    after = schedule.week(WEEK).mix
    assert after["planned"][first.pillar.value] == before["planned"][first.pillar.value] - 1
    assert after["rolling4"] != before["rolling4"]
    assert sum(after["rolling4"].values()) == pytest.approx(1)
    assert schedule.week(WEEK.plus(9)) is None


def test_a_fresh_week_weighs_the_same_as_when_it_was_planned(schedule, demo_workspace):
    assert schedule.week(WEEK).mix == demo_workspace.store.calendar.week(WEEK).mix


def test_a_theme_that_was_skipped_does_not_come_back_in_the_same_week(schedule, editorial, demo_workspace):
    skipped = {item.id: item.theme for item in slots(demo_workspace)[:4]}
    for slot_id in skipped:
        editorial.set_status(slot_id, Status.SKIPPED)
    planned = [item for seed in range(3) for item in schedule.plan(WEEK, seed=seed)[0].slots]
    assert not {item.theme for item in planned if item.id not in skipped} & set(skipped.values())


def test_a_week_that_is_over_is_not_saved_unless_it_was(schedule):
    assert schedule.past_unsaved(WeekId(2026, 40), 3) == [WeekId(2026, number) for number in (40, 41, 42)]
    assert schedule.past_unsaved(WEEK) == []
    with pytest.raises(InputError, match="已经过去了"):
        schedule.check_savable(WeekId(2026, 40))
