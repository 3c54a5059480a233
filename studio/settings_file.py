"""Writing ``studio.toml`` and ``secrets.toml``: comments kept, nobody's edit lost, never half a file."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from studio.errors import ConflictError, SettingsError, StoreFull
from studio.settings import FILE, SECRETS, read_settings

SECRET_KEYS = {("llm", "api_key"), ("embedding", "api_key"), ("database", "url")}
"""Settings that live in ``secrets.toml``, readable by its owner only."""


def fingerprint(root: Path) -> str:
    """Return what must be handed back to :func:`save`, so that two editors cannot overwrite each other."""
    digest = hashlib.sha256()
    for name in (FILE, SECRETS):
        path = root / name
        digest.update(path.read_bytes() if path.is_file() else b"-")
    return digest.hexdigest()


def save(root: Path, changes: dict[str, dict[str, Any]], expected: str) -> None:
    """Write ``changes`` (section → key → value; None removes the key) into the workspace's files.

    Raises :class:`SettingsError` for a value that would not validate or a file that is half written,
    :class:`ConflictError` when the files changed since ``expected`` was taken.
    """
    if fingerprint(root) != expected:
        raise ConflictError("设置文件刚被别处改过，这次没有保存。请刷新页面，看过新内容再改一次。")
    _refuse_invalid(changes)
    documents = {name: _edited(root / name, wanted) for name, wanted in _by_file(changes).items()}
    for name, document in documents.items():
        if document is not None:
            write_atomically(root / name, document, private=name == SECRETS)


def _by_file(changes: dict[str, dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    files: dict[str, dict[str, dict[str, Any]]] = {}
    for section, values in changes.items():
        for key, value in values.items():
            name = SECRETS if (section, key) in SECRET_KEYS else FILE
            files.setdefault(name, {}).setdefault(section, {})[key] = value
    return files


def _edited(path: Path, changes: dict[str, dict[str, Any]]) -> str | None:
    """Return the file's new text, or None when nothing changes."""
    try:
        before = path.read_text("utf-8-sig") if path.is_file() else ""
        document = tomlkit.parse(before)
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{path.name} 读不出来（要用 UTF-8 保存），这次没有保存。请先把文件改好。") from None
    except (TOMLKitError, ValueError, RecursionError):
        raise SettingsError(f"{path.name} 里有没写完整的行，为了不弄丢它，这次没有保存。请先把文件改好。") from None
    for section, values in changes.items():
        table = document.setdefault(section, tomlkit.table())
        if not isinstance(table, MutableMapping):
            raise SettingsError(f"{path.name} 里的 {section} 要写成 [{section}] 这样的一组设置，这次没有保存。")
        for key, value in values.items():
            if value is None:
                table.pop(key, None)
            else:
                table[key] = value
    after = tomlkit.dumps(document)
    return after if after != before else None


def _refuse_invalid(changes: dict[str, dict[str, Any]]) -> None:
    given = {
        section: {key: value for key, value in values.items() if value is not None}
        for section, values in changes.items()
    }
    _, problems = read_settings(None, given)
    mine = [problem for problem in problems if problem.source == "命令行"]
    if mine:
        raise SettingsError(
            "没有保存：" + "；".join(f"{problem.field} {problem.message.split('；')[0]}" for problem in mine)
        )


def write_atomically(path: Path, text: str, *, private: bool = False) -> None:
    """Replace ``path`` in one step; on a full disk the old file stays and :class:`StoreFull` is raised."""
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o600 if private else 0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(f"磁盘满了，{path.name} 没有保存，原来的内容还在。请清出一些空间再保存。") from None
        raise SettingsError(f"{path.name} 写不进去，原来的内容还在。请检查文件夹的权限。") from None
