from __future__ import annotations

import time
from datetime import date, timedelta

import numpy as np
from store_samples import post

from studio.vocabulary import Channel, Pillar


def ids(posts) -> list[str]:
    return [item.id for item in posts]


def test_a_post_comes_back_as_it_was_added(store):
    item = post(
        "a",
        pillar=Pillar.LIFESTYLE,
        channel=Channel.GROUP,
        posted_on=date(2026, 11, 1),
        segment="很长的客群名" * 20,
        title="采摘",
        tags=("枸杞", "产地"),
        metrics={"likes": 3},
        source="导入.csv",
        slot_id="2026-W44-01",
        is_example=True,
    )
    assert store.posts.add([item, post("b")]) == ["a", "b"]
    assert store.posts.get(["b", "none", "a"]) == [post("b"), item]
    assert store.posts.by_slot("2026-W44-01") == item
    assert store.posts.by_slot("2026-W44-02") is None


def test_posts_with_the_same_text_are_one(store):
    assert store.posts.add([post("a", "买 一 送 一"), post("b", "买一送一"), post("c", "别的")]) == ["a", "c"]
    assert store.posts.add([post("d", "买一送一"), post("e", "新的")]) == ["e"]
    assert store.posts.count() == 3


def test_posts_between_two_days_include_both_and_come_in_order(store):
    first = date(2026, 11, 1)
    store.posts.add([post(str(day), posted_on=first + timedelta(days=day)) for day in (4, 2, 3, 1, 0)] + [post("none")])
    assert ids(store.posts.between(first + timedelta(days=1), first + timedelta(days=3))) == ["1", "2", "3"]


def test_undated_posts_stand_at_the_same_place_on_every_database(store):
    store.posts.add([post("b", posted_on=date(2026, 11, 2)), post("c"), post("a", posted_on=date(2026, 11, 1))])
    assert ids(store.posts.all()) == ["c", "a", "b"]


def test_the_revision_changes_with_the_posts_and_only_then(store):
    seen = [store.posts.revision()]

    def changed() -> bool:
        seen.append(store.posts.revision())
        return seen[-1] != seen[-2]

    store.posts.add([post("a")])
    assert changed()
    store.posts.add([post("b", "第 a 条")])
    assert not changed()
    store.posts.set_metrics("a", {"likes": 1})
    assert changed()
    assert store.posts.get(["a"])[0].metrics == {"likes": 1}
    store.posts.set_metrics("none", {"likes": 1})
    store.posts.remove("none")
    store.memos.set("x", 1)
    assert not changed()
    store.posts.remove("a")
    assert changed()


def test_vectors_of_two_models_never_mix(store):
    store.posts.add([post("a"), post("b")])
    store.vectors.save("small", ["a", "b"], np.eye(2, 3, dtype=np.float32))
    store.vectors.save("large" * 60, ["a"], np.ones((1, 5), dtype=np.float32))
    keys, matrix = store.vectors.load("small")
    assert keys == ["a", "b"]
    assert np.array_equal(matrix, np.eye(2, 3, dtype=np.float32))
    assert store.vectors.load("large" * 60)[1].shape == (1, 5)
    assert store.vectors.missing("large" * 60) == ["b"]
    assert store.vectors.missing("small") == []
    assert store.vectors.load("none")[1].shape == (0, 0)


def test_a_vector_saved_again_replaces_the_old_one(store):
    store.posts.add([post("a")])
    store.vectors.save("m", ["a"], np.zeros((1, 2)))
    store.vectors.save("m", ["a"], np.ones((1, 2)))
    assert store.vectors.load("m")[1].tolist() == [[1.0, 1.0]]
    assert store.vectors.load("m")[1].dtype == np.float32


def test_a_vector_of_a_removed_post_is_skipped_and_removed_with_it(store):
    store.posts.add([post("a"), post("b")])
    store.vectors.save("m", ["a", "b"], np.eye(2))
    store.posts.remove("a")
    assert store.vectors.load("m")[0] == ["b"]
    store.vectors.save("m", ["a", "b"], np.eye(2))
    assert store.vectors.load("m")[0] == ["b"]


def test_five_thousand_posts_with_vectors_take_seconds(store):
    posts = [post(f"p{number:05}", f"第 {number} 条:今天的枸杞晒好了,慢慢挑出来。" * 3) for number in range(5000)]
    started = time.monotonic()
    assert len(store.posts.add(posts)) == 5000
    store.vectors.save("m", ids(posts), np.ones((5000, 384), dtype=np.float32))
    assert store.posts.add(posts) == []
    assert len(store.posts.all()) == 5000
    assert store.posts.get(ids(posts)) == posts
    assert store.vectors.load("m")[1].shape == (5000, 384)
    assert time.monotonic() - started < 20
