"""Many texts at once say what one at a time says, on one core or several, stopped or not."""

import os
import pickle
from itertools import islice
from multiprocessing import parent_process

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import Cancelled
from studio.review import Report, Reviewer, bulk
from studio.review.batches import Batch
from studio.review.bulk import Job, results, review_rows
from studio.review.normalize import View, lightened
from studio.review.restoring import deepened, hints
from studio.review.rules import RuleSet
from studio.review.tone import ToneModel
from studio.vocabulary import Channel, ProductType

BITS = [
    "全网最低价", "加薇V", "国家级", "最*低*价", "蕞低价", "🔥", "\n", "今天", "不含", "!!!", "第一次", "\ud800", "\0", "…",
    "13800138000", "什么", "乾隆", "全網", "ABC", "㎏", "\ufdd0", "\ufdd1", "¥9.9", "x折", "www.a.cn", "你", "【】", "包过", "a\u0301",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(BITS), st.text(max_size=5)), max_size=10).map("".join)
PIECES = [
    *"最低价国家级免费领取加微信治疗彩票减肥发券药",
    *'*·.-_~/ |+【】"?^=~…—🔥❤•、,。',
    "zhuang",
    "fei",
    "wei",
    "\\/",
    "v",
    "棌",
    "з",
    "の",
    "\u200b",
]
POSTS = ["今天蒸了枣糕,来晚的朋友明天再来。", "国家级品质,全网最低价", "", "加薇❤领券", "店里新到一批蓝印花布"]


@settings(max_examples=30, deadline=None)
@given(st.lists(TEXTS, min_size=12, max_size=60))
def test_many_texts_get_the_reports_of_one_at_a_time(texts):
    reviewer = Reviewer.default()
    assert list(reviewer.review_many(texts)) == [reviewer.review(text) for text in texts]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), min_size=1, max_size=25).map("".join))
def test_a_text_without_hints_that_a_batch_does_not_call_odd_hides_nothing(text):
    batch = Batch.of([text], ToneModel.default())
    light = batch.view(0)
    assert light.text == lightened(View(text)).text
    assert batch.odd[0] or deepened(light) is light or any(hint in light.text for hint in hints())


def test_the_rules_own_examples_get_the_same_reports_together():
    reviewer = Reviewer.default()
    texts = [
        text for rule in reviewer.rules.rules.values() for text in (*rule.examples.find[:1], *rule.examples.clear[:1])
    ]
    texts[40:40] = ["长文很长,慢慢看。" * 400, "最好", "\ufdd1国家级\ufdd1"]
    context = {"channel": Channel.GROUP, "product_type": ProductType.FOOD}
    assert list(reviewer.review_many(texts, **context)) == [reviewer.review(text, **context) for text in texts]


def test_the_first_reports_come_before_the_rest_is_read():
    read = []
    reports = Reviewer.default().review_many(read.append(text) or text for text in POSTS * 200)
    list(islice(reports, 3))
    assert len(read) <= 4


def part_of(tmp_path):
    return tmp_path / "out.csv.part"


def bare(version):
    """Return a reviewer without rules, which another process has at once."""
    return Reviewer(RuleSet(version, {}, {}, {}, {}, {}))


def verdicts(part):
    return [result["verdict"] for result in results(part)]


def expected(texts):
    return [Reviewer.default().review(text).verdict.value for text in texts]


def test_results_are_kept_in_order_and_counted(tmp_path):
    seen = []
    texts = POSTS * 1000
    assert review_rows(texts, part_of(tmp_path), Job(Reviewer.default()), progress=seen.append) == len(texts)
    assert seen == [0, 4000, 5000]
    assert verdicts(part_of(tmp_path)) == expected(POSTS) * 1000


def test_a_stopped_review_goes_on_where_it_stopped(tmp_path):
    part, job, texts = part_of(tmp_path), Job(Reviewer.default()), POSTS * 1000
    with pytest.raises(Cancelled):
        review_rows(texts, part, job, source="a", stop=lambda: True)
    with part.open("ab") as file:
        file.write(b'{"verdict": "pa')  # torn off by the accident
    read = []
    assert review_rows((read.append(text) or text for text in texts), part, job, source="a") == len(texts)
    assert verdicts(part) == expected(POSTS) * 1000


@pytest.mark.parametrize("change", ["source", "product_type", "rules"])
def test_results_of_another_table_or_by_other_rules_are_not_taken_up(tmp_path, change):
    part = part_of(tmp_path)
    review_rows(["今天蒸枣", "今天晒枣"], part, Job(bare("1")), source="a")
    product = ProductType.FOOD if change == "product_type" else None
    job = Job(bare("2" if change == "rules" else "1"), product_type=product)
    assert review_rows(["国家级"], part, job, source="b" if change == "source" else "a") == 1
    assert len(verdicts(part)) == 1


def test_nothing_to_review_leaves_no_file(tmp_path):
    assert review_rows([], part_of(tmp_path), Job(Reviewer.default())) == 0
    assert not part_of(tmp_path).exists()


def last_words(report):
    if parent_process() is not None:
        os._exit(9)
    return report.to_json()


@pytest.mark.parametrize("keep", [Report.to_json, last_words], ids=["well", "dying"])
def test_several_processes_give_the_same_even_if_they_die(tmp_path, monkeypatch, keep):
    monkeypatch.setattr(bulk, "ALONE", 1000)
    reviewer, texts = bare("1"), POSTS * 1000
    assert review_rows(texts, part_of(tmp_path), Job(reviewer, keep), processes=2) == len(texts)
    assert list(results(part_of(tmp_path))) == [reviewer.review(text).to_json() for text in texts]


def test_a_reviewer_survives_the_way_to_another_process():
    copy = pickle.loads(pickle.dumps(Reviewer.default()))
    assert [copy.review(text) for text in POSTS] == [Reviewer.default().review(text) for text in POSTS]
