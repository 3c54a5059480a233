from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from store_samples import PROVENANCE, WEEK, slot, week

from studio.brand import Brand, Fact, Product
from studio.drafting.draft import Sections
from studio.errors import ConflictError, InputError
from studio.store import ShopRow, list_shops
from studio.vocabulary import Status


def test_a_shop_not_made_yet_is_an_empty_brand_of_version_zero(store, database):
    assert store.brand.load() == (Brand(), 0)
    assert list_shops(database) == []


def test_a_brand_comes_back_as_it_was_saved(store, database):
    brand = Brand(
        name="禾记枸杞",
        products=(
            Product(id="gouqi-500", name="枸杞 500g", price="68.50", facts=(Fact(text="头茬", source="采摘记录"),)),
        ),
    )
    assert store.brand.save(brand, 0) == 1
    assert store.brand.load() == (brand, 1)
    assert list_shops(database) == [ShopRow("main", "禾记枸杞")]


def test_a_shop_with_the_default_name_is_listed_by_it(store, database):
    store.brand.save(Brand(), 0)
    assert list_shops(database) == [ShopRow("main", "我的店")]


def test_a_brand_edited_in_two_tabs_is_a_conflict_and_the_first_edit_stays(store):
    store.brand.save(Brand(name="一"), 0)
    store.brand.save(Brand(name="二"), 1)
    for stale in (0, 1):
        with pytest.raises(ConflictError, match="没有保存"):
            store.brand.save(Brand(name="三"), stale)
    assert store.brand.load()[0].name == "二"


def test_everything_can_be_saved_before_the_shop_is_described(store):
    store.calendar.save_weeks([week(slot(1))])
    store.memos.set("typed", "写到一半")
    assert store.jobs.start("draft-week", {}, 1).total == 1
    assert store.brand.load() == (Brand(), 0)
    assert store.brand.save(Brand(name="后来才填"), 0) == 1
    assert store.memos.get("typed") == "写到一半"


def test_a_week_comes_back_as_it_was_saved(store):
    planned = week(slot(1), slot(0), seed=7)
    store.calendar.save_weeks([planned])
    assert store.calendar.week(WEEK) == replace(planned, slots=(slot(0), slot(1)))
    assert store.calendar.week(WEEK.plus(1)) is None


def test_slots_are_found_by_day_both_ends_included_and_in_time_order(store):
    slots = [slot(number, time=time(20 - number, 0)) for number in range(7)]
    store.calendar.save_weeks([week(*slots, slot(8, time=time(6, 0)))])
    found = store.calendar.slots(WEEK.days[1], WEEK.days[2])
    assert [item.id for item in found] == ["2026-W48-08", "2026-W48-01", "2026-W48-02"]
    assert store.calendar.slots(date(2020, 1, 1), date(2020, 12, 31)) == []


def test_planning_again_replaces_only_slots_nobody_has_begun(store):
    begun, locked, written, untouched = slot(1), slot(2), slot(3), slot(4)
    store.calendar.save_weeks([week(begun, locked, written, untouched)])
    store.calendar.update(replace(begun, status=Status.APPROVED))
    store.calendar.update(replace(locked, locked=True))
    store.drafts.create(written.id, None, Sections(body="写好的"), PROVENANCE)
    store.calendar.save_weeks([week(*(slot(number, theme="新的") for number in (1, 2, 3, 5)), seed=2)])
    themes = {item.id[-2:]: item.theme for item in store.calendar.week(WEEK).slots}
    assert themes == {"01": "枸杞怎么挑", "02": "枸杞怎么挑", "03": "枸杞怎么挑", "05": "新的"}
    assert store.drafts.for_slot(written.id)[0].sections.body == "写好的"
    assert store.calendar.week(WEEK).seed == 2


def test_planning_again_leaves_other_weeks_alone(store):
    later = replace(week(slot(1, week=WEEK.plus(1))), id=WEEK.plus(1))
    store.calendar.save_weeks([week(slot(1)), later])
    store.calendar.save_weeks([week()])
    assert store.calendar.week(WEEK).slots == ()
    assert store.calendar.week(WEEK.plus(1)).slots == later.slots


def test_planning_again_fills_the_place_of_a_slot_moved_to_another_week(store):
    store.calendar.save_weeks([week(slot(1))])
    moved = store.calendar.update(replace(slot(1), date=WEEK.plus(1).monday))
    store.calendar.save_weeks([week(slot(1, theme="新的"))])
    (new,) = store.calendar.week(WEEK).slots
    assert (new.theme, new.version) == ("新的", 1)
    assert new.id != moved.id
    assert store.calendar.slot(moved.id) == moved


def test_a_slot_edited_in_two_tabs_is_a_conflict_and_the_first_edit_stays(store):
    store.calendar.add(slot(1))
    edited = store.calendar.update(replace(slot(1), theme="一"))
    assert edited.version == 2
    with pytest.raises(ConflictError, match="没有保存"):
        store.calendar.update(replace(slot(1), theme="二"))
    assert store.calendar.slot(slot(1).id) == edited


def test_an_unknown_slot_is_said_in_words(store):
    with pytest.raises(InputError, match=r"没有档位「x+」"):
        store.calendar.slot("x" * 500)
