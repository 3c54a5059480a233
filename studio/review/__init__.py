"""The check before posting: what could be fined, blocked or muted, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.review.report import Finding, Report
    from studio.review.reviewer import Reviewer

__all__ = ["Finding", "Report", "Reviewer"]


def __getattr__(name: str) -> Any:
    if name == "Reviewer":
        from studio.review.reviewer import Reviewer

        return Reviewer
    if name in ("Finding", "Report"):
        from studio.review import report

        return getattr(report, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
