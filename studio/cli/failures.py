"""What a merchant sees when a command cannot finish: one sentence, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from typer import Abort, TyperException

from studio.cli.console import note, say_json
from studio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130
BAD_INPUT = 2
_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹，请检查路径",
    errno.ENOTDIR: "路径中间有一段不是文件夹，请检查路径",
    errno.EISDIR: "这是文件夹，请写一个文件名",
    errno.EACCES: "没有权限，请换一个位置",
    errno.EPERM: "没有权限，请换一个位置",
    errno.EROFS: "这里是只读的，请换一个位置",
    errno.ENAMETOOLONG: "名字太长了，请改短",
    errno.ENOSPC: "磁盘满了，请清出一些空间再试",
}


def report(error: BaseException, arguments: Sequence[str]) -> int:
    """Say what went wrong (also as ``{"error": …}`` under ``--json``) and return the exit code."""
    if isinstance(error, KeyboardInterrupt | Abort):
        note("已停止。做完的部分都保存了。")
        return INTERRUPTED
    sentence, code = _sentence(error)
    note(sentence)
    if _wants_json(arguments):
        say_json({"error": sentence})
    return code


def _sentence(error: BaseException) -> tuple[str, int]:
    from studio.cli.help import usage_sentence

    if isinstance(error, StudioError):
        return str(error), error.exit_code
    if isinstance(error, TyperException):
        return usage_sentence(error), BAD_INPUT
    if isinstance(error, OSError) and error.errno in _REASONS:
        name = Path(os.fsdecode(error.filename)).name if error.filename else "文件"
        return f"「{name}」读不了或写不进去：{_REASONS[error.errno]}。已保存的内容都在。", BAD_INPUT
    place = _log(error)
    found = f"详情在 {place}，反馈时请附上它。" if place else ""
    return f"程序出了意外，这一步没有做完；已保存的内容都在。可以再试一次。{found}", BAD_INPUT


def _wants_json(arguments: Sequence[str]) -> bool:
    return "--json" in arguments or "--format=json" in arguments or ("--format", "json") in pairwise(arguments)


def _log(error: BaseException) -> Path | None:
    """Keep where it failed; messages are left out, for they may carry keys or customers' data."""
    from platformdirs import user_log_path

    text = f"{datetime.now(UTC).isoformat(timespec='seconds')} Python {sys.version.split()[0]}\n{_trace(error)}"
    for folder in (user_log_path("siyu-studio"), Path(tempfile.gettempdir()) / "siyu-studio"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "studio-error.log"
            path.write_text(text, "utf-8")
        except OSError:
            continue
        return path
    return None


def _trace(error: BaseException | None) -> str:
    parts: list[str] = []
    while error is not None:
        kind = type(error)
        parts.append("".join(traceback.format_tb(error.__traceback__)) + f"{kind.__module__}.{kind.__qualname__}\n")
        error = error.__cause__ or error.__context__
    return "\n".join(reversed(parts))
