"""Learn the second reader: which sentences read like what the rules forbid.

Learns from the rules' own examples, from lines that independent authors wrote as lawful or not
(``benchmarks/lines/train.jsonl``) and from every other ordinary text of ../shared/data; the rest of those sets the
threshold. Writes ``content_library/rules/sentences.npz``; only numbers leave the data sets. Run it again after
changing many rules: ``python benchmarks/sentence_model.py`` (needs scikit-learn). How it judges lines that neither
the rules nor it have seen, ``benchmarks/review_quality.py`` prints.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from studio import resources
from studio.review.kinds import KINDS
from studio.review.normalize import views
from studio.review.packs import load_rules
from studio.review.sentences import BITS, KIND_BITS, LONGEST, NAME, STOPS, Pieces, SentenceModel
from studio.vocabulary import Severity

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "shared" / "data"
ORDINARY = (
    "normal_taobao_reviews",
    "normal_takeaway_reviews",
    "normal_shopping_reviews",
    "normal_hotel_reviews",
    "normal_weibo_posts",
    "product_copy_fashion",
)
FALSE_ALARMS = 0.001
"""Share of ordinary texts in which the second reader may suspect anything."""

STRENGTH, CALM = 1.0, 3.0
"""Inverse of the penalty on large weights; how much a calm sentence counts."""


def light(text: str) -> str:
    return views(text).light.text


def ordinary(name: str) -> list[str]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [light(row["text"]) for row in csv.DictReader(file)]


def sentences(text: str) -> list[str]:
    for stop in STOPS:
        text = text.replace(stop, "\n")
    return text.split("\n")


def design(texts: Sequence[str], bits: int) -> csr_matrix:
    """Return the pieces of each text as a row, weighed as the model weighs those of a sentence."""
    read = Pieces.of(texts)
    ends = np.append(read.starts[1:], len(read.stops))
    rows = np.repeat(np.arange(len(texts)), ends - read.starts)
    weights = 1 / np.sqrt(LONGEST * (ends - read.starts))[rows]
    hashes = np.concatenate(list(read.hashes()))
    kept = hashes > 0
    places = np.tile(rows, LONGEST)[kept], hashes[kept] >> (BITS - bits)
    entries = np.tile(weights, LONGEST)[kept], places
    return csr_matrix(entries, shape=(len(texts), 1 << bits))


def learned(
    texts: Sequence[str], labels: Sequence[Any], bits: int, counts: Sequence[float] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return logistic weights (a row a class) and biases; rare pieces count more, texts as ``counts`` says."""
    pieces = design(texts, bits)
    rarity = np.log((1 + len(texts)) / (1 + np.bincount(pieces.indices, minlength=1 << bits)))
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(pieces @ diags(rarity), labels, counts)
    return model.coef_ * rarity, model.intercept_


def whole_numbers(weights: np.ndarray, kind: type[np.signedinteger[Any]]) -> tuple[np.ndarray, float]:
    scale = np.iinfo(kind).max / np.abs(weights).max()
    return np.round(weights * scale).astype(kind), float(scale)


def main() -> None:
    rules = load_rules().rules.values()
    grave = [rule for rule in rules if rule.severity is not Severity.INFO]
    lines = [json.loads(line) for line in (HERE / "lines" / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    kind_of = {category: kind for kind, categories in KINDS.items() for category in categories}
    told = [(light(text), kind_of.get(rule.category)) for rule in grave for text in rule.examples.find]
    labelled = [(text, 1) for text, _ in told]
    labelled += [(light(text), 0) for rule in grave for text in rule.examples.clear]
    labelled += [(light(line["text"]), int(line["expect"] == "flag")) for line in lines]
    texts = {name: ordinary(name) for name in ORDINARY}
    calm = [
        piece for found in texts.values() for text in found[::2] for piece in sentences(text) if len(piece) > LONGEST
    ]
    labelled += [(piece, 0) for piece in calm]

    counts = [CALM if place >= len(labelled) - len(calm) else 1.0 for place in range(len(labelled))]
    (weights,), (bias,) = learned(*zip(*labelled, strict=True), BITS, counts)  # type: ignore[arg-type]
    kinds, _ = learned(*zip(*(item for item in told if item[1]), strict=True), KIND_BITS)  # type: ignore[arg-type]
    names = tuple(sorted(KINDS))
    small, scale = whole_numbers(weights, np.int16)
    small[0] = 0
    model = SentenceModel(small, whole_numbers(kinds.T, np.int8)[0], names, 0.0)
    others = [text for found in texts.values() for text in found[1::2]]
    worst = np.array([model.worst(text) for text in others])
    threshold = float(np.quantile(worst, 1 - FALSE_ALARMS))
    np.savez_compressed(
        resources.content_library() / "rules" / NAME,
        weights=model.weights,
        kinds=model.kinds,
        names=np.array(names),
        threshold=threshold,
    )
    print(f"{len(labelled)} texts, {sum(label for _, label in labelled)} of them bad; {len(names)} kinds")
    print(f"threshold {threshold / scale + bias:.2f} as log odds; of {len(others)} ordinary texts not learned from,")
    for name, found in texts.items():
        shares = np.mean([model.worst(text) > threshold for text in found[1::2]])
        print(f"  {name:28}{100 * shares:5.2f} % suspect")


if __name__ == "__main__":
    main()
