"""Lunar dates and solar terms as calendar days, from ``tyme4py``."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=64)
def solar_terms(year: int) -> dict[str, date]:
    """Return the days of the 24 solar terms that fall in the calendar year, by name."""
    from tyme4py.solar import SolarTerm

    days = [SolarTerm.from_index(year, index) for index in range(1, 25)]
    return {term.get_name(): _day(term.get_solar_day()) for term in days}


@lru_cache(maxsize=512)
def lunar_day(year: int, month: int, day: int) -> date | None:
    """Return the calendar day of a day of the lunar year; None when that month is shorter."""
    from tyme4py.lunar import LunarDay

    try:
        return _day(LunarDay.from_ymd(year, month, day).get_solar_day())
    except ValueError:
        return None


def _day(solar: Any) -> date:
    return date(solar.get_year(), solar.get_month(), solar.get_day())
