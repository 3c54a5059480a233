"""The official limits: which version holds when, and what becomes of a broken file."""

from __future__ import annotations

from datetime import date

import pytest

from studio.planning.limits import LimitName, read_limits
from studio.resources import content_library

SHIPPED = content_library() / "limits"
ENTRY = "limits: [{{name: messages_a_month, since: {since}, value: {value}, source: 某文件}}]\n"


def test_every_limit_is_there_with_its_source():
    limits, problems = read_limits([SHIPPED])
    assert problems == []
    for name in LimitName:
        assert limits.on(name, date(2026, 11, 22)) > 0
        assert "企业微信" in limits.version(name, date(2026, 11, 22)).source


@pytest.mark.parametrize(("day", "most"), [(date(2026, 11, 1), 30), (date(2027, 2, 9), 28), (date(2028, 2, 9), 29)])
def test_messages_a_month_are_as_many_as_the_month_has_days(day, most):
    assert read_limits([SHIPPED])[0].on(LimitName.MESSAGES_A_MONTH, day) == most


def test_the_version_of_the_day_holds_and_the_shop_may_add_one(tmp_path):
    own = tmp_path / "limits"
    own.mkdir()
    (own / "mine.yaml").write_text(ENTRY.format(since="2027-03-01", value=8), "utf-8")
    limits, _ = read_limits([SHIPPED, own])
    month = LimitName.MESSAGES_A_MONTH
    found = [limits.on(month, day) for day in (date(2020, 1, 1), date(2027, 2, 28), date(2027, 3, 1))]
    assert found == [31, 28, 8]


@pytest.mark.parametrize(
    "content",
    ["- 1", "limits: 3", "limits: [{name: colour}]", ENTRY.format(since="昨天", value=1), "a: [", "limits: [7]"],
)
def test_a_broken_file_is_a_problem_and_the_shipped_limits_hold(tmp_path, content):
    own = tmp_path / "limits"
    own.mkdir()
    (own / "mine.yaml").write_text(content, "utf-8")
    limits, problems = read_limits([SHIPPED, own])
    assert problems
    assert all("limits/mine.yaml" in problem.source for problem in problems)
    assert limits == read_limits([SHIPPED])[0]
