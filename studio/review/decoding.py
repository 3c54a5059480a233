"""The noisy channel: which ordinary words a disguised text most likely stands for.

A shortest path over the Chinese characters of a text, with spelled-out syllables among them (免fei) and marks
between them: a step is one character as it stands or a word of the lexicon, dearer for every character that is
written as another and for every mark inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from studio.review.lexicon import (
    SPLIT,
    beginnings,
    glyph,
    is_common,
    is_syllable,
    singles,
    splits,
    substitution,
    symbols,
    verbs,
)
from studio.review.normalize import Edit

OPERATOR, NOISE = "decoded", "symbol_noise"
_GAP = 45
_BETWEEN = re.compile(r"[?!,.;:、。·%@$#& ]{1,3}")


@cache
def _token() -> re.Pattern[str]:
    """One character, a syllable in Latin letters, or a sign that stands for a character."""
    signs = "".join(sign for sign in symbols() if not sign.isascii() or not sign.isalpha())
    letters = "".join(sign for sign in symbols() if sign.isascii() and sign.isalpha())
    latin = f"[a-z]{{2,6}}|[{letters}]"
    return re.compile(
        f"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff{re.escape(signs)}]|(?<![a-z])(?:{latin})(?![a-z])"
    )


class _Cell(NamedTuple):
    """One character (or spelled-out syllable) of a run; ``gap`` if marks stand before it."""

    start: int
    end: int
    token: str
    gap: bool


class _Piece(NamedTuple):
    """A step of the path: ``text`` is what the cells ``start:end`` are read as."""

    start: int
    end: int
    text: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What the most likely reading changes.

    ``evidence`` counts the restored words that our rules or spam use, twice where a character nobody else
    writes stood for one of theirs.
    """

    edits: tuple[Edit, ...]
    evidence: int


def decoded(text: str) -> Reading:
    """Return what the most likely reading of ``text`` changes."""
    edits: list[Edit] = []
    wanted: dict[str, int] = {}
    for run in _runs(text):
        cells, pieces = _read(run, text)
        for piece in pieces:
            changed = list(_changes(cells[piece.start : piece.end], piece.text, text))
            if changed and piece.wanted:
                odd = any(not is_common(text[edit.start : edit.end]) for edit in changed)
                wanted[piece.text] = max(wanted.get(piece.text, 0), 1 + odd)
            edits += changed
    return Reading(tuple(edits), sum(wanted.values()))


def _read(run: list[_Cell], text: str) -> tuple[list[_Cell], list[_Piece]]:
    """Return the cheapest reading of a run, with the cells that it is of."""
    cost, pieces = _best(run, text)
    whole = _pulled_together(run)
    if len(whole) < len(run):
        other, merged = _best(whole, text)
        if other + SPLIT * (len(run) - len(whole)) < cost:
            return whole, merged
    return run, pieces


def _runs(text: str) -> Iterator[list[_Cell]]:
    run: list[_Cell] = []
    for match in _token().finditer(text):
        if len(match[0]) > 1 and not is_syllable(match[0]):
            continue
        between = text[run[-1].end : match.start()] if run else ""
        if run and between and not _BETWEEN.fullmatch(between):
            yield run
            run = []
        run.append(_Cell(match.start(), match.end(), match[0], bool(run and between)))
    if run:
        yield run


def _pulled_together(run: list[_Cell]) -> list[_Cell]:
    """Return the run with neighbours that make one character as that character."""
    cells: list[_Cell] = []
    for cell in run:
        whole = splits().get(cells[-1].token + cell.token) if cells and not cell.gap else None
        if whole:
            cells[-1] = cells[-1]._replace(end=cell.end, token=whole)
        else:
            cells.append(cell)
    return cells


def _changes(cells: Sequence[_Cell], meant: str, text: str) -> Iterator[Edit]:
    if len(cells) == 1 and text[cells[0].start : cells[0].end] == meant:
        return
    for index, (cell, char) in enumerate(zip(cells, meant, strict=True)):
        if index and cell.gap:
            yield Edit(cells[index - 1].end, cell.start, "", NOISE)
        if text[cell.start : cell.end] != char:
            yield Edit(cell.start, cell.end, char, OPERATOR)


def _best(run: Sequence[_Cell], text: str) -> tuple[float, list[_Piece]]:
    """Return the cost of the cheapest reading of a run, and the reading in pieces."""
    size = len(run)
    costs = [0.0] + [float("inf")] * size
    last: list[tuple[int, str, bool]] = [(0, "", False)] * (size + 1)
    for start, cell in enumerate(run):
        here = costs[start]
        for meant, cost, wanted in _alone(cell, text):
            if here + cost < costs[start + 1]:
                costs[start + 1], last[start + 1] = here + cost, (start, meant, wanted)
        if start + 1 == size:
            break
        following = run[start + 2].token if start + 2 < size else ""
        for word, price, length in beginnings(cell.token, run[start + 1].token):
            end = start + length
            if end > size or here + price >= costs[end]:
                continue
            if length > 2 and substitution(following, word.text[2]) is None:
                continue
            total = here + price + _rest(run[start + 2 : end], word.text[2:])
            total += sum(_GAP for inner in run[start + 1 : end] if inner.gap)
            if total < costs[end]:
                costs[end], last[end] = total, (start, word.text, word.wanted)
    pieces = []
    end = size
    while end:
        start, meant, wanted = last[end]
        pieces.append(_Piece(start, end, meant, wanted))
        end = start
    return costs[-1], pieces[::-1]


def _alone(cell: _Cell, text: str) -> Iterator[tuple[str, int, bool]]:
    """Yield what a cell may be read as by itself: meaning, cost, whether our rules or spam ask for it."""
    yield cell.token, glyph(cell.token).cost, False
    for word in singles(cell.token):
        yield word.text, word.cost, word.wanted
    if text[cell.end : cell.end + 1].isdigit():
        for word in verbs(cell.token):
            yield word.text, word.cost, word.wanted


def _rest(cells: Sequence[_Cell], meant: str) -> float:
    total = 0
    for cell, char in zip(cells, meant, strict=True):
        price = substitution(cell.token, char)
        if price is None:
            return float("inf")
        total += price
    return total
