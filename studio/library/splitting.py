"""Plain text and Markdown into single posts.

Markdown: posts are parted by lines of ``---`` or by headings. A block of ``name: value`` lines between two
``---`` describes the posts after it, up to the next block. A backslash before ``---`` or ``#`` keeps it as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import yaml

from studio.library.fields import field_of

_RULE = r"[ \t]*(?:-{3,}|\*{3,}|—{3,})[ \t]*$"
_IS_RULE = re.compile(_RULE)
_HEADING = re.compile(r"#{1,6}[ \t]+(.+?)[ \t]*$")
_SPECIAL = rf"(?={_RULE}|#{{1,6}}[ \t]|\\)"
_NEEDS_ESCAPE = re.compile(rf"^{_SPECIAL}", re.MULTILINE)
_ESCAPED = re.compile(rf"^\\{_SPECIAL}", re.MULTILINE)
_MAX_BLOCK = 5_000

Piece = tuple[int, str]
"""(number of its first line, text)"""


def escape_markdown(text: str) -> str:
    """Return text that :func:`split_markdown` gives back unchanged."""
    return _NEEDS_ESCAPE.sub(r"\\", text)


def split_markdown(text: str) -> list[tuple[int, dict[str, str]]]:
    """Return (line number, cells) of each post: ``text``, ``title`` of a heading, and what its block says."""
    posts: list[tuple[int, dict[str, str]]] = []
    described: dict[str, str] = {}
    for number, piece in _between_rules(text):
        block = _block(piece)
        if block is None:
            posts += [(line, described | cells) for line, cells in _under_headings(number, piece)]
        else:
            described = block
    return posts


def split_text(text: str) -> tuple[list[Piece], str]:
    """Return (posts, how they were parted in Chinese): by ``---``, else by blank lines, else one a line."""
    pieces = list(_between_rules(text))
    if len(pieces) > 1:
        return pieces, ""
    pieces = list(_parted(text, lambda line: not line.strip()))
    if len(pieces) > 1:
        return pieces, f"按空行分成了 {len(pieces)} 条；如果一条里本来就有空行，请在两条之间加一行 ---"
    pieces = [(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    note = f"按行分成了 {len(pieces)} 条；如果几行是同一条，请在两条之间加一行 ---" if len(pieces) > 1 else ""
    return pieces, note


def _between_rules(text: str) -> Iterator[Piece]:
    return _parted(text, lambda line: _IS_RULE.match(line) is not None)


def _parted(text: str, is_border: Callable[[str], bool]) -> Iterator[Piece]:
    lines: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), None], start=1):
        if line is not None and not is_border(line):
            lines.append(line)
            continue
        piece = "\n".join(lines)
        if piece.strip():
            blank = len(piece) - len(piece.lstrip())
            yield start + piece[:blank].count("\n"), piece.strip()
        lines, start = [], number + 1


def _block(piece: str) -> dict[str, str] | None:
    """Return a ``name: value`` block as cells, or None when the piece is a post."""
    first = piece.split("\n", 1)[0]
    if len(piece) > _MAX_BLOCK or field_of(first.partition(":")[0]) is None:
        return None
    try:
        data = yaml.safe_load(piece)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not all(field_of(str(name)) for name in data):
        return None
    cells: dict[str, str] = {}
    for name, value in data.items():
        parts = value if isinstance(value, list) else [value]
        if any(isinstance(part, list | dict) for part in parts):
            return None
        cells[str(name)] = ";".join("" if part is None else str(part) for part in parts)
    return cells


def _under_headings(number: int, piece: str) -> Iterator[tuple[int, dict[str, str]]]:
    title, start = "", number
    lines: list[str] = []
    for line_number, line in enumerate([*piece.split("\n"), None], start=number):
        heading = None if line is None else _HEADING.match(line)
        if line is not None and heading is None:
            lines.append(line)
            continue
        text = _ESCAPED.sub("", "\n".join(lines)).strip()
        if text or title:
            yield start, {"text": text, **({"title": title} if title else {})}
        title, lines, start = heading[1] if heading else "", [], line_number
