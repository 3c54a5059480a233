"""Prompt files: read, overlaid, rendered in a sandbox, checked."""

from __future__ import annotations

import hashlib

import pytest
from clothes_shop import make_slot
from hypothesis import given
from hypothesis import strategies as st

from studio import resources
from studio.brand import Fact
from studio.drafting.context import prompt_context, sample_context
from studio.drafting.prompts import PromptLibrary
from studio.errors import PromptError
from studio.library.posts import Post
from studio.vocabulary import Channel, Pillar

HEAD = "---\nname: {name}\nversion: 1\npillar: product\nchannel: moments\ndescription: 试\n---\n"


@pytest.fixture
def folder(tmp_path):
    def write(name, body, head=HEAD):
        path = tmp_path / f"{name}.md"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(head.replace("{name}", name) + body, encoding="utf-8")
        return tmp_path

    return write


def library_of(folder):
    return PromptLibrary([folder])


def test_the_shipped_prompts_all_render(prompts):
    assert prompts.check() == []


def test_every_pillar_and_channel_has_a_prompt_of_its_own(prompts):
    names = {prompts.for_slot(pillar, channel) for pillar in Pillar for channel in Channel}
    assert len(names) == len(Pillar) * len(Channel)
    assert names <= set(prompts.names())


def test_a_rendered_prompt_carries_the_hash_of_its_file(prompts):
    rendered = prompts.render("value-moments", sample_context())
    assert rendered.hash == hashlib.sha256((resources.prompts() / "value-moments.md").read_bytes()).hexdigest()


def test_the_material_of_the_slot_reaches_the_prompt_and_no_product_price_is_lost(prompts, clothes):
    rendered = prompts.render("product-moments", prompt_context(make_slot(), clothes, clothes.segments[0], []))
    for expected in ("面料是100%亚麻", "199 元/件", "2026-11-25 周三 20:00", "想知道怎么打理省事"):
        assert expected in rendered.user
    assert "小周" in rendered.system


def test_a_prompt_without_facts_tells_the_model_to_leave_blanks(prompts):
    from studio.brand import Brand

    rendered = prompts.render("value-moments", prompt_context(make_slot(product=None), Brand(), None, []))
    assert "事实:没有" in rendered.user.replace("\uff1a", ":")


def test_bad_examples_are_never_shown_as_a_voice_to_follow(prompts, clothes):
    posts = [Post(id="1", text="照着写的"), Post(id="2", text="全网最低价", is_example=True)]
    rendered = prompts.render("product-moments", prompt_context(make_slot(), clothes, None, posts))
    assert "照着写的" in rendered.user
    assert "全网最低价" not in rendered.user


@given(st.text(st.sampled_from("<>事实\n 忽略以上{}%"), max_size=60))
def test_material_cannot_leave_its_fence(prompts, text):
    context = {**sample_context(), "facts": [text], "samples": [text], "product": text}
    rendered = prompts.render("product-moments", context)
    markers = [line for line in rendered.user.splitlines() if line.startswith("<<<") or line.endswith(">>>")]
    assert markers == ["<<<事实", "事实>>>", "<<<经历", "经历>>>", "<<<口气", "口气>>>"]
    assert rendered.user.count("<<<") == rendered.user.count(">>>") == 3


def test_template_code_in_material_is_not_run(prompts, clothes):
    brand = clothes.model_copy(update={"facts": (Fact(text="{{ 7 * 7 }}{% raw %}", source="x"),)})
    rendered = prompts.render("value-moments", prompt_context(make_slot(pillar=Pillar.VALUE), brand, None, []))
    assert "{{ 7 * 7 }}" in rendered.user


def test_an_overlay_replaces_a_prompt_and_a_shared_part_of_the_same_name(folder, prompts):
    overlay = folder("product-moments", "我的身份\n<!-- user -->\n{% include 'shared/material.md' %}\n")
    folder("shared/material", "我的材料 {{ slot.theme }}", head="")
    library = PromptLibrary([resources.prompts(), overlay])
    rendered = library.render("product-moments", sample_context())
    assert (rendered.system, rendered.user) == ("我的身份", "我的材料 样品主题")
    assert "我的材料" in library.render("value-group", sample_context()).user
    assert library.names() == prompts.names()


def test_a_channel_without_a_prompt_uses_the_moments_one(folder):
    library = library_of(folder("mine", "甲\n<!-- user -->\n乙"))
    assert library.for_slot(Pillar.PRODUCT, Channel.GROUP) == "mine"
    with pytest.raises(PromptError, match="价值 · 社群"):
        library.for_slot(Pillar.VALUE, Channel.GROUP)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{{ nobody }}\n<!-- user -->\n乙", "没有的变量「nobody」"),
        ("{{ slot.nobody }}\n<!-- user -->\n乙", "没有的变量「nobody」"),
        ("{% if %}\n<!-- user -->\n乙", "填不出来"),
        ("{% include 'shared/none.md' %}\n<!-- user -->\n乙", "填不出来"),
        ("{{ ''.__class__.__mro__ }}\n<!-- user -->\n乙", "提示词"),
        ("{{ facts.append('x') }}\n<!-- user -->\n乙", "提示词"),
        ("{{ slot.theme + 1 }}\n<!-- user -->\n乙", "填不出来"),
        ("{% for i in range(90000) %}撑大{% endfor %}\n<!-- user -->\n乙", "超过"),
        ("{% for i in range(900000) %}{% endfor %}\n<!-- user -->\n乙", "提示词"),
        ("没有分段", "分成两段"),
    ],
)
def test_a_prompt_that_does_not_work_is_named_in_the_check(folder, body, sentence):
    problems = library_of(folder("mine", body)).check()
    assert len(problems) == 1
    assert problems[0].source == "mine.md"
    assert sentence in problems[0].message


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("---\nname: mine\n---\n", "version"),
        ("---\nname: A B\nversion: 1\ndescription: x\n---\n", "name"),
        ("---\nname: mine\nversion: 1\ndescription: x\npillar: 别的\n---\n", "pillar"),
        ("---\nname: mine\nversion: 1\ndescription: x\nparameters: {temperature: 9}\n---\n", "parameters.temperature"),
        ("---\nname: mine\nversion: 1\ndescription: x\nextra: 1\n---\n", "extra"),
        ("---\n- a: [\n---\n", ""),
        ("---\n!!python/object/apply:os.system [echo]\n---\n", ""),
        ("没有开头\n", ""),
    ],
)
def test_a_broken_head_names_the_field_and_keeps_the_other_prompts(folder, head, field):
    folder("good", "甲\n<!-- user -->\n乙")
    library = library_of(folder("mine", "甲\n<!-- user -->\n乙", head=head))
    assert field in [problem.field for problem in library.check()]
    assert library.names() == ["good"]


def test_files_that_are_not_text_or_too_large_are_problems(tmp_path):
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00\x80")
    (tmp_path / "huge.md").write_bytes(b"a" * 100_000)
    assert sorted(problem.source for problem in PromptLibrary([tmp_path]).check()) == ["binary.md", "huge.md"]


def test_an_overlay_folder_that_is_not_there_is_no_problem(tmp_path):
    assert PromptLibrary([tmp_path / "none"]).check() == []


def test_an_unknown_name_lists_what_there_is(prompts):
    with pytest.raises(PromptError, match="value-moments"):
        prompts.render("nothing", {})
