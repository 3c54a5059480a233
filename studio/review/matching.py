"""Find what the rules look for: one automaton over all literals, expressions only where it saw an anchor."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import MATCHKIND_STANDARD, AhoCorasick

from studio.review.boundaries import is_whole_word
from studio.review.checks import CHECKS
from studio.review.datafiles import shipped
from studio.review.patterns import light
from studio.review.rules import Expression, RuleSet
from studio.vocabulary import ProductType

_NUMBER = re.compile(r"\d(?:[ -]?\d){4}")
_SEPARATORS = tuple(chr(code) for code in range(0xFDD1, 0xFDF0))


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
    """What one pass over a text saw. ``tone`` counts hard-sell words by signal; ``hinted``: one may be disguised.

    ``goods`` are the types of what the text names.
    """

    hits: list[Hit] = field(default_factory=list)
    safe: list[Safe] = field(default_factory=list)
    tone: dict[str, int] = field(default_factory=dict)
    hinted: bool = False
    goods: set[ProductType] = field(default_factory=set)


class _Search:
    """An expression of rule ``code``, run where its anchors were seen; only for ``types`` when there are any."""

    __slots__ = ("_after", "_before", "_check", "_code", "_reach", "_regex", "_word", "pattern", "types")

    def __init__(self, code: str, expression: Expression, types: frozenset[ProductType]) -> None:
        assert expression.regex is not None
        self._code = code
        self.types = types
        self._regex = expression.regex
        self.pattern: re.Pattern[str] | None = None
        _, self._before, self._after, _ = expression.anchors
        self._reach = self._before + self._after
        self._word = expression.word
        self._check = CHECKS[expression.check] if expression.check else None

    def collect(self, text: str, ends: Sequence[int], hits: list[Hit]) -> None:
        """Add to ``hits`` the matches around the anchors that end at ``ends`` (ascending)."""
        first = last = ends[0]
        for end in ends[1:]:
            if end - last > self._reach:
                self.search(text, first, last, hits)
                first = end
            last = end
        self.search(text, first, last, hits)

    def search(self, text: str, first: int, last: int, hits: list[Hit]) -> None:
        """Add to ``hits`` the matches around anchors of which the first ends at ``first`` and the last at ``last``."""
        pattern = self.pattern or self.compiled()
        high = last + self._after
        match = pattern.search(text, max(first - self._before, 0), high)
        while match is not None:
            self.take(match, text, hits)
            match = pattern.search(text, max(match.end(), match.start() + 1), high)

    def compiled(self) -> re.Pattern[str]:
        """Return the pattern, compiled at its first use."""
        self.pattern = self._regex.compiled
        return self.pattern

    def take(self, match: re.Match[str], text: str, hits: list[Hit]) -> None:
        """Add a match to ``hits`` when it stands up to the rule's checks."""
        start, end = match.span()
        if (not self._word or is_whole_word(text, start, end)) and (self._check is None or self._check(match[0])):
            hits.append(Hit(self._code, start, end))


@dataclass(slots=True)
class _Roles:
    """Why a literal is in the automaton besides being an anchor."""

    hint: bool = False
    goods: ProductType | None = None
    tone: tuple[str, ...] = ()
    safe: tuple[str, ...] = ()
    finds: tuple[tuple[str, Expression], ...] = ()

    def note(self, text: str, start: int, end: int, scan: Scan) -> None:
        """Add what the literal at ``text[start:end]`` is by itself."""
        scan.hinted |= self.hint
        if self.goods is not None:
            scan.goods.add(self.goods)
        for signal in self.tone:
            scan.tone[signal] = scan.tone.get(signal, 0) + 1
        if self.safe:
            scan.safe += [Safe(owner, start, end) for owner in self.safe]
        for code, expression in self.finds:
            if not expression.word or is_whole_word(text, start, end):
                scan.hits.append(Hit(code, start, end))


_Anchored = defaultdict[str, tuple[tuple[_Search, ...], tuple[_Search, ...]]]
"""By anchor: the expressions whose matches begin with it, and the others."""


