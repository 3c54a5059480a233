"""How long a merchant waits: commands from cold, the first page of a warm studio, a rerun of every page.

    python benchmarks/startup.py

Prints medians. The sample shop with a drafted week is used; the page in a browser needs Chromium.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from studio import demo
from studio.planning.calendar import WeekId
from studio.server import free_port
from studio.workspace import Workspace

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PAGES = ("today", "week", "draft", "review", "library", "settings")
TEXT = "新到的枸杞,每罐250克,38元,今年7月送检过,想看报告的跟我说。"


def median(action: Callable[[], object], runs: int = 5) -> float:
    """Return the median seconds of ``action``, after one run that does not count."""
    action()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def command(*arguments: str) -> Callable[[], object]:
    """Return a call that runs ``studio`` in a fresh process."""
    return lambda: subprocess.run([sys.executable, "-m", "studio", *arguments], check=True, capture_output=True)


def sample_shop(folder: Path) -> Path:
    """Make a workspace with the sample shop and a drafted week."""
    made = Workspace.create(folder / "shop")
    demo.load(made)
    made.library.embed_missing()
    week = WeekId.of(made.schedule.today())
    made.schedule.save(made.schedule.plan(week))
    for slot in made.store.calendar.slots(week.days[0], week.days[-1]):
        made.editorial.draft(slot.id, offline=True)
    made.close()
    return made.root


def reruns(root: Path) -> dict[str, float]:
    """Return the median seconds of a rerun of each page."""
    from streamlit.testing.v1 import AppTest

    os.environ["STUDIO_WORKSPACE"] = str(root)
    main = Path(__file__).parents[1] / "studio" / "app" / "main.py"
    found = {}
    for page in PAGES:
        app = AppTest.from_file(str(main), default_timeout=60).run()
        if page != "today":
            app.switch_page(f"views/{page}.py").run()
        if app.exception:
            raise SystemExit(f"{page}: {app.exception[0].message}")
        found[page] = median(app.run, runs=9)
    return found


def first_page(root: Path) -> float | None:
    """Return the median seconds until a warm studio's first page can be read, or None without a browser."""
    if not Path(CHROMIUM).exists():
        return None
    from playwright.sync_api import sync_playwright

    port = free_port(8800)
    arguments = ["run", "--workspace", str(root), "--port", str(port), "--no-browser"]
    server = subprocess.Popen(
        [sys.executable, "-m", "studio", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(160):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
                break
            time.sleep(0.25)
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
            page = browser.new_page()

            def visit() -> None:
                page.goto(address)
                page.get_by_text("今天").first.wait_for()

            seconds = median(visit)
            browser.close()
            return seconds
    finally:
        server.terminate()
        server.wait(timeout=20)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        root = sample_shop(Path(temporary))
        rows = [
            ("studio --help", median(command("--help")), 0.5),
            ("studio review --text …", median(command("review", "--text", TEXT, "--json")), 1.5),
        ]
        opened = first_page(root)
        if opened is not None:
            rows.append(("first page, warm studio", opened, 1.5))
        rows += [(f"rerun of {page}", seconds, 0.3) for page, seconds in reruns(root).items()]
    print(f"{'what':28} {'median s':>9} {'bar s':>6}")
    for name, seconds, bar in rows:
        print(f"{name:28} {seconds:9.3f} {bar:6.1f} {'' if seconds < bar else '  too slow'}")


if __name__ == "__main__":
    main()
