"""内容库: posts come in without loss, are found again, and what is removed can be put back."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from studio.app.ui.post_cards import highlighted
from studio.app.ui.uploads import kept_file
from studio.brand import Brand
from studio.jobs import embed, run
from studio.library.posts import Post
from studio.vocabulary import Channel, Pillar

MAIN = Path(__file__).resolve().parents[2] / "studio" / "app" / "main.py"


@pytest.fixture
def shop(workspace, monkeypatch):
    """A shop of three posts."""
    workspace.store.brand.save(Brand(name="小店"), 0)
    workspace.store.posts.add(
        [
            Post("a", "雨后采枸杞,叶子上全是水。", Pillar.LIFESTYLE, Channel.MOMENTS, title="雨后"),
            Post("b", "枸杞怎么存:密封,放冰箱。", Pillar.VALUE, Channel.GROUP, metrics={"views": 1200}),
            Post("c", "**不是粗体** <script>alert(1)</script> :red[不是红色]", Pillar.PRODUCT, Channel.DIRECT),
        ]
    )
    monkeypatch.setenv("STUDIO_WORKSPACE", str(workspace.root))
    st.cache_resource.clear()
    yield workspace
    st.cache_resource.clear()


def open_page(part=None, **query):
    page = AppTest.from_file(str(MAIN), default_timeout=30)
    if part:
        page.session_state["library_part"] = part
    for name, value in query.items():
        page.query_params[name] = value
    page.switch_page("views/library.py").run()
    assert not page.exception
    return page


def words(page):
    return "\n".join(item.value for item in [*page.markdown, *page.caption])


def click(page, label):
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def test_without_a_query_all_posts_are_shown_as_they_are(shop):
    page = open_page()
    assert "雨后采枸杞" in words(page)
    assert "浏览 1,200" in words(page)
    assert "\\*\\*不是粗体\\*\\*" in words(page)
    assert "<script>" not in words(page).replace("\\<script\\>", "")


def test_the_query_in_the_address_is_searched(shop):
    page = open_page(q="冰箱")
    assert page.text_input(key="q").value == "冰箱"
    assert ":yellow-background[冰箱]" in words(page)
    assert "字面匹配" in words(page)
    assert "雨后采枸杞" not in words(page)


def test_filters_narrow_the_list(shop):
    page = open_page()
    page.session_state["library_pillar"] = [Pillar.VALUE]
    page.run()
    assert "怎么存" in words(page)
    assert "雨后采枸杞" not in words(page)


def test_a_removed_post_can_be_put_back_with_everything_it_had(shop):
    page = open_page()
    page.button(key="post_remove_b").click().run()
    assert shop.store.posts.count() == 2
    page = open_page()
    click(page, "放回来")
    assert shop.store.posts.get(["b"]) == [
        Post("b", "枸杞怎么存:密封,放冰箱。", Pillar.VALUE, Channel.GROUP, metrics={"views": 1200})
    ]
    assert not [button for button in page.button if button.label == "放回来"]


def test_an_import_says_what_became_of_every_row(shop):
    page = open_page("导入")
    content = "文案,渠道,类型,日期\n新到的小米,朋友圈,产品,2026-11-01\n,朋友圈,产品,2026-11-01\n枸杞怎么存:密封,放冰箱。,抖音,价值,11月3日\n"
    content = content.replace("枸杞怎么存:密封,放冰箱。", '"枸杞怎么存:密封,放冰箱。"')
    page.file_uploader(key="import_upload").upload("发过的.csv", content.encode("utf-8-sig")).run()
    chosen = {box.label: box.value for box in page.selectbox}
    assert chosen["正文"] == "文案"
    assert chosen["类型"] == "类型"
    click(page, "导入 3 行")
    page = open_page("导入")
    assert "新增 1 条" in words(page)
    assert "合并 1 条" in words(page)
    assert "退回 1 行" in words(page)
    assert "没有正文" in words(page)
    assert "抖音" in words(page)
    rejected = kept_file(shop, "rejected.csv").read_text("utf-8-sig")
    assert "没有正文" in rejected
    assert shop.store.posts.count() == 4


def test_a_wrong_guess_of_a_column_can_be_changed(shop):
    page = open_page("导入")
    page.file_uploader(key="import_upload").upload("a.csv", "内容,备注\n短,真正的正文在这一列里\n".encode()).run()
    text = next(box for box in page.selectbox if box.label == "正文")
    assert text.value == "内容"
    text.select("备注").run()
    click(page, "导入 1 行")
    assert "真正的正文在这一列里" in [post.text for post in shop.store.posts.all()]


def test_a_file_that_cannot_be_read_changes_nothing(shop):
    page = open_page("导入")
    page.file_uploader(key="import_upload").upload("空.csv", b"").run()
    assert "是空的" in page.error[0].value
    assert shop.store.posts.count() == 3


def test_pasted_text_is_imported(shop):
    page = open_page("导入")
    page.text_area(key="import_paste").set_value("第一条,今天晒枣。\n\n第二条,装箱到半夜。").run()
    click(page, "导入贴的内容")
    assert shop.store.posts.count() == 5
    assert page.text_area(key="import_paste").value == ""


def test_posts_without_vectors_are_named_and_seen_to_batch_by_batch(shop):
    page = open_page()
    assert "还有 3 条只能按字面找到" in words(page)
    run(embed(shop, 3), lambda *_: True)
    assert "只能按字面找到" not in words(open_page())


def test_repeats_are_grouped(shop):
    shop.store.posts.add([Post("d", "枸杞怎么存:密封,放冰箱就好。", Pillar.VALUE)])
    run(embed(shop, 4), lambda *_: True)
    page = open_page("重复")
    assert "1 组内容" in words(page)


def test_the_export_holds_every_post(shop):
    page = open_page("导出")
    assert not page.exception
    assert len(page.get("download_button")) == 3


def test_shared_words_are_marked_and_everything_else_is_literal():
    assert highlighted("雨后采枸杞", "枸杞") == "雨后采:yellow-background[枸杞]"
    assert highlighted("a]b\n    缩进", "") == "a\\]b  \n缩进"
    assert highlighted("[雨天](x)", "雨天") == "\\[:yellow-background[雨天]\\]\\(x\\)"
