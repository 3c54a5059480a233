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

_SHORTEST = 4
_MIX, _SPREAD = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9


class Suspect(NamedTuple):
    """A sentence ``start:end`` of a text that reads like a ``kind`` of trouble; ``clause`` is what tells most."""

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
            told = [(int(sums[offset + high] - sums[offset + low]), (low, high)) for low, high in spans]
            kind = self.names[
                int(self.kinds[read.hashes[:, start:end] >> (BITS - KIND_BITS)].sum(axis=(0, 1)).argmax())
            ]
            found[place].append(Suspect(start - offset, end - offset, max(told)[1], kind))
        return found

    def worst(self, text: str) -> float:
        """Return the score of the sentence of a view that reads worst."""
        return float(self._scored(Pieces.of([text]))[-1].max())

    def _scored(self, read: Pieces) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return the weights summed up before each character; where each sentence begins, ends, and how it scores."""
        import numpy as np

        sums = np.concatenate(([0], np.cumsum(self.weights[read.hashes].sum(axis=0, dtype=np.int64))))
        last = np.flatnonzero(read.stops) + 1
        first = np.concatenate(([0], last[:-1]))
        size = last - first
        scores = np.where(size > _SHORTEST, (sums[last] - sums[first]) / np.sqrt(LONGEST * size), -np.inf)
        return sums, first, last, scores


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Texts one after the other, each with a stop behind it.

    ``hashes`` (``LONGEST``, characters): the pieces of each length that end at a character, 0 where there is none;
    ``stops``: whether it ends a sentence; ``starts``: where the texts begin.
    """

    hashes: np.ndarray
    stops: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, texts: Sequence[str]) -> Pieces:
        """Return the pieces of ``texts``; none goes over the end of a sentence."""
        import numpy as np

        joined = "\n" + "".join(f"{text}\n" for text in texts)
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
        stops = np.isin(codes, [ord(stop) for stop in STOPS])
        codes[stops] = ord("\n")
        hashes = np.zeros((LONGEST, len(codes)), dtype=np.uint64)
        hashes[0] = codes
        for length in range(1, LONGEST):
            hashes[length, length:] = hashes[length - 1, :-1][length - 1 :] * np.uint64(_MIX) + codes[length:]
        hashes = (hashes * np.uint64(_SPREAD)) >> np.uint64(64 - BITS)
        hashes[2, 2:][stops[1:-1]] = 0
        hashes[0][stops] = 0
        starts = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]
        return cls(hashes[:, 1:].astype(np.int64), stops[1:], starts)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the clauses of a sentence."""
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
