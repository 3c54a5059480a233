"""How characters sound and look, and which words begin with which sounds: two generated tables, read when first needed.

``benchmarks/evasion_tables.py`` makes them. A cost is ``-10 ln p``: the higher, the rarer.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from studio import resources
from studio.review.datafiles import shipped

UNKNOWN = 180
"""Cost of a character that no dictionary has as a word of its own."""

COMMON = 10
"""What it costs more where an ordinary character stands for another."""

SPLIT = 40
"""Cost of a character that is pulled apart."""

SPELLED = 100
"""Cost of a syllable in Latin letters that stays as it is."""

HOMOPHONE, NEAR, SHAPE, VARIANT = 45, 60, 55, 20
"""Cost of a substitute that sounds the same, nearly the same, looks alike, or sounds and looks alike."""

VERBS, VERB = "送存充领返赚赠", 60
"""What offers say before a number, and the cost of such a word there."""

_UMLAUTS = str.maketrans("üǖǘǚǜ", "vvvvv")
_FOLDED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the dictionary; ``wanted`` if our rules or spam ask for it."""

    text: str
    cost: int
    wanted: bool


def coarse(syllable: str) -> str:
    """Return a syllable as careless ears hear it: zh = z, n = l, ang = an."""
    for initial, plain in _FOLDED:
        if syllable.startswith(initial):
            syllable = plain + syllable[len(initial) :]
            break
    return syllable.removesuffix("g")


@cache
def _characters() -> dict[str, str]:
    return {line[0]: line for line in _read("characters.tsv").splitlines()}


@cache
def symbols() -> dict[str, str]:
    """Return what a letter, a sign or a picture may stand for."""
    return dict(shipped("restorations.yaml")["looks"])


def is_han(char: str) -> bool:
    """Whether this is a Chinese character."""
    return "\u3400" <= char <= "\u4dbf" or "\u4e00" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


@cache
def _syllables() -> frozenset[str]:
    return frozenset(syllable for line in _characters().values() for syllable in line.split("\t")[2].split())


def is_syllable(text: str) -> bool:
    """Whether some Chinese character is spelled like this, with or without a mark for the tone; ü is written v."""
    plain = unicodedata.normalize("NFD", text.translate(_UMLAUTS))
    return "".join(char for char in plain if not unicodedata.combining(char)) in _syllables()


def is_common(text: str) -> bool:
    """Whether all characters are in GB 2312."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _words() -> dict[str, str]:
    return _table("lexicon.tsv")


@cache
def splits() -> dict[str, str]:
    """Return two characters that make one when they are pulled together: 力口 → 加."""
    return _table("splits.tsv")


def _table(name: str) -> dict[str, str]:
    cells = _read(name).replace("\n", "\t").split("\t")
    return dict(zip(cells[::2], cells[1::2], strict=False))


def _read(name: str) -> str:
    return (resources.content_library() / "rules" / name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Glyph:
    """What is known of one character."""

    cost: int
    syllables: frozenset[str]
    looks: str
    keys: tuple[str, ...]


@lru_cache(maxsize=30_000)
def singles(token: str) -> tuple[Word, ...]:
    """Return the characters that one may stand for on its own, each with the cost of both."""
    looks = glyph(token).looks
    return tuple(
        Word(char, glyph(char).cost + VARIANT, False) for char in looks if substitution(token, char) == VARIANT
    )


@lru_cache(maxsize=30_000)
def verbs(token: str) -> tuple[Word, ...]:
    """Return the verbs of an offer that a character may stand for where a number follows, with the cost of both."""
    prices = ((verb, substitution(token, verb)) for verb in VERBS if verb != token)
    return tuple(Word(verb, VERB + price, True) for verb, price in prices if price is not None and price < NEAR)


@lru_cache(maxsize=30_000)
def glyph(char: str) -> Glyph:
    """Return sound, look and rarity of a character; ``keys`` are the coarse sounds of all it may stand for."""
    meant = symbols().get(char)
    if meant and not is_han(char):
        return Glyph(SPELLED, glyph(meant).syllables, meant, glyph(meant).keys)
    if char.isascii():
        return Glyph(SPELLED, frozenset((char,)), "", (coarse(char),))
    _, cost, syllables, looks = _characters().get(char, f"{char}\t{UNKNOWN}\t\t").split("\t")
    sounds = frozenset(syllables.split())
    looks += meant or ""
    near = {syllable for look in looks for syllable in _characters()[look].split("\t")[2].split()}
    return Glyph(int(cost), sounds, looks, tuple(sorted(set(map(coarse, sounds | near)))))


@lru_cache(maxsize=30_000)
def substitution(seen: str, meant: str) -> int | None:
    """Return what it costs that ``meant`` is written as ``seen``; None: nobody would take one for the other."""
    if seen == meant:
        return 0
    one, other = glyph(seen), glyph(meant)
    alike = meant in one.looks
    extra = COMMON if is_common(seen) else 0
    if one.syllables & other.syllables:
        return extra + (VARIANT if alike else HOMOPHONE)
    if set(map(coarse, one.syllables)) & set(map(coarse, other.syllables)):
        return extra + (SHAPE if alike else NEAR)
    return extra + SHAPE if alike else None


@lru_cache(maxsize=5_000)
def beginnings(first: str, second: str) -> tuple[tuple[Word, int, int], ...]:
    """Return the words whose first two characters may be written as these, each with the cost of both and its length.

    Of words of two characters only the likeliest comes: no other can be read there.
    """
    found = []
    groups = _words()
    for one in glyph(first).keys:
        for other in glyph(second).keys:
            for word in _parsed(groups.get(f"{one} {other}", "")):
                head, next_ = substitution(first, word.text[0]), substitution(second, word.text[1])
                if head is not None and next_ is not None:
                    found.append((word, word.cost + head + next_, len(word.text)))
    likeliest = min((item for item in found if item[2] == 2), key=lambda item: item[1], default=None)
    return tuple(item for item in found if item[2] > 2 or item is likeliest)


@lru_cache(maxsize=20_000)
def _parsed(group: str) -> tuple[Word, ...]:
    words = []
    for entry in group.split():
        text = entry.rstrip("0123456789!")
        words.append(Word(text, int(entry[len(text) :].rstrip("!")), entry.endswith("!")))
    return tuple(words)
