"""起草: how is this one written? Sections on the left, what friends see and what the review says on the right."""

import streamlit as st

from studio.app.ui import session
from studio.app.ui.draft_actions import show_writing_actions
from studio.app.ui.draft_editor import current_sections, show_editor
from studio.app.ui.draft_review import show_review
from studio.app.ui.marks import CHANNEL_ICON, PILLAR_COLOUR, PILLAR_ICON, STATUS_COLOUR, WEEKDAYS
from studio.app.ui.phone import phone
from studio.app.ui.week_picker import pick_week
from studio.vocabulary import Status

opened = session.workspace()
brand = opened.brand
week = pick_week()
slots = opened.store.calendar.slots(week.days[0], week.days[-1])
if not slots:
    st.subheader("这一周还没排", anchor=False)
    st.write("先排好一周，再一条一条写。")
    if st.button("去周历", type="primary", icon=":material/calendar_view_week:"):
        st.switch_page("views/week.py", query_params={"week": str(week)})
    st.stop()

by_id = {slot.id: slot for slot in slots}
asked = st.query_params.get("slot")
open_slots = [slot.id for slot in slots if slot.status not in (Status.POSTED, Status.SKIPPED)]
first = asked if asked in by_id else (open_slots or list(by_id))[0]
if st.session_state.get("draft_slot") not in by_id or (asked in by_id and st.session_state.get("draft_asked") != asked):
    st.session_state.draft_slot = first
st.session_state.draft_asked = asked


def name_slot(slot_id: str) -> str:
    slot = by_id[slot_id]
    return f"周{WEEKDAYS[slot.date.weekday()]} {slot.time:%H:%M} · {slot.pillar.label} · {slot.theme}"


def follow() -> None:
    st.session_state.draft_asked = st.session_state.draft_slot
    st.query_params["slot"] = st.session_state.draft_slot


st.selectbox("写哪一条", list(by_id), key="draft_slot", format_func=name_slot, on_change=follow)
slot = by_id[st.session_state.draft_slot]
if asked != slot.id:
    st.session_state.draft_asked = st.query_params["slot"] = slot.id
segment = brand.segment(slot.segment)
st.markdown(
    f":{PILLAR_COLOUR[slot.pillar]}-badge[{PILLAR_ICON[slot.pillar]} {slot.pillar.label}] "
    f"{CHANNEL_ICON[slot.channel]} {slot.channel.label} · {slot.stage.label}阶段 · "
    f"写给 {session.plain(segment.name) if segment else '所有人'} "
    f":{STATUS_COLOUR[slot.status]}-badge[{slot.status.label}]"
)
st.caption(f":material/help: {session.plain(slot.why)}")
if segment:
    st.caption(f":material/person_heart: {session.plain(segment.need)}")

drafts = opened.store.drafts.for_slot(slot.id)
draft = drafts[0] if drafts else None
left, right = st.columns([6, 5], gap="large")
with left:
    show_writing_actions(slot, draft)
    if draft:
        show_editor(draft, slot)
with right:
    if draft:
        sections = current_sections(draft)
        phone(
            sections.text,
            key=f"preview_{slot.id}",
            name=brand.persona.name,
            channel=slot.channel,
            meta=f"周{WEEKDAYS[slot.date.weekday()]} {slot.time:%H:%M}",
            comment=sections.comment,
            image=sections.image_brief,
            can_copy=slot.status in (Status.APPROVED, Status.POSTED),
        )
        show_review(draft, slot)
