"""Terms and lunar dates against the sun and the moon themselves, holidays against the law and a second package.

Positions after J. Meeus, Astronomical Algorithms, chapters 25 (sun, 0.01 degrees) and 49 (new moon, minutes).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import radians, sin

import pytest

from studio.planning.almanac import lunar_day, solar_terms
from studio.planning.occasion_kinds import OccasionKind
from studio.planning.occasions import occasions_between
from studio.resources import content_library

TERMS = [
    "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑",
    "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬",
    "小雪", "大雪", "冬至", "小寒", "大寒", "立春", "雨水", "惊蛰",
]  # fmt: skip
YEARS = (2026, 2027, 2028)
J2000 = datetime(2000, 1, 1, 12)
BEIJING_FROM_DYNAMICAL = timedelta(hours=8, seconds=-69)


def longitude(days):
    """Apparent longitude of the sun in degrees, ``days`` after J2000."""
    t = days / 36525
    mean = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(mean) + 0.019993 * sin(2 * mean) + 0.000289 * sin(3 * mean)
    return (280.46646 + 36000.76983 * t + centre - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


def beijing(days):
    return J2000 + timedelta(days=days) + BEIJING_FROM_DYNAMICAL


def moment_of_term(year, index):
    """When the sun reaches 15 x index degrees in a calendar year, Beijing time."""
    wanted = 15 * index
    days = (datetime(year, 3, 20) - J2000).days + (wanted if wanted < 285 else wanted - 360) / 0.9856
    for _ in range(6):
        days += ((wanted - longitude(days) + 180) % 360 - 180) / 0.9856
    return beijing(days)


def new_moon(k):
    """When new moon number ``k`` after January 2000 is, Beijing time."""
    t = k / 1236.85
    sun = radians(2.5534 + 29.10535670 * k)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    latitude = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    e = 1 - 0.002516 * t
    shift = (
        -0.40720 * sin(moon) + 0.17241 * e * sin(sun) + 0.01608 * sin(2 * moon) + 0.01039 * sin(2 * latitude)
        + 0.00739 * e * sin(moon - sun) - 0.00514 * e * sin(moon + sun) + 0.00208 * e * e * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * latitude) - 0.00057 * sin(moon + 2 * latitude) + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon) + 0.00042 * e * sin(sun + 2 * latitude) + 0.00038 * e * sin(sun - 2 * latitude)
        - 0.00024 * e * sin(2 * moon - sun)
    )  # fmt: skip
    return beijing(5.09766 + 29.530588861 * k + 0.00015437 * t * t + shift)


def months_of(year):
    """First days of the months of a lunar year by number, the leap one left out, by the rule of GB/T 33661."""
    firsts = sorted({new_moon(k).date() for k in range((year - 2001) * 12, (year - 1998) * 13)})
    qi = [moment_of_term(y, index).date() for y in (year - 1, year) for index in range(0, 24, 2)]
    winters = [moment_of_term(y, 18).date() for y in (year - 1, year)]
    eleventh = [max(first for first in firsts if first <= winter) for winter in winters]
    between = [first for first in firsts if eleventh[0] <= first < eleventh[1]]
    ends = [*between[1:], eleventh[1]]
    months, number, leaps = {}, 10, len(between) == 13
    for first, end in zip(between, ends, strict=True):
        if leaps and not any(first <= day < end for day in qi):
            leaps = False
            continue
        number += 1
        months[number if number < 13 else number - 12] = first
    after = [first for first in firsts if first >= eleventh[1]]
    return {**{key: months[key] for key in range(1, 11)}, 11: after[0], 12: after[1]}


@pytest.mark.parametrize("year", YEARS)
def test_the_24_terms_are_where_the_sun_puts_them(year):
    found = solar_terms(year)
    assert sorted(found) == sorted(TERMS)
    too_close = 0
    for index, name in enumerate(TERMS):
        moment = moment_of_term(year, index)
        margin = timedelta(minutes=20)
        if (moment - margin).date() == (moment + margin).date():
            assert found[name] == moment.date(), name
        else:
            too_close += 1
            assert abs((found[name] - moment.date()).days) <= 1, name
    assert too_close <= 1


@pytest.mark.parametrize("year", YEARS)
def test_lunar_months_begin_where_the_moon_puts_them(year):
    months = months_of(year)
    assert {month: lunar_day(year, month, 1) for month in range(1, 13)} == months
    for month, first in months.items():
        assert lunar_day(year, month, 15) == first + timedelta(days=14)


def spans(year):
    """The statutory days of 全国年节及纪念日放假办法 (2025), computed from sun and moon."""
    months = months_of(year)
    new_year, qingming = months[1], moment_of_term(year, 1).date()
    return {
        "元旦": (date(year, 1, 1), date(year, 1, 1)),
        "春节": (new_year - timedelta(days=1), new_year + timedelta(days=2)),
        "清明节": (qingming, qingming),
        "劳动节": (date(year, 5, 1), date(year, 5, 2)),
        "端午节": (months[5] + timedelta(days=4),) * 2,
        "中秋节": (months[8] + timedelta(days=14),) * 2,
        "国庆节": (date(year, 10, 1), date(year, 10, 3)),
    }


@pytest.mark.parametrize("year", [2027, 2028])
def test_statutory_days_of_a_year_not_announced_are_those_of_the_law(year):
    found, _ = occasions_between(date(year, 1, 1), date(year, 12, 31), [content_library() / "occasions"])
    wanted = spans(year)
    assert {i.name: (i.start, i.end) for i in found if i.name in wanted and i.start.year == year} == wanted


def test_the_announced_arrangement_of_2026_is_what_a_second_package_knows():
    from tyme4py.holiday import LegalHoliday

    found, _ = occasions_between(date(2026, 1, 1), date(2026, 12, 31), [content_library() / "occasions"])
    announced = [item for item in found if item.source.startswith("国务院办公厅")]
    ours = {}
    for item in announced:
        for offset in range((item.end - item.start).days + 1):
            ours[item.start + timedelta(days=offset)] = item.kind is OccasionKind.WORKDAY
    theirs = {}
    for offset in range(365):
        day = date(2026, 1, 1) + timedelta(days=offset)
        known = LegalHoliday.from_ymd(day.year, day.month, day.day)
        if known is not None:
            theirs[day] = known.is_work()
    assert ours == theirs
