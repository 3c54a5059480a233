"""The shop's own occasions: ``occasions/own.yaml`` of the workspace, read and written without losing an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from studio.errors import ConflictError, SettingsError
from studio.planning.occasion_files import MAX_ENTRIES, OccasionFile, Rule
from studio.settings_file import write_atomically
from studio.yaml_file import MAX_BYTES, Stamp, problems_in, read_yaml, stamp

NAME = "own.yaml"
_SOURCE = "店主自己定的"

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OwnOccasions:
    """The entries of the file, sorted: ``changes`` of known occasions by name, ``dates`` of the shop's own, ``rest``.

    The rest are dates by lunar day, solar term or weekday: written by hand and left alone.
    """

    changes: Mapping[str, Entry]
    dates: Sequence[Entry]
    rest: Sequence[Entry]
    stamp: Stamp


def read_own(folder: Path) -> OwnOccasions:
    """Return the shop's own occasions in an overlay folder; none when there is no file.

    Raises :class:`SettingsError` when the file cannot be used as it is, so that nothing of it gets lost.
    """
    path = folder / NAME
    seen = stamp(path)
    if not path.exists():
        return OwnOccasions({}, (), (), seen)
    try:
        data = read_yaml(path)
    except ValueError as error:
        raise SettingsError(f"occasions/{NAME} 里{error}。改好它再来，这里先不动。") from None
    entries = data.get("occasions") if isinstance(data, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and "name" in entry for entry in entries):
        raise SettingsError(f"occasions/{NAME} 里要有 occasions，每条要有 name。改好它再来，这里先不动。")
    for number, entry in enumerate(entries, start=1):
        _check(entry, f"第 {number} 条{str(entry['name'])[:20]}")
    changes = {str(entry["name"]): entry for entry in entries if Rule.model_validate(entry).is_change}
    dates = [entry for entry in entries if "date" in entry]
    rest = [entry for entry in entries if "date" not in entry and str(entry["name"]) not in changes]
    return OwnOccasions(changes, dates, rest, seen)


def save_own(folder: Path, wanted: OwnOccasions, today: date) -> None:
    """Write the shop's own occasions over the file as it was read.

    Raises :class:`SettingsError` for an entry that would not count, :class:`ConflictError` when the file changed
    since ``wanted.stamp`` was taken.
    """
    path = folder / NAME
    if stamp(path) != wanted.stamp:
        raise ConflictError("节点文件刚被别处改过，这次没有保存。重新打开看过再改一次。")
    entries = [*wanted.changes.values(), *wanted.dates, *wanted.rest]
    for entry in entries:
        _check(entry, f"「{str(entry.get('name', ''))[:20]}」")
    if len(entries) > MAX_ENTRIES:
        raise SettingsError(f"节点超过 {MAX_ENTRIES} 条，没有保存。删掉一些再存。")
    text = _dumped({"source": _SOURCE, "checked": today, "occasions": entries})
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)


def is_day(text: str) -> bool:
    """Tell whether a text is a day of every year (``06-18``) or of one (``2027-06-18``)."""
    try:
        Rule.model_validate({"name": "-", "date": text})
    except ValidationError:
        return False
    return True


def _dumped(data: Entry) -> str:
    import yaml

    OccasionFile.model_validate(data)
    text: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)
    if len(text.encode()) > MAX_BYTES:
        raise SettingsError(f"节点文件超过 {MAX_BYTES // 1024} KB，没有保存。删掉一些再存。")
    return text


def _check(entry: Entry, place: str) -> None:
    try:
        Rule.model_validate(entry)
    except ValidationError as error:
        told = problems_in(error, NAME, place)
        raise SettingsError("没有保存：" + "；".join(f"{item.field} {item.message}" for item in told[:3])) from None
