"""Uploaded files on disk for as long as they are read, and files the studio hands back."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import SettingsError

if TYPE_CHECKING:
    from streamlit.typing import UploadedFile

    from studio.workspace import Workspace


@contextmanager
def on_disk(upload: UploadedFile) -> Iterator[Path]:
    """Yield the path of an uploaded file under its own name; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="studio-") as folder:
        path = Path(folder) / _safe_name(upload.name)
        path.write_bytes(upload.getbuffer())
        yield path


def _safe_name(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1].replace("\0", "").strip(". ")
    stem, dot, ending = last.rpartition(".")
    return f"{stem[:60]}{dot}{ending[:10]}" if dot else last[:60] or "文件"


def kept_file(workspace: Workspace, name: str) -> Path:
    """Return where the shop's file ``name`` is kept between visits, its folder made when missing."""
    folder = workspace.root / ".cache"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise SettingsError(f"工作区里建不了 .cache 文件夹({error.strerror})。请检查权限，已有内容不受影响。") from None
    return folder / f"{workspace.shop_id}-{name}"
