"""Answering for a finding: who says it is fine, why, on what evidence, and until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from studio.app.ui import session
from studio.review.suppressions import Suppression, stale

if TYPE_CHECKING:
    from studio.review import Finding

USUAL = timedelta(days=180)
"""How long a decision holds unless somebody says otherwise."""


def show_allowing(finding: Finding, *, key: str) -> None:
    """Show a small way to say that this finding is fine here."""
    popover = st.popover(
        "有依据，放行", icon=":material/task_alt:", type="tertiary", key=f"{key}_allow", on_change="rerun"
    )
    if not popover.open:
        return
    with popover, st.form(f"{key}_allowing", border=False):
        st.caption("放行后这里不再提醒，记下是谁、为什么。法律责任不变。")
        whole = f"整条规则 {finding.code}"
        st.segmented_control("放行什么", ["只这个说法", whole], default="只这个说法", key=f"{key}_scope")
        st.text_input("理由", key=f"{key}_reason", max_chars=200, placeholder="例如：有检测报告，详情页第三张图")
        st.text_input("依据放在哪", key=f"{key}_evidence", max_chars=200, placeholder="报告编号、文件名或网址，可空")
        st.date_input(
            "到哪天为止", session.today() + USUAL, min_value=session.today() + timedelta(days=1), key=f"{key}_until"
        )
        st.form_submit_button("放行", on_click=_allow, args=(finding.code, finding.text, key), width="stretch")


@session.told
def _allow(code: str, phrase: str, key: str) -> None:
    state = st.session_state
    until = state.get(f"{key}_until")
    session.workspace().store.suppressions.add(
        Suppression(
            id="",
            code=code,
            phrase=phrase if state.get(f"{key}_scope") in (None, "只这个说法") else "",
            reason=str(state.get(f"{key}_reason") or "").strip(),
            evidence=str(state.get(f"{key}_evidence") or "").strip(),
            expires_on=until if isinstance(until, date) else None,
        )
    )
    session.notify("放行了，可以在「规则」里收回")


@session.told
def _take_back(suppression_id: str) -> None:
    session.workspace().store.suppressions.remove(suppression_id)
    session.notify("收回了，之后会照常提醒")


def show_allowed() -> None:
    """List what the shop answers for, what no longer does anything first."""
    opened = session.workspace()
    kept = opened.store.suppressions.all()
    if not kept:
        st.caption("还没有放行过。审稿时点「有依据，放行」，会记在这里。")
        return
    over = {item.id: why for item, why in stale(kept, opened.reviewer.rules.rules.keys(), session.today())}
    for item in sorted(kept, key=lambda item: item.id not in over):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"allowed_{item.id}"):
            phrase = f"「{session.plain(item.phrase)}」" if item.phrase else "整条规则"
            ending = (
                f" :red[{over[item.id]}，可以删掉]"
                if item.id in over
                else f" 到 {item.expires_on}"
                if item.expires_on
                else ""
            )
            evidence = f"，依据：{session.plain(item.evidence)}" if item.evidence else ""
            st.markdown(
                f"**{phrase}** :gray[{session.plain(item.code)}]{ending}  \n"
                f"{session.plain(item.actor)}:{session.plain(item.reason)}{evidence}"
            )
            st.button("收回", key=f"disallow_{item.id}", on_click=_take_back, args=(item.id,), type="tertiary")
