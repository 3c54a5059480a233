"""What a rule looks for: literals and regular expressions that are known to be cheap.

A regular expression is written for the light view. ``…`` means "a few characters of the same sentence",
``<名词表>`` the words of a list. Every one must contain literal text (its anchors), so that it is tried only
where the automaton saw some of it, and its quantifiers must be bounded, so that no text makes it slow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from studio.review.folding import TABLE

GAP = r"[^。!?;\n]{0,8}"
_LIST = re.compile(r"<([\u4e00-\u9fff]{1,12})>")
_MAX_LENGTH, _MAX_STEPS, _MAX_REPEAT, _MAX_RUNS, _MAX_NESTED, _MAX_CLASS = 20_000, 20_000, 200, 400, 4, 40
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


class PatternError(ValueError):
    """The pattern cannot be used; the message says why in Chinese."""


def light(text: str) -> str:
    """Return a literal as it stands in the light view."""
    return text.translate(TABLE)


def compiled(source: str, words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Return the regular expression behind ``source``; raise :class:`PatternError` if it may run long."""

    def expand(match: re.Match[str]) -> str:
        if match[1] not in words:
            raise PatternError(f"没有叫「{match[1]}」的名词表")
        longest_first = sorted({light(word) for word in words[match[1]]}, key=len, reverse=True)
        return "(?:" + "|".join(map(re.escape, longest_first)) + ")"

    expanded = _LIST.sub(expand, source.replace("…", GAP))
    if len(expanded) > _MAX_LENGTH:
        raise PatternError("正则展开后太长,请拆成几条规则")
    try:
        pattern = re.compile(expanded)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(f"正则写得不对({error})") from None
    if pattern.match(""):
        raise PatternError("正则不能匹配空文字")
    if _steps(parser.parse(expanded)) > _MAX_STEPS:
        raise PatternError("正则里可变长度的部分太多,遇到长文会很慢,请减少 {m,n} 或拆成几条")
    return pattern


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
        raise PatternError("正则里的 * 和 + 没有上限,请写成 {0,20} 这样")
    ways = _steps(inner)
    if high == 1:
        return ways  # one optional element costs nothing worth counting
    if ways > 1 and high > _MAX_NESTED:
        raise PatternError("正则里重复套着重复,遇到长文会很慢,请改写")
    return (high - low + 1) * int(ways**high)


def anchors(pattern: re.Pattern[str]) -> frozenset[str]:
    """Return literals of which every match contains at least one; empty if there are none."""
    found = _required(parser.parse(pattern.pattern))
    return frozenset(found or ())


def _required(tree: Any) -> set[str] | None:
    """Return the most telling set of literals that a match of ``tree`` must contain one of."""
    candidates: list[set[str]] = []
    run: set[str] = {""}
    for kind, value in tree:
        choices = _alternatives(kind, value)
        if choices is not None and len(run) * len(choices) <= _MAX_RUNS:
            run = {left + right for left, right in product(run, choices)}
            continue
        candidates.append(run)
        run = choices if choices is not None else {""}
        inner = _inside(kind, value)
        if inner:
            candidates.append(inner)
    candidates.append(run)
    usable = [candidate for candidate in candidates if "" not in candidate]
    return max(usable, key=lambda words: (min(map(len, words)), -len(words))) if usable else None


def _alternatives(kind: Any, value: Any) -> set[str] | None:
    """Return all the texts an element can match when they are few and literal, else None."""
    choices: set[str] | None = None
    if kind is op.LITERAL:
        choices = {chr(value)}
    elif kind is op.IN and len(value) <= _MAX_CLASS and all(item[0] is op.LITERAL for item in value):
        choices = {chr(item[1]) for item in value}
    elif kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        choices = {""}
    elif kind is op.SUBPATTERN:
        choices = _sequence(value[-1])
    elif kind is op.BRANCH:
        branches = [_sequence(branch) for branch in value[1]]
        choices = None if None in branches else set().union(*filter(None, branches))
    elif kind in _REPEATS and value[1] == 1:
        inner = _sequence(value[2])
        choices = None if inner is None else inner | ({""} if value[0] == 0 else set())
    return choices if choices is None or len(choices) <= _MAX_RUNS else None


def _sequence(tree: Any) -> set[str] | None:
    run = {""}
    for kind, value in tree:
        choices = _alternatives(kind, value)
        if choices is None or len(run) * len(choices) > _MAX_RUNS:
            return None
        run = {left + right for left, right in product(run, choices)}
    return run


def _inside(kind: Any, value: Any) -> set[str] | None:
    """Return the required literals of an element that is not itself a short list of texts."""
    if kind is op.SUBPATTERN:
        return _required(value[-1])
    if kind in _REPEATS and value[0] >= 1:
        return _required(value[2])
    if kind is op.BRANCH:
        joined: set[str] = set()
        for branch in value[1]:
            required = _required(branch)
            if not required:
                return None
            joined |= required
        return joined
    return None
