"""What opens over the board: one slot, one day, a new slot. A step that worked closes it again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from secrets import token_hex
from typing import ParamSpec

import streamlit as st

from studio.app.ui import session, week_changes
from studio.app.ui.marks import CHANNEL_ICON, PILLAR_COLOUR, PILLAR_ICON, STATUS_COLOUR
from studio.app.ui.week_cards import name_of_day
from studio.brand import Brand
from studio.errors import InputError, StudioError
from studio.planning.calendar import Slot, WeekId
from studio.planning.reasons import moment_words
from studio.planning.revision import Change
from studio.vocabulary import Channel, Pillar, Stage, Status

P = ParamSpec("P")

ASKED = "week_asked"
"""Where the board leaves what was tapped: ``("slot", id)`` or ``("day", date)``."""

_FARTHEST = timedelta(days=366)
_DONE = "week_dialog_done"
_SAID = "week_dialog_said"
_STAGE = {
    Pillar.PRODUCT: Stage.DECISION,
    Pillar.VALUE: Stage.CONSIDERATION,
    Pillar.LIFESTYLE: Stage.AWARENESS,
}


def closes(action: Callable[P, None]) -> Callable[P, None]:
    """Make a callback of a dialog: it closes when the action worked, else it stays and says why not."""

    @functools.wraps(action)
    def done(*args: P.args, **kwargs: P.kwargs) -> None:
        action(*args, **kwargs)
        st.session_state[_DONE] = True

    return stays(done)


def stays(action: Callable[P, None]) -> Callable[P, None]:
    """Make a callback of a dialog that stays open; it says why when the action did not work."""

    @functools.wraps(action)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            action(*args, **kwargs)
        except StudioError as error:
            st.session_state[_SAID] = str(error)

    return wrapped


def begin_dialog() -> None:
    """Start the body of a dialog: end it when its work is done, tell what went wrong when not."""
    if st.session_state.pop(_DONE, False):
        st.rerun()
    if said := st.session_state.pop(_SAID, None):
        st.error(session.plain(said), icon=":material/error:")


def show_asked(week: WeekId, slots: list[Slot], brand: Brand) -> None:
    """Open what was tapped on the board, once."""
    st.session_state.pop(_DONE, None)
    if said := st.session_state.pop(_SAID, None):
        st.error(session.plain(said), icon=":material/error:")
    kind, value = st.session_state.pop(ASKED, (None, None))
    if kind == "slot":
        slot = next((item for item in slots if item.id == value), None)
        if slot is None:
            st.error(week_changes.GONE, icon=":material/error:")
        else:
            st.dialog(moment_words(slot.when), icon=PILLAR_ICON[slot.pillar])(_show_slot)(slot, brand)
    if kind == "day" and (day := next((item for item in week.days if item.isoformat() == value), None)):
        st.dialog(f"{name_of_day(day)} {day.month}/{day.day}", icon=":material/today:")(_show_day)(day, brand)


def _show_slot(slot: Slot, brand: Brand) -> None:
    begin_dialog()
    segment = brand.segment(slot.segment)
    st.markdown(f"**{session.plain(slot.theme)}**")
    st.markdown(
        f":{PILLAR_COLOUR[slot.pillar]}-badge[{PILLAR_ICON[slot.pillar]} {slot.pillar.label}] "
        f"{CHANNEL_ICON[slot.channel]} {slot.channel.label} · 写给 "
        f"{session.plain(segment.name) if segment else '所有人'} "
        f":{STATUS_COLOUR[slot.status]}-badge[{slot.status.label}]"
    )
    if slot.why:
        st.caption(f":material/help: {session.plain(slot.why)}")
    open_label = "看这一条" if slot.status is Status.POSTED else "去起草"
    if st.button(open_label, key=f"open_{slot.id}", type="primary", width="stretch", icon=":material/edit_note:"):
        st.switch_page("views/draft.py", query_params={"week": str(slot.week), "slot": slot.id})
    if slot.status is not Status.POSTED:
        _show_steps(slot)


def _show_steps(slot: Slot) -> None:
    with st.form(f"move_{slot.id}", border=False):
        with st.container(horizontal=True):
            st.date_input("改到哪天", slot.date, date.min, date.max, key=f"date_{slot.id}")
            st.time_input("几点", slot.time, key=f"time_{slot.id}", step=900)
        st.form_submit_button("挪过去", on_click=_move_by_form, args=(slot,), width="stretch")
    with st.container(horizontal=True, gap="xsmall"):
        label, icon = ("解锁", "lock_open") if slot.locked else ("锁定", "lock")
        st.button(
            label,
            key=f"lock_{slot.id}",
            on_click=_lock,
            args=(slot,),
            icon=f":material/{icon}:",
            help="锁定的，重排时不动",
        )
        if slot.status is Status.SKIPPED:
            st.button("恢复这一条", key=f"back_{slot.id}", on_click=_skip, args=(slot, False), icon=":material/undo:")
        else:
            st.button(
                "这条不发了", key=f"skip_{slot.id}", on_click=_skip, args=(slot, True), icon=":material/skip_next:"
            )
        if not session.workspace().store.drafts.for_slot(slot.id):
            st.button("删掉", key=f"delete_{slot.id}", on_click=_delete, args=(slot,), icon=":material/delete:")


def _show_day(day: date, brand: Brand) -> None:
    begin_dialog()
    with st.form("new_slot", border=False):
        st.text_input("加一条，讲什么", key="new_theme", max_chars=60, placeholder="例如：新一批到货了")
        with st.container(horizontal=True):
            st.selectbox("类型", list(Pillar), key="new_pillar", format_func=lambda pillar: pillar.label)
            st.selectbox("渠道", list(Channel), key="new_channel", format_func=lambda channel: channel.label)
            st.time_input("几点", time(20), key="new_time", step=900)
        with st.container(horizontal=True):
            segments: dict[str | None, str] = {None: "所有人", **{item.id: item.name for item in brand.segments}}
            st.selectbox("写给谁", list(segments), key="new_segment", format_func=segments.__getitem__)
            products: dict[str | None, str] = {
                None: "不讲产品",
                **{item.id: item.name for item in brand.products if item.on_sale},
            }
            st.selectbox("讲哪样产品", list(products), key="new_product", format_func=products.__getitem__)
        st.form_submit_button(
            "加上", type="primary", width="stretch", icon=":material/add:", on_click=_add, args=(day,)
        )
    if day in session.workspace().schedule.blocked_days():
        st.button(
            "这天照常发", key="day_open", on_click=_unblock, args=(day,), width="stretch", icon=":material/event:"
        )
    else:
        st.button(
            "这天不发", key="day_block", on_click=_block, args=(day,), width="stretch", icon=":material/event_busy:"
        )
        st.caption("病了、出门了：这天的挪到别的日子，先给你看怎么挪。")


def move(slot: Slot, when: datetime) -> None:
    """Move a slot and hold it there; raise :class:`InputError` for a time that is over or over a year away."""
    week_changes.check_there(slot)
    if when.date() > session.today() + _FARTHEST:
        raise InputError(f"{when.year} 年太远了，没有挪。选一年以内的日子。")
    if when < session.workspace().clock().replace(tzinfo=None):
        raise InputError(f"{moment_words(when)} 已经过去了，没有挪。换一个还没到的时间。")
    changed = replace(slot, date=when.date(), time=when.time(), locked=True, why="你挪到这里")
    where = moment_words(when) if changed.week == slot.week else f" {when.month}/{when.day} {moment_words(when)}"
    week_changes.make(Change(slots=[changed]), f"「{slot.theme}」挪到{where}，并锁定")


@closes
def _move_by_form(slot: Slot) -> None:
    day, moment = st.session_state[f"date_{slot.id}"], st.session_state[f"time_{slot.id}"]
    if day is None or moment is None:
        raise InputError("还没有选日子和钟点，没有挪。")
    when = datetime.combine(day, moment)
    if when == slot.when:
        raise InputError("日子和钟点没有变，没有挪。")
    move(slot, when)


@closes
def _lock(slot: Slot) -> None:
    week_changes.check_there(slot)
    session.workspace().schedule.lock(slot, locked=not slot.locked)
    session.notify("已解锁" if slot.locked else "已锁定，重排时不会动它")


@closes
def _skip(slot: Slot, skipped: bool) -> None:
    week_changes.check_there(slot)
    status = Status.SKIPPED if skipped else _status_before(slot)
    words = f"「{slot.theme}」{'不发了' if skipped else '恢复了'}"
    week_changes.make(Change(slots=[replace(slot, status=status)]), words)


def _status_before(slot: Slot) -> Status:
    return Status.DRAFTED if session.workspace().store.drafts.for_slot(slot.id) else Status.PLANNED


@closes
def _delete(slot: Slot) -> None:
    week_changes.check_there(slot)
    week_changes.make(Change(deleted=[slot.id]), f"删掉了「{slot.theme}」")


@closes
def _add(day: date) -> None:
    state = st.session_state
    theme = str(state.new_theme or "").strip()
    if not theme:
        raise InputError("还没有写讲什么，没有加。写几个字就行。")
    when = datetime.combine(day, state.new_time or time(20))
    if when < session.workspace().clock().replace(tzinfo=None):
        raise InputError(f"{moment_words(when)} 已经过去了，没有加。换一个还没到的时间。")
    slot = Slot(
        id=f"{WeekId.of(day)}-{token_hex(3)}",
        date=day,
        time=when.time(),
        channel=state.new_channel,
        pillar=state.new_pillar,
        stage=_STAGE[state.new_pillar],
        segment=state.new_segment,
        theme=theme,
        occasion=None,
        product=state.new_product,
        why="你自己加的",
        locked=True,
    )
    week_changes.make(Change(slots=[slot]), f"{moment_words(when)} 加了「{theme}」")


@closes
def _block(day: date) -> None:
    week_changes.propose(Change(blocked=[day]), f"{name_of_day(day)} {day.month}/{day.day} 不发")


@closes
def _unblock(day: date) -> None:
    session.workspace().schedule.block([day], blocked=False)
    session.notify(f"{name_of_day(day)} {day.month}/{day.day} 照常发了，再排的时候会用上这天")
