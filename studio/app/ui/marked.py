"""A text with its findings marked in it: tap a mark to see why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from studio.app.ui import assets
from studio.app.ui.marks import SEVERITY_MARK
from studio.vocabulary import Severity

if TYPE_CHECKING:
    from studio.review import Finding

_marked = st.components.v2.component(
    "studio_marked",
    html=assets.read("marked.html"),
    css=assets.read("marked.css"),
    js=assets.read("marked.js"),
)


def marked_text(text: str, findings: Sequence[Finding], *, key: str) -> int | None:
    """Show ``text`` with its findings marked; return the index of the finding that was just tapped."""
    result = _marked(key=key, data={"pieces": pieces(text, findings)}, on_chosen_change=lambda: None)
    return result.chosen if isinstance(result.chosen, int) else None


def pieces(text: str, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the text cut into plain and marked pieces; where findings overlap, the graver one is shown."""
    order = list(Severity)
    ranked = sorted(enumerate(findings), key=lambda item: (order.index(item[1].severity), item[1].start, -item[1].end))
    taken: list[tuple[int, int, int]] = []
    for index, finding in ranked:
        if finding.end > finding.start and all(finding.end <= start or finding.start >= end for start, end, _ in taken):
            taken.append((finding.start, finding.end, index))
    cut: list[dict[str, Any]] = []
    position = 0
    for start, end, index in sorted(taken):
        if start > position:
            cut.append({"text": text[position:start]})
        finding = findings[index]
        cut.append(
            {
                "text": text[start:end],
                "index": index,
                "severity": finding.severity.value,
                "label": finding.severity.label,
                "sign": SEVERITY_MARK[finding.severity],
                "message": finding.message,
            }
        )
        position = end
    if position < len(text):
        cut.append({"text": text[position:]})
    return cut
