"""Safe fixes: the wording a rule offers, given only when the result is reviewed clean and keeps every number."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from studio.review.patterns import light
from studio.review.report import Finding, Report
from studio.vocabulary import Channel, ProductType

if TYPE_CHECKING:
    from studio.review.reviewer import Reviewer

_NUMBER = re.compile(r"\d+(?:[.:/-]\d+)*")


def safe_fix(
    text: str,
    finding: Finding,
    *,
    reviewer: Reviewer | None = None,
    channel: Channel | None = None,
    product_type: ProductType | None = None,
) -> str | None:
    """Return ``text`` with this one finding mended, or None where no wording is known to be safe.

    The new text has one violation of the rule less, none of another rule more, and the same numbers and dates.
    Review it with the ``channel`` and ``product_type`` of the report that ``finding`` comes from.
    """
    if reviewer is None:
        from studio.review.reviewer import Reviewer

        reviewer = Reviewer.default()
    rule = reviewer.rules.rules.get(finding.code)
    if rule is None or finding.exemption is not None or text[finding.start : finding.end] != finding.text:
        return None
    before = _violations(reviewer.review(text, channel=channel, product_type=product_type))
    for wanted in sorted(rule.replace, key=len, reverse=True):
        fixed = _replaced(text, finding, light(wanted), rule.replace[wanted])
        if fixed is None or Counter(_NUMBER.findall(fixed)) != Counter(_NUMBER.findall(text)):
            continue
        after = _violations(reviewer.review(fixed, channel=channel, product_type=product_type))
        if after[rule.code] < before[rule.code] and after <= before:
            return fixed
    return None


def _violations(report: Report) -> Counter[str]:
    return Counter(finding.code for finding in report.findings if finding.exemption is None)


def _replaced(text: str, finding: Finding, wanted: str, replacement: str) -> str | None:
    """Put ``replacement`` where ``wanted`` stands in the finding; a disguised word is replaced as a whole."""
    if finding.normalized == wanted:
        return text[: finding.start] + replacement + text[finding.end :]
    place = finding.normalized.find(wanted)
    if place < 0 or len(finding.normalized) != len(finding.text):
        return None
    start = finding.start + place
    return text[:start] + replacement + text[start + len(wanted) :]
