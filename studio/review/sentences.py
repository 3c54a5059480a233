"""A second reader beside the rules: which sentences read like what rules forbid, though none of them says so.

A linear model over pieces of one to three characters, whose weights are numbers in
``content_library/rules/sentences.npz``; ``benchmarks/sentence_model.py`` learns and measures them. It only ever
asks a person to look: what it finds is a rule's ``like`` and never blocks by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from studio import resources

if TYPE_CHECKING:
    import numpy as np

NAME = "sentences.npz"
STOPS = "。!?;\n"
CLAUSES = ",、"
BITS, KIND_BITS = 17, 14
LONGEST = 3
"""Characters in a piece."""

_SHORTEST, _BRIEF = 4, 20
_MIX, _SPREAD = 0x9E3779B1, 0x85EBCA6B


class Suspect(NamedTuple):
    """A sentence ``start:end`` of a text that reads like a ``kind`` of trouble; ``clause`` is what to mark."""

    start: int
    end: int
    clause: tuple[int, int]
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class SentenceModel:
    """``weights`` (2^17) of pieces by hash, ``kinds`` (2^14, one column a kind) to tell which trouble it is.

    A sentence is suspect when its weights, divided by the root of its length in pieces, exceed ``threshold``.
    """

    weights: np.ndarray
    kinds: np.ndarray
    names: tuple[str, ...]
    threshold: float

    @classmethod
    def default(cls) -> SentenceModel:
        """Return the shipped model, read once."""
        return _default()

    def suspects(self, texts: Sequence[str]) -> list[list[Suspect]]:
        """Return the suspect sentences of each light or deep view."""
        read = Pieces.of(texts)
        sums, first, last, scores = self._scored(read)
        found: list[list[Suspect]] = [[] for _ in texts]
        for sentence in (scores > self.threshold).nonzero()[0].tolist():
            start, end = int(first[sentence]), int(last[sentence]) - 1
            place = int(read.starts.searchsorted(start, side="right")) - 1
            offset = int(read.starts[place])
            spans = _clauses(texts[place], start - offset, end - offset)
            _, telling = max((int(sums[offset + high] - sums[offset + low]), (low, high)) for low, high in spans)
            found[place].append(Suspect(start - offset, end - offset, telling, self._kind(read.part(start, end))))
        return found

    def worst(self, text: str) -> float:
        """Return the score of the sentence of a view that reads worst."""
        return float(self._scored(Pieces.of([text]))[-1].max())

    def _scored(self, read: Pieces) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return the weights summed up before each character; where each sentence begins, ends, and how it scores."""
        import numpy as np

        told = np.zeros(len(read.stops), dtype=np.int64)
        for hashes in read.hashes():
            told += self.weights[hashes]
        sums = np.concatenate(([0], told.cumsum()))
        last = np.flatnonzero(read.stops) + 1
        first = np.concatenate(([0], last[:-1]))
        size = last - first
        scores = np.where(size > _SHORTEST, (sums[last] - sums[first]) / np.sqrt(LONGEST * size), -np.inf)
        return sums, first, last, scores

    def _kind(self, sentence: Pieces) -> str:
        votes = sum(self.kinds[hashes >> (BITS - KIND_BITS)].sum(axis=0) for hashes in sentence.hashes())
        return self.names[int(votes.argmax())]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Texts one after the other, each with a stop behind it.

    ``codes`` are their characters, all stops alike, with one more stop ahead; ``stops`` tells which end a sentence,
    ``starts`` where the texts begin (both without the one ahead).
    """

    codes: np.ndarray
    stops: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, texts: Sequence[str]) -> Pieces:
        """Return the pieces of ``texts``."""
        import numpy as np

        joined = "\n" + "".join(f"{text}\n" for text in texts)
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        stops = np.isin(codes, [ord(stop) for stop in STOPS])
        ends = np.cumsum([*map(len, texts)]) + np.arange(1, len(texts) + 1)
        return cls(np.where(stops, np.uint32(ord("\n")), codes), stops[1:], np.concatenate(([0], ends[:-1])))

    def part(self, start: int, end: int) -> Pieces:
        """Return the pieces that end in ``start:end``, where ``start`` begins a sentence."""
        return Pieces(self.codes[start : end + 1], self.stops[start:end], self.starts[:0])

    def hashes(self) -> Iterator[np.ndarray]:
        """Yield what the pieces of one, two, three characters hash to, by the character they end at.

        0 where there is none: no piece goes over the end of a sentence.
        """
        import numpy as np

        one = self.codes[1:]
        two = self.codes[:-1] * np.uint32(_MIX) + one
        three = np.zeros_like(one)
        three[1:] = np.where(self.stops[:-1], 0, _spread(two[:-1] * np.uint32(_MIX) + one[1:]))
        yield np.where(self.stops, 0, _spread(one))
        yield _spread(two)
        yield three


def _spread(rolled: np.ndarray) -> np.ndarray:
    import numpy as np

    spread: np.ndarray = (rolled * np.uint32(_SPREAD)) >> np.uint32(32 - BITS)
    return spread


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the clauses of a sentence, or its own where it is short."""
    if end - start <= _BRIEF:
        yield start, end
        return
    begin = start
    for place in range(start, end):
        if text[place] in CLAUSES:
            if place > begin:
                yield begin, place
            begin = place + 1
    yield begin, end


@cache
def _default() -> SentenceModel:
    import numpy as np

    with np.load(resources.content_library() / "rules" / NAME) as stored:
        return SentenceModel(
            stored["weights"], stored["kinds"], tuple(stored["names"].tolist()), float(stored["threshold"])
        )
