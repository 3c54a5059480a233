"""Screenshots of every page: 1440 and 390 px wide, light and dark, on an empty and on the sample shop.

    python docs/screenshots/make.py [FOLDER]

Writes them to FOLDER (build/screenshots) and the few that README shows beside this file.
Needs Chromium at /usr/bin/chromium (or $CHROMIUM) and Chinese fonts.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooSlow

from studio import demo
from studio.planning.calendar import WeekId
from studio.server import free_port
from studio.workspace import Workspace

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
IN_README = ("week-1440.png", "draft-1440.png", "review-1440.png", "today-390.png")
PAGES = {
    "today": "",
    "week": "week",
    "draft": "draft",
    "review": "review",
    "library": "library",
    "settings": "settings",
}


@contextlib.contextmanager
def served(root: Path) -> Iterator[str]:
    """Run the studio on a workspace and yield its address."""
    port = free_port(8700)
    command = [sys.executable, "-m", "studio", "run", "--workspace", str(root), "--port", str(port), "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
                break
            time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=15)


def settle(page: Page) -> None:
    """Wait until the page has stopped drawing."""
    page.wait_for_selector('[data-testid="stMain"]', timeout=30_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=\"stStatusWidget\"]')")
    page.wait_for_timeout(1500)


def shoot(browser: Browser, address: str, folder: Path, name: str, path: str, *, dark: bool = False) -> None:
    """Take one page at both widths."""
    for width, height in ((1440, 900), (390, 844)):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="zh-CN"
        )
        page = context.new_page()
        page.goto(f"{address}/{path}")
        settle(page)
        if name == "review":
            example = page.get_by_role("button", name="放一段例子看看")
            with contextlib.suppress(TooSlow):
                example.click(timeout=4000)
            settle(page)
        if name == "library":
            page.get_by_placeholder("想找什么").fill("下雨天")
            page.keyboard.press("Enter")
            settle(page)
        content = page.locator('[data-testid="stMainBlockContainer"]').bounding_box()
        if content:
            page.set_viewport_size({"width": width, "height": max(height, int(content["height"]) + 80)})
            page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}{'-dark' if dark else ''}-{width}.png")
        context.close()


def main(folder: Path) -> None:
    """Make all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        empty = Workspace.create(Path(temporary) / "empty")
        with served(empty.root) as address:
            shoot(browser, address, folder, "welcome", "")
        full = Workspace.create(Path(temporary) / "full")
        demo.load(full)
        full.library.embed_missing()
        with served(full.root) as address:
            shoot(browser, address, folder, "today-empty", "")
        week = WeekId.of(full.schedule.today())
        full.schedule.save(full.schedule.plan(week, 2))
        slots = full.store.calendar.slots(week.days[0], week.plus(1).days[-1])
        for slot in slots:
            full.editorial.draft(slot.id, offline=True)
        for slot in [slot for slot in slots if slot.date >= full.schedule.today()][:2]:
            full.editorial.approve(slot.id)
        full.close()
        with served(full.root) as address:
            pages = PAGES | {"week": f"week?week={week.plus(1)}"}
            for name, path in pages.items():
                shoot(browser, address, folder, name, path)
                shoot(browser, address, folder, name, path, dark=True)
        browser.close()
    for name in IN_README:
        shutil.copy(folder / name, Path(__file__).parent)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots"))
