"""The second reader: sentences that read like trouble though no rule names it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.review import Reviewer
from studio.review.normalize import views
from studio.review.packs import load_rules
from studio.review.sentences import SentenceModel
from studio.vocabulary import Severity, Verdict

CODE = "LIKE-BOAST"
CALM = "店里新到一批陶碗，三种颜色"
EXAMPLES = load_rules().rules[CODE].examples.find
SENTENCES = st.lists(
    st.one_of(st.sampled_from([*EXAMPLES, CALM, "首付两万，买了就涨", "今天下雨"]), st.text(max_size=12)), max_size=6
)


def suspects(light):
    return SentenceModel.default().suspects([light])[0]


def own(report):
    return [item for item in report.findings if item.code.startswith("LIKE-")]


@pytest.fixture(scope="module")
def bad():
    """A sentence that no other rule finds."""
    reviewer = Reviewer.default()
    return next(text for text in EXAMPLES if [item.code for item in reviewer.review(text).findings] == [CODE])


def test_a_sentence_like_those_the_rules_forbid_is_asked_about(bad):
    (finding,) = own(Reviewer.default().review(f"{CALM}。{bad}。"))
    assert finding.severity is Severity.WARN
    assert finding.text in bad
    assert finding.basis


def test_it_never_blocks():
    rules = load_rules()
    likes = [rule for rule in rules.rules.values() if any(item.like for item in rule.find)]
    assert likes
    levels = {item.severity for rule in likes for item in (rule, *rule.overrides)}
    assert Severity.BLOCK not in levels


def test_where_a_rule_speaks_it_is_silent(bad):
    report = Reviewer.default().review(f"国家级，{bad}")
    assert report.verdict is Verdict.BLOCK
    assert not own(report)


@settings(max_examples=80, deadline=None)
@given(SENTENCES)
def test_each_sentence_is_judged_alone_wherever_it_stands(parts):
    parts = [views(part).light.text.translate(dict.fromkeys(map(ord, "。!?;\n"), "")) for part in parts]
    text = "。".join(parts)
    found = suspects(text)
    assert [text[item.start : item.end] for item in found] == [
        part[item.start : item.end] for part in parts for item in suspects(part)
    ]
    for item in found:
        low, high = item.clause
        assert item.start <= low < high <= item.end


def test_a_merchant_can_turn_a_kind_down_or_misspell_it(bad, tmp_path):
    pack = """
rules:
  - code: LIKE-BOAST
    title: 夸口
    category: false_claim
    severity: info
    find: [{{like: {kind}}}]
    message: 看一眼。
    suggestion: 改。
    examples: {{find: [一, 二, 三], pass: [四, 五, 六]}}
"""
    (tmp_path / "mine.yaml").write_text(pack.format(kind="吹嘘"), encoding="utf-8")
    assert Reviewer.with_overlay(tmp_path).review(bad).verdict is Verdict.PASS
    (tmp_path / "mine.yaml").write_text(pack.format(kind="胡说"), encoding="utf-8")
    (problem,) = load_rules(tmp_path).problems
    assert "吹嘘" in problem.message


def test_most_unseen_lines_come_out_as_their_authors_meant(repository):
    path: Path = repository / "benchmarks" / "lines" / "held.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    reports = Reviewer.default().review_many([line["text"] for line in lines])
    flagged = [report.verdict is not Verdict.PASS for report in reports]
    bad = [hit for hit, line in zip(flagged, lines, strict=True) if line["expect"] == "flag"]
    calm = [hit for hit, line in zip(flagged, lines, strict=True) if line["expect"] == "quiet"]
    assert sum(bad) / len(bad) > 0.68
    assert sum(calm) / len(calm) < 0.05
