"""The deep view: inserted noise removed, substitutes put back (威信 → 微信, ➕ → 加, 佰 → 百, 棌唫 → 彩金).

Everywhere: the hand-made table ``content_library/rules/restorations.yaml`` and words of the rules that are only
pulled apart (最*低*价). Where a text looks evasive, the rest is decoded too. Every undone disguise is an edit
with an operator.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, AhoCorasick

from studio.review.datafiles import shipped
from studio.review.decoding import decoded
from studio.review.evasion import (
    BRACKETS,
    HAN,
    SENTENCE,
    Hints,
    is_foreign,
    neighbours,
    signs,
    wanted_words,
)
from studio.review.folding import fold
from studio.review.normalize import Edit, View

SPACE, SYMBOL = "space", "symbol_noise"
_ENOUGH, _MORE_EVERY = 3, 100
_LONGEST = 4000  # what hides its words is a message, not a book
_CONFUSABLE = re.compile("[\u00e0-\u024f\u0370-\u03ff\u0400-\u04ff]+")
_LATIN = re.compile("[a-z]")
_DRAWN_V = re.compile(r"\\{1,2}/")
_STOPS = (" ", ".")
_BRACKET = re.compile(f"[{re.escape(BRACKETS)}]")


@dataclass(frozen=True, slots=True)
class _Restorer:
    automaton: AhoCorasick
    substitutes: tuple[str, ...]
    originals: tuple[str, ...]
    operators: tuple[str, ...]
    letters: dict[str, str]
    mark: re.Pattern[str]
    noise: re.Pattern[str]
    hints: Hints


@cache
def _restorer() -> _Restorer:
    data = shipped("restorations.yaml")
    table: dict[str, tuple[str, str]] = {}
    for group in data["groups"]:
        for target, sources in group["words"].items():
            for source in sources:
                table["".join(map(fold, source))] = (target, group["operator"])
    words = tuple(table)
    kept = "".join(sorted({char for word in words for char in word if not char.isalnum()} | set(data["looks"])))
    stop = re.escape(SENTENCE + "?" + kept)
    mark = rf"[\W_](?<![{stop}])"
    noise = re.compile(
        rf"{mark}(?:(?<=[{HAN}+].)(?:{mark}){{0,5}}(?=\w)|(?<=\w.)(?:{mark}){{0,5}}(?=[{HAN}]))", re.DOTALL
    )
    return _Restorer(
        AhoCorasick(words, matchkind=MATCHKIND_LEFTMOST_LONGEST),
        words,
        tuple(table[word][0] for word in words),
        tuple(table[word][1] for word in words),
        data["letters"],
        re.compile(mark),
        noise,
        Hints(tuple(word for word in words if table[word][0] != word)),
    )


def hints() -> tuple[str, ...]:
    """Return the words of which one alone makes a light text worth a closer look."""
    return _restorer().hints.words


def deepened(light: View, *, hinted: bool | None = None) -> View:
    """Return the deep view of a light one; the same object where there is nothing to undo.

    ``hinted`` says whether one of the :func:`hints` stands in it (None: not known).
    """
    if light.text.isascii():
        return light
    restorer = _restorer()
    if hinted is None:
        hinted = restorer.hints.any(light.text)
    if "\\" in light.text:
        light = light.rewritten(Edit(*match.span(), "v", "symbol") for match in _DRAWN_V.finditer(light.text))
    noise = list(_noise(light.text, restorer))
    if not (hinted or noise or signs(light.text, 0, 0) or _CONFUSABLE.search(light.text)):
        return light
    joined = _without(light.text, noise)
    known = _substitutes(joined, restorer)
    broken = restorer.hints.broken(light.text) if hinted else 0
    seen = signs(light.text, sum(edit.operator != "symbol" for edit in known), broken)
    if seen and len(joined) <= _LONGEST:
        restored = light.rewritten(noise).rewritten(known)
        reading = decoded(restored.text)
        if reading.evidence and reading.evidence + seen >= _ENOUGH + len(joined) // _MORE_EVERY:
            return restored.rewritten(reading.edits)
    return light.rewritten(_mended(noise, light.text, joined, known) if noise else known)


def is_noise(char: str) -> bool:
    """Whether a character of a light view can be noise inside a word."""
    return _restorer().mark.match(char) is not None


def is_odd(char: str) -> bool:
    """Whether a character of a light view is by itself a reason for a closer look."""
    return char == "\\" or _CONFUSABLE.match(char) is not None or is_foreign(char)


def joints() -> frozenset[tuple[str, str]]:
    """Return the pairs of characters that noise between them may part: neighbours in a word we look for.

    A light view without hints, odd characters, signs and noise in such a pair is its own deep view.
    """
    return neighbours(_restorer().substitutes)


def _noise(text: str, restorer: _Restorer) -> Iterator[Edit]:
    for match in restorer.noise.finditer(text):
        operator = SPACE if match[0].strip(f" {BRACKETS}") == "" else SYMBOL
        yield Edit(match.start(), match.end(), "", operator)


def _without(text: str, noise: Sequence[Edit]) -> str:
    starts = [0, *(edit.end for edit in noise)]
    ends = [*(edit.start for edit in noise), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _mended(noise: Sequence[Edit], text: str, joined: str, known: Sequence[Edit]) -> list[Edit]:
    """Return ``known`` as edits of the text with its noise, and the marks that pull a word apart, wherever they are."""
    places: list[int] = []
    removed = [0]
    for edit in noise:
        places.append(edit.start - removed[-1])
        removed.append(removed[-1] + edit.end - edit.start)

    def before(position: int) -> int:
        return position + removed[bisect_right(places, position)]

    edits = [edit._replace(start=before(edit.start), end=before(edit.end - 1) + 1) for edit in known]
    marks: set[str] = set()
    for _, start, end in wanted_words().find_matches_as_indexes(joined):
        inside = [text[edit.start : edit.end] for edit in noise[bisect_right(places, start) : bisect_left(places, end)]]
        marks.update(mark for mark in inside if len(inside) > 1 or mark not in _STOPS)
    taken = {position for edit in edits for position in range(edit.start, edit.end)}
    marks = {mark for mark in marks if not _BRACKET.search(mark)}
    edits += [edit for edit in noise if text[edit.start : edit.end] in marks and edit.start not in taken]
    return sorted(edits)


def _substitutes(text: str, restorer: _Restorer) -> list[Edit]:
    edits = [
        Edit(start, end, restorer.originals[index], restorer.operators[index])
        for index, start, end in restorer.automaton.find_matches_as_indexes(text)
        if restorer.originals[index] != text[start:end] and not _inside_longer(text, start, end)
    ]
    taken = {position for edit in edits for position in range(edit.start, edit.end)}
    letters = [
        Edit(position, position + 1, _plain_letter(text[position], restorer.letters), "letter")
        for match in _CONFUSABLE.finditer(text)
        if _LATIN.search(text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1])
        for position in range(*match.span())
        if position not in taken
    ]
    return sorted(edits + letters)


def _inside_longer(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` such as ``vx`` or 第1 is only a piece of a longer Latin word or number."""
    before = start > 0 and _same_kind(text[start - 1], text[start])
    return before or (end < len(text) and _same_kind(text[end - 1], text[end]))


def _same_kind(left: str, right: str) -> bool:
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())


def _plain_letter(char: str, letters: dict[str, str]) -> str:
    return letters.get(char) or unicodedata.normalize("NFD", char)[0]
