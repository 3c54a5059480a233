import json
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import InputError
from studio.review import Finding, Report, Reviewer
from studio.review.checks import is_bank_card, is_id_card
from studio.review.rewrite import safe_fix
from studio.vocabulary import Channel, ProductType, Severity, Verdict

BITS = [
    "全网最低价",
    "加薇V",
    "国家级",
    "治好了我的鼻炎",
    "最*低*价",
    "🔥",
    "\n",
    "今天",
    "不含",
    "!",
    "第一次",
    "\ud800",
    "\0",
    "13800138000",
]


def codes(text: str, **context: object) -> set[str]:
    findings = Reviewer.default().review(text, **context).findings
    return {item.code for item in findings if item.exemption is None}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(BITS), st.text(max_size=5)), max_size=12).map("".join))
def test_findings_point_at_the_original_text_in_reading_order(text):
    report = Reviewer.default().review(text)
    for item in report.findings:
        assert item.text == text[item.start : item.end]
        assert item.text
    assert [item.start for item in report.findings] == sorted(item.start for item in report.findings)


def test_report_has_the_contract_shape():
    report = Reviewer.default().review("全网最低价,仅剩3个名额!", channel=Channel.MOMENTS, product_type="普通食品")
    assert isinstance(report, Report)
    assert isinstance(report.findings[0], Finding)
    data = json.loads(json.dumps(report.to_json(), ensure_ascii=False))
    assert set(data) == {"verdict", "risk", "tone", "findings", "rulepack"}
    assert data["verdict"] == "block"
    assert 0 < data["risk"] <= 100
    assert set(data["tone"]) == {"score", "percentile", "signals"}
    assert data["rulepack"] == "2026.11"
    assert set(data["findings"][0]) == {
        "code", "start", "end", "text", "severity", "category", "message",
        "basis", "suggestion", "exemption", "evasion", "normalized",
    }  # fmt: skip
    assert set(data["findings"][0]["basis"][0]) == {"law", "article", "version"}


@pytest.mark.parametrize("text", ["", " ", "今天降温了,大家多穿一件。", "🔥🔥🔥", "\ud800"])
def test_harmless_text_passes(text):
    report = Reviewer.default().review(text)
    assert (report.verdict, report.risk, report.findings) == (Verdict.PASS, 0, ())


@pytest.mark.parametrize(
    ("text", "code", "exemption"),
    [
        ("本品不能代替药物", "HF-DISEASE", "negation"),
        ("这里是国家级非遗所在地", "ABS-STATE", "standard"),
        ("这罐的最佳赏味期写在盖子上", "ABS-BEST", "other_sense"),
        ("最佳食用时间是早上", "ABS-BEST", "tip"),
        ("我们不做好评返现", "BRIBE-GOOD", "negation"),
        ("哪家的枸杞是顶级的吗?", "ABS-TOP", "question"),
        ("原价99,前七天内最低成交价89,今天69", "PRICE-ORIGINAL", "evidence"),
    ],
)
def test_an_exemption_is_shown_with_its_reason(text, code, exemption):
    report = Reviewer.default().review(text)
    item = next(item for item in report.findings if item.code == code)
    assert item.severity is Severity.INFO
    assert item.exemption is not None
    assert item.exemption["code"] == exemption
    assert item.exemption["reason"]
    assert report.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("plain", "disguised", "operator"),
    [
        ("加微信abc123", "加薇abc123", "homophone"),
        ("加微信abc123", "➕V:abc123", "homophone"),
        ("全网最低价", "全网最*低*价", "symbol_noise"),
        ("全网最低价", "全網最低價", "traditional"),
        ("国家级品质", "国\u200b家级品质", "zero_width"),
        ("减肥茶", "减🔥肥🔥茶", "symbol_noise"),
    ],
)
def test_a_disguise_is_seen_through_and_named(plain, disguised, operator):
    assert codes(plain) & codes(disguised)
    findings = Reviewer.default().review(disguised).findings
    assert any(operator in item.evasion for item in findings)


@pytest.mark.parametrize("text", ["我们班最 后一节课", "这个月的面 包过期了", "产品 第 一页有说明"])
def test_one_space_between_words_is_not_an_evasion(text):
    assert codes(text) == set()


def test_product_type_decides():
    text = "这款喝了能助眠"
    verdicts = {kind: Reviewer.default().review(text, product_type=kind).verdict for kind in ("普通食品", "保健食品")}
    assert verdicts["普通食品"] is Verdict.BLOCK
    assert "MED-BODY" not in codes(text, product_type=ProductType.HEALTH_FOOD)


