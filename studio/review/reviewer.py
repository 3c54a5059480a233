"""The review of one text: views, matches, exemptions, tone."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studio.errors import InputError
from studio.review.categories import Category
from studio.review.exemptions import Decider
from studio.review.folding import disguises
from studio.review.literals import Hit, Scan
from studio.review.matching import Matcher
from studio.review.normalize import View, Views, lightened, views
from studio.review.packs import load_rules
from studio.review.report import Finding, Report
from studio.review.restoring import SPACE, deepened, hints
from studio.review.rules import Rule, RuleSet
from studio.review.tone import ToneModel
from studio.vocabulary import Channel, ProductType, Severity

MAX_FINDINGS = 2000
"""A text with more findings lists the gravest ones and says so."""

_CHUNK = 20_000
_SHORT, _FEW, _GROUP, _GROUP_SIZE = 2000, 8, 256, 200_000
_RANK = {Severity.BLOCK: 2, Severity.WARN: 1, Severity.INFO: 0}
_GRAVEST = max(_RANK.values())


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """A rule that does not do what its own example says. ``expected`` is ``find`` or ``pass``."""

    code: str
    expected: str
    example: str


@dataclass(frozen=True, slots=True)
class _Situation:
    """What is sold and where it is said, as far as known."""

    channel: Channel | None
    product_type: ProductType | None

    @classmethod
    def of(cls, channel: Channel | str | None, product_type: ProductType | str | None) -> _Situation:
        try:
            parsed = Channel.parse(channel) if channel is not None else None
        except ValueError as error:
            raise InputError(f"渠道{error}") from None
        try:
            return cls(parsed, ProductType(product_type) if product_type is not None else None)
        except ValueError:
            allowed = "、".join(ProductType)
            raise InputError(f"商品类型「{str(product_type)[:40]}」不在可选范围里，可选：{allowed}") from None


class Reviewer:
    """Reviews texts against one rule set; safe to share between threads."""

    def __init__(self, rules: RuleSet, tone: ToneModel | None = None) -> None:
        self.rules = rules
        self._tone = tone or ToneModel.default()
        self._matcher = Matcher(rules, self._tone.lexicon, hints())
        self._decider = Decider(rules)
        self._basis = {
            code: tuple(article.to_json() for article in rules.articles_of(rule)) for code, rule in rules.rules.items()
        }

    def __reduce__(self) -> tuple[type[Reviewer], tuple[RuleSet, ToneModel]]:
        return type(self), (self.rules, self._tone)

    @classmethod
    def default(cls) -> Reviewer:
        """Return the reviewer with the shipped rules, made once."""
        return _default()

    @classmethod
    def with_overlay(cls, folder: Path) -> Reviewer:
        """Return a reviewer with the merchant's rules in ``folder`` on top of the shipped ones."""
        return cls(load_rules(folder))

    def review(
        self, text: str, *, channel: Channel | str | None = None, product_type: ProductType | str | None = None
    ) -> Report:
        """Return the report on ``text``. ``product_type`` as its Chinese word or member; None: not known."""
        return self._review(text, _Situation.of(channel, product_type))

    def _review(self, text: str, situation: _Situation) -> Report:
        findings: list[Finding] = []
        counts: Counter[str] = Counter()
        floor = -1  # once the list is full, only graver findings than the least of it are looked for
        for offset, chunk in _chunks(text):
            light = lightened(View(chunk))
            if floor == _GRAVEST:
                counts.update(self._matcher.tone(light.text))
                continue
            scan = self._matcher.scan(light.text, situation.product_type)
            seen = Views(light.parent or light, light, deepened(light, hinted=scan.hinted))
            counts.update(scan.tone)
            findings += _settled(self._findings(seen, scan, situation, offset, floor))
            if len(findings) > MAX_FINDINGS:
                findings = _gravest(findings)
                floor = min(_RANK[finding.severity] for finding in findings)
        if floor >= 0:
            findings.append(_cut_short(findings[-1]))
        return Report(tuple(findings), self._tone.judge(text, counts), self.rules.version)

    def review_many(
        self,
        texts: Iterable[str],
        *,
        channel: Channel | str | None = None,
        product_type: ProductType | str | None = None,
    ) -> Iterator[Report]:
        """Yield one report for every text, in order: what :meth:`review` says, many times as fast.

        Texts are read ahead a few at a time at first, later a few hundred.
        """
        situation = _Situation.of(channel, product_type)
        for group in _groups(texts):
            yield from self._review_group(group, situation)

    def _review_group(self, texts: list[str], situation: _Situation) -> Iterator[Report]:
        mark = self._matcher.separator
        apart = [mark is None or len(text) > _SHORT or mark in text for text in texts]
        short = [text for text, alone in zip(texts, apart, strict=True) if not alone]
        if len(short) < _FEW:
            yield from (self._review(text, situation) for text in texts)
            return
        together = self._review_short(short, situation)
        for text, alone in zip(texts, apart, strict=True):
            yield self._review(text, situation) if alone else next(together)

    def _review_short(self, texts: list[str], situation: _Situation) -> Iterator[Report]:
        """Yield the reports on short texts that share one scan."""
        from studio.review.batches import Batch

        batch = Batch.of(texts, self._tone)
        columns = {name: column for column, name in enumerate(self._tone.names)}
        scans = self._matcher.scan_many(batch.light, situation.product_type)
        for place, (text, odd, counts, scan) in enumerate(zip(texts, batch.odd, batch.signals, scans, strict=True)):
            for signal, count in scan.tone.items():
                counts[columns[signal]] += count
            findings: Sequence[Finding] = ()
            if scan.hits or odd or scan.hinted:
                light = batch.view(place)
                deep = deepened(light, hinted=scan.hinted) if odd or scan.hinted else light
                findings = _settled(self._findings(Views(light.parent or light, light, deep), scan, situation, 0, -1))
            yield Report(tuple(findings), self._tone.tone(len(text), counts), self.rules.version)

    def check(self) -> list[ExampleFailure]:
        """Return every example of every rule that does not come out as written."""
        return [
            ExampleFailure(code, expected, text)
            for code, rule in self.rules.rules.items()
            for expected, texts in (("find", rule.examples.find), ("pass", rule.examples.clear))
            for text in texts
            if self._violates(rule, text) != (expected == "find")
        ]

    def _violates(self, rule: Rule, text: str) -> bool:
        seen = views(text)
        situation = _Situation(rule.examples.channel, rule.examples.product_type)
        findings = self._findings(seen, self._matcher.scan(seen.light.text, situation.product_type), situation, 0, -1)
        return any(item.code == rule.code and item.exemption is None for item in findings)

    def _findings(self, seen: Views, scan: Scan, situation: _Situation, offset: int, floor: int) -> list[Finding]:
        found = [
            self._finding(seen.light, hit, scan, situation, offset)
            for hit in scan.hits
            if self._applies(hit, seen.light, situation, floor, scan.goods)
        ]
        if seen.deep is not seen.light:
            deep = self._matcher.scan(seen.deep.text, situation.product_type)
            found += [
                self._finding(seen.deep, hit, deep, situation, offset)
                for hit in deep.hits
                if _is_evasion(seen, hit) and self._applies(hit, seen.deep, situation, floor, scan.goods | deep.goods)
            ]
        return found

    def _applies(
        self, hit: Hit, view: View, situation: _Situation, floor: int, named: AbstractSet[ProductType]
    ) -> bool:
        rule = self.rules.rules[hit.code]
        if floor >= 0 and _RANK[rule.severity_for(situation.product_type, situation.channel)] <= floor:
            return False
        covered = rule.applies_to.covers(situation.product_type, situation.channel, named)
        return covered and self._decider.applies(rule, view.text, hit)

    def _finding(self, view: View, hit: Hit, scan: Scan, situation: _Situation, offset: int) -> Finding:
        rule = self.rules.rules[hit.code]
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


