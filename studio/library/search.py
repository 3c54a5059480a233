"""Hybrid search: filter, rank by words and by meaning, fuse, and keep repeats apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.library.index import KeywordIndex, bigrams, fold, overlap
from studio.library.posts import Post
from studio.vocabulary import Channel, Pillar

if TYPE_CHECKING:
    from numpy.typing import NDArray

DENSE_SHARE = 0.7
"""Weight of meaning against words (``benchmarks/retrieval.py`` measures it)."""

COPY_WORDS = 0.85
"""Share of character pairs from which a hit is a copy of one above it."""

COPY_WORTH = 0.25
"""What a copy keeps of its score."""

MAX_QUERY = 500
"""Characters of a query that are read."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be found at all. Empty means everything; ``since`` and ``until`` are both included.

    Bad examples stay out unless ``include_examples``.
    """

    pillars: tuple[Pillar, ...] = ()
    channels: tuple[Channel, ...] = ()
    segment: str | None = None
    since: date | None = None
    until: date | None = None
    include_examples: bool = False

    def admit(self, post: Post) -> bool:
        """Say whether this post may be found."""
        return (
            (self.include_examples or not post.is_example)
            and (not self.pillars or post.pillar in self.pillars)
            and (not self.channels or post.channel in self.channels)
            and (self.segment is None or post.segment == self.segment)
            and (self.since is None or (post.posted_on is not None and post.posted_on >= self.since))
            and (self.until is None or (post.posted_on is not None and post.posted_on <= self.until))
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A found post. ``score`` is 0 to 1 within its own search; ``matched`` holds "dense", "keyword" or both."""

    post: Post
    score: float
    matched: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        post = self.post
        return {
            "id": post.id,
            "score": round(self.score, 4),
            "text": post.text,
            "pillar": post.pillar.value if post.pillar else None,
            "channel": post.channel.value if post.channel else None,
            "posted_on": post.posted_on.isoformat() if post.posted_on else None,
            "matched": list(self.matched),
        }


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one search, best first; ``notice`` says in Chinese what limited it, or is empty."""

    hits: tuple[Hit, ...]
    notice: str = ""

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


def has_words(query: str) -> bool:
    """Say whether there is anything to search for."""
    return bool(bigrams(query[:MAX_QUERY]))


def rank(
    query: str,
    posts: Sequence[Post],
    index: KeywordIndex,
    cosines: NDArray[np.float32] | None,
    *,
    k: int,
    filters: Filters,
) -> tuple[Hit, ...]:
    """Return at most ``k`` hits, best first.

    ``index`` holds the texts of ``posts`` in the same order. ``cosines`` has one value a post, NaN for a post
    without a vector (it is ranked by words alone); None searches by words only, and then a hit has to share one.
    """
    query = query[:MAX_QUERY]
    allowed = np.array([filters.admit(post) for post in posts], dtype=bool)
    words = index.scores(query)
    if cosines is None:
        allowed &= words > 0
    rows = np.flatnonzero(allowed)
    if not rows.size or k < 1:
        return ()
    by_words = _spread(words[rows])
    by_meaning = by_words if cosines is None else _spread(cosines[rows])
    by_meaning = np.where(np.isnan(by_meaning), by_words, by_meaning)
    fused = DENSE_SHARE * by_meaning + (1 - DENSE_SHARE) * by_words
    order = np.argsort(-fused, kind="stable")[: max(3 * k, 10)]
    picked = _keep_repeats_apart([posts[row].text for row in rows[order]], fused[order], k)
    close = np.zeros(len(rows), dtype=bool)
    if cosines is not None:
        close[np.argsort(-np.nan_to_num(cosines[rows], nan=-2), kind="stable")[:k]] = True
        close &= ~np.isnan(cosines[rows])
    asked = bigrams(query)
    return tuple(
        _hit(posts[rows[order[place]]], score, asked, is_close=bool(close[order[place]])) for place, score in picked
    )


def _hit(post: Post, score: float, asked: frozenset[str], *, is_close: bool) -> Hit:
    """Build the hit: "keyword" shares a pair of characters with the query, "dense" is among the k closest in meaning.

    A hit that is neither owes its place to single characters and middling closeness: it counts as "keyword".
    """
    words = f"{post.title}\n{post.text}"
    shares = bool(asked & bigrams(words)) or (len(asked) == 1 and next(iter(asked)) in fold(words))
    matched = (("dense",) if is_close else ()) + (("keyword",) if shares or not is_close else ())
    return Hit(post, float(np.clip(score, 0, 1)), matched)


def _spread(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return values stretched over 0 to 1 (equal ones: all 1, or all 0 when nothing matched); NaN stays NaN."""
    known = values[~np.isnan(values)].astype(np.float64)
    if not known.size or np.ptp(known) == 0:
        return np.where(np.isnan(values), np.nan, float(known.size and known.max() > 0))
    return np.asarray((values - known.min()) / np.ptp(known), dtype=np.float64)


def _keep_repeats_apart(texts: Sequence[str], scores: NDArray[np.float64], k: int) -> list[tuple[int, float]]:
    """Return (place, score) of ``k`` texts, copies of one before them marked down.

    The weekly notice shows once, then other posts; it costs 0.01 nDCG where every copy counts as another answer.
    """
    pairs = [bigrams(text) for text in texts]
    worth = scores.copy()
    picked: list[tuple[int, float]] = []
    while len(picked) < min(k, len(texts)):
        place = int(np.argmax(worth))
        picked.append((place, float(worth[place])))
        repeated = np.array([overlap(pairs[place], other) for other in pairs])
        worth = np.minimum(worth, np.where(repeated >= COPY_WORDS, scores * COPY_WORTH, scores))
        worth[[done for done, _ in picked]] = -np.inf
    return picked
