"""What a rule looks for: literals and regular expressions that are known to be cheap.

A regular expression is written for the light view. ``…`` means "a few characters of the same sentence",
``<名词表>`` the words of a list. Every one must contain literal text (its anchors), so that it is tried only
where the automaton saw some of it, and its quantifiers must be bounded, so that no text makes it slow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, cached_property, lru_cache
from itertools import product
from math import prod
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from time import thread_time
from typing import Any, NamedTuple

from studio import resources
from studio.review.folding import TABLE

GAP = r"[^。!?;\n]{0,8}"
_LIST = re.compile(r"<([\u4e00-\u9fff]{1,12})>")
_MAX_LENGTH, _MAX_STEPS, _MAX_REPEAT, _MAX_NESTED, _MAX_CLASS = 20_000, 20_000, 200, 4, 40
_RUNS = (40, 120, 400)  # how many literals a run may be spelled out to; each is tried
_MAX_SECONDS = 0.05
_MANY = 8  # a longer list of words is looked into only where one of their first characters stands
_RARE = 5e-5
_CROWDING = 1e-8  # what one more literal in the automaton costs, beside how often it is met
_SEARCHING = 2.5  # how much dearer than a look at one place it is to search around an anchor
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)

_parsed = lru_cache(maxsize=8)(parser.parse)


class PatternError(ValueError):
    """The pattern cannot be used; the message says why in Chinese."""


def light(text: str) -> str:
    """Return a literal as it stands in the light view."""
    return text.translate(TABLE)


class Regex:
    """An expression known to be cheap, compiled at its first use."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def __reduce__(self) -> tuple[type[Regex], tuple[str]]:
        return type(self), (self.pattern,)


def expanded(source: str, words: Mapping[str, Sequence[str]]) -> str:
    """Return the plain regular expression behind ``source``: gaps and word lists written out."""

    def expand(match: re.Match[str]) -> str:
        if match[1] not in words:
            raise PatternError(f"没有叫「{match[1]}」的名词表")
        longest_first = sorted({light(word) for word in words[match[1]]}, key=lambda word: (-len(word), word))
        quick = (
            f"(?=[{re.escape(''.join(sorted({word[0] for word in longest_first})))}])"
            if len(longest_first) > _MANY
            else ""
        )
        return f"{quick}(?:{'|'.join(map(re.escape, longest_first))})"

    return _LIST.sub(expand, source.replace("…", GAP))


def check(expression: str) -> None:
    """Raise :class:`PatternError` when a plain expression is wrong or may run long."""
    if len(expression) > _MAX_LENGTH:
        raise PatternError("正则展开后太长，请拆成几条规则")
    try:
        pattern = re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(f"正则写得不对({error})") from None
    if pattern.match(""):
        raise PatternError("正则不能匹配空文字")
    if _steps(_parsed(expression)) > _MAX_STEPS:
        raise PatternError("正则里可变长度的部分太多，遇到长文会很慢，请减少 {m,n} 或拆成几条")
    if _choices(_parsed(expression)) > _MAX_STEPS and _runs_long(pattern):
        raise PatternError("正则里可有可无或几选一的部分互相重复，遇到长文会很慢，请改写")


def _choices(tree: Any) -> int:
    """Return how many paths there are through ``tree``, whether or not a text can take them all."""
    total = 1
    for kind, value in tree:
        if kind in _REPEATS:
            low, high, inner = value
            total *= (2 if low < high else 1) * min(_choices(inner), _MAX_STEPS) ** min(int(high), 30)
        elif kind is op.BRANCH:
            total *= sum(map(_choices, value[1]))
        elif kind in (op.SUBPATTERN, op.ASSERT, op.ASSERT_NOT):
            total *= _choices(value[-1])
        total = min(total, _MAX_STEPS**2)
    return total


def _runs_long(pattern: re.Pattern[str]) -> bool:
    """Whether some text of the pattern's own words, growing word by word, makes it slow all at once."""
    words = Counter(re.findall(r"[^\W_]{1,6}", pattern.pattern))
    letters = Counter("".join(words))
    units = [unit for unit, _ in (*letters.most_common(6), *words.most_common(6))]
    for unit in units:
        for times in range(2, 50, 3):
            begun = thread_time()
            pattern.search(unit * times)
            if thread_time() - begun > _MAX_SECONDS:
                return True
    return False


def _steps(tree: Any) -> int:
    """Bound the ways the pattern can match at one position; raise where there is no bound."""
    total = 1
    for kind, value in tree:
        if kind in _REPEATS:
            total *= _repeat_steps(*value)
        elif kind is op.BRANCH:
            total *= max(1, sum(ways for branch in value[1] if (ways := _steps(branch)) > 1))
        elif kind in (op.SUBPATTERN, op.ASSERT, op.ASSERT_NOT):
            total *= _steps(value[-1])
        elif kind in (op.GROUPREF, op.GROUPREF_EXISTS):
            raise PatternError("正则里不能用反向引用")
    return total


def _repeat_steps(low: int, high: int, inner: Any) -> int:
    if high is op.MAXREPEAT or high > _MAX_REPEAT:
        raise PatternError("正则里的 * 和 + 没有上限，请写成 {0,20} 这样")
    ways = _steps(inner)
    if high == 1:
        return ways  # one optional element costs nothing worth counting
    if ways > 1 and high > _MAX_NESTED:
        raise PatternError("正则里重复套着重复，遇到长文会很慢，请改写")
    return (high - low + 1) * int(ways**high)


class Anchors(NamedTuple):
    """Literals of which every match contains at least one; none: unknown.

    ``leads``: every match begins with one. Else it begins no more than ``before`` characters ahead of the end of
    such a literal in it, and what it takes or looks at ends no more than ``after`` behind.
    """

    words: frozenset[str] = frozenset()
    before: int = 0
    after: int = 0
    leads: bool = False


