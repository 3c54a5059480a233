"""Reading a TOML file that people edit: whatever is wrong with it, the lines that are right count."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from studio.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 * 1024
"""A settings file larger than this is something else by mistake."""

UNREADABLE = "这个文件读不出来（要用 UTF-8 保存），先按默认设置运行，文件没有改动"

_LINES_BACK = 100
"""How far before the line where reading stopped the unfinished value may begin."""


def read_toml(path: Path, problems: list[Problem]) -> dict[str, Any]:
    """Return what can be read of a TOML file; a half-written one yields the lines before the break."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        problems.append(Problem(path.name, "", UNREADABLE))
        return {}
    if len(raw) > MAX_BYTES:
        problems.append(Problem(path.name, "", "这个文件太大，不像设置文件，先按默认设置运行，文件没有改动"))
        return {}
    values, broken = _parse(text)
    if not broken:
        return values
    lines = text.split("\n")
    for count in (*range(broken - 1, max(0, broken - _LINES_BACK), -1), 0):
        values, still_broken = _parse("\n".join(lines[:count]))
        if not still_broken:
            message = f"第 {count + 1} 行没写完整，这一行之后的设置先不生效；改好后重新打开即可"
            problems.append(Problem(path.name, "", message))
            break
    return values


def _parse(text: str) -> tuple[dict[str, Any], int]:
    """Return the parsed TOML and 0, or nothing and the line where reading stopped.

    Besides its own error, tomllib lets Python's limits on digits and nesting through.
    """
    try:
        return tomllib.loads(text), 0
    except (ValueError, RecursionError) as error:
        told = re.search(r"at line (\d+)", str(error))
        return {}, int(told[1]) if told else text.count("\n") + 1
