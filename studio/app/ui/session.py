"""What every page starts from: the workspace, the shop, today's date, and words left by the last click."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from typing import ParamSpec

import streamlit as st

from studio.errors import StudioError
from studio.planning.calendar import WeekId
from studio.store import list_shops
from studio.workspace import Workspace, find_root

P = ParamSpec("P")

_SHOP = "shop"
_NOTICES = "notices"
_FIRST = "week_to_open"


@st.cache_resource(show_spinner=False, max_entries=50)
def _open(root: str, shop: str | None) -> Workspace:
    return Workspace.open(root, shop=shop)


def workspace() -> Workspace:
    """Return the open workspace on the shop chosen in this tab."""
    return _open(str(find_root()), st.session_state.get(_SHOP))


def reload_settings() -> None:
    """Read the settings again for everybody: call after saving them."""
    _open.clear()


def today() -> date:
    """Return the shop's date."""
    return workspace().schedule.today()


def has_shop() -> bool:
    """Tell whether there is a shop to work on yet."""
    return workspace().store.brand.load()[1] > 0


def show_shop_switcher() -> None:
    """Show the shops in the sidebar when there are several; one shop needs no sidebar."""
    opened = workspace()
    shops = {row.id: row.name for row in list_shops(opened.database)}
    if len(shops) > 1:
        st.session_state.setdefault(_SHOP, opened.shop_id)
        st.sidebar.selectbox(
            "店铺", list(shops), key=_SHOP, format_func=lambda shop: shops.get(shop, shop), persist_state="session"
        )


def open_week_next(week: WeekId) -> None:
    """Make the next run open on this week: called when a shop was just made."""
    st.session_state[_FIRST] = str(week)


def week_to_open() -> str | None:
    """Return, once, the week asked for by :func:`open_week_next`."""
    week = st.session_state.pop(_FIRST, None)
    return str(week) if week else None


def notify(message: str, kind: str = "success") -> None:
    """Leave a sentence for the next run to show: ``success``, ``error`` or ``info``."""
    st.session_state.setdefault(_NOTICES, []).append((kind, message))


def show_notices() -> None:
    """Show, once, what was left by :func:`notify`."""
    for kind, message in st.session_state.pop(_NOTICES, []):
        if kind == "error":
            st.error(plain(message), icon=":material/error:")
        else:
            st.toast(plain(message), icon=":material/check:" if kind == "success" else ":material/info:")


def told(action: Callable[P, None]) -> Callable[P, None]:
    """Make a widget callback whose failure is shown as a sentence on the next run."""

    @functools.wraps(action)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            action(*args, **kwargs)
        except StudioError as error:
            notify(str(error), "error")

    return wrapped


_SPECIAL = str.maketrans({mark: "\\" + mark for mark in "\\`*_{}[]()<>#+-.!|~$:&="})


def plain(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is: for anything users or models wrote."""
    return text.translate(_SPECIAL)
