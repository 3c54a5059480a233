"""The dialog 「剧本」: those that are running and what they put into the week, and those that can be started."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from studio.app.ui import session, week_changes
from studio.app.ui.marks import CHANNEL_ICON, PILLAR_COLOUR, PILLAR_ICON
from studio.app.ui.week_dialogs import begin_dialog, closes, stays
from studio.app.ui.week_picker import chosen_week
from studio.brand import Brand
from studio.errors import InputError
from studio.planning.calendar import Slot
from studio.planning.playbook_files import Playbook
from studio.planning.playbooks import Running, checked
from studio.planning.revision import Change

_USUALLY_IN = timedelta(days=7)


@st.dialog("剧本", width="medium", icon=":material/conversion_path:")
def show_playbooks(slots: Sequence[Slot] | None) -> None:
    """Show the playbooks; ``slots`` are those of the week on the board, None when it is not planned."""
    begin_dialog()
    opened = session.workspace()
    known, problems = opened.outlook.playbooks()
    running = opened.store.playbooks.all()
    brand = opened.brand
    for run in running:
        _show_run(run, known.get(run.playbook), brand, slots)
    of_playbooks = [item for item in opened.outlook.problems(chosen_week()) if item.source == "剧本"]
    for problem in [*problems, *of_playbooks]:
        st.caption(f":material/warning: {session.plain(f'{problem.field}：{problem.message}')}")
    st.caption("一套连着的动作，从头排到尾。和平时的内容一样守着每天的上限。" if not running else "还可以开始：")
    for playbook in known.values():
        _show_playbook(playbook, brand)


def run_words(run: Running, brand: Brand) -> str:
    """Return how a playbook runs: since when, until when, for what and whom."""
    product, segment = brand.product(run.product), brand.segment(run.segment)
    parts = (
        f"从 {_date(run.anchor)} 数起" if run.anchor else "一直跑，直到你停",
        f"到 {_date(run.ends_on)} 为止" if run.ends_on else "",
        f"讲{product.name}" if product else "",
        f"给{segment.name}" if segment else "",
        "暂停中，排好的不动" if run.paused else "",
    )
    return "，".join(filter(None, parts))


def _show_run(run: Running, playbook: Playbook | None, brand: Brand, slots: Sequence[Slot] | None) -> None:
    with st.container(border=True, key=f"run_{run.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            name = playbook.name if playbook else run.playbook
            st.markdown(f"**{session.plain(name)}**  \n{session.plain(run_words(run, brand))}", width="stretch")
        with st.container(horizontal=True):
            label, icon = ("接着跑", "play_arrow") if run.paused else ("暂停", "pause")
            st.button(label, key=f"pause_{run.id}", on_click=_pause, args=(run,), icon=f":material/{icon}:")
            st.button("停掉", key=f"stop_{run.id}", on_click=_stop, args=(run, name), icon=":material/stop:")
        st.caption(session.plain(_week_words(run, slots)))


def _week_words(run: Running, slots: Sequence[Slot] | None) -> str:
    if slots is None:
        return "这一周还没排。"
    mine = [f"{slot.date.month}/{slot.date.day} {slot.theme}" for slot in slots if slot.playbook == run.playbook]
    return f"这一周：{'；'.join(mine)}" if mine else "这一周没有它发给大家的内容。"


def _show_playbook(playbook: Playbook, brand: Brand) -> None:
    label = f"**{session.plain(playbook.name)}**：{session.plain(playbook.goal)}"
    box = st.expander(label, key=f"playbook_{playbook.id}", on_change="rerun")
    if not box.open:
        return
    with box:
        st.caption(session.plain(f"什么时候停：{playbook.ends.words}。{playbook.note}"))
        _show_start(playbook, brand)
        for step in playbook.steps:
            st.markdown(
                f"{session.plain(step.when)} · {CHANNEL_ICON[step.channel]} {step.channel.label} · "
                f":{PILLAR_COLOUR[step.pillar]}[{PILLAR_ICON[step.pillar]} {step.pillar.label}] · "
                f"**{session.plain(step.name)}**  \n:gray[{session.plain(step.goal)}]"
            )


def _show_start(playbook: Playbook, brand: Brand) -> None:
    with st.form(f"start_{playbook.id}", border=False):
        with st.container(horizontal=True):
            if playbook.needs_anchor:
                usual = session.today() + _USUALLY_IN
                st.date_input("从哪天数起", usual, date.min, date.max, key=f"anchor_{playbook.id}")
            if playbook.needs_product:
                products = {item.id: item.name for item in brand.products if item.on_sale}
                st.selectbox("讲哪样产品", list(products), key=f"of_{playbook.id}", format_func=products.__getitem__)
            if brand.segments:
                segments: dict[str | None, str] = {None: "所有人", **{item.id: item.name for item in brand.segments}}
                st.selectbox("给谁", list(segments), key=f"for_{playbook.id}", format_func=segments.__getitem__)
        st.form_submit_button("开始", type="primary", on_click=_start, args=(playbook,), icon=":material/play_arrow:")


@closes
def _start(playbook: Playbook) -> None:
    opened, state = session.workspace(), st.session_state
    anchor = state.get(f"anchor_{playbook.id}")
    if anchor and anchor < session.today():
        raise InputError(f"{_date(anchor)}已经过去了，没有开始。换一个今天以后的日子。")
    wanted = Running(
        id="",
        playbook=playbook.id,
        anchor=anchor,
        segment=state.get(f"for_{playbook.id}"),
        product=state.get(f"of_{playbook.id}"),
    )
    opened.store.playbooks.save(checked(wanted, playbook, opened.brand))
    session.notify(f"「{playbook.name}」开始了")
    if opened.store.calendar.week(chosen_week()) is not None:
        week_changes.propose(Change(), f"排进剧本「{playbook.name}」")


@stays
def _pause(run: Running) -> None:
    session.workspace().store.playbooks.pause(run, paused=not run.paused)


@closes
def _stop(run: Running, name: str) -> None:
    session.workspace().store.playbooks.remove(run.id)
    session.notify(f"「{name}」停掉了，已经排进周历的不动")


def _date(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
