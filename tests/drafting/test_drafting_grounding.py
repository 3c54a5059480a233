"""What a draft claims must trace to the shop's own facts."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from clothes_shop import make_slot
from hypothesis import given
from hypothesis import strategies as st

from studio.brand import Brand, Fact
from studio.drafting.grounding import check
from studio.drafting.numerals import numbers, value_of


@pytest.fixture
def issues(clothes):
    return lambda text, **slot: [(issue.code, issue.text) for issue in check(text, clothes, make_slot(**slot))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("原价299元", ("FACT-PRICE", "299元")),
        ("只要¥99", ("FACT-PRICE", "¥99")),
        ("打八折", ("FACT-PRICE", "八折")),
        ("便宜了一百二十块", ("FACT-PRICE", "一百二十块")),
        ("含棉30%", ("FACT-PERCENT", "30%")),
        ("百分之五的人", ("FACT-PERCENT", "百分之五")),
        ("九成的人", ("FACT-PERCENT", "九成")),
        ("三天到货", ("FACT-DURATION", "三天")),
        ("两三天就到", ("FACT-DURATION", "两三天")),
        ("做了30多年", ("FACT-DURATION", "30多年")),
        ("12月8日开卖", ("FACT-DATE", "12月")),
        ("晚上九点见", ("FACT-DATE", "九点")),
        ("两斤装", ("FACT-NUMBER", "两斤")),
        ("卖了3000件", ("FACT-NUMBER", "3000件")),
        ("通过ISO9001认证", ("FACT-CERT", "ISO9001认证")),
        ("有检测报告", ("FACT-CERT", "检测报告")),
        ("拿过金奖", ("FACT-AWARD", "金奖")),
        ("老字号", ("FACT-AWARD", "老字号")),
        ("布料产自湖南", ("FACT-PLACE", "湖南")),
        ("意大利进口面料", ("FACT-PLACE", "意大利")),
        ("老客说:「穿了就不想脱」", ("FACT-QUOTE", "穿了就不想脱")),
        ("【补一句】", ("FACT-BLANK", "【补一句】")),
    ],
)
def test_a_claim_nobody_stated_is_found_on_its_span(issues, clothes, text, expected):
    assert expected in issues(text)
    for issue in check(f"前面的字{text}", clothes, make_slot()):
        assert f"前面的字{text}"[issue.start : issue.end] == issue.text


@pytest.mark.parametrize(
    "text",
    [
        "199元一件",
        "一件一百九十九块",
        "¥199.00",
        "100%亚麻",
        "百分之百亚麻",
        "扣子是6粒贝壳扣",
        "堵了四十分钟",
        "11月25日 20:00 见",
        "今晚八点见",
        "一年四季都能穿,忙了一天,说一句,看一眼",
        "第3步,第一次洗",
        "1. 先泡\n2. 再拎",
        "千万别拧,十分好打理,万一皱了",
        "没有任何认证,也没得过金奖",
        "来自自家的小店",
        "拍两张照片,说三句话,一块布",
        "画面怎么拍【画面】",
    ],
)
def test_what_the_shop_or_the_slot_says_stands(issues, text):
    assert issues(text) == []


def test_a_certificate_a_fact_names_stands():
    brand = Brand(facts=(Fact(text="2026年取得有机产品认证,产自安徽霍山。", source="证书"),))
    assert check("我们有有机产品认证,产自安徽", brand, make_slot()) == []


def test_a_number_with_another_unit_does_not_stand(issues):
    assert issues("199克") == [("FACT-NUMBER", "199克")]
    assert issues("40天") == [("FACT-DURATION", "40天")]


def test_the_theme_and_the_occasion_stand(issues):
    assert issues("满20件的那次", theme="满20件的那次") == []
    assert issues("满20件的那次") == [("FACT-NUMBER", "20件")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一千二百八十", 1280),
        ("一万零五十", 10050),
        ("十二", 12),
        ("二十", 20),
        ("两百", 200),
        ("二零二六", 2026),
        ("三亿", 300_000_000),
        ("3万", 30000),
        ("1,280", 1280),
        ("二点五", Decimal("2.5")),
        ("半", Decimal("0.5")),
        ("三五", None),
    ],
)
def test_numerals_are_worth_what_they_say(text, value):
    assert value_of(text) == value


@given(st.integers(1, 99_999_999))
def test_a_number_is_worth_the_same_in_han_and_in_digits(number):
    assert value_of(in_han(number)) == number


def in_han(number: int) -> str:
    def below_ten_thousand(part: int) -> str:
        digits = f"{part:04d}"
        text = "".join(
            "零" if digit == "0" else "零一二三四五六七八九"[int(digit)] + unit
            for digit, unit in zip(digits, ["千", "百", "十", ""], strict=True)
        )
        while "零零" in text:
            text = text.replace("零零", "零")
        return text.strip("零")

    high, low = divmod(number, 10_000)
    joint = "零" if high and low and low < 1000 else ""
    return (f"{below_ten_thousand(high)}万" if high else "") + joint + below_ten_thousand(low)


@given(st.text(max_size=200))
def test_any_text_gives_spans_in_order_that_fit(text):
    found = list(numbers(text))
    assert all(text[number.start : number.end] == number.text for number in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


@given(st.text(st.sampled_from("0123456789.,,一二三十百千万亿半点元天%百分之【】「」说客人产自 \n"), max_size=80))
def test_any_text_can_be_checked(text):
    for issue in check(text, Brand(), make_slot()):
        assert text[issue.start : issue.end] == issue.text


def test_an_issue_becomes_a_finding_of_the_review(clothes):
    issue = check("原价299元", clothes, make_slot())[0]
    data = issue.finding().to_json()
    assert (data["code"], data["text"], data["severity"]) == ("FACT-PRICE", "299元", "warn")


def test_a_long_text_is_checked_quickly(clothes):
    import time

    started = time.perf_counter()
    check("今天堵了40分钟,卖了3000件。" * 2000, clothes, make_slot())
    assert time.perf_counter() - started < 3
