"""Template drafts: honest, varied, the same for the same seed, for any shop."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import yaml
from clothes_shop import make_slot
from hypothesis import given, settings
from hypothesis import strategies as st

from studio import resources
from studio.brand import Brand, Fact, Persona, Product, Voice
from studio.drafting.composer import Composer, shorten
from studio.drafting.draft import Sections
from studio.drafting.grounding import check
from studio.drafting.openers import OpenerLibrary, Part
from studio.vocabulary import Channel, Pillar, Stage

BANNED = re.compile(
    "最|第一|顶级|唯一|百分百|限时|仅剩|手慢无|抢购|秒杀|转发|集赞|家人们|宝子|姐妹们|!|\uff01|微信号|治|疗效"
)


@pytest.fixture(scope="session")
def composer(openers):
    return Composer(openers)


def every_line(openers):
    return {
        line.text
        for part in Part
        for pillar in Pillar
        for channel in Channel
        for line in openers.lines(part, pillar, channel)
    }


def test_the_shipped_lines_read_without_a_problem(openers):
    assert openers.problems == []


def test_there_are_lines_enough_and_none_shouts(openers):
    lines = every_line(openers)
    assert len(lines) >= 120
    assert [line for line in lines if BANNED.search(line)] == []


@pytest.mark.parametrize("pillar", list(Pillar))
@pytest.mark.parametrize("channel", list(Channel))
def test_every_pillar_and_channel_has_openers_for_a_week(openers, pillar, channel):
    assert len(openers.lines(Part.HOOK, pillar, channel)) >= 12


slots = st.builds(
    make_slot,
    number=st.integers(1, 40),
    date=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    time=st.times(),
    channel=st.sampled_from(Channel),
    pillar=st.sampled_from(Pillar),
    stage=st.sampled_from(Stage),
    theme=st.sampled_from(["面料写在哪", "亚麻怎么洗", "去布行", "新学期安排", ""]),
    occasion=st.sampled_from([None, "冬至"]),
    product=st.sampled_from([None, "shirt", "gone"]),
)


@given(slots, st.integers(0, 5), st.booleans())
def test_a_template_draft_claims_nothing_the_shop_did_not_say(composer, clothes, slot, seed, is_empty):
    brand = Brand() if is_empty else clothes
    sections = composer.compose(slot, brand, seed=seed)
    assert sections.hook
    assert sections.body
    assert sections.image_brief
    claims = check(f"{sections.text}\n{sections.comment}", brand, slot)
    assert [issue for issue in claims if issue.code != "FACT-BLANK"] == []
    assert composer.compose(slot, brand, seed=seed) == sections


def test_facts_are_quoted_word_for_word(composer, clothes):
    sections = composer.compose(make_slot(), clothes)
    assert "面料是100%亚麻,洗水标上写着。" in sections.body


def test_a_shop_without_facts_gets_blanks_to_fill(composer):
    sections = composer.compose(make_slot(pillar=Pillar.VALUE, product=None, theme="怎么选网课"), Brand())
    assert re.search("【.*怎么选网课.*】", sections.body)


def test_the_price_is_told_once_and_only_as_it_is(composer, clothes):
    decision = composer.compose(make_slot(stage=Stage.DECISION), clothes)
    assert f"{decision.text}{decision.comment}".count("199 元/件") == 1


@pytest.mark.parametrize("channel", [Channel.MOMENTS, Channel.GROUP, Channel.DIRECT])
@pytest.mark.parametrize("occasion", [None, "冬至"])
@pytest.mark.parametrize("seed", range(5))
def test_no_two_drafts_of_a_week_open_alike(composer, clothes, openers, channel, occasion, seed):
    week = [
        composer.compose(
            make_slot(
                number,
                date=date(2026, 11, 23) + timedelta(days=number % 7),
                time=time(8 + number),
                channel=channel,
                pillar=pillar,
                occasion=occasion,
            ),
            clothes,
            seed=seed,
        ).hook
        for number, pillar in enumerate([*Pillar] * 4, start=1)
    ]
    assert len(set(week)) == len(week) == 12


def test_openers_named_in_avoid_do_not_come_again(composer, clothes):
    texts = []
    for _ in range(18):
        texts.append(composer.compose(make_slot(), clothes, avoid=texts).text)
    hooks = [text.partition("\n")[0] for text in texts]
    assert len(set(hooks)) == 18


def test_when_every_opener_was_used_there_is_still_a_draft(composer, clothes):
    texts = []
    for _ in range(25):
        texts.append(composer.compose(make_slot(), clothes, avoid=texts).hook)
    assert all(texts)


def test_other_weeks_and_seeds_open_differently(composer, clothes):
    hooks = {composer.compose(make_slot(date=date(2026, 3, 2) + timedelta(weeks=n)), clothes).hook for n in range(8)}
    seeds = {composer.compose(make_slot(), clothes, seed=seed).hook for seed in range(8)}
    assert len(hooks) > 3
    assert len(seeds) > 3


def test_the_shop_s_forbidden_words_and_openers_are_kept_out(composer, openers):
    voice = Voice(forbidden_terms=("我", "照实"), banned_openers=("说说", "不夸"))
    brand = Brand(voice=voice)
    for number in range(1, 30):
        text = composer.compose(make_slot(number, product=None), brand).text
        assert "照实" not in text
        assert not text.startswith(("说说", "不夸"))


def test_a_fact_of_another_occasion_stays_out(composer):
    facts = (Fact(text="冬至那天煮饺子。", source="店主", pillar=Pillar.LIFESTYLE, occasions=("冬至",)),)
    lifestyle = {"pillar": Pillar.LIFESTYLE, "theme": "店里日常", "product": None}
    assert "饺子" not in composer.compose(make_slot(**lifestyle), Brand(facts=facts)).body
    assert "饺子" in composer.compose(make_slot(**lifestyle, occasion="冬至"), Brand(facts=facts)).body


@pytest.mark.parametrize(("pillar", "stray"), [(Pillar.VALUE, "凉水"), (Pillar.LIFESTYLE, "布行")])
def test_no_stray_fact_stands_under_another_theme(composer, clothes, pillar, stray):
    body = composer.compose(make_slot(pillar=pillar, theme="怎么挑围巾", product=None), clothes).body
    assert stray not in body
    assert "怎么挑围巾" in body


def test_a_direct_message_leaves_a_way_out_and_has_no_comment(composer, clothes):
    sections = composer.compose(make_slot(channel=Channel.DIRECT), clothes)
    assert sections.cta
    assert sections.comment == ""


def test_reopening_changes_the_opener_and_nothing_else(composer, clothes):
    sections = composer.compose(make_slot(), clothes)
    again = composer.reopen(sections, make_slot(), clothes)
    assert again.hook != sections.hook
    assert again.with_section("hook", sections.hook) == sections


@given(st.text(st.sampled_from("字句子。\n,3斤"), max_size=300))
def test_shortening_keeps_whole_sentences_from_the_start(body):
    short = shorten(Sections("开头", body, "行动"))
    assert len(short.body) <= len(body)
    assert "".join(short.body.split()) in "".join(body.split())
    assert short.hook == "开头"


def test_shortening_a_long_body_leaves_about_half():
    body = "\n".join(f"第{n}句话写在这里,不长也不短。" for n in range(20))
    assert len(shorten(Sections("开头", body)).body) <= len(body) / 2


@settings(max_examples=30)
@given(
    name=st.text(min_size=1, max_size=20).filter(str.strip),
    fact=st.text(min_size=1, max_size=60).filter(str.strip),
    theme=st.text(max_size=30),
)
def test_any_words_of_a_merchant_can_stand_in_a_draft(composer, name, fact, theme):
    product = Product(id="p", name=name, facts=(Fact(text=fact, source="x", pillar=Pillar.PRODUCT),))
    brand = Brand(name=name, persona=Persona(calls_self=name), products=(product,))
    sections = composer.compose(make_slot(product="p", theme=theme), brand)
    assert fact.strip() in sections.body


def test_an_overlay_file_replaces_the_shipped_one_and_a_broken_one_is_a_problem(tmp_path):
    shipped = resources.content_library() / "openers"
    mine = {"part": "hook", "channels": ["朋友圈"], "lines": {"product": ["只有{theme}。"]}}
    (tmp_path / "hooks-moments.yaml").write_text(yaml.safe_dump(mine, allow_unicode=True), encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(
        "part: hook\nchannels: [moments]\nlines: {product: ['{nobody}']}", encoding="utf-8"
    )
    (tmp_path / "worse.yaml").write_bytes(b"\xff\xfe\x00")
    library = OpenerLibrary([shipped, tmp_path])
    assert [line.text for line in library.lines(Part.HOOK, Pillar.PRODUCT, Channel.MOMENTS)] == ["只有{theme}。"]
    assert sorted(problem.source for problem in library.problems) == ["bad.yaml", "worse.yaml"]
    assert "nobody" in next(problem.message for problem in library.problems if problem.source == "bad.yaml")


def test_without_any_lines_there_is_still_the_theme_and_the_facts(clothes):
    sections = Composer(OpenerLibrary([])).compose(make_slot(), clothes)
    assert sections.hook == "面料写在哪"
    assert "100%亚麻" in sections.body
