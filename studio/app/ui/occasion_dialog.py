"""The dialog 「节点」: which of the coming occasions are used and how much they count, and the shop's own dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import isfinite
from typing import Any

import streamlit as st

from studio.app.ui import session
from studio.app.ui.occasion_file import Entry, OwnOccasions, is_day, read_own, save_own
from studio.app.ui.week_dialogs import begin_dialog, closes
from studio.errors import SettingsError
from studio.planning.occasion_kinds import OccasionKind

AHEAD = timedelta(days=75)
_LEFT_OUT = {OccasionKind.BIRTHDAY, OccasionKind.WORKDAY, OccasionKind.SHOP}
_DATE_COLUMNS = {"name": "名字", "date": "日期", "lead_days": "提前几天", "after_days": "之后几天", "note": "说明"}
_MOST_DAYS = {"lead_days": 60, "after_days": 30}
_WEIGHTS = {None: "看资料", 0.0: "不管它", 0.5: "轻", 1.0: "一般", 2.0: "重", 3.0: "最重"}

Record = Mapping[Any, Any]


@st.dialog("节点", width="large", icon=":material/event:")
def show_occasions() -> None:
    """Show the coming occasions and the shop's own dates as tables to edit."""
    begin_dialog()
    opened = session.workspace()
    try:
        own = read_own(opened.overlay("occasions"))
    except SettingsError as error:
        st.error(session.plain(str(error)), icon=":material/error:")
        return
    today = session.today()
    st.markdown("**接下来的节点**")
    known = _known_rows(opened.outlook.occasions(today, today + AHEAD), own)
    edited = _show_known(known)
    st.markdown("**本店自己的日子**")
    st.caption("例如店庆、开园、采摘。每年都有写 06-18，只有一次写 2027-06-18。")
    dates = _show_dates(own)
    if own.rest:
        st.caption(f"另有 {len(own.rest)} 条按农历、节气或星期写的，在 occasions/own.yaml 里改，这里不动它们。")
    st.button(
        "保存节点",
        type="primary",
        key="occasions_save",
        icon=":material/save:",
        on_click=_save,
        args=(own, edited, dates),
    )


def _known_rows(occasions: Sequence[Any], own: OwnOccasions) -> list[Record]:
    """Return one row an occasion, by date; those that are not used come last."""
    named = {str(entry["name"]) for entry in own.dates}
    rows: dict[str, Record] = {}
    for item, told in sorted(occasions, key=lambda pair: pair[0].start):
        if item.kind in _LEFT_OUT or item.name in named or item.name in rows:
            continue
        weight = own.changes.get(item.name, {}).get("weight")
        span = f"{item.start.month}/{item.start.day}" + (
            f"–{item.end.month}/{item.end.day}" if item.end > item.start else ""
        )
        rows[item.name] = _row(item.name, span, True, weight, told.reason)
    for name, entry in own.changes.items():
        if entry.get("use") is False:
            rows[name] = _row(name, "", False, entry.get("weight"), "你选了不用")
    return [*rows.values()]


def _row(name: str, span: str, used: bool, weight: float | None, why: str) -> Record:
    return {"用": used, "节点": name, "日期": span, "分量": weight_word(weight), "为什么": why}


def weight_word(weight: float | None) -> str:
    """Return the word for a weight; one that has none is shown as its number."""
    return _WEIGHTS.get(weight if weight is None else float(weight), f"{weight:g}" if weight is not None else "")


def changes_from(rows: Sequence[Record], own: OwnOccasions) -> dict[str, Entry]:
    """Return what the rows say of known occasions, as entries by name; what the table does not show stays."""
    weights = {word: weight for weight, word in _WEIGHTS.items()}
    changes = {name: dict(entry) for name, entry in own.changes.items()}
    for row in rows:
        name = str(row["节点"])
        kept = {key: value for key, value in changes.pop(name, {}).items() if key not in ("use", "weight")}
        entry = {**kept, "name": name}
        if not row["用"]:
            entry["use"] = False
        word = row["分量"]
        weight = weights[word] if word in weights else float(word)
        if weight is not None:
            entry["weight"] = weight
        if len(entry) > 1:
            changes[name] = entry
    return changes


