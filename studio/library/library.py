"""The content library: everything published, found again by words and by meaning."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.errors import EmbeddingError
from studio.library.closeness import Closeness
from studio.library.embedding import Embedder
from studio.library.index import KeywordIndex
from studio.library.posts import Post
from studio.library.search import MAX_QUERY, Filters, Found, has_words, rank
from studio.library.similarity import Calibration, Similar, duplicate_groups, most_similar, seen_by
from studio.library.stores import PostStore, VectorStore

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding posts: ``new`` were stored, ``merged`` were already there (same text)."""

    new: int
    merged: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of the library. ``embedded`` posts can be found by meaning; pillars and channels by their code."""

    posts: int
    embedded: int
    by_pillar: dict[str, int]
    by_channel: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The library as last read. ``vectors`` has one row a post, NaN where ``missing`` of them have none yet."""

    revision: str
    key: str
    posts: list[Post]
    index: KeywordIndex
    vectors: NDArray[np.float32]
    missing: int
    calibration: Calibration
    notice: str


class Library:
    """One shop's posts with their index and vectors, kept in memory and read again only when they change.

    Safe to share between threads.
    """

    def __init__(self, posts: PostStore, vectors: VectorStore, embedder: Embedder) -> None:
        self._posts = posts
        self._vectors = vectors
        self._embedder = embedder
        self._snapshot: _Snapshot | None = None
        self._closeness: tuple[tuple[str, str, int], Closeness] | None = None
        self._lock = threading.Lock()

    def add(self, posts: Sequence[Post]) -> Added:
        """Store posts; a post whose text is already there is merged, not stored twice."""
        new = len(self._posts.add(posts))
        return Added(new, len(posts) - new)

    def search(self, query: str, k: int = 10, filters: Filters | None = None) -> Found:
        """Return the ``k`` best posts for ``query``, by words and meaning; by words alone where meaning is missing."""
        if not has_words(query):
            return Found((), "写一两个词再搜，例如「下雨天」")
        now = self._current()
        if not now.posts:
            return Found((), "内容库还是空的，先导入几条发过的内容")
        cosines, notice = self._cosines(now, query[:MAX_QUERY], is_query=True)
        hits = rank(query, now.posts, now.index, cosines, k=k, filters=filters or Filters())
        return Found(hits, notice)

    def similar(self, text: str, k: int = 5) -> list[Similar]:
        """Return the ``k`` posts most like ``text``, bad examples left out."""
        return self._similar(text, k, lambda posts: [post for post in posts if not post.is_example])

    def cooldown(self, text: str, segment: str | None, days: int, today: date) -> list[Similar]:
        """Return the posts close to ``text`` that ``segment`` saw in the last ``days`` days."""
        found = self._similar(text, 10, lambda posts: seen_by(posts, segment, days, today))
        return [similar for similar in found if similar.is_close]

    def closeness(self) -> Closeness:
        """Return the cooldown of themes for the library as it is now."""
        now = self._current()
        if self._closeness is None or self._closeness[0] != (now.revision, now.key, now.missing):
            self._closeness = (now.revision, now.key, now.missing), Closeness(now.posts, self.similar)
        return self._closeness[1]

    def duplicates(self) -> list[tuple[Post, ...]]:
        """Return groups of posts that say the same in much the same words; posts without a vector are not compared."""
        now = self._current()
        return duplicate_groups(now.posts, now.vectors, now.calibration) if now.posts else []

    def embed_missing(
        self,
        progress: Callable[[int, int], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> int:
        """Return how many posts got a vector; each batch is saved, so a stop or a crash loses at most one.

        ``progress`` is called with (done, total) after every batch.
        """
        key = self._embedder.key
        waiting = self._vectors.missing(key)
        done = 0
        for start in range(0, len(waiting), _BATCH):
            if should_stop and should_stop():
                break
            posts = self._posts.get(waiting[start : start + _BATCH])
            if posts:
                vectors = self._embedder.encode_document([_document(post) for post in posts])
                self._vectors.save(key, [post.id for post in posts], vectors)
            done += len(posts)
            if progress:
                progress(min(start + _BATCH, len(waiting)), len(waiting))
        return done

    def stats(self) -> Stats:
        """Return what the library holds."""
        now = self._current()
        return Stats(
            posts=len(now.posts),
            embedded=len(now.posts) - now.missing,
            by_pillar=dict(Counter(post.pillar.value for post in now.posts if post.pillar)),
            by_channel=dict(Counter(post.channel.value for post in now.posts if post.channel)),
        )

    def _similar(self, text: str, k: int, choose: Callable[[list[Post]], list[Post]]) -> list[Similar]:
        now = self._current()
        chosen = choose(now.posts)
        if not has_words(text) or not chosen:
            return []
        cosines, _ = self._cosines(now, text, is_query=False)
        if cosines is not None:
            row_of = {post.id: row for row, post in enumerate(now.posts)}
            cosines = cosines[[row_of[post.id] for post in chosen]]
        return most_similar(text, chosen, cosines, now.calibration, k=k)

    def _cosines(self, now: _Snapshot, text: str, *, is_query: bool) -> tuple[NDArray[np.float32] | None, str]:
        """Return (one cosine a post or None, what to tell the merchant)."""
        if now.missing == len(now.posts):
            return None, now.notice
        try:
            encode = self._embedder.encode_query if is_query else self._embedder.encode_document
            return np.asarray(now.vectors @ encode([text])[0], dtype=np.float32), now.notice
        except EmbeddingError as error:
            return None, f"这次只按字面搜索。{error}"

    def _current(self) -> _Snapshot:
        """Return the library as it is now, reading again only what changed."""
        with self._lock:
            old = self._snapshot
            revision = self._posts.revision()
            if old is None or old.revision != revision:
                posts = self._posts.all()
                texts = [_document(post) for post in posts]
                same = old is not None and [_document(post) for post in old.posts] == texts
                index = old.index if old is not None and same else KeywordIndex(texts)
                old = _Snapshot(revision, "", posts, index, _EMPTY, len(posts), Calibration((), _EMPTY), "")
            self._snapshot = self._with_vectors(old)
            return self._snapshot

    def _with_vectors(self, now: _Snapshot) -> _Snapshot:
        """Return the snapshot with its vectors; they are read again when the model or their number changed."""
        if not now.posts:
            return now
        try:
            key = self._embedder.key
        except EmbeddingError as error:
            return replace(now, key="", vectors=_EMPTY, missing=len(now.posts), notice=f"现在只按字面搜索。{error}")
        if key == now.key and (not now.missing or len(self._vectors.missing(key)) == now.missing):
            return now
        ids, stored = self._vectors.load(key)
        row_of = {post_id: row for row, post_id in enumerate(ids)}
        rows = np.array([row_of.get(post.id, -1) for post in now.posts])
        has = rows >= 0
        vectors = np.full((len(rows), stored.shape[1] if has.any() else 0), np.nan, dtype=np.float32)
        if has.any():
            vectors[has] = stored[rows[has]]
        missing = int((~has).sum())
        return replace(
            now,
            key=key,
            vectors=vectors,
            missing=missing,
            calibration=Calibration([now.posts[row].text for row in np.flatnonzero(has)], vectors[has]),
            notice=_notice(missing, len(rows)),
        )


_EMPTY: Any = np.zeros((0, 0), dtype=np.float32)


def _notice(missing: int, total: int) -> str:
    if not missing:
        return ""
    if missing == total:
        return "内容还没有算好语义，现在只按字面搜索"
    return f"还有 {missing} 条没算好语义，它们先按字面搜索"


def _document(post: Post) -> str:
    """Return what is searched of a post: its title, when it has one, and its text."""
    return f"{post.title}\n{post.text}" if post.title else post.text
