from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from store_samples import slot

from studio.drafting.draft import Origin, Provenance, Sections
from studio.errors import ConflictError

PROVENANCE = Provenance(
    Origin.MODEL,
    prompt="moments-value",
    model="m",
    parameters={"temperature": 0.7},
    retrieved=("p1",),
    facts=("头茬",),
    tokens_in=12,
    created_at=datetime(2026, 11, 22, 1, 0, tzinfo=UTC),
)


@pytest.fixture
def planned(store):
    store.calendar.add(slot(1))
    store.calendar.add(slot(2))
    return slot(1).id


def test_a_draft_comes_back_as_it_was_saved(store, planned, clock):
    made = store.drafts.create(planned, "baoma", Sections("开头", "正文", "行动", "首评", "配图"), PROVENANCE)
    assert store.drafts.for_slot(planned) == [made]
    assert (made.version, made.actor, made.updated_at) == (1, "阿禾", clock())
    assert made.provenance == PROVENANCE


def test_every_saved_version_is_kept_newest_first(store, planned):
    made = store.drafts.create(planned, None, Sections(body="一"), PROVENANCE)
    second = store.drafts.save(replace(made, sections=Sections(body="二")))
    third = store.drafts.save(replace(second, sections=Sections(body="三")))
    assert store.drafts.for_slot(planned) == [third]
    assert [(item.version, item.sections.body) for item in store.drafts.revisions(made.id)] == [
        (3, "三"),
        (2, "二"),
        (1, "一"),
    ]


def test_a_draft_edited_in_two_tabs_is_a_conflict_and_the_first_edit_stays(store, planned):
    made = store.drafts.create(planned, None, Sections(body="一"), PROVENANCE)
    store.drafts.save(replace(made, sections=Sections(body="二")))
    with pytest.raises(ConflictError, match="没有盖掉"):
        store.drafts.save(replace(made, sections=Sections(body="三")))
    assert store.drafts.for_slot(planned)[0].sections.body == "二"
    assert len(store.drafts.revisions(made.id)) == 2


def test_a_slot_has_one_draft_a_segment_and_the_one_for_everybody_comes_first(store, planned):
    for segment in ("laoke", None, "baoma"):
        store.drafts.create(planned, segment, Sections(body="写好"), PROVENANCE)
    with pytest.raises(ConflictError, match="已经有草稿"):
        store.drafts.create(planned, None, Sections(body="再写"), PROVENANCE)
    assert [item.segment for item in store.drafts.for_slot(planned)] == [None, "baoma", "laoke"]


def test_drafts_of_many_slots_come_by_slot(store, planned):
    store.drafts.create(planned, None, Sections(body="一"), PROVENANCE)
    store.drafts.create(slot(2).id, None, Sections(body="二"), PROVENANCE)
    found = store.drafts.for_slots([planned, slot(2).id, *(f"none-{number}" for number in range(1200))])
    assert {key: [item.sections.body for item in drafts] for key, drafts in found.items()} == {
        planned: ["一"],
        slot(2).id: ["二"],
    }
