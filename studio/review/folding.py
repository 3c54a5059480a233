"""The light form of a character: width, case, 繁→简 and styled letters undone, invisible ones gone.

The Chinese table is OpenCC's (first candidate of a character; phrases such as 乾隆 keep their own form).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

UNEVEN = "\ufdd0"
"""Stands in a translated text wherever the light form is not exactly one character."""

_MAX_MARKS = 8  # canonical ordering is quadratic in the marks on one base
_STYLED_NAME = re.compile(
    r"(?:NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER|REGIONAL INDICATOR SYMBOL LETTER|LATIN LETTER SMALL CAPITAL)"
    r" ([A-Z])"
)


@cache
def _dictionary(name: str) -> dict[str, str]:
    spec = find_spec("opencc")
    if spec is None or spec.origin is None:
        return {}
    lines = (Path(spec.origin).parent / "dictionary" / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {source: target.split(" ")[0] for source, target in pairs}


@cache
def simplified() -> dict[str, str]:
    """Return the characters that 繁→简 changes, each with its simplified form."""
    return {source: target for source, target in _dictionary("TSCharacters.txt").items() if source != target}


@cache
def _phrases() -> tuple[frozenset[str], re.Pattern[str], dict[str, str]]:
    """Phrases whose characters do not convert one by one, and the characters that call for a look."""
    single = simplified()
    phrases = {
        source: target
        for source, target in _dictionary("TSPhrases.txt").items()
        if len(source) == len(target) and "".join(single.get(char, char) for char in source) != target
    }
    triggers = {
        char
        for source, target in phrases.items()
        for char, wanted in zip(source, target, strict=True)
        if single.get(char, char) != wanted
    }
    longest_first = sorted(phrases, key=len, reverse=True)
    return frozenset(triggers), re.compile("|".join(map(re.escape, longest_first)) or r"(?!)"), phrases


def phrase_triggers() -> frozenset[str]:
    """Return the characters without which :func:`phrase_exceptions` finds nothing."""
    return _phrases()[0]


def phrase_exceptions(text: str) -> list[tuple[int, str]]:
    """Return (position, character) where a phrase keeps or takes another form than its characters would."""
    triggers, pattern, phrases = _phrases()
    if triggers.isdisjoint(text):
        return []
    single = simplified()
    return [
        (match.start() + offset, wanted)
        for match in pattern.finditer(text)
        for offset, (char, wanted) in enumerate(zip(match[0], phrases[match[0]], strict=True))
        if single.get(char, char) != wanted
    ]


def _styled(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    match = _STYLED_NAME.fullmatch(unicodedata.name(char, ""))
    return match[1].lower() if match else char


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    if char in "\t\n\r":
        return char
    if char in "\x85\u2028\u2029":
        return "\n"
    return "" if category in ("Cf", "Cc", "Mn", "Me") else char


def extends(char: str) -> bool:
    """Whether this character joins the one before it (combining marks, Hangul jamo)."""
    return unicodedata.category(char) in ("Mn", "Me", "Mc") or "\u1160" <= char <= "\u11ff"


def fold(cluster: str) -> str:
    """Return the light form of one base character with the marks that follow it."""
    return _folded(cluster[: _MAX_MARKS + 1])


@lru_cache(maxsize=10_000)
def _folded(cluster: str) -> str:
    if len(cluster) == 1:
        cluster = _styled(cluster)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    single = simplified()
    return "".join(single.get(char, char) for char in map(_visible, folded))


class _Table(dict[int, str]):
    """Light form by code point, worked out when first met; not one character → :data:`UNEVEN`."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = UNEVEN if char == UNEVEN or extends(char) else fold(char)
        if len(folded) != 1:
            folded = UNEVEN
        self[code] = folded
        return folded


TABLE = _Table()


def disguises(original: str) -> tuple[str, ...]:
    """Return how a piece of text was disguised, as far as the light view undoes it."""
    found = []
    if any(_visible(char) == "" for char in original):
        found.append("zero_width")
    if any(char in simplified() for char in original):
        found.append("traditional")
    if any(_is_styled(char) for char in original):
        found.append("styled")
    return tuple(found)


@lru_cache(maxsize=10_000)
def _is_styled(char: str) -> bool:
    if ord(char) < 0xA0 or "\uff00" <= char <= "\uffef":
        return False
    folded = fold(char)
    return folded.isascii() and folded.isalnum() and not unicodedata.name(char, "").startswith("FULLWIDTH")
