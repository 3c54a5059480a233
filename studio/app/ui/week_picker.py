"""Which week a page is about; kept in the address, so a refresh stays there."""

from __future__ import annotations

import streamlit as st

from studio.app.ui import session
from studio.errors import InputError
from studio.planning.calendar import WeekId

VIEW = "week_view"
WEEK_VIEW, MONTH_VIEW = "周", "月"

_KEY = "week"


def chosen_week() -> WeekId:
    """Return the week in the address, or the current one."""
    try:
        return WeekId.parse(st.query_params.get(_KEY, ""))
    except InputError:
        return WeekId.of(session.today())


def go_to(week: WeekId) -> None:
    """Put a week into the address."""
    st.query_params[_KEY] = str(week)


def pick_view() -> str:
    """Show whether the page is about a week or a month, and return :data:`WEEK_VIEW` or :data:`MONTH_VIEW`."""
    st.session_state.setdefault(VIEW, WEEK_VIEW)
    views = [WEEK_VIEW, MONTH_VIEW]
    return st.segmented_control("看多长", views, key=VIEW, required=True, label_visibility="collapsed") or WEEK_VIEW


def pick_week() -> WeekId:
    """Show the week with its neighbours one tap away, and return it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        return show_week_steps()


def show_week_steps() -> WeekId:
    """Show the chosen week between its neighbours in the container that is open, and return it."""
    week = chosen_week()
    first, last = week.days[0], week.days[-1]
    current = WeekId.of(session.today())
    year = "" if week.year == current.year else f"{first.year} 年 "
    st.button("上周", icon=":material/chevron_left:", on_click=go_to, args=(week.plus(-1),), key="week_before")
    st.markdown(f"**{year}{first.month}/{first.day} – {last.month}/{last.day}**", width="content", help=str(week))
    st.button("下周", icon=":material/chevron_right:", on_click=go_to, args=(week.plus(1),), key="week_after")
    if week != current:
        st.button("回到本周", on_click=go_to, args=(current,), key="week_now", type="tertiary")
    return week
