"""Print how well the review judges, on the labelled and the ordinary texts of ../shared/data.

"flagged" is a warning or a block; an exemption shown as information does not count. Unseen lines are
``lines/held.jsonl``: independent authors wrote them as lawful or not, nobody reads them to write rules, and the
second reader does not learn from them. Those called 刁钻 avoid the usual words on purpose. Their bars are our own.
``python benchmarks/review_quality.py [--show SET]`` lists the rows of a set that came out wrong.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from studio import resources
from studio.review import Reviewer
from studio.review.normalize import views
from studio.vocabulary import Verdict

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SUBTYPES = {"引流": "引流", "诱导": "诱导", "医疗": "医疗", "价格": "价格欺诈", "背书": "虚假背书"}
ORDINARY = ("taobao_reviews", "takeaway_reviews", "shopping_reviews", "hotel_reviews", "weibo_posts")


@dataclass(frozen=True)
class Row:
    """One line of the table. ``texts`` are the rows that came out wrong."""

    name: str
    size: int
    share: float
    bar: float
    at_least: bool
    texts: tuple[str, ...]

    @property
    def met(self) -> bool:
        return self.share >= self.bar if self.at_least else self.share <= self.bar


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def line(name: str, texts: Iterable[str], bar: float, *, at_least: bool, blocks: bool = False) -> Row:
    reviewer = Reviewer.default()
    kept = list(texts)
    hit = [reviewer.review(text).verdict for text in kept]
    marked = [verdict is Verdict.BLOCK if blocks else verdict is not Verdict.PASS for verdict in hit]
    wrong = tuple(text for text, mark in zip(kept, marked, strict=True) if mark is not at_least)
    return Row(name, len(kept), sum(marked) / max(1, len(kept)), bar, at_least, wrong)


def unseen() -> list[Row]:
    """How lines come out that neither the rules' authors nor the second reader have seen."""
    path = Path(__file__).resolve().parent / "lines" / "held.jsonl"
    lines = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
    sets = dict.fromkeys(item["set"] for item in lines)
    bad = {name: [item["text"] for item in lines if item["set"] == name and item["expect"] == "flag"] for name in sets}
    calm = [item["text"] for item in lines if item["expect"] == "quiet"]
    bars = {name: 0.35 if name.startswith("刁钻") else 0.65 for name in sets}
    found = [line(f"unseen {name}", texts, bars[name], at_least=True) for name, texts in bad.items() if texts]
    return [*found, line("unseen, lawful", calm, 0.05, at_least=False)]


def evasion() -> list[Row]:
    """How many frequent words of the plain form stand in the deep view of the disguised one."""
    pairs = rows("evasion_pairs")
    words = [_han_words(row["restored"]) for row in pairs]
    count = Counter(word for found in words for word in found)
    frequent = {word for word, times in count.items() if times * 150 >= len(pairs)}
    raw, deep = [], []
    for row, found in zip(pairs, words, strict=True):
        view = views(row["raw"]).deep.text
        raw += [word in row["raw"] for word in sorted(found & frequent)]
        deep += [word in view for word in sorted(found & frequent)]
    missing = [now for now, before in zip(deep, raw, strict=True) if not before]
    return [
        Row("evasion: missing words restored", len(missing), sum(missing) / len(missing), 0.75, True, ()),
        Row("evasion: all frequent words", len(deep), sum(deep) / len(deep), 0.90, True, ()),
        *(untouched(name) for name in (*(f"normal_{name}" for name in ORDINARY), "product_copy_fashion")),
    ]


def _han_words(text: str) -> set[str]:
    """The words of two and more Chinese characters that jieba sees."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    return {word for word in jieba.cut(text) if re.fullmatch("[\u3400-\u9fff]{2,}", word)}


def untouched(name: str) -> Row:
    """How many ordinary texts the deep view changes beyond the light one."""
    texts = [row["text"] for row in rows(name)]
    changed = tuple(text for text in texts if (seen := views(text)).deep.text != seen.light.text)
    return Row(
        f"deep view changes {name.replace('normal_', '')}", len(texts), len(changed) / len(texts), 0.01, False, changed
    )


def table() -> list[Row]:
    cases, synthetic = rows("regulator_cases"), rows("xhs_review_synth")
    guilty = {"penalised", "reported_suspect"}
    lines = [
        line("regulator penalised + suspect", (r["text"] for r in cases if r["status"] in guilty), 0.90, at_least=True),
        line("regulator guideline", (r["text"] for r in cases if r["status"] == "guideline"), 0.90, at_least=True),
        line("regulator exempt", (r["text"] for r in cases if r["status"] == "exempt"), 0.15, at_least=False),
        line("traps", (r["text"] for r in rows("traps")), 0.04, at_least=False),
    ]
    for name, mark in SUBTYPES.items():
        texts = [r["text"] for r in synthetic if mark in r["subtype"] and r["verdict"] != "pass"]
        lines.append(line(f"xhs {name}", texts, 0.85, at_least=True))
    others = [r["text"] for r in synthetic if r["verdict"] in ("remove", "needs_edit")]
    lines.append(line("xhs all remove + needs_edit", others, 0.80, at_least=True))
    lines.append(line("xhs pass", (r["text"] for r in synthetic if r["verdict"] == "pass"), 0.02, at_least=False))
    ordinary = {"taobao": 0.005, "takeaway": 0.005, "shopping": 0.005, "hotel": 0.005, "weibo": 0.01}
    for name, bar in ordinary.items():
        kind = "posts" if name == "weibo" else "reviews"
        texts = [r["text"] for r in rows(f"normal_{name}_{kind}")]
        lines.append(line(f"{name}: block", texts, bar, at_least=False, blocks=True))
        lines.append(line(f"{name}: warn + block", texts, 0.03, at_least=False))
    copy = [r["text"] for r in rows("product_copy_fashion")]
    lines.append(line("fashion copy: block", copy, 0.01, at_least=False, blocks=True))
    lines.append(line("fashion copy: warn + block", copy, 0.06, at_least=False))
    return [*lines, *unseen(), *evasion()]


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--show", default="", help="list the rows of this set that came out wrong")
    show = arguments.parse_args().show
    reviewer = Reviewer.default()
    for row in table():
        sign = ">=" if row.at_least else "<="
        print(f"{row.name:34}{row.size:6}{row.share:8.1%}  {sign} {row.bar:5.1%}  {'ok' if row.met else 'MISSED'}")
        if show and show in row.name:
            for text in row.texts:
                seen = [f"{f.code}:{f.text}" for f in reviewer.review(text).findings]
                print("   ", text[:160].replace("\n", " "), seen)
    statistics = json.loads(
        (resources.content_library() / "rules" / "tone_statistics.json").read_text(encoding="utf-8")
    )
    print(f"{'tone: spam against ham, AUC':34}{2000:6}{statistics['auc_cross_validated']:8.4f}  >= 0.97 (5-fold)")


if __name__ == "__main__":
    main()
