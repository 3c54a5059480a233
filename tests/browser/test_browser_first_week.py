"""The main job in a real browser: from the first visit to a posted, remembered post."""

import re

import pytest
from playwright.sync_api import Page, expect

from studio.workspace import Workspace

pytestmark = pytest.mark.browser


def quiet(page: Page) -> None:
    """Wait until the page has stopped drawing."""
    page.wait_for_timeout(400)
    page.wait_for_function("() => !document.querySelector('[data-testid=\"stStatusWidget\"]')", timeout=60_000)
    page.wait_for_timeout(200)


def test_a_merchant_plans_writes_mends_approves_copies_posts_and_finds_it_again(page, studio_at, tmp_path):
    root = tmp_path / "shop"
    Workspace.create(root).close()
    address = studio_at(root)

    page.goto(address)
    page.get_by_role("button", name="先看示例店铺").click()
    expect(page.get_by_role("button", name=re.compile("写好这 \\d+ 条"))).to_be_visible()
    quiet(page)
    slots = page.locator(".slot")
    planned = slots.count()
    assert planned >= 7
    assert page.get_by_text("还差").count() + page.get_by_text("没照顾到").count() > 0

    page.get_by_role("button", name=re.compile("写好这 \\d+ 条")).click()
    expect(page.get_by_text("已起草")).to_have_count(planned, timeout=60_000)
    quiet(page)

    slots.first.click()
    page.get_by_role("button", name="去起草").click()
    body = page.get_by_label("正文")
    expect(body).to_be_visible()
    quiet(page)
    before = body.input_value()
    body.fill(before + "这是全网最低价的一批。")
    page.get_by_label("开头").click()
    expect(page.get_by_text("禁发").or_(page.get_by_text("需改")).first).to_be_visible()
    expect(page.get_by_text("「全网最低价").first).to_be_visible()
    quiet(page)
    page.get_by_role("button", name="一键改好").first.click()
    quiet(page)
    expect(page.get_by_text("「全网最低价")).to_have_count(0)
    assert "全网最低价" not in body.input_value()

    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_text("已通过").first).to_be_visible()
    page.get_by_role("button", name="复制这一条").click()
    expect(page.get_by_text("已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert before.strip()[:12] in copied
    page.get_by_role("button", name="已发", exact=True).click()
    expect(page.get_by_text("这一条已经发出去了")).to_be_visible()

    page.reload()
    expect(page.get_by_text("这一条已经发出去了")).to_be_visible()
    page.goto(f"{address}/library")
    search = page.get_by_label(re.compile("搜"))
    search.first.fill(before.strip()[:14])
    search.first.press("Enter")
    quiet(page)
    expect(page.get_by_text(before.strip()[:10]).first).to_be_visible()