def anchors(expression: str) -> Anchors:
    """Return the literals that tell best where a plain expression can match."""
    tree = _parsed(expression)
    choices = [(need, frozenset(_shortest(need.words, leads=need.before == 0))) for need in _needs(tree)]
    if not choices:
        return Anchors()
    found, words = min(choices, key=lambda choice: _cost(*choice))
    longest = max(map(len, found.words))
    ahead = _ahead(tree) + 2  # an end of line is seen two characters on
    return Anchors(words, found.before + longest, found.after + longest + ahead, found.before == 0)


def _cost(need: _Need, words: AbstractSet[str]) -> float:
    met = sum(map(_chance, need.words))
    return (met if need.before == 0 else _SEARCHING * met) + _CROWDING * len(words)


def _needs(tree: Any) -> list[_Need]:
    return [need for most in _RUNS for need in _required(tree, most)]


def _ahead(tree: Any) -> int:
    """Return no less than the characters that the look-aheads of ``tree`` see together."""
    total = 0
    for kind, value in tree:
        if kind in (op.ASSERT, op.ASSERT_NOT):
            total += value[1].getwidth()[1] + _ahead(value[1])
        elif kind is op.BRANCH:
            total += max(map(_ahead, value[1]))
        elif kind is op.SUBPATTERN:
            total += _ahead(value[-1])
        elif kind in _REPEATS:
            total += _ahead(value[2])
    return total


def _shortest(literals: AbstractSet[str], *, leads: bool) -> Iterator[str]:
    """Yield the literals that hold none of the others, or that begin with none of them."""
    for word in literals:
        starts = range(1 if leads else len(word))
        pieces = (word[start:end] for start in starts for end in range(start + 1, len(word) + 1))
        if not any(piece in literals for piece in pieces if len(piece) < len(word)):
            yield word


class _Need(NamedTuple):
    """Texts one of which a match contains, with at most so many characters of the match on either side."""

    words: set[str]
    before: int
    after: int


def _required(tree: Any, most: int) -> list[_Need]:
    """Return sets of literals of each of which a match of ``tree`` must contain one, the most telling first."""
    candidates: list[_Need] = []
    run: set[str] = {""}
    total = tree.getwidth()[1]
    begun = done = 0
    for place, (kind, value) in enumerate(tree):
        size = tree[place : place + 1].getwidth()[1]
        choices = _alternatives(kind, value, most)
        if choices is not None and len(run) * len(choices) <= most:
            run = {left + right for left, right in product(run, choices)}
        else:
            candidates.append(_Need(run, begun, total - done))
            run, begun = ({""}, done + size) if choices is None else (choices, done)
            inner = _inside(kind, value, most)
            if inner is not None:
                rest = total - done - size
                candidates.append(_Need(inner.words, done + inner.before, rest + inner.after))
        done += size
    candidates.append(_Need(run, begun, total - done))
    usable = [need for need in candidates if "" not in need.words]
    return sorted(usable, key=lambda need: sum(map(_chance, need.words)))


@cache
def _frequency() -> dict[str, float]:
    """Return how often ordinary texts use their commonest characters, as a share of all."""
    path = resources.content_library() / "rules" / "frequency.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {chr(int(code, 16)): int(share) / 1e6 for code, share in rows}


def _chance(literal: str) -> float:
    """Estimate how often a literal begins at any one position of ordinary text."""
    return prod(_frequency().get(char, _RARE) for char in literal)


def _alternatives(kind: Any, value: Any, most: int) -> set[str] | None:
    """Return all the texts an element can match when they are few and literal, else None."""
    choices: set[str] | None = None
    if kind is op.LITERAL:
        choices = {chr(value)}
    elif kind is op.IN and len(value) <= _MAX_CLASS and all(item[0] is op.LITERAL for item in value):
        choices = {chr(item[1]) for item in value}
    elif kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        choices = {""}
    elif kind is op.SUBPATTERN:
        choices = _sequence(value[-1], most)
    elif kind is op.BRANCH:
        branches = [_sequence(branch, most) for branch in value[1]]
        choices = None if None in branches else set().union(*filter(None, branches))
    elif kind in _REPEATS and (value[1] == 1 or value[0] == value[1] <= _MAX_NESTED):
        inner = _sequence([item for _ in range(value[1]) for item in value[2]], most)
        choices = None if inner is None else inner | ({""} if value[0] == 0 else set())
    return choices if choices is None or len(choices) <= most else None


def _sequence(tree: Any, most: int) -> set[str] | None:
    run = {""}
    for kind, value in tree:
        choices = _alternatives(kind, value, most)
        if choices is None or len(run) * len(choices) > most:
            return None
        run = {left + right for left, right in product(run, choices)}
    return run


def _inside(kind: Any, value: Any, most: int) -> _Need | None:
    """Return what is required by an element that is not itself a short list of texts."""
    if kind is op.SUBPATTERN:
        return next(iter(_required(value[-1], most)), None)
    if kind in _REPEATS and value[0] >= 1:
        others = (value[1] - 1) * value[2].getwidth()[1]
        needs = _required(value[2], most)
        return _Need(needs[0].words, needs[0].before + others, needs[0].after + others) if needs else None
    if kind is op.BRANCH:
        branches = [_required(branch, most) for branch in value[1]]
        if not all(branches):
            return None
        firsts = [needs[0] for needs in branches]
        words = set().union(*(need.words for need in firsts))
        return _Need(words, max(need.before for need in firsts), max(need.after for need in firsts))
    return None
