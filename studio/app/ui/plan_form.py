"""How a week is laid out: mix, amount, channels, hours and what happens every week."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.app.ui import session
from studio.app.ui.brand_tables import Record, split_words
from studio.app.ui.marks import CHANNEL_ICON, PILLAR_COLOUR, PILLAR_ICON, WEEKDAYS
from studio.app.ui.settings_desk import save_settings
from studio.errors import SettingsError
from studio.settings import PlanSettings, WeeklyEventSettings
from studio.vocabulary import Channel, Mix, Pillar

FIRST_WIDGET = "plan_posts"
_EVENT_COLUMNS = ["星期", "时间", "渠道", "类型", "主题"]
_DAYS = [f"周{day}" for day in WEEKDAYS]


def _weight_box(label: str, weight: float, key: str) -> None:
    st.number_input(label, min_value=0.0, max_value=100.0, value=float(weight), step=1.0, format="%g", key=key)


def show_plan_form(plan: PlanSettings) -> None:
    """Show the plan's settings, with the mix's shares as they would be now."""
    st.subheader("配比", anchor=False)
    with st.grid(3, min_column_width=160):
        for pillar in Pillar:
            _weight_box(f"{PILLAR_ICON[pillar]} {pillar.label}", plan.mix.get(pillar, 0), f"plan_mix_{pillar.value}")
    weights = {pillar: float(st.session_state[f"plan_mix_{pillar.value}"] or 0) for pillar in Pillar}
    posts = int(st.session_state.get(FIRST_WIDGET, plan.posts_per_week) or 0)
    st.markdown(share_words(weights, posts))
    st.subheader("数量和时间", anchor=False)
    with st.grid(4, min_column_width=180):
        st.number_input("一周几条", 0, 200, plan.posts_per_week, 1, key=FIRST_WIDGET)
        st.number_input("产品类一天最多几条", 0, 20, plan.max_product_per_day, 1, key="plan_max_product")
        st.number_input("两条之间至少隔几分钟", 0, 1440, plan.min_gap_minutes, 15, key="plan_gap")
        st.text_input(
            "安静时段", "、".join(plan.quiet_hours), key="plan_quiet", help="例如 22:30-07:30；几段之间用、隔开"
        )
    st.subheader("渠道的比重", anchor=False)
    with st.grid(5, min_column_width=150):
        for channel in Channel:
            label = f"{CHANNEL_ICON[channel]} {channel.label}"
            _weight_box(label, plan.channels.get(channel, 0), f"plan_channel_{channel.value}")
    st.subheader("每周固定的", anchor=False)
    st.caption("例如：周三 20:00 社群养生小课堂。")
    events = _show_events(plan.weekly_events)
    st.button("保存排期设置", type="primary", icon=":material/save:", key="plan_save", on_click=_save, args=(events,))


def share_words(weights: dict[Pillar, float], posts: int) -> str:
    """Return what a mix means, as Markdown: the share of each pillar and about how many posts a week."""
    try:
        shares = Mix(*(weights[pillar] for pillar in Pillar)).shares
    except ValueError as error:
        return f":red[:material/error: {session.plain(str(error))}]"
    return " · ".join(
        f":{PILLAR_COLOUR[pillar]}[{pillar.label} {share:.0%}，一周约 {share * posts:.1f} 条]"
        for pillar, share in shares.items()
    )


def _show_events(events: tuple[WeeklyEventSettings, ...]) -> list[Record]:
    import pandas as pd

    rows = [
        (_DAYS[event.weekday - 1], event.time, event.channel.label, event.pillar.label, event.theme) for event in events
    ]
    column = st.column_config
    edited = st.data_editor(
        pd.DataFrame(rows, columns=_EVENT_COLUMNS, dtype=object),
        key="plan_events",
        num_rows="dynamic",
        hide_index=True,
        alt="每周固定的活动",
        column_config={
            "星期": column.SelectboxColumn(options=_DAYS, required=True),
            "时间": column.TimeColumn(format="HH:mm", required=True, step=300),
            "渠道": column.SelectboxColumn(options=[channel.label for channel in Channel], required=True),
            "类型": column.SelectboxColumn(options=[pillar.label for pillar in Pillar], required=True),
            "主题": column.TextColumn(width="large", max_chars=40, required=True),
        },
    )
    return [*edited.to_dict("records")]


@session.told
def _save(events: list[Record]) -> None:
    state = st.session_state
    save_settings(
        {
            "plan": {
                "mix": {pillar.value: _number(state[f"plan_mix_{pillar.value}"]) for pillar in Pillar},
                "posts_per_week": state[FIRST_WIDGET],
                "max_product_per_day": state["plan_max_product"],
                "min_gap_minutes": state["plan_gap"],
                "quiet_hours": split_words(state["plan_quiet"]),
                "channels": {
                    channel.value: weight
                    for channel in Channel
                    if (weight := _number(state[f"plan_channel_{channel.value}"]))
                },
                "weekly_events": [_event(number, row) for number, row in enumerate(events, start=1)],
            }
        }
    )
    session.notify("排期设置保存好了，下次排周历就按新的来")


def _number(value: float | None) -> float:
    number = float(value or 0)
    return int(number) if number.is_integer() else number


def _event(number: int, row: Record) -> dict[str, Any]:
    missing = [name for name in _EVENT_COLUMNS if row[name] is None or row[name] != row[name]]
    if missing:
        raise SettingsError(f"没有保存：每周固定的第 {number} 行还没填{'、'.join(missing)}。")
    return {
        "weekday": _DAYS.index(row["星期"]) + 1,
        "time": row["时间"].strftime("%H:%M"),
        "channel": Channel.parse(row["渠道"]).value,
        "pillar": Pillar.parse(row["类型"]).value,
        "theme": row["主题"],
    }
