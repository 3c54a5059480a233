"""Which week a page is about; kept in the address, so a refresh stays there."""

from __future__ import annotations

import streamlit as st

from studio.app.ui import session
from studio.errors import InputError
from studio.planning.calendar import WeekId

_KEY = "week"


def chosen_week() -> WeekId:
    """Return the week in the address, or the current one."""
    try:
        return WeekId.parse(st.query_params.get(_KEY, ""))
    except InputError:
        return WeekId.of(session.today())


def _go(week: WeekId) -> None:
    st.query_params[_KEY] = str(week)


def pick_week() -> WeekId:
    """Show the week with its neighbours one tap away, and return it."""
    week = chosen_week()
    first, last = week.days[0], week.days[-1]
    current = WeekId.of(session.today())
    year = "" if week.year == current.year else f"{first.year} 年 "
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("上周", icon=":material/chevron_left:", on_click=_go, args=(week.plus(-1),), key="week_before")
        st.markdown(f"**{year}{first.month}/{first.day} – {last.month}/{last.day}**", width="content", help=str(week))
        st.button("下周", icon=":material/chevron_right:", on_click=_go, args=(week.plus(1),), key="week_after")
        if week != current:
            st.button("回到本周", on_click=_go, args=(current,), key="week_now", type="tertiary")
    return week
