"""What every PostStore and VectorStore must do: import ``*`` into a test module with a ``stores`` fixture.

The fixture returns a (PostStore, VectorStore) pair of one empty shop.
"""

from datetime import date

import numpy as np

from studio.library.posts import Post
from studio.vocabulary import Channel, Pillar

KEY = "model@1/3/abcd"

RICH = Post(
    id="rich",
    text="霜降前最后一茬枸杞𠮷🍒\n第二行",
    pillar=Pillar.PRODUCT,
    channel=Channel.MOMENTS,
    posted_on=date(2026, 10, 20),
    segment="mothers",
    title="最后一茬",
    tags=("枸杞", "采摘"),
    metrics={"views": 120, "likes": 9},
    source="posts.csv",
    slot_id=None,
    is_example=True,
)


def unit(*rows):
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_an_empty_shop_has_no_posts_and_no_vectors(stores):
    posts, vectors = stores
    assert posts.all() == []
    assert posts.count() == 0
    assert posts.get(["nobody"]) == []
    assert vectors.missing(KEY) == []
    ids, matrix = vectors.load(KEY)
    assert ids == []
    assert len(matrix) == 0


def test_a_post_comes_back_whole(stores):
    posts, _ = stores
    assert posts.add([RICH]) == ["rich"]
    assert posts.all() == [RICH]
    assert posts.get(["rich"]) == [RICH]


def test_the_same_text_is_stored_once_within_a_call_and_across_calls(stores):
    posts, _ = stores
    assert posts.add([Post("a", "同一句话"), Post("b", "同一句 话"), Post("c", "另一句")]) == ["a", "c"]
    assert posts.add([Post("d", "同一句话\n"), Post("e", "第三句")]) == ["e"]
    assert [post.id for post in posts.all()] == ["a", "c", "e"]
    assert posts.count() == 3


def test_get_keeps_the_order_asked_and_leaves_out_unknown_ids(stores):
    posts, _ = stores
    posts.add([Post(str(number), f"第 {number} 条") for number in range(5)])
    assert [post.id for post in posts.get(["3", "x", "0"])] == ["3", "0"]


def test_the_revision_changes_with_the_posts_and_only_then(stores):
    posts, vectors = stores
    empty = posts.revision()
    posts.add([Post("a", "一")])
    one = posts.revision()
    assert one != empty
    assert posts.revision() == one
    posts.add([Post("b", "一")])
    vectors.save(KEY, ["a"], unit([1, 2, 3]))
    assert posts.revision() == one


def test_vectors_come_back_exactly_and_under_their_own_key(stores):
    posts, vectors = stores
    posts.add([Post("a", "一"), Post("b", "二")])
    saved = unit([1, 2, 3], [-4, 0.5, 1e-7])
    vectors.save(KEY, ["b", "a"], saved)
    ids, matrix = vectors.load(KEY)
    assert matrix.dtype == np.float32
    assert {post_id: row.tolist() for post_id, row in zip(ids, matrix, strict=True)} == {
        "b": saved[0].tolist(),
        "a": saved[1].tolist(),
    }
    assert vectors.load("other@1/3/abcd")[0] == []
    assert vectors.missing(KEY) == []
    assert vectors.missing("other@1/3/abcd") == ["a", "b"]


def test_saving_a_vector_again_replaces_it(stores):
    posts, vectors = stores
    posts.add([Post("a", "一")])
    vectors.save(KEY, ["a"], unit([1, 0, 0]))
    vectors.save(KEY, ["a"], unit([0, 1, 0]))
    ids, matrix = vectors.load(KEY)
    assert ids == ["a"]
    assert matrix.tolist() == [[0, 1, 0]]


def test_two_thousand_posts_fit_in_one_call(stores):
    posts, vectors = stores
    many = [Post(f"p{number}", f"第 {number} 条内容") for number in range(2_000)]
    assert len(posts.add(many)) == 2_000
    ids = [post.id for post in many]
    assert [post.id for post in posts.get(ids)] == ids
    vectors.save(KEY, ids, np.eye(3, dtype=np.float32)[np.arange(2_000) % 3])
    assert len(vectors.load(KEY)[0]) == 2_000
    assert vectors.missing(KEY) == []
