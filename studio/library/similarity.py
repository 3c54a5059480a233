"""How alike two posts are, judged by the library itself.

Cosines of embedding models are compressed (unrelated posts of one shop reach 0.90), so no fixed cosine
means "alike". A similarity is read as a percentile of the library's own random pairs instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.library.index import bigrams, overlap
from studio.library.posts import Post

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOSE_PERCENTILE = 99.9
"""At or above it two posts say much the same (found 78-100 % of paraphrases; 7-27 % false alarms a text)."""

SAME_WORDS = 0.8
"""Share of character pairs from which two texts are close, whatever the model says."""

DUPLICATE_WORDS = 0.5
"""Share of character pairs that two posts close in meaning must also share to be duplicates."""

MIN_POSTS = 20
"""Below it there are too few pairs to judge by; only shared words count then."""

_SAMPLE = 50_000
_BLOCK = 1_000


class Calibration:
    """Percentiles of the cosine over random pairs of one library (all pairs when there are few).

    Pairs that repeat each other's words are left out: a notice sent every week must not define "alike".
    """

    def __init__(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        self._cosines: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        if len(texts) >= MIN_POSTS:
            left, right = _random_pairs(len(texts))
            cosines = np.einsum("ij,ij->i", vectors[left], vectors[right])
            order = np.argsort(cosines)
            top = order[-max(len(order) // 20, 1) :]
            repeats = [row for row in top.tolist() if _repeats(texts[left[row]], texts[right[row]])]
            self._cosines = np.sort(np.delete(cosines, repeats))

    def percentile(self, cosine: float) -> float | None:
        """Return the percentage of random pairs less alike than this, or None in a library too small to say."""
        if not self._cosines.size:
            return None
        return 100 * float(np.searchsorted(self._cosines, cosine)) / self._cosines.size

    @property
    def close_cosine(self) -> float | None:
        """The cosine from which two posts are close, or None in a library too small to say."""
        return float(np.percentile(self._cosines, CLOSE_PERCENTILE)) if self._cosines.size else None


def _random_pairs(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if count * (count - 1) // 2 <= _SAMPLE:
        return np.triu_indices(count, 1)
    dice = np.random.default_rng(count)
    left = dice.integers(0, count, _SAMPLE)
    return left, (left + dice.integers(1, count, _SAMPLE)) % count


def _repeats(left: str, right: str) -> bool:
    return overlap(bigrams(left), bigrams(right)) >= DUPLICATE_WORDS


@dataclass(frozen=True, slots=True)
class Similar:
    """A post like a text. ``percentile`` is 0-100 (None: too few posts to say), ``words`` the shared pairs, 0-1."""

    post: Post
    percentile: float | None
    words: float
    is_close: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.post.id,
            "text": self.post.text,
            "percentile": None if self.percentile is None else round(self.percentile, 2),
            "is_close": self.is_close,
        }


def most_similar(
    text: str,
    posts: Sequence[Post],
    cosines: NDArray[np.float32] | None,
    calibration: Calibration,
    *,
    k: int,
) -> list[Similar]:
    """Return the ``k`` posts most like ``text``, closest first.

    ``cosines`` has one value a post, NaN for a post without a vector; None compares by shared words alone.
    """
    asked = bigrams(text)
    likeness = np.array([overlap(asked, bigrams(post.text)) for post in posts]) if cosines is None else cosines
    order = np.argsort(-np.nan_to_num(likeness, nan=-2), kind="stable")[:k]
    return [
        _similar(asked, posts[row], None if cosines is None else float(cosines[row]), calibration)
        for row in order.tolist()
        if likeness[row] > 0
    ]


def _similar(asked: frozenset[str], post: Post, cosine: float | None, calibration: Calibration) -> Similar:
    words = overlap(asked, bigrams(post.text))
    percentile = None if cosine is None else calibration.percentile(cosine)
    is_close = words >= SAME_WORDS or (percentile is not None and percentile >= CLOSE_PERCENTILE)
    return Similar(post, percentile, words, is_close)


def seen_by(posts: Iterable[Post], segment: str | None, days: int, today: date) -> list[Post]:
    """Return what ``segment`` (None: everybody) was shown in the last ``days`` days, ``today`` included.

    A post for everybody was seen by every segment.
    """
    first = today - timedelta(days=days)
    return [
        post
        for post in posts
        if post.posted_on is not None
        and first <= post.posted_on <= today
        and (segment is None or post.segment in (None, segment))
        and not post.is_example
    ]


def duplicate_groups(
    posts: Sequence[Post], vectors: NDArray[np.float32], calibration: Calibration
) -> list[tuple[Post, ...]]:
    """Return groups of posts that say the same in much the same words, largest group first.

    ``vectors`` has one row a post; rows of NaN (no vector yet) are not compared.
    """
    close = calibration.close_cosine
    threshold, needed = (-1.0, SAME_WORDS) if close is None else (close, DUPLICATE_WORDS)
    pairs = [bigrams(post.text) for post in posts]
    leader = list(range(len(posts)))
    for left, right in _close_pairs(vectors, threshold):
        if _find(leader, left) != _find(leader, right) and overlap(pairs[left], pairs[right]) >= needed:
            leader[_find(leader, right)] = _find(leader, left)
    groups: dict[int, list[Post]] = {}
    for row, post in enumerate(posts):
        groups.setdefault(_find(leader, row), []).append(post)
    return sorted((tuple(group) for group in groups.values() if len(group) > 1), key=len, reverse=True)


def _find(leader: list[int], row: int) -> int:
    while leader[row] != row:
        leader[row] = leader[leader[row]]
        row = leader[row]
    return row


def _close_pairs(vectors: NDArray[np.float32], threshold: float) -> Iterable[tuple[int, int]]:
    """Yield (left, right) rows, left < right, at least this close; in blocks, so memory stays small."""
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors[start:].T
        for left, right in np.argwhere(block >= threshold).tolist():
            if left < right:
                yield start + left, start + right