class Matcher:
    """The compiled search for one rule set, one hard-sell lexicon (signal → words) and hints of disguise."""

    def __init__(self, rules: RuleSet, lexicon: Mapping[str, Sequence[str]], hints: Sequence[str] = ()) -> None:
        table: defaultdict[str, _Roles] = defaultdict(_Roles)
        anchored: _Anchored = defaultdict(lambda: ((), ()))
        self._numeric: list[_Search] = []
        for code, expressions in rules.expressions.items():
            for expression in expressions:
                self._enter(code, expression, rules.rules[code].applies_to.certain, table, anchored)
            for phrase in rules.rules[code].safe:
                table[light(phrase)].safe += (code,)
        for exemption in rules.exemptions.values():
            for phrase in exemption.phrases:
                table[light(phrase)].safe += (exemption.code,)
        _enter_words(lexicon, hints, table)
        self.literals = tuple({**table, **anchored})
        self._uses = [(*anchored.get(word, ((), ())), table.get(word)) for word in self.literals]
        self._automaton = AhoCorasick(self.literals, matchkind=MATCHKIND_STANDARD)
        used = set().union(*self.literals)
        self.separator = next((mark for mark in _SEPARATORS if mark not in used), None)

    def _enter(
        self,
        code: str,
        expression: Expression,
        types: frozenset[ProductType],
        table: defaultdict[str, _Roles],
        anchored: _Anchored,
    ) -> None:
        if expression.regex is None:
            for literal in expression.anchors.words:
                table[literal].finds += ((code, expression),)
            return
        search = _Search(code, expression, types)
        words = expression.anchors.words
        if not words or any(len(word) == 1 and word.isdigit() for word in words):
            self._numeric.append(search)
            return
        for literal in words:
            led, others = anchored[literal]
            anchored[literal] = (
                ((*led, search), others) if expression.anchors.leads and not types else (led, (*others, search))
            )

    def tone(self, text: str) -> dict[str, int]:
        """Return how often each signal's words stand in a light view: what :meth:`scan` counts, and nothing else."""
        counts: Counter[str] = Counter()
        for index, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            roles = self._uses[index][2]
            if roles is not None:
                counts.update(roles.tone)
        return counts

    def scan(self, text: str, sold: ProductType | None = None) -> Scan:
        """Return everything seen in a light or deep view (no lone surrogates).

        What only holds for some goods is looked for when those are ``sold`` (None: when the text names them).
        """
        numeric = bool(self._numeric) and _NUMBER.search(text) is not None
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return self._scan(text, matches, 0, sold, numeric=numeric)

    def scan_many(self, texts: Sequence[str], sold: ProductType | None = None) -> Iterator[Scan]:
        """Yield what :meth:`scan` returns for each of ``texts``; none may hold :attr:`separator`."""
        assert self.separator is not None
        joined = self.separator.join(texts)
        matches = self._automaton.find_matches_as_indexes(joined, overlapping=True)
        numbers = [match.end() for match in _NUMBER.finditer(joined)] if self._numeric else []
        offset = seen = counted = 0
        for text in texts:
            stop = offset + len(text)
            first, done = seen, counted
            while seen < len(matches) and matches[seen][2] <= stop:
                seen += 1
            while counted < len(numbers) and numbers[counted] <= stop:
                counted += 1
            yield self._scan(text, matches[first:seen], offset, sold, numeric=counted > done)
            offset = stop + 1

    def _scan(
        self,
        text: str,
        matches: Iterable[tuple[int, int, int]],
        offset: int,
        sold: ProductType | None,
        *,
        numeric: bool,
    ) -> Scan:
        """Make sense of the automaton's ``matches``, whose positions count from ``offset`` before the text."""
        scan = Scan()
        uses = self._uses
        wanted: dict[_Search, list[int]] = {}
        for index, start, end in matches:
            led, searches, roles = uses[index]
            for search in led:
                match = (search.pattern or search.compiled()).match(text, start - offset)
                if match is not None:
                    search.take(match, text, scan.hits)
            for search in searches:
                if search in wanted:
                    wanted[search].append(end - offset)
                else:
                    wanted[search] = [end - offset]
            if roles is not None:
                roles.note(text, start - offset, end - offset, scan)
        _search(wanted, text, scan, {sold} if sold else scan.goods)
        if numeric:
            for search in self._numeric:
                search.search(text, 0, len(text), scan.hits)
        if len(scan.hits) > 1:
            scan.hits = list(_longest(scan.hits))
        return scan


def _search(wanted: Mapping[_Search, list[int]], text: str, scan: Scan, goods: AbstractSet[ProductType]) -> None:
    """Add what the wanted searches find around the ends of their anchors, if they hold for such goods."""
    for search, ends in wanted.items():
        if not search.types or not goods.isdisjoint(search.types):
            search.collect(text, ends, scan.hits)


def _enter_words(lexicon: Mapping[str, Sequence[str]], hints: Sequence[str], table: defaultdict[str, _Roles]) -> None:
    """Enter what is in the automaton for other reasons than the rules."""
    for signal, words in lexicon.items():
        for word in words:
            table[light(word)].tone += (signal,)
    for word in hints:
        table[word].hint = True
    for product_type, goods in shipped("goods.yaml")["goods"].items():
        for word in goods:
            table[light(word)].goods = ProductType(product_type)


def _longest(hits: list[Hit]) -> Iterator[Hit]:
    """Yield the hits without those that overlap an earlier or longer one of the same rule."""
    ends: dict[str, int] = {}
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.code)):
        if hit.start >= ends.get(hit.code, 0):
            ends[hit.code] = hit.end
            yield hit
