"""What the review says of one passage: which hits count, why some do not, and what a second reader adds."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate

from studio.errors import InputError
from studio.review.categories import Category
from studio.review.exemptions import Decider
from studio.review.folding import disguises
from studio.review.literals import Hit, Scan
from studio.review.matching import Matcher
from studio.review.normalize import View, Views
from studio.review.report import Finding
from studio.review.restoring import SPACE
from studio.review.rules import Rule, RuleSet
from studio.review.sentences import SentenceModel, Suspect
from studio.vocabulary import Channel, ProductType, Severity

RANK = {Severity.BLOCK: 2, Severity.WARN: 1, Severity.INFO: 0}


@dataclass(frozen=True, slots=True)
class Situation:
    """What is sold and where it is said, as far as known."""

    channel: Channel | None = None
    product_type: ProductType | None = None

    @classmethod
    def of(cls, channel: Channel | str | None, product_type: ProductType | str | None) -> Situation:
        """Return the situation; :class:`InputError` when a word is not one of ours."""
        try:
            parsed = Channel.parse(channel) if channel is not None else None
        except ValueError as error:
            raise InputError(f"渠道{error}") from None
        try:
            return cls(parsed, ProductType(product_type) if product_type is not None else None)
        except ValueError:
            allowed = "、".join(ProductType)
            raise InputError(f"商品类型「{str(product_type)[:40]}」不在可选范围里，可选：{allowed}") from None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, or a piece of one that begins at ``offset``, with what was seen in its light view.

    ``suspects`` are the second reader's, in the light view; None: not asked yet.
    """

    seen: Views
    scan: Scan
    suspects: Sequence[Suspect] | None = None
    offset: int = 0


class Judge:
    """Decides for one rule set what counts."""

    def __init__(self, rules: RuleSet, matcher: Matcher) -> None:
        self._rules = rules
        self._matcher = matcher
        self._decider = Decider(rules)
        self._likes = {item.like: code for code, rule in rules.rules.items() for item in rule.find if item.like}
        self._basis = {
            code: tuple(article.to_json() for article in rules.articles_of(rule)) for code, rule in rules.rules.items()
        }

    def suspects(self, texts: Sequence[str]) -> list[list[Suspect]]:
        """Return what the second reader suspects in each view, as far as there are rules for it."""
        return SentenceModel.default().suspects(texts) if self._likes else [[] for _ in texts]

    def findings(self, passage: Passage, situation: Situation, floor: int = -1) -> list[Finding]:
        """Return what counts in a passage; only what is graver than ``floor``."""
        deep = self._deep_scan(passage, situation)
        found = self._by_rules(passage, deep, situation, floor)
        told = _Spans((item.start - passage.offset, item.end - passage.offset) for item in found)
        view = passage.seen.deep
        alone = [item for item in self._suspects(passage) if not told.meet(*view.span(item.start, item.end))]
        return settled(found + self._suspicions(passage, deep, alone, situation, floor))

    def violates(self, rule: Rule, passage: Passage, situation: Situation) -> bool:
        """Whether a rule objects to a passage, whatever others say."""
        deep = self._deep_scan(passage, situation)
        found = self._by_rules(passage, deep, situation, -1)
        found += self._suspicions(passage, deep, self._suspects(passage), situation, -1)
        return any(item.code == rule.code and item.exemption is None for item in found)

    def _suspects(self, passage: Passage) -> Sequence[Suspect]:
        if passage.suspects is None or passage.seen.deep is not passage.seen.light:
            return self.suspects([passage.seen.deep.text])[0]
        return passage.suspects

    def _deep_scan(self, passage: Passage, situation: Situation) -> Scan:
        if passage.seen.deep is passage.seen.light:
            return passage.scan
        return self._matcher.scan(passage.seen.deep.text, situation.product_type)

    def _suspicions(
        self, passage: Passage, deep: Scan, suspects: Sequence[Suspect], situation: Situation, floor: int
    ) -> list[Finding]:
        view = passage.seen.deep
        return [
            self._finding(view, hit, deep, situation, passage.offset)
            for hit in (Hit(self._likes[item.kind], *item.clause) for item in suspects if item.kind in self._likes)
            if self._applies(hit, view, situation, floor, passage.scan.goods | deep.goods)
        ]

    def _by_rules(self, passage: Passage, deep: Scan, situation: Situation, floor: int) -> list[Finding]:
        seen, scan, offset = passage.seen, passage.scan, passage.offset
        found = [
            self._finding(seen.light, hit, scan, situation, offset)
            for hit in scan.hits
            if self._applies(hit, seen.light, situation, floor, scan.goods)
        ]
        if seen.deep is not seen.light:
            found += [
                self._finding(seen.deep, hit, deep, situation, offset)
                for hit in deep.hits
                if _is_evasion(seen, hit) and self._applies(hit, seen.deep, situation, floor, scan.goods | deep.goods)
            ]
        return found

    def _applies(self, hit: Hit, view: View, situation: Situation, floor: int, named: AbstractSet[ProductType]) -> bool:
        rule = self._rules.rules[hit.code]
        if floor >= 0 and RANK[rule.severity_for(situation.product_type, situation.channel)] <= floor:
            return False
        covered = rule.applies_to.covers(situation.product_type, situation.channel, named)
        return covered and self._decider.applies(rule, view.text, hit)

    def _finding(self, view: View, hit: Hit, scan: Scan, situation: Situation, offset: int) -> Finding:
        rule = self._rules.rules[hit.code]
        start, end = view.span(hit.start, hit.end)
        original, normalized = view.original[start:end], view.text[hit.start : hit.end]
        evasion = () if original == normalized else (*view.operators(hit.start, hit.end), *disguises(original))
        exemption = self._decider.exemption(rule, view.text, hit, scan.safe)
        severity = rule.severity_for(situation.product_type, situation.channel)
        return Finding(
            code=rule.code,
            start=offset + start,
            end=offset + end,
            text=original,
            severity=Severity.INFO if exemption else severity,
            category=rule.category,
            message=rule.message,
            basis=self._basis[rule.code],
            suggestion="" if exemption else rule.suggestion,
            exemption=exemption,
            evasion=tuple(dict.fromkeys(evasion)),
            normalized=normalized,
        )


def _is_evasion(seen: Views, hit: Hit) -> bool:
    """Whether a deep hit is new and has a second signal: more than one space that happens to join two words."""
    undone = seen.deep.operators(hit.start, hit.end, above=seen.light)
    return len(undone) >= 2 or (bool(undone) and undone[0] != SPACE)


class _Spans:
    """Spans that may overlap, asked very often what they meet."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def meet(self, start: int, end: int) -> bool:
        """Whether one of them overlaps ``start:end``."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reach[before - 1] > start


def settled(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings in reading order; of overlapping ones in one category the gravest, then the longest."""
    if len(findings) < 2:
        return list(findings)
    order = sorted(findings, key=lambda item: (-RANK[item.severity], item.exemption is not None, item.start - item.end))
    kept: dict[Category, list[tuple[int, int]]] = {}
    chosen = []
    for item in order:
        spans = kept.setdefault(item.category, [])
        place = bisect_left(spans, (item.end, 0))
        if place and spans[place - 1][1] > item.start:
            continue
        insort(spans, (item.start, item.end))
        chosen.append(item)
    return sorted(chosen, key=lambda item: (item.start, item.end, item.code))
