"""The review of a text, or of very many: views, matches, what counts of them, tone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studio.review.categories import Category
from studio.review.judging import RANK, Judge, Passage, Situation
from studio.review.matching import Matcher
from studio.review.normalize import View, Views, lightened, views
from studio.review.packs import load_rules
from studio.review.report import Finding, Report
from studio.review.restoring import deepened, hints
from studio.review.rules import Rule, RuleSet
from studio.review.tone import ToneModel
from studio.vocabulary import Channel, ProductType, Severity

MAX_FINDINGS = 2000
"""A text with more findings lists the gravest ones and says so."""

_CHUNK = 20_000
_SHORT, _FEW, _GROUP, _GROUP_SIZE = 2000, 8, 2048, 400_000
_GRAVEST = max(RANK.values())


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """A rule that does not do what its own example says. ``expected`` is ``find`` or ``pass``."""

    code: str
    expected: str
    example: str


class Reviewer:
    """Reviews texts against one rule set; safe to share between threads."""

    def __init__(self, rules: RuleSet, tone: ToneModel | None = None) -> None:
        self.rules = rules
        self._tone = tone or ToneModel.default()
        self._matcher = Matcher(rules, self._tone.lexicon, hints())
        self._judge = Judge(rules, self._matcher)

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
        return self._review(text, Situation.of(channel, product_type))

    def _review(self, text: str, situation: Situation) -> Report:
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
            findings += self._judge.findings(Passage(seen, scan, offset=offset), situation, floor)
            if len(findings) > MAX_FINDINGS:
                findings = _gravest(findings)
                floor = min(RANK[finding.severity] for finding in findings)
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

        Texts are read ahead a few at a time at first, later two thousand.
        """
        situation = Situation.of(channel, product_type)
        for group in _groups(texts):
            yield from self._review_group(group, situation)

    def _review_group(self, texts: list[str], situation: Situation) -> Iterator[Report]:
        mark = self._matcher.separator
        apart = [mark is None or len(text) > _SHORT or mark in text for text in texts]
        short = [text for text, alone in zip(texts, apart, strict=True) if not alone]
        if len(short) < _FEW:
            yield from (self._review(text, situation) for text in texts)
            return
        together = self._review_short(short, situation)
        for text, alone in zip(texts, apart, strict=True):
            yield self._review(text, situation) if alone else next(together)

    def _review_short(self, texts: list[str], situation: Situation) -> Iterator[Report]:
        """Yield the reports on short texts that share one scan."""
        from studio.review.batches import Batch

        batch = Batch.of(texts, self._tone)
        columns = {name: column for column, name in enumerate(self._tone.names)}
        scans = self._matcher.scan_many(batch.light, situation.product_type)
        seconds = self._judge.suspects(batch.light)
        together = zip(texts, batch.odd, batch.signals, scans, seconds, strict=True)
        for place, (text, odd, counts, scan, suspects) in enumerate(together):
            for signal, count in scan.tone.items():
                counts[columns[signal]] += count
            findings: Sequence[Finding] = ()
            if scan.hits or suspects or odd or scan.hinted:
                light = batch.view(place)
                deep = deepened(light, hinted=scan.hinted) if odd or scan.hinted else light
                passage = Passage(Views(light.parent or light, light, deep), scan, suspects)
                findings = self._judge.findings(passage, situation)
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
        situation = Situation(rule.examples.channel, rule.examples.product_type)
        passage = Passage(seen, self._matcher.scan(seen.light.text, situation.product_type))
        return self._judge.violates(rule, passage, situation)


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


def _gravest(findings: list[Finding]) -> list[Finding]:
    """Return as many findings as are listed, the gravest first to stay, in reading order."""
    kept = sorted(findings, key=lambda item: -RANK[item.severity])[:MAX_FINDINGS]
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
