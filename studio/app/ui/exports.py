"""Taking a week along: files for the calendar app, the team and the printer."""

from __future__ import annotations

import streamlit as st

from studio.app.ui import session
from studio.brand import Brand
from studio.planning.calendar import Week

_FORMATS = {
    "ics": ("日历 ICS", "text/calendar"),
    "xlsx": ("表格 XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("表格 CSV", "text/csv"),
    "md": ("文本 Markdown", "text/markdown"),
}


def show_exports(week: Week, brand: Brand) -> None:
    """Show the export menu; files are made when it is opened."""
    menu = st.popover("导出", icon=":material/download:", key=f"export_{week.id}", on_change="rerun")
    if not menu.open:
        return
    with menu:
        for fmt, (label, mime) in _FORMATS.items():
            data = session.workspace().editorial.export([week], fmt)
            st.download_button(
                label,
                data,
                f"{brand.name}-{week.id}.{fmt}",
                mime,
                key=f"export_{week.id}_{fmt}",
                width="stretch",
                on_click="ignore",
            )