@cache
def _default() -> Reviewer:
    return Reviewer(load_rules())


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, piece): the whole text, or pieces of bounded size cut where a sentence ends."""
    start = 0
    while len(text) - start > _CHUNK:
        limit = start + _CHUNK
        cut = max(text.rfind(stop, limit - 2000, limit) for stop in "\n。!?！?;；,，")
        end = cut + 1 if cut >= 0 else limit
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _groups(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield the texts in lists of one, one, two, four and so on, so that the first answers come at once."""
    group: list[str] = []
    size, done, wanted = 0, 0, 1
    for text in texts:
        group.append(text)
        size += len(text)
        if len(group) >= wanted or size > _GROUP_SIZE:
            yield group
            done += len(group)
            group, size, wanted = [], 0, min(_GROUP, done)
    if group:
        yield group


def _is_evasion(seen: Views, hit: Hit) -> bool:
    """Whether a deep hit is new and has a second signal: more than one space that happens to join two words."""
    undone = seen.deep.operators(hit.start, hit.end, above=seen.light)
    return len(undone) >= 2 or (bool(undone) and undone[0] != SPACE)


def _settled(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings in reading order; of overlapping ones in one category the gravest, then the longest."""
    if len(findings) < 2:
        return list(findings)
    order = sorted(
        findings, key=lambda item: (-_RANK[item.severity], item.exemption is not None, item.start - item.end)
    )
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


def _gravest(findings: list[Finding]) -> list[Finding]:
    """Return as many findings as are listed, the gravest first to stay, in reading order."""
    kept = sorted(findings, key=lambda item: -_RANK[item.severity])[:MAX_FINDINGS]
    return sorted(kept, key=lambda item: (item.start, item.end, item.code))


def _cut_short(last: Finding) -> Finding:
    return Finding(
        "SYS-LIMIT",
        last.start,
        last.end,
        last.text,
        Severity.INFO,
        Category.SYSTEM,
        f"问题太多，只列出最要紧的 {MAX_FINDINGS} 处，先改这些再检查一次",
    )
