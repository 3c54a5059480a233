"""The deep view: inserted noise removed, substitutes put back (威信 → 微信, ➕ → 加, 佰 → 百).

What stands for what is data: ``content_library/rules/restorations.yaml``, grouped by operator.
Every undone disguise is an edit with an operator, so a later decoder adds edits and nothing else changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, AhoCorasick

from studio.review.datafiles import shipped
from studio.review.folding import fold
from studio.review.normalize import Edit, View

SPACE, SYMBOL = "space", "symbol_noise"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_CONFUSABLE = re.compile("[\u00e0-\u024f\u0370-\u03ff\u0400-\u04ff]")


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
    kept = "".join(sorted({char for word in words for char in word if not char.isalnum()}))
    stop = re.escape("\n\r,。!?;:、%¥$@#&" + kept)
    mark = rf"(?:[^\w{stop}]|_)"
    noise = re.compile(rf"(?<=[{_HAN}]){mark}{{1,6}}(?=\w)|(?<=\w){mark}{{1,6}}(?=[{_HAN}])")
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
    joined = light.rewritten(_noise(light.text, restorer))
    return joined.rewritten(_substitutes(joined.text, restorer))


def _noise(text: str, restorer: _Restorer) -> Iterator[Edit]:
    for match in restorer.noise.finditer(text):
        operator = SPACE if match[0].strip(" ()[]{}<>【】《》「」『』“”\"'") == "" else SYMBOL
        yield Edit(match.start(), match.end(), "", operator)


def _substitutes(text: str, restorer: _Restorer) -> list[Edit]:
    edits = [
        Edit(start, end, restorer.originals[index], restorer.operators[index])
        for index, start, end in restorer.automaton.find_matches_as_indexes(text)
        if restorer.originals[index] != text[start:end] and not _inside_latin_word(text, start, end)
    ]
    if not _CONFUSABLE.search(text):
        return edits
    taken = {position for edit in edits for position in range(edit.start, edit.end)}
    letters = [
        Edit(match.start(), match.end(), _plain_letter(match[0], restorer.letters), "letter")
        for match in _CONFUSABLE.finditer(text)
        if match.start() not in taken
    ]
    return sorted(edits + letters)


def _inside_latin_word(text: str, start: int, end: int) -> bool:
    """Whether an abbreviation such as ``vx`` is only a piece of a longer Latin word."""
    before = start > 0 and text[start].isascii() and text[start].isalpha() and _is_latin(text[start - 1])
    after = end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    return before or after


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _plain_letter(char: str, letters: dict[str, str]) -> str:
    return letters.get(char) or unicodedata.normalize("NFD", char)[0]
