"""A real studio process and a real Chromium."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request

import pytest

from studio.server import free_port

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    if not os.path.exists(CHROMIUM):
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def studio_at(tmp_path):
    """Start the studio on a workspace folder; yields a function that returns its address."""
    running = []

    def start(root):
        port = free_port(8900)
        log = open(tmp_path / f"server-{port}.log", "w")
        command = [sys.executable, "-m", "studio", "run", "--workspace", str(root), "--port", str(port), "--no-browser"]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        running.append((process, log))
        address = f"http://127.0.0.1:{port}"
        for _ in range(160):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
                return address
            time.sleep(0.25)
        raise AssertionError((tmp_path / f"server-{port}.log").read_text())

    yield start
    for process, log in running:
        process.terminate()
        process.wait(timeout=20)
        log.close()


@pytest.fixture
def page(browser):
    """A desktop page that fails the test when the studio shows its own error box."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()
