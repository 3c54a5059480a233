"""The editor of a draft: its named sections, saved as they are left, never over somebody else's edit."""

from __future__ import annotations

import streamlit as st

from studio.app.ui import session
from studio.drafting.draft import SECTIONS, Draft, Sections
from studio.errors import ConflictError
from studio.planning.calendar import Slot
from studio.vocabulary import Channel, Status

_HEIGHT = {"hook": 80, "body": 220, "cta": 80, "comment": 80, "image_brief": 80}


def _field(draft_id: str, name: str) -> str:
    return f"section_{draft_id}_{name}"


def _seen(draft_id: str) -> str:
    return f"draft_version_{draft_id}"


def _clash(draft_id: str) -> str:
    return f"draft_clash_{draft_id}"


def current_sections(draft: Draft) -> Sections:
    """Return what stands in the boxes now, which may be ahead of what is saved."""
    saved = draft.sections.to_json()
    return Sections(**{name: st.session_state.get(_field(draft.id, name), saved[name]) for name in SECTIONS})


def put_sections(draft: Draft, sections: Sections) -> None:
    """Save sections changed by the studio (a fix, an older version) and show them in the boxes."""
    saved = session.workspace().editorial.edit(draft, sections)
    _fill(saved)


def show_editor(draft: Draft, slot: Slot) -> None:
    """Show the sections as text boxes."""
    if _clash(draft.id) in st.session_state:
        _show_clash(draft)
    elif st.session_state.get(_seen(draft.id)) != draft.version or _field(draft.id, "body") not in st.session_state:
        _fill(draft)
    locked = slot.status is Status.POSTED
    for name, label in SECTIONS.items():
        hint = "发在评论区的第一条" if name == "comment" and slot.channel is Channel.MOMENTS else None
        st.text_area(
            label,
            key=_field(draft.id, name),
            height=_HEIGHT[name],
            max_chars=20_000,
            help=hint,
            disabled=locked,
            on_change=_save,
            args=(draft.id, slot.id),
        )
    when = draft.updated_at.astimezone(session.workspace().clock().tzinfo) if draft.updated_at else None
    saved = f"第 {draft.version} 版，{when:%m-%d %H:%M} 由 {session.plain(draft.actor)} 保存" if when else ""
    st.caption(f"{saved}。写完离开输入框就自动保存，共 {len(current_sections(draft).text)} 字。")


def _fill(draft: Draft) -> None:
    for name, text in draft.sections.to_json().items():
        st.session_state[_field(draft.id, name)] = text
    st.session_state[_seen(draft.id)] = draft.version


def _stored(draft_id: str, slot_id: str) -> Draft:
    found = session.workspace().store.drafts.for_slot(slot_id)
    return next(item for item in found if item.id == draft_id)


@session.told
def _save(draft_id: str, slot_id: str) -> None:
    draft = _stored(draft_id, slot_id)
    if draft.version != st.session_state.get(_seen(draft_id)):
        st.session_state[_clash(draft_id)] = True
        return
    try:
        saved = session.workspace().editorial.edit(draft, current_sections(draft))
    except ConflictError:
        st.session_state[_clash(draft_id)] = True
    else:
        st.session_state[_seen(draft_id)] = saved.version


def _show_clash(draft: Draft) -> None:
    with st.container(border=True):
        st.markdown(":material/call_split: 这篇草稿刚被别处改过。你的文字还在下面的框里，对方的版本是：")
        st.text(draft.sections.text)
        with st.container(horizontal=True):
            st.button("保留我的", on_click=_keep_mine, args=(draft,), type="primary", key=f"mine_{draft.id}")
            st.button("用对方的", on_click=_take_theirs, args=(draft,), key=f"theirs_{draft.id}")


@session.told
def _keep_mine(draft: Draft) -> None:
    saved = session.workspace().editorial.edit(draft, current_sections(draft))
    st.session_state[_seen(draft.id)] = saved.version
    st.session_state.pop(_clash(draft.id), None)


@session.told
def _take_theirs(draft: Draft) -> None:
    _fill(draft)
    st.session_state.pop(_clash(draft.id), None)
