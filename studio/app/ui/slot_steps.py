"""What comes after copying: was it posted, later, or not at all."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from studio.app.ui import session
from studio.planning.calendar import Slot
from studio.vocabulary import Status

LATER = timedelta(hours=1)


def copied_key(slot_id: str) -> str:
    """Return the key under which this tab remembers that a post was copied."""
    return f"copied_{slot_id}"


def show_posted_steps(slot: Slot) -> None:
    """Ask 「已发了吗」 with its three answers."""
    st.markdown("**已发了吗？**" if st.session_state.get(copied_key(slot.id)) else "发完回来点一下：")
    with st.container(horizontal=True):
        st.button(
            "已发", key=f"posted_{slot.id}", type="primary", icon=":material/check:", on_click=_posted, args=(slot,)
        )
        st.button("推迟一小时", key=f"later_{slot.id}", icon=":material/schedule:", on_click=_later, args=(slot,))
        st.button("跳过", key=f"skip_{slot.id}", icon=":material/skip_next:", on_click=_skip, args=(slot,))


@session.told
def _posted(slot: Slot) -> None:
    session.workspace().editorial.mark_posted(slot.id)
    session.notify("记下了，已存进内容库。明天来记一下效果")


@session.told
def _later(slot: Slot) -> None:
    moved = session.workspace().schedule.move(slot, slot.when + LATER)
    session.notify(f"推迟到 {moved.time:%H:%M}")


@session.told
def _skip(slot: Slot) -> None:
    session.workspace().editorial.set_status(slot.id, Status.SKIPPED)
    session.notify("这一条跳过了，在周历里可以恢复", "info")
