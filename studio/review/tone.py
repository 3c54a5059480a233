"""How hard a text sells, apart from whether it is lawful.

Words per signal are data (``content_library/rules/tone.yaml``); their weights and the percentiles are measured
by ``benchmarks/tone_statistics.py`` and stored as numbers in ``tone_statistics.json`` beside it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log1p

from studio import resources
from studio.review.datafiles import shipped
from studio.review.report import Signal, Tone

_MARKS = {
    "exclamation": re.compile("[!！]"),
    "amount": re.compile(r"[¥￥$]\s?[\dx]|[\dx]{1,8}(?:\.\d{1,2})?\s?[元块折%％]|[\dx]万|半价"),
    "number": re.compile(r"(?<![\dx])(?:[\dx]{7,12}|[\dx]{3,4}-[\dx]{3,4}-?[\dx]{3,4}|400[\dx-]{4,9})(?![\dx年])"),
    "link": re.compile(r"https?:|www\.|\.c(?:om|n)\b|t\.cn", re.IGNORECASE),
    "emoji": re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]"),
    "you": re.compile("[你您亲]"),
    "bracket": re.compile("[【】★☆◆●▲→]"),
}
_MAX_COUNT = 12  # more of the same adds nothing


@dataclass(frozen=True, slots=True)
class ToneModel:
    """Signals, their weights, and the scores of ordinary texts at each percent (ascending, 0-100)."""

    lexicon: Mapping[str, Sequence[str]]
    labels: Mapping[str, str]
    weights: Mapping[str, float]
    bias: float
    quantiles: Sequence[float]

    @classmethod
    def default(cls) -> ToneModel:
        """Return the shipped model, read once."""
        return _default()

    def judge(self, text: str, words: Mapping[str, int]) -> Tone:
        """Return the tone of ``text``, in which ``words`` counts the lexicon's words by signal."""
        counts = signal_counts(text, words)
        parts = {name: self.weights.get(name, 0.0) * value for name, value in features(text, counts).items()}
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
    for name, pattern in _MARKS.items():
        seen = len(pattern.findall(text))
        if seen:
            counts[name] = seen
    return counts


def features(text: str, counts: Mapping[str, int]) -> dict[str, float]:
    """Return the logarithm of each count, how many kinds there are (``breadth``), and whether the text is short."""
    values = {name: log1p(min(count, _MAX_COUNT)) for name, count in counts.items()}
    values["breadth"] = len(counts) / 2
    values["length"] = log1p(min(len(text), 40)) / 2
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
