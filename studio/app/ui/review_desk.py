"""The desk of the review page: the text in hand, kept between visits, with the way back from every fix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from studio.app.ui import session
from studio.app.ui.findings import SHOWN, gravity
from studio.vocabulary import Channel, ProductType, Verdict

if TYPE_CHECKING:
    from studio.review import Finding, Report

MAX_TEXT = 20_000
"""Characters the box takes; longer material is a file."""

SAMPLE = "全网最低价，最后三天!三天见效，彻底治愈失眠。转发朋友圈集赞 30 个，再送一罐。"
NO_TYPE = "按店铺"
ANY_CHANNEL = "都可能"

_MEMO = "review-desk"
_STEPS_BACK = 20
_PASSES = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """What is checked, and as what."""

    text: str
    product_type: ProductType
    channel: Channel | None
    can_undo: bool


def _key(part: str) -> str:
    return f"review_{part}_{session.workspace().shop_id}"


def show_desk() -> Desk:
    """Show the box and its two choices, filled as they were left, and return what is in them."""
    kept = _kept()
    for part, empty in (("text", ""), ("type", NO_TYPE), ("channel", ANY_CHANNEL)):
        st.session_state.setdefault(_key(part), kept.get(part) or empty)
    st.text_area(
        "要检查的文字",
        key=_key("text"),
        height=260,
        max_chars=MAX_TEXT,
        on_change=_typed,
        placeholder="把要发的文字贴在这里",
    )
    shop_type = session.workspace().brand.product_type
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "商品类型",
            [NO_TYPE, *(kind.value for kind in ProductType)],
            key=_key("type"),
            format_func=lambda kind: f"{NO_TYPE}（{shop_type}）" if kind == NO_TYPE else kind,
            on_change=_keep,
            width=200,
        )
        st.selectbox(
            "发在哪里",
            [ANY_CHANNEL, *(channel.value for channel in Channel)],
            key=_key("channel"),
            format_func=lambda code: code if code == ANY_CHANNEL else Channel(code).label,
            on_change=_keep,
            width=160,
        )
        st.button("检查", type="primary", icon=":material/fact_check:", on_click=_keep, key=_key("check"))
    state = st.session_state
    chosen, channel = state[_key("type")], state[_key("channel")]
    return Desk(
        text=str(state[_key("text")] or "")[:MAX_TEXT],
        product_type=shop_type if chosen == NO_TYPE else ProductType(chosen),
        channel=None if channel == ANY_CHANNEL else Channel(channel),
        can_undo=bool(kept.get("before")),
    )


def report_on(desk: Desk, text: str | None = None) -> Report:
    """Return the review of the desk's text, or of ``text`` in its stead."""
    proofreader = session.workspace().proofreader
    return proofreader.review(desk.text if text is None else text, channel=desk.channel, product_type=desk.product_type)


def safe_fix(desk: Desk, finding: Finding, text: str | None = None) -> str | None:
    """Return the whole text with one finding mended, or None when no wording is certain to be fine."""
    from studio.review.rewrite import safe_fix as rewrite

    reviewer = session.workspace().reviewer
    whole = desk.text if text is None else text
    return rewrite(whole, finding, reviewer=reviewer, channel=desk.channel, product_type=desk.product_type)


def safe_fixes(desk: Desk, report: Report) -> dict[tuple[int, str], str]:
    """Return the mended whole text for each finding that is shown and can be mended, by its start and code."""
    open_ones = sorted((finding for finding in report.findings if finding.exemption is None), key=gravity)
    fixed = {(finding.start, finding.code): safe_fix(desk, finding) for finding in open_ones[:SHOWN]}
    return {place: text for place, text in fixed.items() if text is not None}


def mended(desk: Desk) -> str:
    """Return the text with every finding mended that safely can be, at most :data:`SHOWN` in one go."""
    text = desk.text
    for _ in range(_PASSES):
        open_ones = [finding for finding in report_on(desk, text).findings if finding.exemption is None]
        before = text
        for finding in reversed(open_ones[:SHOWN]):
            text = safe_fix(desk, finding, text) or text
        if text == before:
            break
    return text


@session.told
def take_all(desk: Desk) -> None:
    """Put the text with everything mended into the box."""
    take(mended(desk))


@session.told
def take(text: str) -> None:
    """Put a mended text into the box; the one before it can be had back."""
    kept = _kept()
    before = [*kept.get("before", []), st.session_state.get(_key("text"), "")][-_STEPS_BACK:]
    st.session_state[_key("text")] = text
    _keep(before=before)


@session.told
def undo() -> None:
    """Put back the text before the last fix."""
    before = list(_kept().get("before", []))
    if before:
        st.session_state[_key("text")] = before.pop()
        _keep(before=before)


def verdicts_by_type(desk: Desk) -> dict[Verdict, list[ProductType]]:
    """Return which product types would get which verdict for the same text."""
    proofreader = session.workspace().proofreader
    found: dict[Verdict, list[ProductType]] = {verdict: [] for verdict in reversed(Verdict)}
    for kind in ProductType:
        report = proofreader.review(desk.text, channel=desk.channel, product_type=kind)
        found[report.verdict].append(kind)
    return found


def _kept() -> dict[str, Any]:
    kept = session.workspace().store.memos.get(_MEMO)
    return kept if isinstance(kept, dict) else {}


def _typed() -> None:
    """Keep what was typed; the way back to an older text would now throw it away."""
    _keep(before=[])


@session.told
def _keep(before: list[str] | None = None) -> None:
    state = st.session_state
    values = {part: state.get(_key(part)) for part in ("text", "type", "channel")}
    values["before"] = _kept().get("before", []) if before is None else before
    session.workspace().store.memos.set(_MEMO, values)
