from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from store_samples import PROVENANCE, WEEK, post, slot, week

from studio.audience.customers import Customer
from studio.brand import Brand
from studio.drafting.draft import Sections
from studio.errors import ConflictError, InputError
from studio.store import open_shop
from studio.store.repositories.jobs import STALE, JobState

AWKWARD = "𠮷野家 㐂 👩‍👩‍👧 \ud800半个\udfff 零\x00字节 “引号” '; DROP TABLE post; --"
CLEAN = "𠮷野家 㐂 👩‍👩‍👧 半个 零字节 “引号” '; DROP TABLE post; --"


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def watch(clock):
    return Watch(clock())


@pytest.fixture
def jobs(database, watch):
    return open_shop(database, "main", "阿禾", watch).jobs


def test_a_customer_with_a_known_id_replaces_the_old_row(store):
    store.customers.save([Customer("c2"), Customer("c1", "小美", frozenset({"旧"}))])
    new = Customer("c1", "小美", frozenset({"宝妈", "敏感肌"}), 1000.5, 3, date(2026, 11, 1), date(2026, 1, 1), "门店")
    store.customers.save([Customer("c1", "写错的"), new])
    assert store.customers.all() == [new, Customer("c2")]
    assert store.customers.count() == 2


def test_memos_keep_what_json_can_hold_and_none_forgets(store):
    value = {"text": "写到一半", "rungs": [1, 2.5, None, True]}
    store.memos.set("k", value)
    assert store.memos.get("k") == value
    store.memos.set("k", "后来的")
    assert store.memos.get("k") == "后来的"
    store.memos.set("k", None)
    assert store.memos.get("k", "没有") == "没有"


def test_one_job_of_a_kind_is_alive_at_a_time(jobs):
    first = jobs.start("draft-week", {"items": ["a"]}, 1)
    with pytest.raises(ConflictError, match="正在进行"):
        jobs.start("draft-week", {}, 1)
    jobs.start("embed", {}, 1)
    jobs.finish(first.id, JobState.DONE)
    assert jobs.get(first.id).is_over
    assert jobs.start("draft-week", {}, 1).state is JobState.RUNNING


def test_a_job_reports_progress_until_it_is_asked_to_stop(jobs):
    job = jobs.start("draft-week", {}, 3)
    assert jobs.advance(job.id, 1, "写第 1 条")
    assert (jobs.get(job.id).done, jobs.get(job.id).message) == (1, "写第 1 条")
    jobs.ask_to_stop(job.id)
    assert not jobs.advance(job.id, 2)
    jobs.finish(job.id, JobState.STOPPED, "已停止")
    jobs.ask_to_stop(job.id)
    assert jobs.get(job.id).state is JobState.STOPPED


def test_a_job_that_lost_its_process_is_taken_over_and_told_to_stop_if_it_wakes(jobs, watch):
    lost = jobs.start("draft-week", {}, 3)
    watch.now += STALE - timedelta(seconds=1)
    assert jobs.is_alive(jobs.get(lost.id))
    watch.now += timedelta(seconds=2)
    assert not jobs.is_alive(jobs.get(lost.id))
    taken = jobs.start("draft-week", {}, 3)
    assert jobs.latest("draft-week") == taken
    assert jobs.get(lost.id).state is JobState.STOPPED
    assert not jobs.advance(lost.id, 1)
    assert jobs.advance(taken.id, 1)


def test_an_unknown_job_is_said_in_words(jobs):
    assert jobs.latest("draft-week") is None
    with pytest.raises(InputError, match="没有任务"):
        jobs.get("none")


def test_two_shops_never_see_each_other(store, other_store):
    store.brand.save(Brand(name="一店"), 0)
    store.calendar.save_weeks([week(slot(1))])
    made = store.drafts.create(slot(1).id, None, Sections(body="一"), PROVENANCE)
    store.posts.add([post("a", slot_id="s")])
    store.vectors.save("m", ["a"], np.ones((1, 2)))
    store.customers.save([Customer("c1")])
    store.memos.set("k", 1)
    job = store.jobs.start("embed", {}, 1)

    assert other_store.brand.load() == (Brand(), 0)
    assert other_store.calendar.slots(WEEK.days[0], WEEK.days[-1]) == []
    assert other_store.calendar.week(WEEK) is None
    assert other_store.drafts.for_slot(slot(1).id) == other_store.drafts.revisions(made.id) == []
    assert other_store.posts.all() == other_store.posts.get(["a"]) == []
    assert other_store.posts.by_slot("s") is None
    assert other_store.vectors.load("m")[0] == other_store.vectors.missing("m") == []
    assert other_store.customers.all() == []
    assert other_store.memos.get("k") is None
    assert other_store.jobs.latest("embed") is None

    other_store.posts.remove("a")
    other_store.memos.set("k", None)
    other_store.jobs.ask_to_stop(job.id)
    other_store.calendar.save_weeks([week()])
    with pytest.raises(ConflictError):
        other_store.calendar.update(slot(1))
    with pytest.raises(ConflictError):
        other_store.drafts.save(made)
    assert other_store.posts.add([post("a")]) == ["a"]
    assert other_store.jobs.start("embed", {}, 1)

    assert store.brand.load()[0].name == "一店"
    assert store.calendar.week(WEEK).slots == (slot(1),)
    assert store.drafts.for_slot(slot(1).id) == [made]
    assert store.posts.count() == store.memos.get("k") == 1
    assert store.jobs.advance(job.id, 1)


def test_awkward_text_is_kept_and_what_no_database_keeps_is_cleaned(store):
    store.calendar.save_weeks([week(slot(1, theme=AWKWARD, why=AWKWARD, occasion=AWKWARD, segment=AWKWARD))])
    store.drafts.create(slot(1).id, None, Sections(AWKWARD, AWKWARD, AWKWARD, AWKWARD, AWKWARD), PROVENANCE)
    store.posts.add([post("a", AWKWARD, title=AWKWARD, tags=(AWKWARD,), source=AWKWARD, segment=AWKWARD)])
    store.customers.save([Customer("\x00c1", AWKWARD, frozenset({AWKWARD}), source=AWKWARD)])
    store.memos.set("k", {AWKWARD: [AWKWARD]})
    job = store.jobs.start("embed", {"items": [AWKWARD]}, 1)
    store.jobs.advance(job.id, 1, AWKWARD)
    store.brand.save(Brand(name="零\x00字节 𠮷"), 0)

    kept = store.calendar.slot(slot(1).id)
    assert {kept.theme, kept.why, kept.occasion, kept.segment} == {CLEAN}
    assert set(store.drafts.for_slot(slot(1).id)[0].sections.to_json().values()) == {CLEAN}
    saved = store.posts.get(["a"])[0]
    assert {saved.text, saved.title, saved.source, saved.segment, *saved.tags} == {CLEAN}
    assert store.customers.all() == [Customer("c1", CLEAN, frozenset({CLEAN}), source=CLEAN)]
    assert store.memos.get("k") == {CLEAN: [CLEAN]}
    assert (store.jobs.get(job.id).payload, store.jobs.get(job.id).message) == ({"items": [CLEAN]}, CLEAN)
    assert store.brand.load()[0].name == "零字节 𠮷"
