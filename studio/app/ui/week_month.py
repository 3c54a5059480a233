"""The month at a glance: what is planned on which day, holidays and make-up workdays; a day opens its week."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from studio.app.ui import assets, session
from studio.app.ui.marks import PILLAR_ICON, WEEKDAYS
from studio.app.ui.week_cards import Fitting, icon_name, name_of_day, occasion_marks
from studio.app.ui.week_picker import VIEW, WEEK_VIEW, chosen_week, go_to
from studio.planning.calendar import Slot, WeekId
from studio.planning.occasion_kinds import OccasionKind, Phase
from studio.planning.occasions import NOT_ANNOUNCED
from studio.vocabulary import Pillar, Status

_MONTH = "week_month"
_NAMES_A_DAY = 2
_month = st.components.v2.component(
    "studio_month", html=assets.read("month.html"), css=assets.read("month.css"), js=assets.read("month.js")
)


def show_month(week: WeekId) -> None:
    """Show the month most of a week lies in; tapping a day opens its week."""
    month = _month_of(week)
    weeks = weeks_of(month)
    days = [day for item in weeks for day in item.days]
    opened = session.workspace()
    occasions = opened.outlook.occasions(days[0], days[-1])
    slots = opened.store.calendar.slots(days[0], days[-1])
    cells = month_cells(
        days,
        month,
        slots,
        occasions=occasions,
        blocked=opened.schedule.blocked_days(),
        today=session.today(),
    )
    rows = [cells[start : start + 7] for start in range(0, len(cells), 7)]
    _month(key=_MONTH, data={"names": list(WEEKDAYS), "weeks": rows}, on_chosen_change=_open_week)
    waiting = [item.name for item, _ in occasions if NOT_ANNOUNCED in item.note and item.start.month == month.month]
    if waiting:
        st.caption(f":material/info: {'、'.join(waiting)}的{NOT_ANNOUNCED}，公布后更新软件就有。")
    st.caption(" · ".join(f"{PILLAR_ICON[pillar]} {pillar.label}" for pillar in Pillar) + " · 点一天看那一周")


def weeks_of(month: date) -> list[WeekId]:
    """Return the weeks that have a day of the month beginning on this day."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found, week = [], WeekId.of(month)
    while week.monday <= last:
        found.append(week)
        week = week.plus(1)
    return found


def month_cells(
    days: Sequence[date],
    month: date,
    slots: Sequence[Slot],
    *,
    occasions: Fitting,
    blocked: Collection[date],
    today: date,
) -> list[dict[str, Any]]:
    """Return the cells of a month, as JSON."""
    cells = []
    for day in days:
        mine = [slot for slot in slots if slot.date == day]
        marks = [item for item, _, phase in occasion_marks(day, occasions) if phase is Phase.MAIN]
        named = [item for item in marks if item.kind is not OccasionKind.WORKDAY]
        names = [item.name for item in named]
        spoken = [f"{day.month} 月 {day.day} 日 {name_of_day(day)}", *names, f"{len(mine)} 条" if mine else "空着"]
        cells.append(
            {
                "date": day.isoformat(),
                "number": day.day,
                "outside": day.month != month.month,
                "today": day == today,
                "blocked": day in blocked,
                "rest": _rest([item.kind for item in marks]),
                "names": [
                    {"words": item.name, "goes_on": day > item.start and day.weekday() > 0}
                    for item in named[:_NAMES_A_DAY]
                ],
                "dots": [
                    {
                        "pillar": slot.pillar.value,
                        "icon": icon_name(PILLAR_ICON[slot.pillar]),
                        "skipped": slot.status is Status.SKIPPED,
                    }
                    for slot in mine
                ],
                "hint": "\n".join(f"{slot.time:%H:%M} {slot.pillar.label} {slot.theme}" for slot in mine),
                "spoken": "，".join(spoken),
            }
        )
    return cells


def _month_of(week: WeekId) -> date:
    return week.days[3].replace(day=1)


def _rest(kinds: Collection[OccasionKind]) -> str:
    if OccasionKind.WORKDAY in kinds:
        return "班"
    return "休" if OccasionKind.HOLIDAY in kinds else ""


def show_month_steps() -> None:
    """Show the month most of the chosen week lies in, between its neighbours, in the container that is open."""
    month = _month_of(chosen_week())
    before = month - timedelta(days=1)
    after = (month + timedelta(days=31)).replace(day=1)
    st.button("上个月", icon=":material/chevron_left:", on_click=_go, args=(before,), key="month_before")
    st.markdown(f"**{month.year} 年 {month.month} 月**", width="content")
    st.button("下个月", icon=":material/chevron_right:", on_click=_go, args=(after,), key="month_after")


def _go(day: date) -> None:
    go_to(WeekId.of(day.replace(day=15)))


def _open_week() -> None:
    try:
        day = date.fromisoformat(str(st.session_state[_MONTH].chosen))
    except ValueError:
        day = chosen_week().monday
    go_to(WeekId.of(day))
    st.session_state[VIEW] = WEEK_VIEW
