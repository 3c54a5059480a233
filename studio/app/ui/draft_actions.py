"""Writing, deciding and looking back: the buttons above a draft."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from studio import jobs
from studio.app.ui import session
from studio.app.ui.draft_editor import put_sections
from studio.app.ui.slot_steps import show_posted_steps
from studio.app.ui.work import running, show_ending, show_work
from studio.drafting.draft import Draft, Origin, Sections
from studio.drafting.handoff import read_answer
from studio.drafting.writer import Rewrite
from studio.planning.calendar import Slot
from studio.vocabulary import Status

ButtonType = Literal["primary", "secondary"]
_ORIGIN = {
    Origin.MODEL: "模型草稿，发布时请声明含 AI 生成内容",
    Origin.TEMPLATE: "模板草稿",
    Origin.HANDOFF: "从聊天工具带回的草稿，发布时请声明含 AI 生成内容",
    Origin.PERSON: "自己写的",
}


def show_writing_actions(slot: Slot, draft: Draft | None) -> None:
    """Show what can be done to this slot now, one main action first."""
    kind = jobs.draft_kind(slot.id)
    if running(kind):
        show_work(kind, "正在写")
    elif slot.status is Status.POSTED:
        st.success("这一条已经发出去了，文字存在内容库里。", icon=":material/check_circle:")
        st.button("撤回「已发」", key=f"unpost_{slot.id}", on_click=_unpost, args=(slot,), type="tertiary")
    elif slot.status is Status.APPROVED:
        with st.container(border=True):
            st.markdown(":green-badge[:material/check_circle: 已通过] 复制右边的文字去发。")
            show_posted_steps(slot)
            st.button("退回修改", key=f"back_{slot.id}", on_click=_set, args=(slot, Status.DRAFTED), type="tertiary")
    else:
        show_ending(kind, "上次停在半路，原来的稿子没动。")
        _show_writing(slot, draft)
    if draft:
        _show_provenance(draft)


def _show_writing(slot: Slot, draft: Draft | None) -> None:
    has_model = session.workspace().settings.llm.preset != "off"
    with st.container(horizontal=True):
        if draft:
            st.button(
                "通过",
                key=f"approve_{slot.id}",
                type="primary",
                icon=":material/check:",
                on_click=_approve,
                args=(slot,),
            )
        _show_writers(slot, draft, has_model=has_model)
        if draft:
            _show_rewrites(slot, draft, has_model=has_model)
        _show_handoff(slot)
        if draft:
            _show_history(draft, slot)
    if not draft and not has_model:
        st.caption("模板草稿只用你店铺资料里的事实来写，不会编数字。填了模型密钥（设置 → 模型）可以写得更活。")


def _show_writers(slot: Slot, draft: Draft | None, *, has_model: bool) -> None:
    """Show the button of the model, when there is one, and of the template."""
    first: ButtonType = "secondary" if draft else "primary"
    if has_model:
        label = "换一版" if draft else "写一版"
        st.button(
            label,
            key=f"write_{slot.id}",
            type=first,
            icon=":material/auto_awesome:",
            on_click=_write,
            args=(slot,),
        )
    label = "换一版模板草稿" if draft else "先用模板草稿" if has_model else "写一版"
    st.button(
        label,
        key=f"template_{slot.id}",
        type="secondary" if has_model else first,
        icon=":material/edit_note:",
        on_click=_compose,
        args=(slot,),
    )


def _show_rewrites(slot: Slot, draft: Draft, *, has_model: bool) -> None:
    choices = list(Rewrite) if has_model else [Rewrite.SHORTER, Rewrite.OPENER]
    wanted = st.menu_button(
        "改写", choices, format_func=lambda item: item.label, key=f"rewrite_{slot.id}", icon=":material/edit:"
    )
    if wanted:
        _rewrite(slot, draft, wanted, offline=not has_model)
        st.rerun()


def _show_handoff(slot: Slot) -> None:
    popover = st.popover(
        "拿去聊天工具写", icon=":material/content_paste_go:", key=f"handoff_{slot.id}", on_change="rerun"
    )
    if not popover.open:
        return
    with popover:
        st.caption("复制这段提示词到任意聊天工具，把回答贴回来。里面没有客户资料。")
        st.code(session.workspace().editorial.prompt(slot), language=None, height=180, wrap_lines=True)
        st.text_area("把回答贴在这里", key=f"answer_{slot.id}", height=140, max_chars=20_000, on_change="ignore")
        st.button("收下这版", key=f"take_{slot.id}", on_click=_take_answer, args=(slot,), type="primary")


def _show_history(draft: Draft, slot: Slot) -> None:
    popover = st.popover("以前的版本", icon=":material/history:", key=f"history_{slot.id}", on_change="rerun")
    if not popover.open:
        return
    with popover:
        for revision in session.workspace().store.drafts.revisions(draft.id)[:20]:
            when = revision.saved_at.astimezone(session.workspace().clock().tzinfo)
            st.markdown(f"**第 {revision.version} 版** {when:%m-%d %H:%M} · {session.plain(revision.actor)}")
            st.text(revision.sections.text[:200])
            if revision.version != draft.version:
                key = f"restore_{draft.id}_{revision.version}"
                st.button("用回这一版", key=key, on_click=_restore, args=(draft, revision.sections))


def _show_provenance(draft: Draft) -> None:
    made = draft.provenance
    parts = [_ORIGIN[made.origin]]
    if made.model:
        parts.append(f"{made.model} · 用了 {made.tokens_in + made.tokens_out} 个词元")
    if made.facts:
        parts.append(f"依据 {len(made.facts)} 条店铺资料")
    st.caption(":material/info: " + session.plain(" · ".join(parts)))


@session.told
def _compose(slot: Slot) -> None:
    session.workspace().editorial.draft(slot.id, offline=True)


@session.told
def _write(slot: Slot) -> None:
    opened = session.workspace()
    jobs.start(opened, jobs.draft_kind(slot.id), jobs.draft_one(opened, slot))


@session.told
def _rewrite(slot: Slot, draft: Draft, wanted: Rewrite, *, offline: bool) -> None:
    opened = session.workspace()
    if offline:
        opened.editorial.rewrite(draft, wanted, offline=True)
    else:
        jobs.start(opened, jobs.draft_kind(slot.id), jobs.rewrite_one(opened, slot, draft, wanted))


@session.told
def _take_answer(slot: Slot) -> None:
    sections = read_answer(st.session_state.get(f"answer_{slot.id}") or "")
    session.workspace().editorial.take_handoff(slot.id, sections)
    session.notify("收下了，右边看看要不要改")


@session.told
def _restore(draft: Draft, sections: Sections) -> None:
    put_sections(draft, sections)


@session.told
def _approve(slot: Slot) -> None:
    session.workspace().editorial.approve(slot.id)
    session.notify("通过了，到点在「今日」里发")


@session.told
def _set(slot: Slot, status: Status) -> None:
    session.workspace().editorial.set_status(slot.id, status)


@session.told
def _unpost(slot: Slot) -> None:
    session.workspace().editorial.unpost(slot.id)
