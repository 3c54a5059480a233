"""How hard a text sells, apart from whether it is lawful.

Words per signal are data (``content_library/rules/tone.yaml``); their weights and the percentiles are measured
by ``benchmarks/tone_statistics.py`` and stored as numbers in ``tone_statistics.json`` beside it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import exp, log1p

from studio import resources
from studio.review.datafiles import shipped
from studio.review.report import Signal, Tone

CHARACTERS = {
    "exclamation": re.compile("[!！]"),
    "emoji": re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]"),
    "you": re.compile("[你您亲]"),
    "bracket": re.compile("[【】★☆◆●▲→]"),
}
"""Signals that single characters of the original make."""

FIGURES = re.compile(r"[\dx半]")
POINTS = re.compile("[.:]")
EXPRESSIONS = {
    "amount": (
        FIGURES,
        re.compile(
            r"[¥￥$\dx半](?:(?<=[¥￥$])\s?[\dx]|(?<=半)价"
            r"|(?<=[\dx])(?:[\dx]{0,7}(?:\.\d{1,2})?\s?[元块折%％]|万))"
        ),
    ),
    "number": (
        FIGURES,
        re.compile(
            r"[\dx](?<![\dx][\dx])(?:[\dx]{6,11}|[\dx]{2,3}-[\dx]{3,4}-?[\dx]{3,4}|(?<=4)00[\dx-]{4,9})(?![\dx年])"
        ),
    ),
    "link": (POINTS, re.compile(r"https?:|www\.|\.c(?:om|n)\b|t\.cn", re.IGNORECASE)),
}
"""Signals that expressions make, each with the characters without which there is none."""

_MAX_COUNT, _LENGTH = 12, 40  # more of the same adds nothing
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class ToneModel:
    """Signals, their weights, and the scores of ordinary texts at each percent (ascending, 0-100)."""

    lexicon: Mapping[str, Sequence[str]]
    labels: Mapping[str, str]
    weights: Mapping[str, float]
    bias: float
    quantiles: Sequence[float]
    names: tuple[str, ...] = field(init=False)
    _known: dict[tuple[int, ...], Tone] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = dict.fromkeys((*self.labels, *self.lexicon, *CHARACTERS, *EXPRESSIONS))
        object.__setattr__(self, "names", tuple(every))

    @classmethod
    def default(cls) -> ToneModel:
        """Return the shipped model, read once."""
        return _default()

    def judge(self, text: str, words: Mapping[str, int]) -> Tone:
        """Return the tone of ``text``, in which ``words`` counts the lexicon's words by signal."""
        counts = signal_counts(text, words)
        return self.tone(len(text), [counts.get(name, 0) for name in self.names])

    def tone(self, length: int, counts: Sequence[int]) -> Tone:
        """Return the tone of a text of this length by the counts of its signals, in the order of ``names``."""
        key = (min(length, _LENGTH), *counts)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[key] = self._judged(key[0], dict(zip(self.names, counts, strict=True)))
        return known

    def _judged(self, length: int, every: Mapping[str, int]) -> Tone:
        counts = {name: count for name, count in every.items() if count}
        parts = {name: self.weights.get(name, 0.0) * value for name, value in _features(length, counts).items()}
        score = 100 / (1 + exp(-max(-30.0, min(30.0, self.bias + sum(parts.values())))))
        pushing = sum(part for part in parts.values() if part > 0)
        signals = [
            Signal(name, self.labels[name], counts[name], round(score * part / pushing, 1))
            for name, part in parts.items()
            if part > 0 and name in self.labels
        ]
        signals.sort(key=lambda signal: -signal.points)
        return Tone(round(score), min(100, bisect_left(self.quantiles, score)), tuple(signals))


def signal_counts(text: str, words: Mapping[str, int]) -> dict[str, int]:
    """Return how often each signal that occurs at all was seen."""
    counts = dict(words)
    for name, pattern in CHARACTERS.items():
        seen = len(pattern.findall(text))
        if seen:
            counts[name] = seen
    for name, (needed, pattern) in EXPRESSIONS.items():
        if needed.search(text) and (seen := len(pattern.findall(text))):
            counts[name] = seen
    return counts


def features(text: str, counts: Mapping[str, int]) -> dict[str, float]:
    """Return the logarithm of each count, how many kinds there are (``breadth``), and whether the text is short."""
    return _features(len(text), counts)


def _features(length: int, counts: Mapping[str, int]) -> dict[str, float]:
    values = {name: log1p(min(count, _MAX_COUNT)) for name, count in counts.items()}
    values["breadth"] = len(counts) / 2
    values["length"] = log1p(min(length, _LENGTH)) / 2
    return values


@cache
def _default() -> ToneModel:
    folder = resources.content_library() / "rules"
    signals = shipped("tone.yaml")["signals"]
    measured = json.loads((folder / "tone_statistics.json").read_text(encoding="utf-8"))
    return ToneModel(
        lexicon={name: signal.get("words", []) for name, signal in signals.items()},
        labels={name: signal["label"] for name, signal in signals.items()},
        weights=measured["weights"],
        bias=measured["bias"],
        quantiles=measured["quantiles"],
    )
