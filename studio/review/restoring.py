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
from studio.review.evasion import looks_evasive, wanted_words
from studio.review.folding import fold
from studio.review.normalize import Edit, View

SPACE, SYMBOL = "space", "symbol_noise"
_EVIDENCE = 2
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WRITING = f"0-9a-z{_HAN}"
_CONFUSABLE = re.compile("(?<=[{0}])[{1}]+|[{1}]+(?=[{0}])".format(_WRITING, "\u00e0-\u024f\u0370-\u03ff\u0400-\u04ff"))
_DRAWN_V = re.compile(r"\\{1,2}/")
_BRACKETS = frozenset("()[]{}<>【】《》「」『』“”")


@dataclass(frozen=True, slots=True)
class _Restorer:
    automaton: AhoCorasick
    originals: tuple[str, ...]
    operators: tuple[str, ...]
    letters: dict[str, str]
    noise: re.Pattern[str]


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
    stop = re.escape("\n\r,。!?;:、%¥$@#&" + kept)
    mark = rf"(?:[^\w{stop}]|_)"
    noise = re.compile(rf"(?<=[{_HAN}+]){mark}{{1,6}}(?=\w)|(?<=\w){mark}{{1,6}}(?=[{_HAN}])")
    return _Restorer(
        AhoCorasick(words, matchkind=MATCHKIND_LEFTMOST_LONGEST),
        tuple(table[word][0] for word in words),
        tuple(table[word][1] for word in words),
        data["letters"],
        noise,
    )


def deepened(light: View) -> View:
    """Return the deep view of a light one; the same object where there is nothing to undo."""
    if light.text.isascii():
        return light
    restorer = _restorer()
    light = light.rewritten(Edit(*match.span(), "v", "symbol") for match in _DRAWN_V.finditer(light.text))
    noise = list(_noise(light.text, restorer))
    joined = light.rewritten(noise)
    known = _substitutes(joined.text, restorer)
    if looks_evasive(light, sum(edit.operator != "symbol" for edit in known)):
        restored = joined.rewritten(known)
        reading = decoded(restored.text)
        if reading.evidence + len(known) >= _EVIDENCE:
            return restored.rewritten(reading.edits)
    return light.rewritten(_mended(noise, light.text, joined.text, known)) if noise else joined.rewritten(known)


def _noise(text: str, restorer: _Restorer) -> Iterator[Edit]:
    for match in restorer.noise.finditer(text):
        operator = SPACE if match[0].strip(" ()[]{}<>【】《》「」『』“”\"'") == "" else SYMBOL
        yield Edit(match.start(), match.end(), "", operator)


def _mended(noise: Sequence[Edit], text: str, joined: str, known: Sequence[Edit]) -> list[Edit]:
    """Return ``known`` as edits of the text with its noise, and the noise inside words that it pulls apart."""
    places: list[int] = []
    removed = [0]
    for edit in noise:
        places.append(edit.start - removed[-1])
        removed.append(removed[-1] + edit.end - edit.start)

    def before(position: int) -> int:
        return position + removed[bisect_right(places, position)]

    edits = [edit._replace(start=before(edit.start), end=before(edit.end - 1) + 1) for edit in known]
    taken = {position for edit in edits for position in range(edit.start, edit.end)}
    for _, start, end in wanted_words().find_matches_as_indexes(joined):
        inside = noise[bisect_right(places, start) : bisect_left(places, end)]
        edits += [
            edit for edit in inside if edit.start not in taken and _BRACKETS.isdisjoint(text[edit.start : edit.end])
        ]
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
