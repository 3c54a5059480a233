"""The mix ring: how many posts of each pillar a week has, against the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from studio.app.ui import assets
from studio.app.ui.marks import PILLAR_COLOUR, PILLAR_ICON
from studio.planning.calendar import Week
from studio.vocabulary import Mix, Pillar

PACE = 60
"""Milliseconds between two slots when a fresh week appears."""

_ring = st.components.v2.component(
    "studio_ring", html=assets.read("ring.html"), css=assets.read("ring.css"), js=assets.read("ring.js")
)


def mix_ring(counts: Mapping[Pillar, int], *, key: str, arriving: Sequence[Pillar] = ()) -> None:
    """Show the counts as a ring with the total in the middle; the words beside it say the same.

    With the pillars of the posts ``arriving``, in order, the ring fills post by post.
    """
    label = "本周配比：" + "、".join(f"{pillar.label} {counts.get(pillar, 0)} 条" for pillar in Pillar)
    data = {
        "parts": [{"name": pillar.value, "count": counts.get(pillar, 0)} for pillar in Pillar],
        "label": label,
        "arriving": [pillar.value for pillar in arriving],
        "pace": PACE,
    }
    _ring(key=key, data=data, width="content", height=124)


def mix_words(counts: Mapping[Pillar, int], due: Mapping[Pillar, int]) -> str:
    """Return what the ring says as Markdown lines, with what is over or short of the posts ``due`` this week."""
    lines = []
    for pillar in Pillar:
        count = counts.get(pillar, 0)
        off = count - due[pillar]
        drift = f" 还差 {-off} 条" if off < 0 else f" 多 {off} 条" if off > 0 else ""
        lines.append(f":{PILLAR_COLOUR[pillar]}[{PILLAR_ICON[pillar]} **{pillar.label} {count} 条**]{drift}")
    return "  \n".join(lines)


def rolling_words(week: Week, target: Mix) -> str:
    """Return how the last four weeks stand against the target."""
    shares = " · ".join(f"{pillar.label} {week.mix['rolling4'].get(pillar.value, 0):.0%}" for pillar in Pillar)
    return f"连上前三周：{shares}（目标 {target}）"
