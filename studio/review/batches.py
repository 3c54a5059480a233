"""Many short texts at once: their light views and the characters that set the tone, by whole arrays.

A character is looked at in Python once in the life of the process; after that it is a place in a table.
Everything here comes out as it does text by text in ``normalize`` and ``tone``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from studio.review.evasion import plain
from studio.review.folding import TABLE, UNEVEN, phrase_exceptions, phrase_triggers
from studio.review.normalize import View, lightened
from studio.review.tone import CHARACTERS, EXPRESSIONS, FIGURES, POINTS, ToneModel

if TYPE_CHECKING:
    import numpy as np

_UNKNOWN = 0xFFFFFFFF
_UNEVEN, _TRIGGER, _ODD = 64, 128, 256
_NEEDED = {FIGURES: 16, POINTS: 32}
_COUNTED = {name: 1 << place for place, name in enumerate(CHARACTERS)}


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts, their light views, whether those have only plain characters, and how often each signal of the tone
    stands in each text, without the lexicon's words.
    """

    texts: Sequence[str]
    light: list[View]
    plain: list[bool]
    signals: list[list[int]]

    @classmethod
    def of(cls, texts: Sequence[str], model: ToneModel) -> Batch:
        """Return the batch of ``texts``; signals come in the order of the model's names."""
        import numpy as np

        joined = "".join(f"{text}\n" for text in texts)
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        folded, kinds = _characters().look_up(codes)
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
        ends = lengths.cumsum()
        starts = ends - lengths
        found = np.bitwise_or.reduceat(kinds, starts).tolist()
        base = folded.tobytes().decode("utf-32-le")
        places = zip(texts, starts.tolist(), ends.tolist(), found, strict=True)
        light = [_light(text, base[start : end - 1], kind) for text, start, end, kind in places]
        counts = np.zeros((len(texts), len(model.names)), dtype=np.int64)
        for name, bit in _COUNTED.items():
            counts[:, model.names.index(name)] = np.add.reduceat((kinds & bit) != 0, starts, dtype=np.int64)
        signals = counts.tolist()
        for name, (needed, pattern) in EXPRESSIONS.items():
            column, bit = model.names.index(name), _NEEDED[needed]
            for place, kind in enumerate(found):
                if kind & bit:
                    signals[place][column] = len(pattern.findall(texts[place]))
        return cls(texts, light, [not kind & _ODD for kind in found], signals)


def _light(text: str, base: str, kind: int) -> View:
    raw = View(text)
    if kind & _UNEVEN or (kind & _TRIGGER and phrase_exceptions(text)):
        return lightened(raw)
    return raw if base == text else View(base, raw)


class _Characters:
    """The light form and the kinds of every character met so far."""

    def __init__(self) -> None:
        import numpy as np

        self._light = np.full(0x110000, _UNKNOWN, dtype="<u4")
        self._kinds = np.zeros(0x110000, dtype=np.uint16)

    def look_up(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the light form and the kinds at every place of ``codes``."""
        import numpy as np

        light = self._light[codes]
        unknown = light == _UNKNOWN
        if unknown.any():
            for code in np.unique(codes[unknown]).tolist():
                self._kinds[code] = _kinds(chr(code))
                self._light[code] = ord(TABLE[code])
            light = self._light[codes]
        return light, self._kinds[codes]


def _kinds(char: str) -> int:
    kinds = sum(bit for name, bit in _COUNTED.items() if CHARACTERS[name].match(char))
    kinds += sum(bit for pattern, bit in _NEEDED.items() if pattern.match(char))
    if TABLE[ord(char)] == UNEVEN:
        kinds |= _UNEVEN
    if not plain().fullmatch(TABLE[ord(char)]):
        kinds |= _ODD
    return kinds | (_TRIGGER if char in phrase_triggers() else 0)


@cache
def _characters() -> _Characters:
    return _Characters()
