"""Reviews as SARIF 2.1.0, for code hosts and editors that show findings on their lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from studio import __version__
from studio.vocabulary import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.cli.texts import Text
    from studio.review import Finding, Report
    from studio.review.rules import RuleSet

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.INFO: "note"}
_LINE_END = re.compile(r"\r\n|\n|\r")


def to_sarif(reviewed: Sequence[tuple[Text, Report | None]], rules: RuleSet) -> dict[str, Any]:
    """Return one SARIF log with one run; columns count code points, lines and columns start at 1."""
    results = [
        _result(item, finding, lines)
        for item, report in reviewed
        if report is not None
        for lines in [_line_starts(item.content)]
        for finding in report.findings
    ]
    used = sorted({result["ruleId"] for result in results})
    failures = [item.error for item, _ in reviewed if item.error]
    run = {
        "tool": {
            "driver": {"name": "siyu-studio", "version": __version__, "rules": [_rule(code, rules) for code in used]}
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not failures,
                "toolExecutionNotifications": [{"level": "error", "message": {"text": text}} for text in failures],
            }
        ],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, rules: RuleSet) -> dict[str, Any]:
    rule = rules.rules.get(code)
    return {"id": code, "shortDescription": {"text": rule.title if rule else code}}


def _result(item: Text, finding: Finding, lines: list[int]) -> dict[str, Any]:
    region = _region(finding, lines)
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(item.source)}, "region": region}
    exempt = (
        {"kind": "inSource", "status": "accepted", "justification": finding.exemption["reason"]}
        if finding.exemption
        else None
    )
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": " ".join(filter(None, (finding.message, finding.suggestion)))},
        "locations": [{"physicalLocation": place}],
        "suppressions": [exempt] if exempt else [],
        "properties": {"category": finding.category.value, "basis": [dict(basis) for basis in finding.basis]},
    }


def _region(finding: Finding, lines: list[int]) -> dict[str, Any]:
    first = bisect_right(lines, finding.start) - 1
    last = bisect_right(lines, max(finding.end - 1, finding.start)) - 1
    return {
        "startLine": first + 1,
        "startColumn": finding.start - lines[first] + 1,
        "endLine": last + 1,
        "endColumn": finding.end - lines[last] + 1,
        "charOffset": finding.start,
        "charLength": finding.end - finding.start,
        "snippet": {"text": finding.text},
    }


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _uri(source: str) -> str:
    if source in ("", "-"):
        return "stdin" if source else "text"
    path = Path(source)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
