"""The wheel alone, in an environment of its own outside the clone, does the main job."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, repository) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(repository)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stderr[-2000:]
    (found,) = folder.glob("siyu_studio-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory, wheel) -> Path:
    """The folder of an environment with the wheel in it; its dependencies are the ones already here."""
    root = tmp_path_factory.mktemp("environment") / "env"
    venv.create(root, with_pip=False)
    (packages,) = root.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    install = ["-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--no-index", "--ignore-installed"]
    done = subprocess.run(
        [str(root / "bin" / "python"), *install, str(wheel)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return root


@pytest.fixture
def studio(installed, tmp_path, monkeypatch):
    """Run the installed command outside the clone; returns what it printed."""
    monkeypatch.delenv("PYTHONPATH", raising=False)

    def run(*arguments: str, exit_code: int = 0) -> str:
        done = subprocess.run(
            [str(installed / "bin" / "studio"), *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == exit_code, done.stdout + done.stderr
        return done.stdout

    return run


def test_the_wheel_holds_everything_that_is_read_at_run_time(wheel, repository):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("prompts", "content_library"):
        shipped = {
            f"studio/_shipped/{path.relative_to(repository)}"
            for path in (repository / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert shipped
        assert shipped <= names
    assert "studio/_shipped/streamlit/config.toml" in names
    assert "studio/store/migrations/script.py.mako" in names
    assert any(name.startswith("studio/store/migrations/versions/0001") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "docs/", "benchmarks/")) or "__pycache__" in name]


def test_what_is_read_comes_from_inside_the_installed_package(installed, tmp_path, repository):
    code = (
        "from studio import resources;"
        "print(resources.prompts(), resources.content_library(), resources.streamlit_config(), sep='\\n')"
    )
    done = subprocess.run(
        [str(installed / "bin" / "python"), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert len(paths) == 3
    for path in paths:
        assert path.exists()
        assert path.is_relative_to(installed)
        assert not path.is_relative_to(repository)


def test_the_main_job_is_done_outside_the_clone(studio, tmp_path):
    studio("init", "shop", "--demo")
    assert (tmp_path / "shop" / "studio.toml").is_file()
    plan = json.loads(studio("plan", "--week", "2026-W49", "--save", "--json", "--workspace", "shop"))
    assert plan["week"] == "2026-W49"
    assert plan["slots"]
    assert {slot["pillar"] for slot in plan["slots"]} == {"product", "value", "lifestyle"}
    drafts = json.loads(studio("draft", "--week", "2026-W49", "--offline", "--json", "--workspace", "shop"))
    assert len(drafts) == len(plan["slots"])


def test_a_text_is_reviewed_without_a_workspace(studio):
    report = json.loads(studio("review", "--text", "全网最低价,仅剩3个名额!", "--json", exit_code=1))
    assert report["verdict"] == "block"
    assert report["findings"]
    assert json.loads(studio("review", "--text", "今天下雨,在屋里挑枸杞。", "--json"))["verdict"] == "pass"
