"""The ten-second box: what yesterday's posts brought in."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from studio.app.ui import session
from studio.library.posts import METRICS, Post


def show_metrics_box(posts: Sequence[Post]) -> None:
    """Show yesterday's posts with a number box for each thing worth counting; saved as typed."""
    if not posts:
        return
    st.subheader("昨天带来了什么", anchor=False)
    for post in posts:
        with st.container(border=True, key=f"metrics_{post.id}"):
            st.markdown(session.plain(post.title or post.text[:24]))
            with st.container(horizontal=True):
                for name, label in METRICS.items():
                    st.number_input(
                        label,
                        min_value=0,
                        value=post.metrics.get(name),
                        step=1,
                        key=f"metric_{post.id}_{name}",
                        width=108,
                        on_change=_save,
                        args=(post,),
                    )


@session.told
def _save(post: Post) -> None:
    counted = {name: st.session_state.get(f"metric_{post.id}_{name}") for name in METRICS}
    metrics = {name: int(value) for name, value in counted.items() if value is not None}
    session.workspace().store.posts.set_metrics(post.id, metrics)
