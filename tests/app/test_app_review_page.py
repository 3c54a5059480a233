"""审稿: what a merchant pastes is kept, judged, mended and can be had back."""

import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from studio.app.ui.file_review import KIND, review_rows
from studio.app.ui.findings import replacement, tone_words
from studio.app.ui.uploads import kept_file
from studio.jobs import run
from studio.review.report import Tone
from studio.vocabulary import ProductType

MAIN = Path(__file__).resolve().parents[2] / "studio" / "app" / "main.py"
BAD = "枸杞全网最低价,今天下单。"


@pytest.fixture
def at(demo_workspace, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(demo_workspace.root))
    st.cache_resource.clear()
    yield open_page
    st.cache_resource.clear()


def open_page(part=None):
    page = AppTest.from_file(str(MAIN), default_timeout=30)
    if part:
        page.session_state["review_part"] = part
    page.switch_page("views/review.py").run()
    assert not page.exception
    return page


def box(page):
    return page.text_area(key="review_text_main")


def words(page):
    return "\n".join(item.value for item in [*page.markdown, *page.caption])


def buttons(page, label):
    return [button for button in page.button if button.label == label]


def test_an_empty_box_teaches_with_one_sample(at):
    page = at()
    buttons(page, "放一段例子看看")[0].click().run()
    assert box(page).value
    assert "禁发" in words(page)


def test_a_pasted_text_is_judged_and_still_there_after_a_refresh(at):
    page = at()
    box(page).set_value(BAD).run()
    assert "不能这样说" in words(page)
    assert box(at()).value == BAD


def test_one_click_mends_the_text_and_one_more_brings_it_back(at, demo_workspace):
    page = at()
    box(page).set_value(BAD).run()
    before = len(buttons(page, "一键改好"))
    assert before
    buttons(page, "一键改好")[0].click().run()
    mended = box(page).value
    assert mended != BAD
    assert len(buttons(page, "一键改好")) < before
    fresh = at()
    assert box(fresh).value == mended
    buttons(fresh, "撤销上一次修改")[0].click().run()
    assert box(fresh).value == BAD
    assert not buttons(fresh, "撤销上一次修改")


def test_everything_that_can_be_mended_is_mended_at_once(at, demo_workspace):
    page = at()
    box(page).set_value("全网最低价的枸杞。\n全网最低价的小米。").run()
    together = [button for button in page.button if "一起改好" in button.label]
    together[0].click().run()
    assert not page.exception
    assert "全网最低价" not in box(page).value
    assert len(box(page).value.splitlines()) == 2


def test_typing_a_new_text_leaves_no_button_that_would_throw_it_away(at):
    page = at()
    buttons(page, "放一段例子看看")[0].click().run()
    assert buttons(page, "撤销上一次修改")
    box(page).set_value("新贴的一段,全网最低价。").run()
    assert not buttons(page, "撤销上一次修改")


def test_the_verdict_for_other_product_types_comes_on_demand(at):
    page = at()
    box(page).set_value("这款面膜祛斑美白。").run()
    assert "数码家电" not in words(page)
    page.session_state["review_types"] = True
    page.run()
    assert "数码家电" in words(page)


def test_markup_in_a_text_is_shown_as_it_is(at):
    page = at()
    box(page).set_value("[点我](javascript:alert(1)) :red[全网最低价] <b>第一品牌</b>").run()
    assert not page.exception
    assert "](javascript" not in words(page)
    assert "<b>" not in words(page).replace("\\<b\\>", "")


def test_a_file_is_reviewed_in_the_background_and_its_result_stays(at, demo_workspace):
    page = at("一个文件")
    page.file_uploader(key="review_upload").upload(
        "话术.csv", f"正文,备注\n{BAD},a\n今天摘枸杞,b\n".encode("gb18030")
    ).run()
    assert page.selectbox(key="review_column").value == "正文"
    buttons(page, "检查全部 2 行")[0].click().run()
    wait_for(demo_workspace)
    page = at("一个文件")
    assert [metric.value for metric in page.metric] == ["1 条", "0 条", "1 条"]
    assert list(page.dataframe[0].value["结论"]) == ["禁发"]
    assert list(page.dataframe[0].value["行号"]) == ["2"]


def wait_for(workspace):
    for _ in range(200):
        job = workspace.store.jobs.latest(KIND)
        if job and job.is_over:
            return
        time.sleep(0.05)
    raise AssertionError("the background review did not end")


def test_a_file_that_cannot_be_read_says_so_in_chinese(at):
    page = at("一个文件")
    page.file_uploader(key="review_upload").upload("坏.xlsx", b"PK\x03\x04broken").run()
    assert "Excel" in page.error[0].value
    assert "另存为" in page.error[0].value


def test_the_result_file_cannot_run_as_a_formula(demo_workspace):
    work = review_rows(demo_workspace, "a.csv", [(2, "=HYPERLINK(1)全网最低价"), (3, "@sum")], ProductType.FOOD)
    run(work, lambda *_: True)
    lines = kept_file(demo_workspace, "review.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert not any(cell.startswith(("=", "@")) for line in lines for cell in line.split(","))


def test_a_stopped_file_review_keeps_what_was_done(demo_workspace):
    rows = [(number, "今天摘枸杞") for number in range(1, 251)]
    work = review_rows(demo_workspace, "b.csv", rows, ProductType.FOOD)
    work.do(work.items[0])
    summary = demo_workspace.store.memos.get("review-file")
    assert summary["total"] == 250
    assert sum(summary["counts"].values()) == 100


def test_a_fix_shows_only_the_words_it_changes(demo_workspace):
    finding = next(item for item in demo_workspace.reviewer.review(BAD).findings if item.text == "全网最低价")
    assert replacement(BAD, finding, BAD.replace("全网最低价", "活动价")) == "活动价"
    assert replacement(BAD, finding, BAD.replace("全网最低价", "")) == ""
    assert replacement(BAD, finding, "今天下单。") is None


def test_tone_is_told_in_words():
    assert tone_words(Tone(score=3, percentile=10)) == "语气平和，像平常说话"
    assert "92%" in tone_words(Tone(score=80, percentile=92))
    assert "100%" not in tone_words(Tone(score=99, percentile=100))
