"""Taking a week along: files for the calendar app, the team, the printer and the chat."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from studio.app.ui import session
from studio.brand import Brand
from studio.errors import StudioError
from studio.planning.calendar import Week
from studio.planning.export.lettering import font

_FORMATS = {
    "ics": ("日历 ICS", "text/calendar"),
    "xlsx": ("表格 XLSX，可打印", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("表格 CSV", "text/csv"),
    "md": ("文本 Markdown", "text/markdown"),
}


def show_exports(week: Week, brand: Brand) -> None:
    """Show the export menu; files are made when it is opened, the picture when it is asked for."""
    menu = st.popover("导出", icon=":material/download:", key=f"export_{week.id}", on_change="rerun")
    if not menu.open:
        return
    export = partial(session.workspace().editorial.export, [week])
    with menu:
        for fmt, (label, mime) in _FORMATS.items():
            _offer(f"{brand.name}-{week.id}.{fmt}", label, export(fmt), mime)
        try:
            font(40)
        except StudioError as error:
            st.caption(session.plain(str(error)))
        else:
            _offer(f"{brand.name}-{week.id}.png", "图片 PNG", partial(export, "png"), "image/png")


def _offer(name: str, label: str, data: bytes | Callable[[], bytes], mime: str) -> None:
    st.download_button(label, data, name, mime, key=f"export_{name}", width="stretch", on_click="ignore")
