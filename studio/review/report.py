"""What a review answers: findings, tone, risk, verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from studio.review.categories import Category
from studio.vocabulary import Severity, Verdict

RISK = {Severity.BLOCK: 0.6, Severity.WARN: 0.25, Severity.INFO: 0.0}
"""How much one finding adds to the risk; several add up without passing 100."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the review says; ``text == original[start:end]``, in code points.

    ``exemption`` (``code``, ``reason``) says why it is no violation; ``evasion`` names the disguises that were
    undone to see it, and ``normalized`` is what was seen.
    """

    code: str
    start: int
    end: int
    text: str
    severity: Severity
    category: Category
    message: str
    basis: tuple[dict[str, str], ...] = ()
    suggestion: str = ""
    exemption: dict[str, str] | None = None
    evasion: tuple[str, ...] = ()
    normalized: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "severity": self.severity.value,
            "category": self.category.value,
            "message": self.message,
            "basis": [dict(article) for article in self.basis],
            "suggestion": self.suggestion,
            "exemption": dict(self.exemption) if self.exemption else None,
            "evasion": list(self.evasion),
            "normalized": self.normalized,
        }


@dataclass(frozen=True, slots=True)
class Signal:
    """One habit of hard selling: how often it was seen and how many points it brings."""

    name: str
    label: str
    count: int
    points: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Tone:
    """How hard a text sells. ``score`` 0-100; ``percentile``: the share of ordinary texts that sell less hard."""

    score: int = 0
    percentile: int = 0
    signals: tuple[Signal, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "score": self.score,
            "percentile": self.percentile,
            "signals": [signal.to_json() for signal in self.signals],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The answer for one text; findings in reading order."""

    findings: tuple[Finding, ...] = ()
    tone: Tone = field(default_factory=Tone)
    rulepack: str = ""

    @property
    def verdict(self) -> Verdict:
        """禁发 if anything blocks, 需改 if anything warns, else 可发."""
        severities = {finding.severity for finding in self.findings}
        if Severity.BLOCK in severities:
            return Verdict.BLOCK
        return Verdict.REVISE if Severity.WARN in severities else Verdict.PASS

    @property
    def risk(self) -> int:
        """0 (nothing found) to 100."""
        safe = 1.0
        for finding in self.findings:
            safe *= 1 - RISK[finding.severity]
        return round(100 * (1 - safe))

    def to_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "risk": self.risk,
            "tone": self.tone.to_json(),
            "findings": [finding.to_json() for finding in self.findings],
            "rulepack": self.rulepack,
        }
