"""The history of a week: what is kept, and what an undo brings back."""

from dataclasses import replace

import pytest
from store_samples import WEEK, slot, week

from studio.errors import ConflictError
from studio.vocabulary import Status


def themes(store):
    return [item.theme for item in store.calendar.week(WEEK).slots]


def test_each_save_keeps_what_was_before_with_its_reason(store):
    for number in range(3):
        store.calendar.save_weeks([week(slot(1, theme=f"第{number}版"))], reason=f"理由{number}")
    revisions = store.calendar.revisions(WEEK)
    assert [(item.number, item.reason, item.plan.slots[0].theme) for item in revisions] == [
        (2, "理由2", "第1版"),
        (1, "理由1", "第0版"),
    ]
    assert store.calendar.revisions(WEEK.plus(1)) == []


def test_old_revisions_make_room(store):
    for number in range(34):
        store.calendar.save_weeks([week(slot(1, theme=f"第{number}版"))])
    numbers = [item.number for item in store.calendar.revisions(WEEK)]
    assert numbers == list(range(33, 3, -1))


def test_an_accepted_week_saves_what_was_edited_even_when_begun(store):
    store.calendar.save_weeks([week(slot(1), slot(2), slot(3))])
    begun = store.calendar.update(replace(slot(1), status=Status.DRAFTED))
    moved = replace(begun, date=WEEK.days[5])
    adjusted = week(moved, slot(2, theme="让位"))
    store.calendar.accept(adjusted, [moved], [slot(3).id], "挪一条")
    found = {item.id: item for item in store.calendar.week(WEEK).slots}
    assert set(found) == {slot(1).id, slot(2).id}
    assert found[slot(1).id].date == WEEK.days[5]
    assert (found[slot(2).id].theme, found[slot(2).id].version) == ("让位", 2)
    assert len(store.calendar.revisions(WEEK)[0].plan.slots) == 3


def test_an_edit_over_somebody_elses_is_a_conflict_and_saves_nothing(store):
    store.calendar.save_weeks([week(slot(1), slot(2))])
    store.calendar.update(replace(slot(1), theme="别人的"))
    with pytest.raises(ConflictError, match="没有保存"):
        store.calendar.accept(week(slot(1, theme="我的")), [slot(1, theme="我的")], [slot(2).id], "改")
    assert sorted(themes(store)) == ["别人的", "枸杞怎么挑"]
    assert store.calendar.revisions(WEEK) == []
