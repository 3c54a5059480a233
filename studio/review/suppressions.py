"""Suppressions: what a merchant has looked at and answers for, with reason, evidence and an end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from studio.errors import InputError
from studio.review.report import Finding, Report
from studio.vocabulary import Severity

CODE = "SUPPRESSED"
"""The exemption code of a finding somebody answers for."""

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Suppression:
    """One decision. ``phrase`` is the text of the finding it is about; empty: the whole rule.

    ``evidence`` says where the claim can be checked; from ``expires_on`` on the finding counts again.
    """

    id: str
    code: str
    phrase: str
    reason: str
    evidence: str = ""
    expires_on: date | None = None
    actor: str = ""

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InputError("放行要写一句理由，例如「检测报告编号……,页面上有图」。")
        if max(len(self.reason), len(self.evidence), len(self.phrase)) > _LONGEST:
            raise InputError(f"理由、依据和说法各不超过 {_LONGEST} 字。")

    def is_over(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on <= today

    def covers(self, finding: Finding, today: date) -> bool:
        """Tell whether this decision answers for a finding today."""
        return finding.code == self.code and self.phrase in ("", finding.text) and not self.is_over(today)


def apply(report: Report, suppressions: Sequence[Suppression], today: date) -> Report:
    """Return the report with the findings somebody answers for as quiet ones that say who and why."""
    if not suppressions:
        return report
    return replace(report, findings=tuple(_settled(finding, suppressions, today) for finding in report.findings))


def _settled(finding: Finding, suppressions: Iterable[Suppression], today: date) -> Finding:
    if finding.exemption is not None:
        return finding
    decision = next((item for item in suppressions if item.covers(finding, today)), None)
    if decision is None:
        return finding
    until = f"，到 {decision.expires_on:%Y-%m-%d} 为止" if decision.expires_on else ""
    by = f"{decision.actor}放行" if decision.actor else "已放行"
    return replace(
        finding, severity=Severity.INFO, exemption={"code": CODE, "reason": f"{by}{until}:{decision.reason}"}
    )


def stale(suppressions: Iterable[Suppression], codes: Collection[str], today: date) -> list[tuple[Suppression, str]]:
    """Return the decisions that no longer do anything, each with the reason in Chinese."""
    found = []
    for item in suppressions:
        if item.code not in codes:
            found.append((item, "这条规则已经没有了"))
        elif item.is_over(today):
            found.append((item, f"{item.expires_on:%Y-%m-%d} 到期了"))
    return found
