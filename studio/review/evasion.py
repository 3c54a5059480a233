"""Whether a text looks as if its writer hides words: cheap signs that ordinary writing hardly ever shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, MATCHKIND_STANDARD, AhoCorasick

from studio import resources
from studio.review.decoding import decoded
from studio.review.lexicon import is_syllable

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
SENTENCE = "\n\r,。!;:、%¥$@#&"
"""Marks of ordinary sentences, which no one takes for noise."""

BRACKETS = "()[]{}<>【】《》「」『』“”\"'"

_ENOUGH, _NEAR = 2, 4
_FOREIGN_LETTER = "[\u0370-\u03ff\u0400-\u04ff\u3041-\u306d\u306f-\u30fa\u3105-\u3129]"
_FOREIGN = re.compile(f"{_FOREIGN_LETTER}(?<=[{HAN}].)(?=[{HAN}0-9])")
_MARK = rf"[^\w{SENTENCE}]"
_SPLIT = re.compile(rf"{_MARK}[{HAN}](?:[^\w\[\]{SENTENCE}]{{1,3}}[{HAN}]){{2,}}(?![{HAN}])")
_LATIN_LETTER = "[a-zà-ÿā-ǜ]"
_LATIN = re.compile(rf"{_LATIN_LETTER}(?<=[{HAN}].){_LATIN_LETTER}{{1,5}}(?=[{HAN}]|$|[{re.escape(SENTENCE)}?])")
_HANDLE = re.compile(r"[ :()]{0,3}[a-z0-9_-]{5,}")
_OFFER = re.compile(r"[宋松颂诵淞冲铳寸洊村](?=\d{2})")


@cache
def _gb2312() -> str:
    return "".join(
        bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    )


@cache
def _rare() -> re.Pattern[str]:
    """Chinese characters outside GB 2312, after 繁→简."""
    return re.compile(f"[^\x00-\u33ff\u4dc0-\u4dff\ua000-\uffff\U00010000-\U0001ffff{_gb2312()}]")


def is_foreign(char: str) -> bool:
    """Whether a character alone may be a sign: a rare one, or a letter of another script."""
    return _rare().match(char) is not None or re.match(_FOREIGN_LETTER, char) is not None


def is_latin(char: str) -> bool:
    """Whether a syllable may be spelled with it."""
    return re.match(_LATIN_LETTER, char) is not None


def is_mark(char: str) -> bool:
    """Whether words may be pulled apart by it."""
    return re.match(_MARK, char) is not None


def neighbours(words: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return the pairs of neighbouring characters in ``words`` and in those that our rules or spam ask for."""
    return frozenset(pair for word in (*words, *_wanted()) for pair in pairwise(word))


def is_scattered(text: str) -> bool:
    """Whether words are pulled apart, or spelled out in Latin letters."""
    return _SPLIT.search(text) is not None or _is_spelled(text)


def _is_spelled(text: str) -> bool:
    """Whether a word we look for may be read where a syllable stands in Latin letters: 化zhuang品."""
    return any(
        is_syllable(match[0]) and decoded(text[max(0, match.start() - _NEAR) : match.end() + _NEAR]).evidence
        for match in _LATIN.finditer(text)
    )


@cache
def _wanted() -> dict[str, list[str]]:
    lines = (resources.content_library() / "rules" / "wanted.tsv").read_text(encoding="utf-8").splitlines()
    return {word: spellings.split() for word, spellings in (line.split("\t") for line in lines)}


@cache
def wanted_words() -> AhoCorasick:
    """Return the search for the words that our rules or spam ask for."""
    return AhoCorasick(list(_wanted()), matchkind=MATCHKIND_LEFTMOST_LONGEST)


class Hints:
    """The search for ``words`` and for spellings of wanted words that can only be disguises, in one pass."""

    def __init__(self, words: tuple[str, ...]) -> None:
        spellings = dict.fromkeys(spelling for found in _wanted().values() for spelling in found)
        self._known = len(words)
        self.words = (*words, *spellings)
        self._automaton = AhoCorasick(self.words, matchkind=MATCHKIND_STANDARD)

    def any(self, text: str) -> bool:
        """Whether there is one."""
        return bool(self._automaton.find_matches_as_indexes(text))

    def broken(self, text: str) -> int:
        """Return how many different broken spellings there are, one more if it asks to get in touch (佳微:abc123)."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        ends = {index: end for index, _, end in found if index >= self._known}
        return len(ends) + any(_HANDLE.match(text, end) for end in ends.values())


def signs(text: str, known: int, broken: int) -> int:
    """Return how many signs of evasion a light text shows; ``known`` disguises and ``broken`` spellings are counted.

    Nought: not enough for a closer look.
    """
    odd = known + sum(pattern.search(text) is not None for pattern in (_rare(), _FOREIGN, _SPLIT))
    odd += 2 * _is_spelled(text)
    weak = broken + bool(_OFFER.search(text))
    return odd + weak if odd or weak >= _ENOUGH else 0
