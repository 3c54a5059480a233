"""The findings of a review: why, on what basis, the better wording, and one tap to take it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from studio.app.ui import session
from studio.app.ui.allowing import show_allowing
from studio.app.ui.marks import VERDICT_COLOUR, VERDICT_ICON, severity_text
from studio.app.ui.rule_pages import link_to_rule
from studio.vocabulary import Severity, Verdict

if TYPE_CHECKING:
    from studio.review import Finding, Report
    from studio.review.report import Tone

SHOWN = 20
"""Findings listed at once; more than that nobody reads before mending the first ones."""

_MAX_PHRASE = 60


def show_verdict(report: Report) -> None:
    """Show what the review says of a whole text, in one line."""
    counts = dict.fromkeys(Severity, 0)
    for finding in report.findings:
        counts[finding.severity] += finding.exemption is None
    sentence = {
        Verdict.BLOCK: f"有 {counts[Severity.BLOCK]} 处不能这样说，改掉再发",
        Verdict.REVISE: f"有 {counts[Severity.WARN]} 处最好改一改",
        Verdict.PASS: "没有要改的地方",
    }[report.verdict]
    if report.verdict is Verdict.BLOCK and counts[Severity.WARN]:
        sentence += f"，另有 {counts[Severity.WARN]} 处最好改"
    if counts[Severity.INFO]:
        sentence += f"，{counts[Severity.INFO]} 条提示供参考"
    colour, icon = VERDICT_COLOUR[report.verdict], VERDICT_ICON[report.verdict]
    st.markdown(f":{colour}-badge[{icon} {report.verdict.label}] {sentence}")


def tone_words(tone: Tone) -> str:
    """Return how hard a text sells, in words: the percentile against ordinary texts and what pushes it up."""
    if tone.percentile < 50:
        return "语气平和，像平常说话"
    share = f"比 {tone.percentile}% 的日常内容更用力" if tone.percentile < 100 else "比几乎所有日常内容都用力"
    pushing = "、".join(signal.label for signal in tone.signals[:3])
    because = f"，主要因为{pushing}" if pushing else ""
    if tone.percentile < 85:
        return f"语气有一点推销，{share}{because}"
    return f"语气推销味重，{share}{because}"


def gravity(finding: Finding) -> int:
    """Return the place of a finding in a list, the gravest first."""
    return list(Severity).index(finding.severity)


def show_findings(
    text: str,
    findings: Sequence[Finding],
    *,
    key: str,
    fix: Callable[[Finding], str | None],
    on_fix: Callable[[str], None],
    chosen: int | None = None,
) -> None:
    """List the findings in ``text``, the gravest first; exempt phrases follow as quiet lines that say why.

    ``fix`` returns the whole text with one finding mended, or None; ``on_fix`` keeps the one that was taken.
    ``chosen`` is the index of a finding to show first, such as the mark that was just tapped.
    """
    numbered = sorted(enumerate(findings), key=lambda item: (item[0] != chosen, gravity(item[1])))
    open_ones = [
        (index, finding)
        for index, finding in numbered
        if finding.exemption is None and not any(_covers(other, finding) for other in findings)
    ]
    for index, finding in open_ones[:SHOWN]:
        with st.container(border=True, gap="xsmall", key=f"{key}_{index}_{finding.code}"):
            _show_finding(text, finding, fix(finding), on_fix, key=f"{key}_{index}")
    if len(open_ones) > SHOWN:
        st.caption(f"还有 {len(open_ones) - SHOWN} 处，先改好上面这些。")
    quiet = [finding for _, finding in numbered if finding.exemption is not None]
    for finding in quiet[:SHOWN]:
        reason = session.plain((finding.exemption or {}).get("reason", ""))
        st.caption(f":gray[●] 「{_phrase(finding.text)}」没有算作问题：{reason}")


def _covers(other: Finding, finding: Finding) -> bool:
    """Tell whether a longer finding, at least as grave, already says it of the same words."""
    longer = other.end - other.start > finding.end - finding.start
    inside = other.start <= finding.start and finding.end <= other.end
    return longer and inside and bool(finding.text) and other.exemption is None and gravity(other) <= gravity(finding)


def _show_finding(text: str, finding: Finding, fixed: str | None, on_fix: Callable[[str], None], *, key: str) -> None:
    kind = session.plain(finding.category.label)
    phrase = f"**「{_phrase(finding.text)}」** " if finding.text else ""
    st.markdown(f"{severity_text(finding.severity)} {phrase}:gray[{kind}]")
    st.markdown(session.plain(finding.message))
    if finding.evasion:
        st.caption(f"换了写法也认得出：这里读作「{_phrase(finding.normalized)}」")
    wording = replacement(text, finding, fixed) if fixed is not None else None
    if wording:
        st.markdown(f":green[:material/arrow_forward: 换成「{_phrase(wording)}」]")
    elif wording is not None:
        st.markdown(":green[:material/arrow_forward: 删掉这几个字]")
    elif finding.suggestion:
        st.markdown(f":green[:material/lightbulb:] {session.plain(finding.suggestion)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if fixed is not None:
            st.button("一键改好", key=f"{key}_fix", icon=":material/auto_fix_high:", on_click=on_fix, args=(fixed,))
        if finding.basis:
            with st.popover("依据", icon=":material/gavel:", type="tertiary", key=f"{key}_basis"):
                _show_basis(finding)
        if finding.text:
            show_allowing(finding, key=key)


def replacement(text: str, finding: Finding, fixed: str) -> str | None:
    """Return what stands in the finding's place in ``fixed``, or None when more than the finding changed."""
    rest = text[finding.end :]
    end = len(fixed) - len(rest)
    if end < finding.start or not fixed.startswith(text[: finding.start]) or fixed[end:] != rest:
        return None
    return fixed[finding.start : end]


def _show_basis(finding: Finding) -> None:
    verbatim = _verbatim(finding.code)
    for article in finding.basis:
        law, number = article.get("law", ""), article.get("article", "")
        st.markdown(f"**{session.plain(law)}** {session.plain(number)}")
        if article.get("version"):
            st.caption(session.plain(article["version"]))
        if verbatim.get((law, number)):
            st.markdown(session.plain(verbatim[law, number]))
    if finding.code in session.workspace().reviewer.rules.rules:
        link_to_rule(finding.code)


def _verbatim(code: str) -> dict[tuple[str, str], str]:
    rules = session.workspace().reviewer.rules
    rule = rules.rules.get(code)
    return {(article.law, article.article): article.text for article in rules.articles_of(rule)} if rule else {}


def _phrase(text: str) -> str:
    line = " ".join(text.split())
    return session.plain(line if len(line) <= _MAX_PHRASE else line[:_MAX_PHRASE] + "…")
