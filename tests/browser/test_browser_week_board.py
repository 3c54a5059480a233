"""The week's board in a real browser: move by mouse and by keys, see the rest follow, accept, undo."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from studio import demo
from studio.planning.calendar import WeekId
from studio.planning.playbooks import Running
from studio.workspace import Workspace

pytestmark = pytest.mark.browser


@pytest.fixture
def board(page, studio_at, tmp_path):
    """The sample shop's board on a planned week, and the week."""
    shop = Workspace.create(tmp_path / "shop")
    demo.load(shop)
    week = WeekId.of(date.today() + timedelta(days=14))
    shop.schedule.save(shop.schedule.plan(week, posts=10))
    shop.close()
    page.goto(f"{studio_at(shop.root)}/week?week={week}")
    expect(page.locator(".slot")).to_have_count(10, timeout=60_000)
    quiet(page)
    return page


def quiet(page: Page) -> None:
    """Wait until the page has stopped drawing."""
    page.wait_for_timeout(400)
    page.wait_for_function("() => !document.querySelector('[data-testid=\"stStatusWidget\"]')", timeout=60_000)
    page.wait_for_timeout(200)


def places(page: Page) -> dict[str, tuple[str, str]]:
    """Return day and time of every slot as the board shows them."""
    found = {}
    for card in page.locator(".slot").all():
        day = card.locator("xpath=ancestor::section").get_attribute("data-date")
        found[card.get_attribute("data-slot")] = (day, card.locator("time").inner_text())
    return found


def test_a_slot_moved_with_the_keys_makes_the_rest_follow_and_undo_takes_both_back(board):
    before = places(board)
    (first, (day, time)), *_, (last, (to_day, to_time)) = sorted(before.items(), key=lambda item: item[1])
    days = (date.fromisoformat(to_day) - date.fromisoformat(day)).days
    minutes = (int(to_time[:2]) - int(time[:2])) * 60 + int(to_time[3:]) - int(time[3:])
    board.locator(f'[data-slot="{first}"]').focus()
    board.keyboard.press("Space")
    for _ in range(days):
        board.keyboard.press("ArrowRight")
    for _ in range(abs(minutes) // 30):
        board.keyboard.press("ArrowDown" if minutes > 0 else "ArrowUp")
    expect(board.locator(".marker")).to_have_count(1)
    board.keyboard.press("Enter")
    expect(board.get_by_role("button", name="撤销")).to_be_visible()
    quiet(board)
    moved = places(board)
    assert moved[first][0] == to_day
    assert {key: place for key, place in moved.items() if key != first} == {
        key: place for key, place in before.items() if key != first
    }

    board.get_by_role("button", name="顺着调整其余的").click()
    expect(board.get_by_text("现在还没有动")).to_be_visible()
    quiet(board)
    assert places(board) == moved
    board.get_by_role("button", name="接受").click()
    expect(board.get_by_text("现在还没有动")).to_have_count(0)
    quiet(board)
    followed = places(board)
    assert followed[first] == moved[first]
    assert followed[last] != moved[last]

    board.get_by_role("button", name="撤销").click()
    quiet(board)
    assert places(board) == moved


def test_a_dragged_slot_lands_where_it_is_dropped_and_escape_leaves_it(board):
    before = places(board)
    slot = board.locator(".slot").first
    name, box = slot.get_attribute("data-slot"), slot.bounding_box()
    target = board.locator(".day").last
    date_there, there = target.get_attribute("data-date"), target.bounding_box()

    def drag() -> None:
        board.mouse.move(box["x"] + 30, box["y"] + 15)
        board.mouse.down()
        board.mouse.move(there["x"] + 40, there["y"] + 20, steps=6)

    drag()
    expect(board.locator(".target")).to_have_count(1)
    board.keyboard.press("Escape")
    board.mouse.up()
    quiet(board)
    assert places(board) == before
    assert board.get_by_role("dialog").count() == 0

    drag()
    board.mouse.up()
    expect(board.get_by_role("button", name="撤销")).to_be_visible()
    quiet(board)
    assert places(board)[name] == (date_there, before[name][1])
    board.reload()
    expect(board.locator(".slot")).to_have_count(10, timeout=60_000)
    assert places(board)[name] == (date_there, before[name][1])


def test_a_paused_playbook_leaves_the_dialog_open(page, studio_at, tmp_path):
    shop = Workspace.create(tmp_path / "shop")
    demo.load(shop)
    shop.store.playbooks.save(Running(id="", playbook="weekly-group", anchor=date.today()))
    shop.close()
    page.goto(f"{studio_at(shop.root)}/week")
    expect(page.get_by_role("button", name="剧本")).to_be_visible(timeout=60_000)
    quiet(page)
    page.get_by_role("button", name="剧本").click()
    box = page.get_by_role("dialog")
    expect(box.get_by_text(f"从 {date.today().year} 年")).to_be_visible()
    quiet(page)
    box.get_by_role("button", name="暂停").click()
    expect(box.get_by_text("暂停中")).to_be_visible(timeout=30_000)
    expect(box.get_by_role("button", name="接着跑")).to_be_visible()


def test_nothing_is_fetched_from_elsewhere(board):
    asked = []
    board.on("request", lambda request: asked.append(request.url))
    board.reload()
    expect(board.locator(".slot")).to_have_count(10, timeout=60_000)
    board.get_by_role("button", name="剧本").click()
    expect(board.get_by_role("dialog")).to_be_visible()
    quiet(board)
    here = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
    assert [url for url in asked if not url.startswith(here)] == []
    assert asked


def test_what_a_merchant_writes_is_shown_as_text(board):
    board.locator(".more").first.click()
    board.get_by_label("加一条，讲什么").fill("<img src=x onerror=alert(1)>**新**")
    board.get_by_test_id("stBaseButton-primaryFormSubmit").click()
    expect(board.locator(".slot")).to_have_count(11)
    expect(board.locator(".theme", has_text="<img src=x onerror=alert(1)>**新**")).to_have_count(1)
    assert board.locator(".slot img").count() == 0
