"""What README promises is what happens: its commands are run, its pictures and files are there."""

import os
import re
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def readme(repository):
    return (repository / "README.md").read_text("utf-8")


def test_every_picture_and_file_named_is_there(readme, repository):
    named = re.findall(r"\]\((?!http)([^)#]+)\)", readme) + re.findall(r"`(docs/[^`]+/)`", readme)
    assert named
    assert [name for name in named if not (repository / name).exists()] == []


def test_the_commands_of_the_command_line_section_run_one_after_another(readme, tmp_path, repository):
    block = re.search(r"## 命令行.*?```bash\n(.*?)```", readme, re.DOTALL)[1]
    (tmp_path / "brand.yaml").write_text("name: 小店\nproducts:\n- {id: p1, name: 围巾}\n", "utf-8")
    (tmp_path / "旧文案.csv").write_text("正文,日期\n今天把围巾都叠好了,2026-10-01\n", "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(repository), "STUDIO_EMBEDDING_PROVIDER": "embedded"}
    for line in block.strip().splitlines():
        assert line.startswith("studio ")
        command = [sys.executable, "-m", *re.findall(r'"[^"]*"|\S+', line)]
        command = [part.strip('"') for part in command]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        expected = {0, 1} if line.startswith(("studio review", "studio doctor")) else {0}
        assert done.returncode in expected, (line, done.stderr)
        assert "Traceback" not in done.stderr
    assert (tmp_path / "一周.xlsx").stat().st_size > 3000


def test_the_changelog_names_the_version_of_the_package(repository):
    import studio

    assert f"## {studio.__version__}" in (repository / "CHANGELOG.md").read_text("utf-8")
