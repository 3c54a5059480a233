"""Whatever it is given, the review answers, soon, and points at the text itself."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.cli.tables import read_rows
from studio.review import Reviewer
from studio.review.packs import load_rules
from studio.review.patterns import PatternError, check, expanded

ANY = st.text(st.characters(exclude_categories=()), max_size=60)
ODD = st.sampled_from(
    ["\u200b", "\ufe0f", "\u0301", "\u202e", "\ud83d", "\0", "最", "v", "❤", "微", "1", "\ufdd0", "ﷺ", "\u1160"]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(ANY, st.lists(ODD, max_size=40).map("".join)))
def test_any_text_is_answered_with_true_positions(text):
    report = Reviewer.default().review(text)
    assert all(item.text == text[item.start : item.end] for item in report.findings)
    assert 0 <= report.tone.score <= 100
    assert list(Reviewer.default().review_many([text] * 12))[-1] == report


def dense() -> str:
    words = [
        word for rule in load_rules().expressions.values() for item in rule for word in sorted(item.anchors.words)[:3]
    ]
    return "".join(random.Random(1).choices(words, k=40_000))[:100_000]


@pytest.mark.parametrize(
    "text",
    [
        "最" * 100_000, "🔥" * 60_000, "a" + "\u0301" * 100_000, "\ud800" * 100_000, "\u202e\u05d0" * 50_000, "最\0" * 50_000,
        "1380013800" * 10_000, "v" * 100_000, "最 " * 50_000, "包过" * 50_000, "\n" * 100_000, "ﷺ" * 5_000,
    ],
    ids=["one", "emoji", "marks", "surrogates", "rtl", "nul", "digits", "letters", "spaced", "word", "lines", "long forms"],
)  # fmt: skip
def test_a_text_made_to_be_slow_is_not(text):
    begun = time.process_time()
    report = Reviewer.default().review(text)
    assert time.process_time() - begun < 8
    assert all(item.text == text[item.start : item.end] for item in report.findings)


def test_a_text_of_nothing_but_rule_words_is_reviewed_soon():
    text = dense()
    Reviewer.default().review(text[:5000])
    begun = time.process_time()
    assert Reviewer.default().review(text).verdict == "block"
    assert time.process_time() - begun < 8


@pytest.mark.parametrize(
    "source",
    [
        "泥?" * 24 + "泥" * 24 + "土",
        "(?:泥?){24}泥{24}土",
        "(?:泥|泥泥){24}土",
        "(?:泥|泥){24}土",
        "(?:(?:泥?泥?)?(?:泥?泥?)?){4}泥土",
        "(?=(?:泥|泥){24}土)泥",
        "(?:泥{0,200}?){1,4}土",
        "(泥)?(?(1)泥|土)水",
        "(?:土豆|土|豆){24}泥",
    ],
)
def test_an_expression_that_doubles_with_every_character_is_refused(source):
    begun = time.process_time()
    with pytest.raises(PatternError):
        check(expanded(source, {}))
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_table_is_read_in_the_encodings_merchants_have(tmp_path, encoding):
    path = tmp_path / "in.csv"
    path.write_bytes("编号,文案\r\n1,全网最低价\r\n2,今天蒸枣\r\n".encode(encoding))
    rows = list(read_rows(path, "文案", lambda number: pytest.fail(f"line {number}")))
    assert [Reviewer.default().review(row["文案"]).verdict for row in rows] == ["block", "pass"]
