"""The rules of the house that a reader would otherwise have to check by eye."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from studio import errors

TIMEKEEPERS = {"workspace.py", "failures.py"}
"""The composition root, and the log of accidents, which says the machine's own time."""

CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime"}


@pytest.fixture(scope="module")
def modules(repository) -> dict[Path, ast.Module]:
    """Every module of the package, parsed, by its path in the clone."""
    return {
        path.relative_to(repository): ast.parse(path.read_text("utf-8"))
        for path in sorted((repository / "studio").rglob("*.py"))
    }


@pytest.fixture(scope="module")
def files(repository) -> list[Path]:
    """Every file that is, or is about to be, tracked."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is not a clone")
    return [path for name in filter(None, listed.stdout.split("\0")) if (path := repository / name).is_file()]


def test_only_the_timekeepers_ask_what_time_it_is(modules):
    wrong = [
        f"{path}:{node.lineno} calls {ast.unparse(node.func)}"
        for path, tree in modules.items()
        if path.name not in TIMEKEEPERS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ".".join(ast.unparse(node.func).split(".")[-2:]) in CLOCKS
    ]
    assert wrong == []


def test_the_entry_folder_shadows_no_standard_module(repository):
    app = repository / "studio" / "app"
    assert sorted(path.name for path in app.glob("*.py")) == ["__init__.py", "main.py"]
    assert list((repository / "studio").rglob("pages")) == []


def test_no_module_is_longer_than_300_lines(repository, modules):
    lengths = {str(path): len((repository / path).read_text("utf-8").splitlines()) for path in modules}
    assert {path: count for path, count in lengths.items() if count > 300} == {}


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function's body has; its signature and docstring do not count."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


def test_no_function_is_longer_than_40_lines(modules):
    lengths = {
        f"{path}:{node.lineno} {node.name}": body_lines(node)
        for path, tree in modules.items()
        if "migrations" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: count for name, count in lengths.items() if count > 40} == {}


def test_no_error_is_swallowed_unread(modules):
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and all(isinstance(step, ast.Pass | ast.Continue | ast.Expr) and not has_call(step) for step in node.body)
    ]
    assert wrong == []


def has_call(step: ast.AST) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(step))


def test_every_module_says_what_it_is(modules):
    silent = [
        str(path)
        for path, tree in modules.items()
        if tree.body and "migrations" not in path.parts and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_no_module_is_named_for_leftovers(modules):
    assert [str(path) for path in modules if path.stem in {"utils", "helpers", "misc", "common"}] == []


def test_every_error_stands_in_the_drawn_tree():
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, errors.StudioError):
            assert f" {name} " in errors.__doc__.replace("\n", " ")
            assert kind.__doc__


def test_no_file_knows_this_machine_or_a_package_registry(repository, files):
    machine = r"(?<![\w./~-])/(?:work|root|home|Users|mnt)/\w"
    registry = r"index-url|pythonhosted|://[^\s/]*(?:pypi|registry|mirror|artifactory|nexus)"
    pattern = re.compile(f"{machine}|{registry}".encode())
    found = [
        f"{path.relative_to(repository)}: {match[0].decode()}"
        for path in files
        if path != Path(__file__) and (match := pattern.search(path.read_bytes()))
    ]
    assert found == []


def test_no_file_holds_something_like_a_key(repository, files):
    pattern = re.compile(rb"sk-[A-Za-z0-9]{20,}|AKIA[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY")
    found = [str(path.relative_to(repository)) for path in files if pattern.search(path.read_bytes())]
    assert [name for name in found if name != str(Path(__file__).relative_to(repository))] == []
