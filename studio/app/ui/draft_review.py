"""What the review, the grounding and the library say of the draft on the page."""

from __future__ import annotations

import streamlit as st

from studio.app.ui import session
from studio.app.ui.draft_editor import current_sections, put_sections
from studio.app.ui.findings import show_findings, show_verdict, tone_words
from studio.app.ui.marked import marked_text
from studio.app.ui.marks import WEEKDAYS
from studio.drafting.draft import SECTIONS, Draft, Sections
from studio.planning.calendar import Slot
from studio.review import Finding
from studio.review.rewrite import safe_fix


def show_review(draft: Draft, slot: Slot) -> None:
    """Show the verdict, the marked text, each finding with its fix, and past posts that say the same."""
    sections = current_sections(draft)
    text = sections.text
    if not text:
        st.caption("写几句，这里会告诉你能不能发。")
        return
    opened = session.workspace()
    check = opened.proofreader.check(sections, slot)
    report = check.report
    show_verdict(report)
    st.caption(session.plain(tone_words(report.tone)))
    findings = list(report.findings)
    if findings:
        chosen = marked_text(text, findings, key=f"marked_{draft.id}")

        def fix(finding: Finding) -> str | None:
            kind = opened.proofreader.product_type(slot)
            return safe_fix(text, finding, reviewer=opened.reviewer, channel=slot.channel, product_type=kind)

        def take(fixed: str) -> None:
            _keep_fixed(draft, sections, fixed)

        show_findings(text, findings, key=f"finding_{draft.id}", fix=fix, on_fix=take, chosen=chosen)
    close = [item for item in check.similar if item.is_close]
    if close:
        with st.expander(f"以前说过相近的（{len(close)} 条）", icon=":material/content_copy:"):
            for item in close:
                day = item.post.posted_on
                when = f"{day.month} 月 {day.day} 日周{WEEKDAYS[day.weekday()]}" if day else "日期不详"
                st.caption(f"{when} · 比 {item.percentile:.0f}% 的内容更像" if item.percentile else when)
                st.text(item.post.text[:160])


@session.told
def _keep_fixed(draft: Draft, sections: Sections, fixed: str) -> None:
    put_sections(draft, split_like(sections, fixed))
    session.notify("改好了，已保存")


def split_like(sections: Sections, text: str) -> Sections:
    """Return ``sections`` with their posted text replaced by ``text``, which has the same paragraphs."""
    posted = [name for name in SECTIONS if name in ("hook", "body", "cta") and getattr(sections, name).strip()]
    rest = text
    changed = sections
    for name in posted[:-1]:
        length = getattr(sections, name).strip().count("\n\n") + 1
        parts = rest.split("\n\n", length)
        changed = changed.with_section(name, "\n\n".join(parts[:length]))
        rest = parts[length] if len(parts) > length else ""
    return changed.with_section(posted[-1], rest) if posted else changed