def dates_from(rows: Sequence[Record], own: OwnOccasions) -> list[Entry]:
    """Return the rows of the shop's own dates as entries; a row keeps what its entry had besides."""
    before = {str(entry["name"]): entry for entry in own.dates}
    entries = []
    for number, row in enumerate(rows, start=1):
        name, day, note = (_text(row, key) for key in ("name", "date", "note"))
        spans = {key: _days(row, key) for key in _MOST_DAYS}
        if not (name or day or note or any(spans.values())):
            continue
        place = f"没有保存：本店的日子第 {number} 行"
        if not name or not day:
            raise SettingsError(f"{place}，名字和日期都要写；不要这一行就删掉它。")
        if not is_day(day):
            raise SettingsError(f"{place}「{name[:20]}」，没有「{day}」这一天。写成 06-18 或 2027-06-18。")
        for key, most in _MOST_DAYS.items():
            if not 0 <= spans[key] <= most:
                raise SettingsError(f"{place}「{name[:20]}」，「{_DATE_COLUMNS[key]}」要在 0 到 {most} 之间。")
        entries.append({**before.get(name, {}), "name": name, "date": day, **spans, "note": note})
    return entries


def _text(row: Record, key: str) -> str:
    value = row[_DATE_COLUMNS[key]]
    return value.strip() if isinstance(value, str) else ""


def _days(row: Record, key: str) -> int:
    value = row[_DATE_COLUMNS[key]]
    return int(value) if isinstance(value, int | float) and isfinite(value) else 0


def _show_known(rows: Sequence[Record]) -> list[Record]:
    import pandas as pd

    column = st.column_config
    words = [*_WEIGHTS.values(), *sorted({row["分量"] for row in rows} - set(_WEIGHTS.values()))]
    edited = st.data_editor(
        pd.DataFrame(rows, columns=["用", "节点", "日期", "分量", "为什么"], dtype=object),
        key="occasions_known",
        hide_index=True,
        height=320,
        alt="接下来的节点",
        disabled=["节点", "日期", "为什么"],
        column_config={
            "用": column.CheckboxColumn(width=46),
            "节点": column.TextColumn(width=84),
            "日期": column.TextColumn(width=96),
            "分量": column.SelectboxColumn(options=words, required=True, width=80),
            "为什么": column.TextColumn(width="large"),
        },
    )
    return [*edited.to_dict("records")]


def _show_dates(own: OwnOccasions) -> list[Record]:
    import pandas as pd

    empty = {key: 0 if key in _MOST_DAYS else "" for key in _DATE_COLUMNS}
    rows = [{_DATE_COLUMNS[key]: entry.get(key) or empty[key] for key in _DATE_COLUMNS} for entry in own.dates]
    column = st.column_config
    edited = st.data_editor(
        pd.DataFrame(rows, columns=list(_DATE_COLUMNS.values()), dtype=object),
        key="occasions_own",
        num_rows="dynamic",
        hide_index=True,
        alt="本店自己的日子",
        column_config={
            "名字": column.TextColumn(max_chars=40, default="", width=84),
            "日期": column.TextColumn(max_chars=10, default="", width=84),
            "提前几天": column.NumberColumn("提前", step=1, default=0, width=60, help="提前几天开始"),
            "之后几天": column.NumberColumn("之后", step=1, default=0, width=60, help="之后还讲几天"),
            "说明": column.TextColumn(max_chars=200, default="", width="large"),
        },
    )
    return [*edited.to_dict("records")]


@closes
def _save(own: OwnOccasions, known: Sequence[Record], dates: Sequence[Record]) -> None:
    wanted = OwnOccasions(changes_from(known, own), dates_from(dates, own), own.rest, own.stamp)
    save_own(session.workspace().overlay("occasions"), wanted, session.today())
    session.notify("节点保存好了，下次排周历就按新的来")
