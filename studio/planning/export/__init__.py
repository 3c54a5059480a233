"""Weeks as files: a calendar to subscribe to, a sheet to print, a table, a page of text, a picture to pass on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from studio.brand import Brand
from studio.errors import InputError
from studio.planning.calendar import Week
from studio.planning.export.agenda import write_ics
from studio.planning.export.page import write_md
from studio.planning.export.poster import write_png
from studio.planning.export.selection import Selection
from studio.planning.export.sheet import write_xlsx
from studio.planning.export.table import write_csv
from studio.planning.occasions import Occasion

__all__ = ["export"]

_WRITERS: dict[str, Callable[[Selection], bytes]] = {
    "ics": write_ics,
    "csv": write_csv,
    "xlsx": write_xlsx,
    "md": write_md,
    "png": write_png,
}

_NO_MOMENT = datetime(2000, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def export(
    weeks: Sequence[Week],
    drafts_text: Mapping[str, str],
    brand: Brand,
    fmt: str,
    occasions: Sequence[Occasion] = (),
    *,
    at: datetime = _NO_MOMENT,
) -> bytes:
    """Return the weeks as a file. ``fmt`` is ``ics``, ``csv``, ``xlsx``, ``md`` or ``png``.

    ``drafts_text`` is keyed by slot id; ``occasions`` are shown on their own days in the
    calendar, the printed sheet and the picture. ``at`` is the moment of the export in the shop's time zone: a
    calendar is stamped with it and has its times in that zone.
    Raises :class:`InputError` for another format and for more weeks than one picture holds,
    :class:`~studio.errors.StudioError` for a picture where no Chinese font is installed.
    """
    write = _WRITERS.get(fmt.lower())
    if write is None:
        raise InputError(f"不能导出成「{fmt[:20]}」，可选：{'、'.join(_WRITERS)}")
    return write(Selection(tuple(weeks), drafts_text, brand, at, tuple(occasions)))
