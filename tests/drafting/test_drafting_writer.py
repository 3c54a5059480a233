"""The writer and the hand-off: sections with an honest provenance."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from clothes_shop import make_slot
from hypothesis import given
from hypothesis import strategies as st
from misbehaving_server import fails, says

from studio.drafting.context import facts_for_slot, facts_in
from studio.drafting.draft import Origin, Provenance, Sections
from studio.drafting.handoff import full_prompt, read_answer
from studio.drafting.writer import Rewrite, Writer
from studio.errors import InputError, ModelAuthError
from studio.library.posts import Post
from studio.vocabulary import Pillar


@pytest.fixture
def writer(server, clothes, prompts, openers, quick, now):
    asked = []

    def similar(text, count):
        asked.append(text)
        return [Post(id="p1", text="上周二下雨,布没晒成。"), Post(id="bad", text="全网最低", is_example=True)][:count]

    made = Writer(clothes, prompts, openers, endpoint=server.endpoint(), similar=similar, clock=now, patience=quick)
    made.asked = asked
    return made


@pytest.fixture
def offline(clothes, prompts, openers, now):
    return Writer(clothes, prompts, openers, endpoint=None, similar=lambda text, count: [], clock=now)


def test_a_model_draft_records_where_it_came_from(writer, server, clothes, now, prompts):
    fact = clothes.products[0].facts[0].text
    server.script(says({"hook": "看洗水标。", "body": fact, "cta": "", "comment": "", "image_brief": ""}))
    sections, provenance = writer.draft(make_slot())
    assert sections.body == fact
    assert provenance.origin is Origin.MODEL
    assert (provenance.prompt, provenance.model) == ("product-moments", "test-model")
    assert re.fullmatch("[0-9a-f]{64}", provenance.prompt_hash)
    assert provenance.endpoint == server.url.removeprefix("http://")
    assert provenance.retrieved == ("p1",)
    assert provenance.facts == (fact,)
    assert (provenance.tokens_in, provenance.tokens_out, provenance.created_at) == (100, 20, now())
    assert provenance.parameters == {"temperature": 0.8, "max_tokens": 1200, "format": "json_schema"}
    assert Provenance.from_json(json.loads(json.dumps(provenance.to_json()))) == provenance
    assert "sk-" not in json.dumps(provenance.to_json())


def test_the_model_is_shown_facts_voice_and_the_segment_s_need(writer, server, clothes):
    server.script(says())
    writer.draft(make_slot(), clothes.segments[0])
    sent = json.dumps(server.bodies[0]["messages"], ensure_ascii=False)
    for expected in ("面料是100%亚麻", "布没晒成", "想知道怎么打理省事", "上班族"):
        assert expected in sent
    assert "全网最低" not in sent
    assert "怎么打理" in writer.asked[0]


def test_a_failing_model_raises_and_the_template_still_works(writer, server):
    server.script(fails(401))
    with pytest.raises(ModelAuthError):
        writer.draft(make_slot())
    sections, provenance = writer.draft(make_slot(), offline=True)
    assert sections.body
    assert provenance.origin is Origin.TEMPLATE
    assert len(server.bodies) == 1


def test_a_template_draft_names_the_facts_it_quotes_and_no_model(offline, clothes):
    _, provenance = offline.draft(make_slot())
    assert provenance.origin is Origin.TEMPLATE
    assert clothes.products[0].facts[0].text in provenance.facts
    assert (provenance.model, provenance.endpoint, provenance.tokens_out) == ("", "", 0)


def test_the_slot_s_own_segment_is_used_when_none_is_given(writer, server):
    server.script(says())
    writer.draft(make_slot(segment="office"))
    assert "想知道怎么打理省事" in json.dumps(server.bodies[0]["messages"], ensure_ascii=False)


@pytest.mark.parametrize("instruction", list(Rewrite))
def test_a_model_rewrite_starts_from_the_text_it_is_given(writer, server, instruction):
    server.script(says())
    sections, provenance = writer.rewrite(Sections("原来的开头", "原来的正文"), instruction, make_slot())
    assert sections.hook == "开头一句。"
    assert provenance.prompt == f"rewrite-{instruction.value}"
    assert "原来的正文" in server.bodies[0]["messages"][1]["content"]


def test_without_a_model_the_rule_rewrites_work_and_the_other_says_why(offline):
    sections = Sections("开头。", "一句。" * 60)
    shorter, provenance = offline.rewrite(sections, Rewrite.SHORTER, make_slot())
    assert len(shorter.body) < len(sections.body)
    assert provenance.origin is Origin.TEMPLATE
    assert offline.rewrite(sections, Rewrite.OPENER, make_slot())[0].hook != sections.hook
    with pytest.raises(InputError, match="更口语"):
        offline.rewrite(sections, Rewrite.SPOKEN, make_slot())


def test_the_hand_off_prompt_holds_everything_and_its_answer_reads_back(offline):
    text = full_prompt(offline.prompt(make_slot()))
    assert "交稿格式" in text
    assert "面料是100%亚麻" in text
    assert "{%" not in text


@pytest.mark.parametrize(
    "pasted",
    [
        '{"hook": "甲", "body": "乙", "cta": "丙", "comment": "", "image_brief": "丁"}',
        '好的,这是文案:\n```json\n{"hook": "甲", "body": "乙", "cta": "丙", "image_brief": "丁"}\n```\n还要改吗?',
        '{"开头": "甲", "正文": "乙", "行动": "丙", "配图": "丁"}',
        "开头:甲\n正文:乙\n行动:丙\n配图:丁",
        "**开头**:甲\n\n**正文**:乙\n\n**行动**:丙\n**配图**:丁",
        "【开头】\n甲\n【正文】\n乙\n【行动】\n丙\n【配图】\n丁",
        "## 开头\n甲\n## 正文\n乙\n## 行动\n丙\n## 配图\n丁",
        "hook: 甲\nbody: 乙\ncta: 丙\nimage_brief: 丁",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("colon", [":", "\uff1a"])
def test_a_pasted_answer_is_read_in_any_dress(pasted, newline, colon):
    if not pasted.lstrip().startswith(("{", "好")):
        pasted = pasted.replace(":", colon)
    assert read_answer(pasted.replace("\n", newline)) == Sections("甲", "乙", "丙", "", "丁")


def test_a_body_given_as_a_list_becomes_paragraphs():
    assert read_answer('{"hook": "甲", "body": ["乙", "丙"]}').body == "乙\n丙"


def test_line_breaks_inside_json_strings_are_forgiven():
    assert read_answer('{"hook": "甲", "body": "乙\n丙"}').body == "乙\n丙"


def test_plain_paragraphs_become_opener_and_body():
    assert read_answer("今天下雨。\n\n没出摊。\n在家擦罐子。") == Sections("今天下雨。", "没出摊。\n在家擦罐子。")


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [("", "还没有贴"), (" \n ", "还没有贴"), ("长" * 20_001, "太长"), ('{"hook": "甲", "bo', "不完整")],
)
def test_what_cannot_be_an_answer_is_refused_in_words(pasted, sentence):
    with pytest.raises(InputError, match=sentence):
        read_answer(pasted)


@given(st.text(max_size=300))
def test_any_paste_is_read_or_refused_in_words(pasted):
    try:
        sections = read_answer(pasted)
    except InputError:
        sections = None
    assert sections is None or sections.text


@given(st.builds(Sections, *[st.text(max_size=40)] * 5))
def test_sections_survive_the_way_through_json(sections):
    if not (sections.hook.strip() or sections.body.strip()):
        return
    stripped = Sections(**{name: text.strip() for name, text in sections.to_json().items()})
    assert read_answer(json.dumps(sections.to_json())) == stripped


def test_the_fact_on_the_theme_comes_first(clothes):
    facts = facts_for_slot(make_slot(theme="备用扣"), clothes)
    assert facts[0].topic == "备用扣"
    assert all(fact.pillar in (None, Pillar.PRODUCT) for fact in facts)


def test_a_fact_counts_as_used_when_half_of_it_is_there(clothes):
    facts = clothes.products[0].facts
    assert facts_in("这件的面料是100%亚麻,看洗水标就知道。", facts) == (facts[0].text,)
    assert facts_in("今天天气不错。", facts) == ()


def test_drafting_offline_imports_nothing_heavy():
    code = (
        "import sys, studio.drafting.writer, studio.drafting.grounding, studio.drafting.handoff\n"
        "print([name for name in ('openai', 'torch', 'jieba', 'pandas', 'streamlit') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
