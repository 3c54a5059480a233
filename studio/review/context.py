"""Findings that only a draft's place in the calendar and the library can show."""

from __future__ import annotations

from datetime import date

from studio.review.categories import Category
from studio.review.report import Finding
from studio.vocabulary import Severity


def too_many_ads(count: int, limit: int) -> Finding:
    """Return the finding that this post is over the day's limit of product posts."""
    return _finding(
        "CAL-ADS",
        Severity.WARN,
        f"这一天已经排了 {count} 条产品类，超过你定的每天 {limit} 条，这是多出来的一条。",
        "挪到别的日子，或换成价值、生活类。",
    )


def said_before(day: date, opening: str) -> Finding:
    """Return the finding that much the same was posted on ``day``; ``opening`` is how that post begins."""
    return _finding(
        "CAL-REPEAT",
        Severity.INFO,
        f"和 {day.month} 月 {day.day} 日发过的很像：「{opening}」。",
        "换个角度、换个例子，或隔几周再发。",
    )


def _finding(code: str, severity: Severity, message: str, suggestion: str) -> Finding:
    return Finding(
        code=code,
        start=0,
        end=0,
        text="",
        severity=severity,
        category=Category.CALENDAR,
        message=message,
        suggestion=suggestion,
    )
