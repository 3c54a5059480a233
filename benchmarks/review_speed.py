"""Print how fast the review is, beside the bare automaton, other automata and published word filters.

    python benchmarks/review_speed.py

All of them see the same posts and the same words (every literal our rules look for). Posts are 40-120 characters,
95 in 100 of them ordinary; they come from ../shared/data when it is there, else from the sample shop. Times are
of the processor on one core, the best of several rounds. The last table holds texts made to be slow.
"""

from __future__ import annotations

import csv
import json
import random
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ahocorasick_rs import MATCHKIND_STANDARD, AhoCorasick

from studio import resources
from studio.review import Reviewer
from studio.review.matching import Matcher
from studio.review.normalize import views
from studio.review.packs import load_rules
from studio.review.restoring import hints
from studio.review.tone import ToneModel
from studio.vocabulary import Verdict

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ORDINARY = (
    "normal_taobao_reviews",
    "normal_takeaway_reviews",
    "normal_shopping_reviews",
    "normal_hotel_reviews",
    "normal_weibo_posts",
    "product_copy_fashion",
)
POSTS, ROUNDS = 10_000, 5
PEERS = {"sensitive-word": "textfilter", "wfgfw": "wfgfw.wfgfw"}
MIB = 10 * 1024 * 1024

Trie = dict[str, Any]