def test_channel_decides():
    text = "想了解的加微信abc123"
    assert Reviewer.default().review(text, channel="公众号").verdict is Verdict.REVISE
    assert Reviewer.default().review(text, channel=Channel.DIRECT).verdict is Verdict.PASS


@pytest.mark.parametrize("context", [{"product_type": "飞船"}, {"channel": "电报"}])
def test_unknown_context_is_refused_with_the_choices(context):
    with pytest.raises(InputError, match="可选"):
        Reviewer.default().review("你好", **context)


def test_words_inside_other_words_are_left_alone():
    assert "EDU-PASS" not in codes("昨天的面包过期了")
    assert "EDU-PASS" in codes("考证包过")


def test_tone_is_apart_from_the_law():
    calm = Reviewer.default().review("今天去果园看了一圈,枸杞红得透亮。").tone
    pushy = Reviewer.default().review("限时抢购!全场5折优惠!赶紧下单!错过再等一年!电话400-820-8820").tone
    assert calm.score < 20 < 80 < pushy.score
    assert calm.percentile < pushy.percentile
    assert {signal.name for signal in pushy.signals} >= {"exclamation", "price", "urgency"}
    assert Reviewer.default().review("我们的价格和服务都写在首页,欢迎来看。").verdict is Verdict.PASS


def test_many_texts_come_back_in_order_and_lazily():
    def texts():
        yield "国家级品质"
        yield "你好"
        raise AssertionError("read too far")

    reports = Reviewer.default().review_many(texts())
    assert [next(reports).verdict, next(reports).verdict] == [Verdict.BLOCK, Verdict.PASS]


def test_a_grave_finding_behind_thousands_of_light_ones_still_blocks():
    report = Reviewer.default().review("顶级好物!" * 6000 + "国家级品质")
    assert report.verdict is Verdict.BLOCK
    assert len(report.findings) == 2001
    assert report.findings[-1].code == "SYS-LIMIT"


def test_positions_hold_in_a_text_of_many_pieces():
    text = "果园里今天很安静。\n" * 9000 + "国家级品质" + "\n今天也好" * 3000
    (item,) = Reviewer.default().review(text).findings
    assert text[item.start : item.end] == item.text
    assert item.text.startswith("国家级")


def test_a_post_is_reviewed_fast():
    reviewer = Reviewer.default()
    text = "周末跟朋友走到河边那家面馆,第一次点了素面,汤是热的,面有点软,下回还想去。" * 4
    reviewer.review(text)
    started = time.perf_counter()
    for _ in range(50):
        reviewer.review(text)
    assert (time.perf_counter() - started) / 50 < 0.01


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("顶级燕窝今晚7点开团", "优选燕窝今晚7点开团"),
        ("全网最低价59元", "活动价59元"),
        ("家人们,今天很冷", "大家,今天很冷"),
    ],
)
def test_a_fix_is_offered_when_it_passes_the_same_review(text, fixed):
    report = Reviewer.default().review(text)
    offers = {safe_fix(text, item) for item in report.findings}
    assert fixed in offers


def test_no_fix_is_offered_that_does_not_pass_or_loses_a_number():
    for text in ("治好了我的鼻炎", "国家级的服务", "这款100%正品"):
        assert {safe_fix(text, item) for item in Reviewer.default().review(text).findings} == {None}


@pytest.mark.parametrize("text", ["全网最低价", "顶级好物", "全世界最好吃的饼没有之一", "白菜价拿下", "这是最佳选择"])
def test_a_fix_never_brings_a_new_finding(text):
    reviewer = Reviewer.default()
    report = reviewer.review(text)
    for item in report.findings:
        fixed = safe_fix(text, item)
        if fixed is not None:
            assert reviewer.review(fixed).risk < report.risk


def test_checksums_tell_numbers_from_digits():
    assert is_id_card("11010519491231002X".lower())
    assert not is_id_card("110105194912310021")
    assert not is_id_card("110105194913310021")
    assert is_bank_card("4111 1111 1111 1111")
    assert not is_bank_card("4111111111111112")
    assert not is_bank_card("0" * 16)


def test_review_needs_neither_torch_nor_pandas_nor_jieba():
    code = (
        "import sys; from studio.review import Reviewer; Reviewer.default().review('全网最低价,加薇abc');"
        "print([n for n in ('torch','pandas','jieba','streamlit','openai','ortools') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_importing_the_package_loads_no_rules():
    code = "import sys, studio.review; print('yaml' in sys.modules, 'studio.review.reviewer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False False"
