"""Find what the rules look for: one automaton over all literals, expressions only where it saw an anchor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import MATCHKIND_STANDARD, AhoCorasick

from studio.review.boundaries import is_whole_word
from studio.review.checks import CHECKS
from studio.review.patterns import light
from studio.review.rules import Expression, RuleSet

_NUMBER = re.compile(r"\d(?:[ -]?\d){4}")


class Hit(NamedTuple):
    """``text[start:end]`` of the scanned view is what rule ``code`` looks for."""

    code: str
    start: int
    end: int


class Safe(NamedTuple):
    """A phrase that clears what lies inside it, for one rule or one exemption (``owner``)."""

    owner: str
    start: int
    end: int


@dataclass(slots=True)
class Scan:
    """What one pass over a text saw. ``tone`` counts hard-sell words by signal."""

    hits: list[Hit] = field(default_factory=list)
    safe: list[Safe] = field(default_factory=list)
    tone: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Roles:
    """Why a literal is in the automaton."""

    finds: list[tuple[str, Expression]] = field(default_factory=list)
    anchors: list[tuple[str, Expression]] = field(default_factory=list)
    safe: list[str] = field(default_factory=list)
    tone: list[str] = field(default_factory=list)


class Matcher:
    """The compiled search for one rule set and one hard-sell lexicon (signal → words)."""

    def __init__(self, rules: RuleSet, lexicon: Mapping[str, Sequence[str]]) -> None:
        table: dict[str, _Roles] = {}
        self._numeric: list[tuple[str, Expression]] = []
        for code, expressions in rules.expressions.items():
            for expression in expressions:
                self._enter(code, expression, table)
            for phrase in rules.rules[code].safe:
                table.setdefault(light(phrase), _Roles()).safe.append(code)
        for exemption in rules.exemptions.values():
            for phrase in exemption.phrases:
                table.setdefault(light(phrase), _Roles()).safe.append(exemption.code)
        for signal, words in lexicon.items():
            for word in words:
                table.setdefault(light(word), _Roles()).tone.append(signal)
        self.literals = tuple(table)
        self._roles = tuple(table.values())
        self._automaton = AhoCorasick(self.literals, matchkind=MATCHKIND_STANDARD)

    def _enter(self, code: str, expression: Expression, table: dict[str, _Roles]) -> None:
        if expression.regex is None:
            for literal in expression.anchors:
                table.setdefault(literal, _Roles()).finds.append((code, expression))
        elif not expression.anchors or any(len(word) == 1 and word.isdigit() for word in expression.anchors):
            self._numeric.append((code, expression))
        else:
            for literal in expression.anchors:
                table.setdefault(literal, _Roles()).anchors.append((code, expression))

    def scan(self, text: str) -> Scan:
        """Return everything seen in a light or deep view (no lone surrogates)."""
        scan = Scan()
        wanted: dict[int, tuple[str, Expression]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            roles = self._roles[index]
            for signal in roles.tone:
                scan.tone[signal] = scan.tone.get(signal, 0) + 1
            for owner in roles.safe:
                scan.safe.append(Safe(owner, start, end))
            for code, expression in roles.finds:
                if not expression.word or is_whole_word(text, start, end):
                    scan.hits.append(Hit(code, start, end))
            for entry in roles.anchors:
                wanted[id(entry[1])] = entry
        if self._numeric and _NUMBER.search(text):
            wanted.update((id(entry[1]), entry) for entry in self._numeric)
        for code, expression in wanted.values():
            scan.hits.extend(_matches(code, expression, text))
        if len(scan.hits) > 1:
            scan.hits = list(_longest(scan.hits))
        return scan


def _matches(code: str, expression: Expression, text: str) -> Iterator[Hit]:
    assert expression.regex is not None
    for match in expression.regex.finditer(text):
        start, end = match.span()
        if expression.word and not is_whole_word(text, start, end):
            continue
        if expression.check is None or CHECKS[expression.check](match[0]):
            yield Hit(code, start, end)


def _longest(hits: list[Hit]) -> Iterator[Hit]:
    """Yield the hits without those that overlap an earlier or longer one of the same rule."""
    ends: dict[str, int] = {}
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= ends.get(hit.code, 0):
            ends[hit.code] = hit.end
            yield hit