def rows(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def material(reviewer: Reviewer) -> tuple[str, list[str], list[str]]:
    """Return where the texts are from, ordinary ones that pass, and ones that do not."""
    bad = [text for rule in reviewer.rules.rules.values() for text in rule.examples.find]
    if DATA.is_dir():
        texts = [text for name in ORDINARY for text in rows(DATA / f"{name}.csv")]
        source = "../shared/data"
    else:
        texts = [text for rule in reviewer.rules.rules.values() for text in rule.examples.clear]
        posts = (resources.content_library() / "sample_shop" / "posts.jsonl").read_text(encoding="utf-8")
        texts += [json.loads(line)["text"] for line in posts.splitlines()]
        source = "the sample shop and the rules' own examples"
    return source, [text for text in texts if reviewer.review(text).verdict is Verdict.PASS], bad


def compose(ordinary: Sequence[str], bad: Sequence[str], count: int) -> list[str]:
    """Return posts of 40 to 120 characters, 5 in 100 of them with something in it."""
    rng = random.Random(20261122)
    posts = []
    for _ in range(count):
        post = rng.choice(bad) if rng.random() < 0.05 else rng.choice(ordinary)
        size = rng.randint(40, 120)
        while len(post) < 40:
            post += rng.choice(",。\n") + rng.choice(ordinary)
        posts.append(post[:size])
    return posts


def trie(words: Iterable[str]) -> Trie:
    root: Trie = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = word
    return root


def walk(root: Trie, text: str) -> Iterator[tuple[int, str]]:
    for start in range(len(text)):
        node = root
        for char in text[start:]:
            if char not in node:
                break
            node = node[char]
            if "" in node:
                yield start, node[""]


def contenders(reviewer: Reviewer, words: Sequence[str]) -> dict[str, Callable[[list[str]], object]]:
    """Return what is timed: each gets a list of posts."""
    bare = AhoCorasick(words, matchkind=MATCHKIND_STANDARD)
    root = trie(words)
    found: dict[str, Callable[[list[str]], object]] = {
        "ahocorasick_rs alone (the limit)": lambda posts: [
            bare.find_matches_as_indexes(post, overlapping=True) for post in posts
        ],
        "review_many, complete reports": lambda posts: deque(reviewer.review_many(posts), maxlen=0),
        "review, one at a time": lambda posts: deque(map(reviewer.review, posts), maxlen=0),
        "pure-Python trie": lambda posts: [list(walk(root, post)) for post in posts],
    }
    if find_spec("ahocorasick"):
        automaton = import_module("ahocorasick").Automaton()
        for word in words:
            automaton.add_word(word, word)
        automaton.make_automaton()
        found["pyahocorasick"] = lambda posts: [list(automaton.iter(post)) for post in posts]
    for package, module in PEERS.items():
        if find_spec(module.partition(".")[0]):
            peer = import_module(module).DFAFilter()
            for word in words:
                peer.add(word)
            found[f"{package} (PyPI)"] = lambda posts, peer=peer: [peer.filter(post) for post in posts]
    missing = [name for name in ("pyahocorasick", *(f"{package} (PyPI)" for package in PEERS)) if name not in found]
    if missing:
        print(f"not installed, left out: {', '.join(missing)}")
    return found


def best(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        action()
        times.append(time.process_time() - begun)
    return min(times)


def single(reviewer: Reviewer, posts: Sequence[str]) -> float:
    """Return the median seconds of one review of a post of 120 characters."""
    long = ["。".join(posts[start : start + 3])[:120] for start in range(0, 900, 3)]
    return statistics.median(best(lambda text=text: reviewer.review(text), 3) for text in long)  # type: ignore[misc]


def slow_texts(words: Sequence[str]) -> dict[str, str]:
    """Return texts of 10 MB that are made to be slow, and one character 100,000 times."""
    rng = random.Random(7)
    mixed = "".join(rng.choices(words, k=200_000))
    return {
        "one character, 100,000 times": "最" * 100_000,
        "one character": "最" * (MIB // 3),
        "nothing but words we look for": (mixed * (1 + MIB // 3 // len(mixed)))[: MIB // 3],
        "emoji": "🔥" * (MIB // 4),
        "combining marks": "a" + "\u0301" * (MIB // 2),
        "lone surrogates": "\ud800" * (MIB // 3),
        "right to left": "\u202e\u05d0" * (MIB // 5),
        "NUL": "最\0" * (MIB // 4),
        "digits": "1380013800" * (MIB // 10),
    }


def main() -> None:
    reviewer = Reviewer.default()
    words = Matcher(load_rules(), ToneModel.default().lexicon, hints()).literals
    source, ordinary, bad = material(reviewer)
    posts = compose(ordinary, bad, POSTS)
    seen = [views(post).light.text for post in posts]
    average = sum(map(len, posts)) / len(posts)
    print(f"{len(posts)} posts, {average:.0f} characters on average, from {source}; {len(words)} literals")
    results = {}
    for name, action in contenders(reviewer, words).items():
        given = posts if name.startswith("review") else seen
        few = given if name.startswith(("review", "aho", "pya")) else given[:2000]
        action(few[:500])
        results[name] = best(lambda action=action, few=few: action(few)) / len(few)  # type: ignore[misc]
    limit = results["ahocorasick_rs alone (the limit)"]
    print(f"{'what':36}{'µs a post':>10}{'posts/s':>10}{'× limit':>9}")
    for name, seconds in results.items():
        print(f"{name:36}{seconds * 1e6:10.1f}{1 / seconds:10.0f}{seconds / limit:9.1f}")
    many = results["review_many, complete reports"]
    alone = single(reviewer, posts)
    bars = {
        f"one post of 120 characters: {alone * 1000:.3f} ms, bar 1 ms": alone <= 0.001,
        f"review_many: {1 / many:.0f} posts a second a core, bar 20,000": 1 / many >= 20_000,
        f"review_many: {many / limit:.1f} × the limit, bar 10": many / limit <= 10,
    }
    for text, met in bars.items():
        print(f"{text}: {'ok' if met else 'MISSED'}")
    for name, text in slow_texts(words).items():
        seconds = best(lambda text=text: reviewer.review(text), 1)  # type: ignore[misc]
        print(f"{name:36}{seconds:10.2f} s, bar 10: {'ok' if seconds < 10 else 'MISSED'}")


if __name__ == "__main__":
    main()
