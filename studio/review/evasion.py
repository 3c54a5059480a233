"""Whether a text looks as if its writer hides words: cheap signs that ordinary writing hardly ever shows."""

from __future__ import annotations

import re
from functools import cache

from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, AhoCorasick

from studio import resources
from studio.review.normalize import View

ENOUGH = 2
"""Signs that call for a closer look."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_HIDDEN = re.compile(f"(?<=[{_HAN}])[\u200b-\u200f\u2060-\u206f\ufeff]+(?=[{_HAN}])")
_FOREIGN = re.compile(
    f"(?<=[{_HAN}])[\u0370-\u03ff\u0400-\u04ff\u3041-\u306d\u306f-\u30fa\u3105-\u3129](?=[{_HAN}0-9])"
)
_SPLIT = re.compile(rf"(?<![{_HAN}])[{_HAN}](?:[^\w\n]{{1,3}}[{_HAN}]){{2,}}(?![{_HAN}])")
_OFFER = re.compile("[宋松颂诵淞送冲铳充衝存寸洊村](?=\\d{2})")


@cache
def _rare() -> re.Pattern[str]:
    """Chinese characters outside GB 2312, after 繁→简."""
    common = "".join(
        bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    )
    return re.compile(f"[^\x00-\u33ff\u4dc0-\u4dff\ua000-\uffff\U00010000-\U0001ffff{common}]")


@cache
def _wanted() -> dict[str, list[str]]:
    """Words that our rules or spam ask for, with spellings that can only be disguises (a generated table)."""
    lines = (resources.content_library() / "rules" / "wanted.tsv").read_text(encoding="utf-8").splitlines()
    return {word: spellings.split() for word, spellings in (line.split("\t") for line in lines)}


@cache
def wanted_words() -> AhoCorasick:
    """Return the search for the words that our rules or spam ask for."""
    return AhoCorasick(list(_wanted()), matchkind=MATCHKIND_LEFTMOST_LONGEST)


@cache
def _broken_words() -> AhoCorasick:
    spellings = dict.fromkeys(spelling for found in _wanted().values() for spelling in found)
    return AhoCorasick(list(spellings), matchkind=MATCHKIND_LEFTMOST_LONGEST)


def looks_evasive(light: View, known: int) -> bool:
    """Whether a text with this light view and ``known`` disguises of the hand-made table deserves decoding."""
    text = light.text
    if known or _rare().search(text) or _FOREIGN.search(text) or _SPLIT.search(text):
        return True
    if not light.original.isprintable() and _HIDDEN.search(light.original):
        return True
    broken = {index for index, _, _ in _broken_words().find_matches_as_indexes(text)}
    return len(broken) + bool(_OFFER.search(text)) >= ENOUGH
