"""Measure the tone model: fit the weights on labelled messages, take the percentiles of ordinary texts.

Writes ``tone_statistics.json`` and ``frequency.tsv`` (how often ordinary texts use a character) in
``content_library/rules``; only numbers leave the data sets. Run it again after changing ``tone.yaml``:
``python benchmarks/tone_statistics.py``.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np

from studio import resources
from studio.review.matching import Matcher
from studio.review.normalize import views
from studio.review.rules import RuleSet
from studio.review.tone import features, signal_counts

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ORDINARY = {
    "normal_taobao_reviews": 600,
    "normal_weibo_posts": 600,
    "normal_takeaway_reviews": 300,
    "product_copy_fashion": 319,
}
PRIOR = 0.5
FOLDER = resources.content_library() / "rules"
TARGET, FREQUENCY = FOLDER / "tone_statistics.json", FOLDER / "frequency.tsv"
CHARACTERS = 800
ALSO_COUNTED = ("normal_shopping_reviews", "normal_hotel_reviews")
"""Ordinary texts besides, for the frequencies of characters only."""


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measured(matcher: Matcher, text: str) -> dict[str, float]:
    return features(text, signal_counts(text, matcher.scan(views(text).light.text).tone))


def fit(inputs: np.ndarray, labels: np.ndarray, *, penalty: float = 4.0) -> np.ndarray:
    """Return logistic weights (last one the bias) by Newton's method, drawn towards ``PRIOR`` where data is thin."""
    design = np.hstack([inputs, np.ones((len(inputs), 1))])
    ridge = penalty * np.eye(design.shape[1])
    ridge[-1, -1] = 0
    prior = np.append(np.full(inputs.shape[1], PRIOR), 0.0)
    weights = np.zeros(design.shape[1])
    share = np.where(labels == 1, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))  # both kinds count alike
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (share * (labels - chance)) - ridge @ (weights - prior)
        curvature = (design * (share * chance * (1 - chance))[:, None]).T @ design + ridge
        weights += np.linalg.solve(curvature, gradient)
    return weights


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    ranks = scores.argsort().argsort() + 1
    positive = labels.sum()
    return float((ranks[labels == 1].sum() - positive * (positive + 1) / 2) / (positive * (len(labels) - positive)))


def frequencies(texts: list[str]) -> str:
    """Return the commonest characters of the light views, each with its number in a million, as lines."""
    counts = Counter("\n".join(views(text).light.text for text in texts))
    total = counts.total()
    common = [(char, round(1e6 * count / total)) for char, count in counts.most_common(CHARACTERS)]
    return "".join(f"{ord(char):x}\t{share}\n" for char, share in common)


def main() -> None:
    import yaml

    text = (FOLDER / "tone.yaml").read_text(encoding="utf-8")
    signals = yaml.safe_load(text)["signals"]
    matcher = Matcher(RuleSet("", {}, {}, {}, {}, {}), {name: item.get("words", []) for name, item in signals.items()})
    names = [*signals, "breadth", "length"]

    def matrix(texts: list[str]) -> np.ndarray:
        values = [measured(matcher, item) for item in texts]
        return np.array([[value.get(name, 0.0) for name in names] for value in values])

    messages = rows("sms80w_10k")
    labels = np.array([int(row["label"]) for row in messages])
    inputs = matrix([row["text"] for row in messages])
    folds = np.arange(len(labels)) % 5
    held_out = np.zeros(len(labels))
    for fold in range(5):
        weights = fit(inputs[folds != fold], labels[folds != fold])
        held_out[folds == fold] = inputs[folds == fold] @ weights[:-1] + weights[-1]
    weights = fit(inputs, labels)
    ordinary = [row["text"] for name, limit in ORDINARY.items() for row in rows(name)[:limit]]
    scores = 100 / (1 + np.exp(-(matrix(ordinary) @ weights[:-1] + weights[-1])))
    statistics = {
        "measured_on": {"messages": len(labels), **ORDINARY},
        "auc_cross_validated": round(auc(held_out, labels), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=False)},
        "bias": round(float(weights[-1]), 4),
        "quantiles": [round(float(value), 3) for value in np.quantile(scores, np.linspace(0, 1, 101))],
    }
    TARGET.write_text(json.dumps(statistics, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    more = [row["text"] for name in (*ORDINARY, *ALSO_COUNTED) for row in rows(name)]
    FREQUENCY.write_text(frequencies(more), encoding="utf-8")
    print(f"AUC, 5-fold: {statistics['auc_cross_validated']}")
    for name, weight in statistics["weights"].items():
        print(f"{name:12} {weight:8.3f}")


if __name__ == "__main__":
    main()
