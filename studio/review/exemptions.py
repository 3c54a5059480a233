"""Why something that looks forbidden is not: negation, ordinals, names, standards, evidence in the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from studio.review.literals import Hit, Safe
from studio.review.rules import Condition, Exemption, Rule, RuleSet

STOPS = "。!?;\n"
_STOP = re.compile(f"[{STOPS}]")
_REACH, _AROUND, _SENTENCE = 24, 40, 200
_LONGEST = 60  # a safe phrase is no longer than this

OTHER_SENSE = {"code": "other_sense", "reason": "这是另一个意思的常用说法，不是宣称"}


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentence that holds ``text[start:end]``, at most 200 characters each side."""
    low, high = max(0, start - _SENTENCE), min(len(text), end + _SENTENCE)
    begin = max([text.rfind(stop, low, start) for stop in STOPS])
    stop = _STOP.search(text, end, high)
    return max(low, begin + 1), stop.start() if stop else high


class Decider:
    """Decides for one rule set whether a hit counts."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._always = tuple(code for code, exemption in rules.exemptions.items() if exemption.always)
        self._is_in = lru_cache(maxsize=64)(self._search)

    def applies(self, rule: Rule, text: str, hit: Hit) -> bool:
        """Whether the second signal that the rule needs is there."""
        return rule.needs is None or self._met(rule.needs, text, hit)

    def exemption(self, rule: Rule, text: str, hit: Hit, safe: Sequence[Safe]) -> dict[str, str] | None:
        """Return ``{code, reason}`` of what clears the hit, or None."""
        if _is_covered(rule.code, hit, safe):
            return OTHER_SENSE
        sentence = sentence_around(text, hit.start, hit.end)
        for code in (*rule.exempt, *self._always):
            exemption = self._rules.exemptions[code]
            if self._holds(exemption, text, hit, sentence) or _is_covered(code, hit, safe):
                return {"code": code, "reason": exemption.reason}
        if rule.unless is not None and self._met(rule.unless, text, hit):
            return {"code": "evidence", "reason": rule.unless.reason}
        return None

    def _met(self, condition: Condition, text: str, hit: Hit) -> bool:
        patterns = self._rules.conditions
        if condition.sentence is not None:
            start, end = sentence_around(text, hit.start, hit.end)
            if patterns[condition.sentence].compiled.search(text, start, end):
                return True
        return condition.text is not None and self._is_in(condition.text, text)

    def _search(self, source: str, text: str) -> bool:
        """Whether a condition holds anywhere in a text; asked again for every hit in it."""
        return self._rules.conditions[source].compiled.search(text) is not None

    def _holds(self, exemption: Exemption, text: str, hit: Hit, sentence: tuple[int, int]) -> bool:
        patterns = self._rules.conditions
        begin, finish = sentence
        if exemption.before:
            before = text[max(begin, hit.start - _REACH) : hit.start]
            if patterns[exemption.before].compiled.search(before):
                return True
        if exemption.after:
            after = text[hit.end : min(finish + 1, hit.end + _REACH)]
            if patterns[exemption.after].compiled.match(after):
                return True
        if exemption.sentence and self._is_in(exemption.sentence, text[begin : finish + 1]):
            return True
        if exemption.inside:
            window = max(0, hit.start - _AROUND)
            for match in patterns[exemption.inside].compiled.finditer(text, window, hit.end + _AROUND):
                if match.start() <= hit.start and match.end() >= hit.end:
                    return True
        return False


def _is_covered(owner: str, hit: Hit, safe: Sequence[Safe]) -> bool:
    """Whether a safe phrase of this owner covers the hit; ``safe`` ascends by end."""
    first = bisect_left(safe, hit.end, key=lambda phrase: phrase.end)
    for index in range(first, len(safe)):
        phrase = safe[index]
        if phrase.start <= hit.start and phrase.owner == owner:
            return True
        if phrase.end > hit.end + _LONGEST:
            break
    return False
