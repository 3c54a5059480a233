"""Answering for a finding: quiet, signed, for a time, and told when it no longer does anything."""

from dataclasses import replace
from datetime import date

import pytest

from studio.errors import InputError
from studio.review import Reviewer
from studio.review.suppressions import CODE, Suppression, apply, stale
from studio.vocabulary import Severity, Verdict

TODAY = date(2026, 11, 22)
TEXT = "这是全网最低价,大家看看。"


@pytest.fixture(scope="module")
def report():
    found = Reviewer.default().review(TEXT)
    assert found.verdict is not Verdict.PASS
    return found


def decision(finding, **values):
    return Suppression(**{"id": "1", "code": finding.code, "phrase": finding.text, "reason": "有比价记录", **values})


def test_a_finding_somebody_answers_for_is_quiet_and_says_who_and_why(report):
    finding = report.findings[0]
    settled = apply(report, [decision(finding, actor="小王", expires_on=date(2027, 1, 1))], TODAY).findings[0]
    assert settled.severity is Severity.INFO
    assert settled.exemption == {"code": CODE, "reason": "小王放行，到 2027-01-01 为止:有比价记录"}
    assert (settled.start, settled.end, settled.text) == (finding.start, finding.end, finding.text)


@pytest.mark.parametrize(
    "change",
    [{"phrase": "别的说法"}, {"code": "OTHER-RULE"}, {"expires_on": TODAY}],
    ids=["another phrase", "another rule", "run out today"],
)
def test_a_decision_about_something_else_or_over_changes_nothing(report, change):
    assert apply(report, [replace(decision(report.findings[0]), **change)], TODAY) == report


def test_a_whole_rule_can_be_answered_for(report):
    settled = apply(report, [decision(finding, phrase="") for finding in report.findings], TODAY)
    assert settled.verdict is Verdict.PASS


def test_a_decision_without_a_reason_is_refused(report):
    with pytest.raises(InputError, match="理由"):
        decision(report.findings[0], reason="  ")


def test_decisions_that_do_nothing_any_more_are_listed_with_why(report):
    finding = report.findings[0]
    kept = [
        decision(finding, id="good"),
        decision(finding, id="over", expires_on=TODAY),
        decision(finding, id="gone", code="OLD-RULE"),
    ]
    told = {item.id: why for item, why in stale(kept, {finding.code}, TODAY)}
    assert set(told) == {"over", "gone"}
    assert "到期" in told["over"]


def test_the_shop_remembers_what_it_answers_for(demo_workspace):
    before = demo_workspace.proofreader.review(TEXT)
    kept = demo_workspace.store.suppressions
    for finding in before.findings:
        kept.add(decision(finding, id=""))
    after = demo_workspace.proofreader.review(TEXT)
    assert before.verdict is not Verdict.PASS
    assert after.verdict is Verdict.PASS
    for item in kept.all():
        assert item.actor == demo_workspace.settings.shop.actor
        kept.remove(item.id)
    assert demo_workspace.proofreader.review(TEXT) == before
