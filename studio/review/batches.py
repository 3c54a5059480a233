"""Many short texts at once: light views, signs of disguise and characters that set the tone, by whole arrays.

A character is looked at in Python once in the life of the process; after that it is a place in a table.
Everything here comes out as it does text by text in ``normalize``, ``restoring`` and ``tone``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from studio.review.evasion import is_latin, is_mark, is_scattered
from studio.review.folding import TABLE, UNEVEN, phrase_exceptions, phrase_triggers
from studio.review.lexicon import is_han
from studio.review.normalize import View, lightened
from studio.review.restoring import is_noise, is_odd, joints
from studio.review.tone import CHARACTERS, EXPRESSIONS, FIGURES, POINTS, ToneModel

if TYPE_CHECKING:
    import numpy as np

_UNKNOWN = 0xFFFFFFFF
_UNEVEN, _TRIGGER, _ODD, _HAN, _LATIN, _MARK, _NOISE = (1 << place for place in range(6, 13))
_NEEDED = {FIGURES: 16, POINTS: 32}
_COUNTED = {name: 1 << place for place, name in enumerate(CHARACTERS)}


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts, what their light views say, which of them may have another deep view even if no hint stands in them,
    and how often each signal of the tone stands in each text, without the lexicon's words.
    """

    texts: Sequence[str]
    light: Sequence[str]
    odd: Sequence[bool]
    signals: list[list[int]]
    _uneven: Mapping[int, View]

    @classmethod
    def of(cls, texts: Sequence[str], model: ToneModel) -> Batch:
        """Return the batch of ``texts``; signals come in the order of the model's names."""
        read = _Read.of(texts)
        light, odd = read.light, read.odd()
        uneven = _uneven(texts, read.found)
        if uneven:
            for place, view in uneven.items():
                light[place] = view.text
            for place, strange in zip(uneven, _Read.of([view.text for view in uneven.values()]).odd(), strict=True):
                odd[place] = strange
        return cls(texts, light, odd, _signals(texts, read, model), uneven)

    def view(self, place: int) -> View:
        """Return the light view of a text."""
        raw = View(self.texts[place])
        known = self._uneven.get(place)
        return known or (raw if self.light[place] == raw.text else View(self.light[place], raw))


@dataclass(frozen=True, slots=True)
class _Read:
    """Texts as their characters' light forms and kinds, one after the other; ``found`` is all kinds of each text."""

    folded: np.ndarray
    kinds: np.ndarray
    starts: np.ndarray
    found: list[int]
    light: list[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Read:
        import numpy as np

        joined = "".join(f"{text}\n" for text in texts)
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        folded, kinds = _characters().look_up(codes)
        ends = list(accumulate(len(text) + 1 for text in texts))
        starts = [0, *ends[:-1]]
        base = folded.tobytes().decode("utf-32-le")
        light = [base[start : end - 1] for start, end in zip(starts, ends, strict=True)]
        found = np.bitwise_or.reduceat(kinds, starts).tolist()
        return cls(folded, kinds, np.array(starts), found, light)

    def odd(self) -> list[bool]:
        """Return which texts may have another deep view than their light one, which is the folded text."""
        odd = [bool(kind & _ODD) for kind in self.found]
        for place in self._places(self._rejoined()):
            odd[place] = True
        for place in self._places(self._scattered()):
            odd[place] = odd[place] or is_scattered(self.light[place])
        return odd

    def _places(self, positions: np.ndarray) -> set[int]:
        """Return which texts the positions are in."""
        return set((self.starts.searchsorted(positions, side="right") - 1).tolist())

    def _rejoined(self) -> np.ndarray:
        """Return where noise stands between two characters that are neighbours in a word we look for."""
        import numpy as np

        kept = np.flatnonzero((self.kinds & _NOISE) == 0)
        left, right = kept[:-1], kept[1:]
        parted = right - left > 1
        left, right = left[parted], right[parted]
        pairs = _pairs()
        keys = self.folded[left].astype(np.uint64) << np.uint64(32) | self.folded[right]
        rejoined: np.ndarray = left[pairs[pairs.searchsorted(keys).clip(max=len(pairs) - 1)] == keys]
        return rejoined

    def _scattered(self) -> np.ndarray:
        """Return where a word may be spelled in Latin letters or pulled apart."""
        import numpy as np

        han, latin, mark = ((self.kinds & kind) != 0 for kind in (_HAN, _LATIN, _MARK))
        return np.flatnonzero(han[:-2] & latin[1:-1] & latin[2:] | mark[:-2] & han[1:-1] & mark[2:])


def _uneven(texts: Sequence[str], found: Sequence[int]) -> dict[int, View]:
    """Return the light views that are not the texts' characters one for one, by place."""
    return {
        place: lightened(View(texts[place]))
        for place, kind in enumerate(found)
        if kind & _UNEVEN or (kind & _TRIGGER and phrase_exceptions(texts[place]))
    }


def _signals(texts: Sequence[str], read: _Read, model: ToneModel) -> list[list[int]]:
    import numpy as np

    counts = np.zeros((len(texts), len(model.names)), dtype=np.int64)
    for name, bit in _COUNTED.items():
        counts[:, model.names.index(name)] = np.add.reduceat((read.kinds & bit) != 0, read.starts, dtype=np.int64)
    signals: list[list[int]] = counts.tolist()
    for name, (needed, pattern) in EXPRESSIONS.items():
        column, bit = model.names.index(name), _NEEDED[needed]
        for place, kind in enumerate(read.found):
            if kind & bit:
                signals[place][column] = len(pattern.findall(texts[place]))
    return signals


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
    light = TABLE[ord(char)]
    kinds = sum(bit for name, bit in _COUNTED.items() if CHARACTERS[name].match(char))
    kinds += sum(bit for pattern, bit in _NEEDED.items() if pattern.match(char))
    kinds += _UNEVEN * (light == UNEVEN) + _TRIGGER * (char in phrase_triggers())
    kinds += _ODD * is_odd(light) + _HAN * is_han(light) + _LATIN * is_latin(light)
    return kinds + _MARK * is_mark(light) + _NOISE * is_noise(light)


@cache
def _pairs() -> np.ndarray:
    """Return the pairs of characters that :func:`joints` names, as numbers in ascending order."""
    import numpy as np

    return np.unique(np.array([ord(left) << 32 | ord(right) for left, right in joints()], dtype=np.uint64))


@cache
def _characters() -> _Characters:
    return _Characters()
