"""Learn the second reader: which sentences read like what the rules forbid.

Learns from the rules' own examples, mended ones among them, from lines that independent authors wrote as lawful or not
(``benchmarks/lines/train.jsonl``), from posts they wrote as honest merchants do (``calm.jsonl``) and from the ordinary
texts of ../shared/data. The threshold is set on the last two, by a model that has not learned the text in question.
Writes ``content_library/rules/sentences.npz``; only numbers leave the data sets. Run it again after
changing many rules: ``python benchmarks/sentence_model.py`` (needs scikit-learn). How it judges lines that neither
the rules nor it have seen, ``benchmarks/review_quality.py`` prints.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from studio import resources
from studio.review import Reviewer
from studio.review.kinds import KINDS
from studio.review.normalize import views
from studio.review.packs import load_rules
from studio.review.rewrite import safe_fix
from studio.review.rules import RuleSet
from studio.review.sentences import BITS, KIND_BITS, LONGEST, NAME, STOPS, Pieces, SentenceModel
from studio.vocabulary import Severity, Verdict

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
ALARMS_IN_ORDINARY, ALARMS_IN_MERCHANTS = 0.0015, 0.01
"""Share of texts in which the second reader may suspect anything: reviews and posts of anybody, and of merchants."""

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


def lines(name: str) -> list[dict[str, str]]:
    found = (HERE / "lines" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in found]


def mended(rules: RuleSet) -> Iterator[str]:
    """Yield what the rules' own fixes make of their examples, where no rule objects to it any more."""
    plain = {code: rule for code, rule in rules.rules.items() if not any(item.like for item in rule.find)}
    reviewer = Reviewer(replace(rules, rules=plain, expressions={code: rules.expressions[code] for code in plain}))
    for rule in plain.values():
        for text in rule.examples.find if rule.replace else ():
            for finding in reviewer.review(text).findings:
                fixed = safe_fix(text, finding, reviewer=reviewer)
                if fixed is not None and reviewer.review(fixed).verdict is Verdict.PASS:
                    yield light(fixed)


def fitted(labelled: Sequence[tuple[str, int]], calm: Sequence[str]) -> tuple[np.ndarray, float, float]:
    """Return whole weights of pieces, what they are multiplied by, and the bias."""
    pieces = [piece for text in calm for piece in sentences(text) if len(piece) > LONGEST]
    texts = [*(text for text, _ in labelled), *pieces]
    labels = [*(label for _, label in labelled), *([0] * len(pieces))]
    counts = [1.0] * len(labelled) + [CALM] * len(pieces)
    (weights,), (bias,) = learned(texts, labels, BITS, counts)
    small, scale = whole_numbers(weights, np.int16)
    small[0] = 0
    return small, scale, bias


def unlearned(labelled: Sequence[tuple[str, int]], calm: Mapping[str, Sequence[str]]) -> dict[str, np.ndarray]:
    """Return the log odds of the worst sentence of every calm text by a model that learned the other half of them."""
    odds = {name: np.zeros(len(texts)) for name, texts in calm.items()}
    for half in (0, 1):
        weights, scale, bias = fitted(labelled, [text for texts in calm.values() for text in texts[1 - half :: 2]])
        model = SentenceModel(weights, np.zeros((1 << KIND_BITS, 1), np.int8), ("",), 0.0)
        for name, texts in calm.items():
            odds[name][half::2] = [model.worst(text) / scale + bias for text in texts[half::2]]
    return odds


def main() -> None:
    rules = load_rules()
    grave = [rule for rule in rules.rules.values() if rule.severity is not Severity.INFO]
    kind_of = {category: kind for kind, categories in KINDS.items() for category in categories}
    told = [(light(text), kind_of.get(rule.category)) for rule in grave for text in rule.examples.find]
    labelled = [(text, 1) for text, _ in told]
    labelled += [(light(text), 0) for rule in grave for text in rule.examples.clear]
    labelled += [(text, 0) for text in mended(rules)]
    labelled += [(light(line["text"]), int(line["expect"] == "flag")) for line in lines("train")]
    calm = {name: ordinary(name) for name in ORDINARY}
    calm["merchants' posts"] = [light(line["text"]) for line in lines("calm")]

    odds = unlearned(labelled, calm)
    everybody = np.concatenate([odds[name] for name in ORDINARY])
    threshold = max(
        float(np.quantile(everybody, 1 - ALARMS_IN_ORDINARY)),
        float(np.quantile(odds["merchants' posts"], 1 - ALARMS_IN_MERCHANTS)),
    )
    weights, scale, bias = fitted(labelled, [text for texts in calm.values() for text in texts])
    kinds, _ = learned(*zip(*(item for item in told if item[1]), strict=True), KIND_BITS)  # type: ignore[arg-type]
    np.savez_compressed(
        resources.content_library() / "rules" / NAME,
        weights=weights,
        kinds=whole_numbers(kinds.T, np.int8)[0],
        names=np.array(sorted(KINDS)),
        threshold=(threshold - bias) * scale,
    )
    print(f"{len(labelled)} labelled texts, {sum(label for _, label in labelled)} of them bad; {len(KINDS)} kinds")
    print(f"threshold {threshold:.2f} as log odds; suspect of the texts not learned from:")
    for name, found in odds.items():
        print(f"  {name:28}{len(found):6}{np.mean(found > threshold):8.2%}")


if __name__ == "__main__":
    main()
