"""Background work on a page: how far it is, and a way to stop it."""

from __future__ import annotations

import streamlit as st

from studio.app.ui import session
from studio.store.repositories.jobs import JobState


def running(kind: str) -> bool:
    """Tell whether a job of this kind is alive."""
    store = session.workspace().store.jobs
    job = store.latest(kind)
    return job is not None and store.is_alive(job)


@st.fragment(run_every=1.0)
def show_work(kind: str, doing: str) -> None:
    """Show the running job of this kind; the whole page runs again when it is over."""
    store = session.workspace().store.jobs
    job = store.latest(kind)
    if job is None or not store.is_alive(job):
        st.rerun()
        return
    words = f"{doing} {job.done} / {job.total}" + (f":{session.plain(job.message)}" if job.message else "")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(job.done / max(job.total, 1), words)
        if job.state is JobState.STOPPING:
            st.caption("正在停下", width="content")
        else:
            st.button("停止", key=f"stop_{job.id}", on_click=store.ask_to_stop, args=(job.id,), icon=":material/stop:")


def show_ending(kind: str, stopped: str) -> None:
    """Show how the last job of this kind ended when that was not well; ``stopped`` is said when the user ended it."""
    store = session.workspace().store.jobs
    job = store.latest(kind)
    if job is None or job.state is JobState.DONE or store.is_alive(job):
        return
    if job.state is JobState.FAILED:
        st.warning(session.plain(job.message), icon=":material/error:")
    else:
        st.caption(f":material/pause_circle: {stopped}")
