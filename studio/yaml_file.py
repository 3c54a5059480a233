"""YAML files that people write, read with care."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from studio.brand import explain
from studio.errors import Problem

MAX_BYTES = 256 * 1024
MAX_FILES = 100

Stamp = tuple[int, int]
"""When a file was last changed and how long it is: the same stamp, the same content."""


def yaml_files(folder: Path) -> tuple[list[Path], list[Problem]]:
    """Return the YAML files of a folder in name order, and a problem when there are too many to read."""
    paths = sorted(path for pattern in ("*.yaml", "*.yml") for path in folder.glob(pattern) if path.is_file())
    if len(paths) <= MAX_FILES:
        return paths, []
    problem = Problem(folder.name, "", f"文件有 {len(paths)} 个，只读了前 {MAX_FILES} 个；请合并或删掉一些")
    return paths[:MAX_FILES], [problem]


def stamp(path: Path) -> Stamp:
    """Return the stamp of a file; of one that cannot be looked at, one that no file has."""
    try:
        found = path.stat()
    except OSError:
        return 0, -1
    return found.st_mtime_ns, found.st_size


def read_yaml(path: Path) -> Any:
    """Return the plain data in a YAML file; :class:`ValueError` with a Chinese sentence when there is none to use.

    A file that refers to its own parts is refused: a small one can unfold to a huge one.
    """
    import yaml

    loader: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"文件超过 {MAX_BYTES // 1024} KB，没有读；请拆成几个小文件")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ValueError("这个文件打不开，请存成 UTF-8 文本再放回来") from None
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
            raise ValueError("里面有 & 和 * 引用，没有读；请把内容直接写出来")
        return yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行附近" if mark else "内容"
        raise ValueError(f"{place}不是正确的 YAML，请检查缩进和冒号") from None


def problems_in(error: ValidationError, source: str, place: str) -> list[Problem]:
    """Return what pydantic found wrong in a file as problems; ``place`` says where in the file it began."""
    return [
        Problem(source, " ".join([place, *map(_place, item["loc"])]).strip(), explain(item))
        for item in error.errors(include_input=False, include_url=False)
    ]


def _place(part: int | str) -> str:
    return f"第 {part + 1} 项" if isinstance(part, int) else part
