"""Posts and rejected rows into files a spreadsheet opens safely and the import reads back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from studio.errors import InputError
from studio.library.fields import FIELDS
from studio.library.importing import RejectedRow
from studio.library.posts import METRICS, Post
from studio.library.splitting import escape_markdown

FORMATS = ("csv", "jsonl", "md")


def export_posts(posts: Sequence[Post], fmt: str) -> bytes:
    """Return the posts as a UTF-8 file of one of :data:`FORMATS`; importing it gives the same posts."""
    if fmt == "csv":
        return _csv([list(FIELDS.values()), *([*_cells(post).values()] for post in posts)])
    if fmt == "jsonl":
        lines = (json.dumps(post.to_json() | {"is_example": post.is_example}, ensure_ascii=False) for post in posts)
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    if fmt == "md":
        return "\n".join(_markdown(post) for post in posts).encode("utf-8", "replace")
    raise InputError(f"不能导出成「{fmt[:20]}」，可选：{'、'.join(FORMATS)}")


def write_rejected(path: Path, rejected: Sequence[RejectedRow]) -> None:
    """Write the rows that could not be imported as CSV, each with its number, its reason and all its cells."""
    columns = list(dict.fromkeys(name for row in rejected for name in row.values))
    rows = [[str(row.number), row.reason, *(row.values.get(name, "") for name in columns)] for row in rejected]
    try:
        path.write_bytes(_csv([["行号", "原因", *columns], *rows]))
    except OSError as error:
        raise InputError(
            f"写不了「{path.name}」({error.strerror})。能导入的内容不受影响，请换个文件夹或腾出空间。"
        ) from None


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows instead of running it as a formula."""
    return f"'{cell}" if cell[:1] in tuple("=+-@\t\r") else cell


def _cells(post: Post) -> dict[str, str]:
    return {
        "text": post.text,
        "title": post.title,
        "pillar": post.pillar.label if post.pillar else "",
        "channel": post.channel.label if post.channel else "",
        "posted_on": post.posted_on.isoformat() if post.posted_on else "",
        "posted_time": f"{post.posted_time:%H:%M}" if post.posted_time else "",
        "segment": post.segment or "",
        "tags": ";".join(post.tags),
        **{name: str(post.metrics.get(name, "")) for name in METRICS},
        "source": post.source,
        "is_example": "是" if post.is_example else "",
    }


def _markdown(post: Post) -> str:
    cells = {FIELDS[name]: value for name, value in _cells(post).items() if name != "text"}
    block = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in cells.items() if value)
    return f"---\n{block or FIELDS['tags'] + ':'}\n---\n\n{escape_markdown(post.text)}\n"
