"""审稿: may this be said? Paste a text or hand in a file; every finding comes with its reason and better wording."""

import streamlit as st

from studio.app.ui import session
from studio.app.ui.file_review import show_file_review
from studio.app.ui.findings import show_findings, show_verdict, tone_words
from studio.app.ui.marked import marked_text
from studio.app.ui.marks import VERDICT_COLOUR, VERDICT_ICON
from studio.app.ui.review_desk import SAMPLE, report_on, safe_fixes, show_desk, take, take_all, undo, verdicts_by_type
from studio.app.ui.rule_pages import is_asked_for, show_rules

st.title("审稿", anchor=False)
parts = ["一段文字", "一个文件", "规则"]
first = parts[2] if is_asked_for() else parts[0]
one_text, one_file, all_rules = st.tabs(parts, default=first, key="review_part", on_change="rerun")

if all_rules.open:
    with all_rules:
        show_rules()

if one_file.open:
    with one_file:
        show_file_review()

if one_text.open:
    with one_text:
        left, right = st.columns([5, 6], gap="large")
        with left:
            desk = show_desk()

        with right:
            if not desk.text.strip():
                with st.container(border=True):
                    st.subheader("贴一段要发的文字", anchor=False)
                    st.write(
                        "会标出不能说的、最好改的，说清为什么、依据哪一条，并给出更稳妥的说法。全部在这台电脑上完成。"
                    )
                    st.button("放一段例子看看", icon=":material/lightbulb:", on_click=take, args=(SAMPLE,))
            else:
                report = report_on(desk)
                fixes = safe_fixes(desk, report)
                show_verdict(report)
                st.caption(f":material/graphic_eq: {session.plain(tone_words(report.tone))}")
                chosen = marked_text(desk.text, report.findings, key="review_marked")
                with st.container(horizontal=True):
                    if len(fixes) > 1:
                        st.button(
                            f"能改的 {len(fixes)} 处一起改好",
                            type="primary",
                            icon=":material/auto_fix_high:",
                            on_click=take_all,
                            args=(desk,),
                        )
                    if desk.can_undo:
                        st.button("撤销上一次修改", icon=":material/undo:", on_click=undo)
                    with st.popover("复制全文", icon=":material/content_copy:"):
                        st.code(desk.text, language=None, wrap_lines=True)
                show_findings(
                    desk.text,
                    report.findings,
                    key="review_finding",
                    fix=lambda finding: fixes.get((finding.start, finding.code)),
                    on_fix=take,
                    chosen=chosen,
                )
                others = st.expander("换个商品类型，结论会怎样变", key="review_types", on_change="rerun")
                if others.open:
                    with others:
                        for verdict, kinds in verdicts_by_type(desk).items():
                            if kinds:
                                badge = f":{VERDICT_COLOUR[verdict]}-badge[{VERDICT_ICON[verdict]} {verdict.label}]"
                                st.markdown(f"{badge} {'、'.join(kinds)}")
                st.caption(f"规则版本 {session.plain(report.rulepack)}。审稿是提醒，不是法律意见。")
