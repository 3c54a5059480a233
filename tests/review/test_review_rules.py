import csv
from pathlib import Path

import pytest

from studio import resources
from studio.review.packs import articles, load_rules
from studio.review.patterns import PatternError, anchors, check, expanded
from studio.review.reviewer import Reviewer
from studio.vocabulary import Severity

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

RULE = """
rules:
  - code: {code}
    title: 店规
    category: hype
    severity: {severity}
    find: [{find}]
    message: 店里不这么说。
    suggestion: 换个说法。
    examples:
      find: [吃土豆泥一号, 来份土豆泥二号, 土豆泥三号]
      pass: [吃米饭, 吃面条, 喝粥]
"""


def overlay(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_shipped_packs_have_no_problems_and_enough_rules():
    rules = load_rules()
    assert rules.problems == ()
    assert len(rules.rules) >= 250
    assert all(rule.basis for rule in rules.rules.values())


def test_every_example_of_every_shipped_rule_comes_out_as_written():
    assert Reviewer.default().check() == []


def test_check_notices_an_example_that_is_wrong(tmp_path):
    text = RULE.format(code="SHOP-WORD", severity="warn", find="土豆泥").replace("吃米饭", "吃土豆泥")
    failures = Reviewer.with_overlay(overlay(tmp_path, text)).check()
    assert [(item.code, item.expected, item.example) for item in failures] == [("SHOP-WORD", "pass", "吃土豆泥")]


def test_cited_articles_are_verbatim_law():
    path = DATA / "law_articles.csv"
    if not path.exists():
        pytest.skip("development data is not here")
    with path.open(encoding="utf-8", newline="") as file:
        law = {(row["law"], row["article"]): row["text"] for row in csv.DictReader(file)}
    quoted = [article for article in articles().values() if article.text]
    assert len(quoted) > 40
    assert all(article.text == law[article.law, article.article] for article in quoted)


def test_a_merchant_adds_a_rule(tmp_path):
    reviewer = Reviewer.with_overlay(overlay(tmp_path, RULE.format(code="SHOP-WORD", severity="warn", find="土豆泥")))
    assert [item.code for item in reviewer.review("今天吃土豆泥").findings] == ["SHOP-WORD"]
    assert reviewer.rules.version == "2026.11+1"
    assert Reviewer.default().review("今天吃土豆泥").findings == ()


def test_a_merchant_replaces_a_shipped_rule(tmp_path):
    reviewer = Reviewer.with_overlay(overlay(tmp_path, RULE.format(code="ABS-TOP", severity="info", find="土豆泥")))
    assert reviewer.review("顶级好物").findings == ()
    assert [item.severity for item in reviewer.review("土豆泥").findings] == [Severity.INFO]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (RULE.format(code="SHOP-A", severity="fatal", find="土豆泥"), "SHOP-A.severity", "可选"),
        (RULE.format(code="shop a", severity="warn", find="土豆泥"), "shop a.code", "只能用"),
        (RULE.format(code="SHOP-A", severity="warn", find="{re: '(泥+)+x'}"), "SHOP-A", "没有上限"),
        (RULE.format(code="SHOP-A", severity="warn", find="{re: '土豆(泥'}"), "SHOP-A", "正则写得不对"),
        (RULE.format(code="SHOP-A", severity="warn", find="{re: '.{1,9}'}"), "SHOP-A", "固定的字"),
        (RULE.format(code="SHOP-A", severity="warn", find="{re: '<没有的表>泥'}"), "SHOP-A", "名词表"),
        (RULE.format(code="SHOP-A", severity="warn", find="{text: 泥, check: luck}"), "SHOP-A", "核对方法"),
        (RULE.format(code="SHOP-A", severity="warn", find="土豆泥") + "    basis: [天条]\n", "SHOP-A", "天条"),
        ("rules:\n  - code: SHOP-A\n", "SHOP-A.title", "缺少"),
        ("rules: [\n", "", "读不懂"),
        ("- 1\n", "", "rules"),
        ("a: &x [1]\nb: [*x, *x]\n", "", "引用"),
        ("words: {表: 1}\n", "words.表", "一列词"),
    ],
)
def test_a_broken_rule_is_reported_and_the_rest_still_works(tmp_path, text, place, message):
    overlay(tmp_path, text)
    overlay(tmp_path, RULE.format(code="SHOP-GOOD", severity="warn", find="土豆泥"), "other.yaml")
    reviewer = Reviewer.with_overlay(tmp_path)
    problems = [item for item in reviewer.rules.problems if item.source == "mine.yaml"]
    assert problems
    assert any(place in item.field and message in item.message for item in problems), problems
    assert [item.code for item in reviewer.review("土豆泥").findings] == ["SHOP-GOOD"]
    assert reviewer.review("国家级品质").verdict == "block"


def test_a_file_that_is_not_text_is_reported(tmp_path):
    (tmp_path / "mine.yaml").write_bytes(b"\xff\xfe\x00rules")
    assert [item.source for item in load_rules(tmp_path).problems] == ["mine.yaml"]


@pytest.mark.parametrize(
    "source",
    ["(a+)+b", "泥*", "(?:a{1,9}){1,9}泥", "(泥)\\1", "a{0,99}b{0,99}c{0,99}泥", "泥{0,9999}", "泥?"],
)
def test_expressions_that_could_run_long_are_refused(source):
    with pytest.raises(PatternError):
        check(expanded(source, {}))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("最(?:低|高)价?", {"最低", "最高"}),
        ("[^。]{0,8}治(?:好|愈)", {"治好", "治愈"}),
        ("(?<!不)刷单", {"刷单"}),
        ("(?:甲乙|丙)[0-9]", {"甲乙", "丙"}),
        ("[0-9]{3}", set()),
    ],
)
def test_anchors_are_literals_that_every_match_contains(source, expected):
    assert anchors(expanded(source, {})).words == expected


def test_rules_and_articles_are_shipped_as_data():
    folder = resources.content_library() / "rules"
    assert {"exemptions.yaml", "restorations.yaml", "tone.yaml", "articles.yaml"} <= {p.name for p in folder.iterdir()}
