"""Keyword search: BM25 over character 1- and 2-grams, which needs no word list and no segmenter."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

K1 = 1.5
B = 0.75
_SHIFT = 21  # a code point has at most 21 bits, so two of them fit one int64
_SILENT = ("P", "Z", "C", "M", "Sm", "Sk")  # Unicode categories that carry no meaning for a search


def fold(text: str) -> str:
    """Return ``text`` without differences of width and case."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=1 << 16)
def _is_heard(char: str) -> bool:
    return not unicodedata.category(char).startswith(_SILENT)


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters, punctuation and white space left out."""
    chars = [char for char in fold(text) if _is_heard(char)]
    return frozenset(left + right for left, right in pairwise(chars)) or frozenset(chars)


def overlap(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the share of the smaller set found in the larger one, 0 to 1."""
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def _heard(points: NDArray[np.int64]) -> NDArray[np.bool_]:
    present = np.zeros(0x110000, dtype=bool)
    present[points] = True
    heard = np.zeros_like(present)
    heard[[point for point in np.flatnonzero(present).tolist() if _is_heard(chr(point))]] = True
    found: NDArray[np.bool_] = heard[points]
    return found


def _grams(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (gram code, text number) for every 1- and 2-gram; no pair reaches across punctuation."""
    folded = [fold(text) for text in texts]
    joined = "".join(folded).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(joined, dtype="<u4").astype(np.int64)
    owners = np.repeat(np.arange(len(folded)), [len(text) for text in folded])
    heard = _heard(points)
    paired = heard[:-1] & heard[1:] & (owners[:-1] == owners[1:])
    pairs = (points[:-1] << _SHIFT) | points[1:]
    return np.concatenate([points[heard], pairs[paired]]), np.concatenate([owners[heard], owners[:-1][paired]])


class KeywordIndex:
    """BM25 scores of a fixed list of texts.

    Postings are three flat arrays (texts and weights of a gram lie side by side); building
    10,000 posts takes about a second, a query a few milliseconds.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        grams, owners = _grams(texts)
        self._terms, term_of = np.unique(grams, return_inverse=True)
        postings, counts = np.unique(term_of * max(self.size, 1) + owners, return_counts=True)
        term_of_posting, self._texts = np.divmod(postings, max(self.size, 1))
        lengths = np.bincount(owners, minlength=self.size)
        spread = np.bincount(term_of_posting, minlength=len(self._terms))
        self._starts = np.concatenate([[0], np.cumsum(spread)])
        share = lengths * self.size / max(int(lengths.sum()), 1)  # of the mean length
        self._weights = self._weigh(counts, share[self._texts], spread[term_of_posting])

    def _weigh(self, counts: Any, length: Any, spread: Any) -> NDArray[np.float32]:
        rarity = np.log1p((self.size - spread + 0.5) / (spread + 0.5))
        damped = counts * (K1 + 1) / (counts + K1 * (1 - B + B * length))
        return np.asarray(rarity * damped, dtype=np.float32)

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return one BM25 score per text, float32 of shape (size,); 0 where nothing matches.

        A gram counts once however often the query repeats it (nDCG@10 of attributes → copy: 0.95 against 0.90).
        """
        scores = np.zeros(self.size, dtype=np.float32)
        asked = np.unique(_grams([query])[0])
        for place in np.flatnonzero(np.isin(self._terms, asked)):
            span = slice(self._starts[place], self._starts[place + 1])
            scores[self._texts[span]] += self._weights[span]
        return scores
