"""Find what the rules look for: one automaton over all literals, expressions only where it saw an anchor."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ahocorasick_rs import MATCHKIND_STANDARD, AhoCorasick

from studio.review.literals import Hit, Scan, Search, Table, Uses
from studio.review.rules import RuleSet
from studio.vocabulary import ProductType

_NUMBER = re.compile(r"\d(?:[ -]?\d){4}")
_SEPARATORS = tuple(chr(code) for code in range(0xFDD1, 0xFDF0))


class Matcher:
    """The compiled search for one rule set, one hard-sell lexicon (signal → words) and hints of disguise."""

    def __init__(self, rules: RuleSet, lexicon: Mapping[str, Sequence[str]], hints: Sequence[str] = ()) -> None:
        table = Table()
        table.enter_rules(rules)
        table.enter_words(lexicon, hints)
        self.literals = table.literals()
        self._numeric = table.numeric
        shared: dict[Uses, Uses] = {}
        self._uses = [shared.setdefault(uses, uses) for uses in map(table.uses, self.literals)]
        self._automaton = AhoCorasick(self.literals, matchkind=MATCHKIND_STANDARD)
        used = set().union(*self.literals)
        self.separator = next((mark for mark in _SEPARATORS if mark not in used), None)

    def tone(self, text: str) -> dict[str, int]:
        """Return how often each signal's words stand in a light view: what :meth:`scan` counts, and nothing else."""
        counts: Counter[str] = Counter()
        for index, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            counts.update(self._uses[index].tone)
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
        uses, hits, tone = self._uses, scan.hits, scan.tone
        wanted: dict[Search, list[int]] = {}
        for index, start, end in matches:
            leads, searches, signals, role = uses[index]
            for search in leads:
                if (match := search.match(text, start - offset)) is not None:
                    search.take(match, text, hits)
            for search in searches:
                if search in wanted:
                    wanted[search].append(end - offset)
                else:
                    wanted[search] = [end - offset]
            for signal in signals:
                tone[signal] = tone.get(signal, 0) + 1
            if role is not None:
                role.note(text, start - offset, end - offset, scan)
        _collect(wanted, text, {sold} if sold else scan.goods, hits)
        if numeric:
            for search in self._numeric:
                search.search(text, 0, len(text), hits)
        scan.hits = _longest(hits)
        return scan


def _collect(
    wanted: Mapping[Search, Sequence[int]], text: str, goods: AbstractSet[ProductType], hits: list[Hit]
) -> None:
    """Add to ``hits`` what the wanted searches find around the ends of their anchors, if they hold for such goods."""
    for search, ends in wanted.items():
        if not search.types or not goods.isdisjoint(search.types):
            search.collect(text, ends, hits)


def _longest(hits: list[Hit]) -> list[Hit]:
    """Return the hits in reading order, without those that overlap an earlier or longer one of the same rule."""
    if len(hits) < 2:
        return hits
    ends: dict[str, int] = {}
    kept = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.code)):
        if hit.start >= ends.get(hit.code, 0):
            ends[hit.code] = hit.end
            kept.append(hit)
    return kept
