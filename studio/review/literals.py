"""What stands in the automaton and why: anchors of expressions, phrases, words of the tone, hints, goods."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from studio.review.boundaries import is_whole_word
from studio.review.checks import CHECKS
from studio.review.datafiles import shipped
from studio.review.patterns import light
from studio.review.rules import Expression, RuleSet
from studio.vocabulary import ProductType


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
    goods: AbstractSet[ProductType] = frozenset()


class Search:
    """An expression of rule ``code``, run where its anchors were seen; only for ``types`` when there are any.

    ``match`` is that of the pattern, which is compiled at its first use.
    """

    __slots__ = ("_after", "_before", "_check", "_code", "_reach", "_regex", "_word", "match", "types")

    def __init__(self, code: str, expression: Expression, types: frozenset[ProductType]) -> None:
        assert expression.regex is not None
        self._code = code
        self.types = types
        self._regex = expression.regex
        self.match: Callable[[str, int], re.Match[str] | None] = self._first_match
        _, self._before, self._after, _ = expression.anchors
        self._reach = self._before + self._after
        self._word = expression.word
        self._check = CHECKS[expression.check] if expression.check else None

    def _first_match(self, text: str, start: int) -> re.Match[str] | None:
        self.match = self._regex.compiled.match
        return self.match(text, start)

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
        search = self._regex.compiled.search
        high = last + self._after
        match = search(text, max(0, first - self._before), high)
        while match is not None:
            self.take(match, text, hits)
            match = search(text, max(match.end(), match.start() + 1), high)

    def take(self, match: re.Match[str], text: str, hits: list[Hit]) -> None:
        """Add a match to ``hits`` when it stands up to the rule's checks."""
        start, end = match.span()
        if (not self._word or is_whole_word(text, start, end)) and (self._check is None or self._check(match[0])):
            hits.append(Hit(self._code, start, end))


@dataclass(slots=True, eq=False)
class Role:
    """What a literal is by itself."""

    hint: bool = False
    goods: ProductType | None = None
    safe: list[str] = field(default_factory=list)
    finds: list[tuple[str, Expression]] = field(default_factory=list)

    def note(self, text: str, start: int, end: int, scan: Scan) -> None:
        """Add what the literal at ``text[start:end]`` is."""
        scan.hinted |= self.hint
        if self.goods is not None:
            scan.goods |= {self.goods}
        for owner in self.safe:
            scan.safe.append(Safe(owner, start, end))
        for code, expression in self.finds:
            if not expression.word or is_whole_word(text, start, end):
                scan.hits.append(Hit(code, start, end))


class Uses(NamedTuple):
    """What a literal is in the automaton for: expressions whose matches begin with it, others that it is an anchor
    of, signals of the tone, and what it is by itself.
    """

    leads: tuple[Search, ...]
    searches: tuple[Search, ...]
    tone: tuple[str, ...]
    role: Role | None


class Table:
    """The literals and their uses, as they are entered."""

    def __init__(self) -> None:
        self.leads: defaultdict[str, list[Search]] = defaultdict(list)
        self.searches: defaultdict[str, list[Search]] = defaultdict(list)
        self.tone: defaultdict[str, list[str]] = defaultdict(list)
        self.roles: defaultdict[str, Role] = defaultdict(Role)
        self.numeric: list[Search] = []

    def enter_rules(self, rules: RuleSet) -> None:
        """Enter what the rules look for, and the phrases that clear it."""
        for code, expressions in rules.expressions.items():
            rule = rules.rules[code]
            for expression in expressions:
                self._enter(code, expression, rule.applies_to.certain)
            for phrase in rule.safe:
                self.roles[light(phrase)].safe.append(code)
        for exemption in rules.exemptions.values():
            for phrase in exemption.phrases:
                self.roles[light(phrase)].safe.append(exemption.code)

    def _enter(self, code: str, expression: Expression, types: frozenset[ProductType]) -> None:
        words = expression.anchors.words
        if expression.regex is None:
            for literal in words:
                self.roles[literal].finds.append((code, expression))
            return
        search = Search(code, expression, types)
        if not words or any(len(word) == 1 and word.isdigit() for word in words):
            self.numeric.append(search)
            return
        entered = self.leads if expression.anchors.leads and not types else self.searches
        for literal in words:
            entered[literal].append(search)

    def enter_words(self, lexicon: Mapping[str, Sequence[str]], hints: Sequence[str]) -> None:
        """Enter hard-sell words, hints of disguise and names of goods."""
        for signal, words in lexicon.items():
            for word in words:
                self.tone[light(word)].append(signal)
        for word in hints:
            self.roles[word].hint = True
        for product_type, goods in shipped("goods.yaml")["goods"].items():
            for word in goods:
                self.roles[light(word)].goods = ProductType(product_type)

    def literals(self) -> tuple[str, ...]:
        """Return every literal once."""
        return tuple({**self.roles, **self.leads, **self.searches, **self.tone})

    def uses(self, literal: str) -> Uses:
        """Return what a literal is in the automaton for."""
        return Uses(
            tuple(self.leads.get(literal, ())),
            tuple(self.searches.get(literal, ())),
            tuple(self.tone.get(literal, ())),
            self.roles.get(literal),
        )
