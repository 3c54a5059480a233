"""Slots, weeks and posts to keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from studio.drafting.draft import Origin, Provenance
from studio.errors import Problem
from studio.library.posts import Post
from studio.planning.calendar import Slot, Week, WeekId
from studio.vocabulary import Channel, Pillar, Stage

WEEK = WeekId.parse("2026-W48")
PROVENANCE = Provenance(Origin.TEMPLATE)


def slot(number: int, *, week: WeekId = WEEK, theme: str = "枸杞怎么挑", **changes) -> Slot:
    made = Slot(
        id=f"{week}-{number:02d}",
        date=week.days[number % 7],
        time=time(20, 0),
        channel=Channel.MOMENTS,
        pillar=Pillar.VALUE,
        stage=Stage.AWARENESS,
        segment="baoma",
        theme=theme,
        occasion="小雪",
        product="gouqi-500",
        why="价值类本周缺 1 条",
    )
    return replace(made, **changes)


def week(*slots: Slot, seed: int = 1) -> Week:
    return Week(
        WEEK, seed, slots, {"target": {"product": 0.3}}, ("放宽了间隔",), (Problem("计划", "products", "缺产品"),)
    )


def post(key: str, text: str | None = None, **fields) -> Post:
    return Post(id=key, text=text or f"第 {key} 条", **fields)
