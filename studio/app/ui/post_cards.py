"""A post of the library as a card: what it said, where and when, how it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

import streamlit as st

from studio.app.ui import session
from studio.app.ui.marks import CHANNEL_ICON, PILLAR_COLOUR, PILLAR_ICON, WEEKDAYS
from studio.library.index import bigrams, fold
from studio.library.posts import METRICS, Post
from studio.vocabulary import Channel, Pillar

SHORT = 180
"""Characters of a post shown before 「全文」."""

_REMOVED = "library-removed"
_KEPT = 20
_MATCH_WORDS = {"dense": "意思相近", "keyword": "字面匹配"}


def show_post(post: Post, *, query: str = "", matched: Sequence[str] = (), key: str = "post") -> None:
    """Show one post; words shared with ``query`` are marked, ``matched`` says how it was found."""
    with st.container(border=True, key=f"{key}_{post.id}", gap="small"):
        st.markdown(_head(post, matched))
        cut = post.text[:SHORT] + ("…" if len(post.text) > SHORT else "")
        st.markdown(highlighted(cut, query))
        counted = " · ".join(
            f"{word} {post.metrics[name]:,}" for name, word in METRICS.items() if post.metrics.get(name)
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(counted or "还没有记效果", width="stretch")
            with st.popover("全文", type="tertiary", key=f"{key}_whole_{post.id}"):
                st.code(post.text, language=None, wrap_lines=True)
                st.button(
                    "从库里删掉",
                    key=f"{key}_remove_{post.id}",
                    icon=":material/delete:",
                    on_click=_remove,
                    args=(post.id,),
                )


def _head(post: Post, matched: Sequence[str]) -> str:
    parts = []
    if post.pillar:
        parts.append(f":{PILLAR_COLOUR[post.pillar]}-badge[{PILLAR_ICON[post.pillar]} {post.pillar.label}]")
    if post.channel:
        parts.append(f"{CHANNEL_ICON[post.channel]} {post.channel.label}")
    if post.posted_on:
        parts.append(_day_words(post.posted_on))
    if post.title:
        parts.append(session.plain(post.title))
    if post.is_example:
        parts.append(":gray-badge[反面例子]")
    parts.extend(f":gray-badge[{_MATCH_WORDS[name]}]" for name in matched)
    return " · ".join(parts) if parts else ":gray[没有标记类型和渠道]"


def _day_words(day: date) -> str:
    year = "" if day.year == session.today().year else f"{day.year} 年 "
    return f"{year}{day.month} 月 {day.day} 日周{WEEKDAYS[day.weekday()]}"


def highlighted(text: str, query: str) -> str:
    """Return ``text`` as Markdown that shows it as it is, with runs of characters shared with ``query`` marked."""
    folded = "".join(fold(char)[:1] or char for char in text)
    asked = bigrams(query) if query.strip() else frozenset()
    hit = [False] * len(text)
    for place in range(len(text) - 1):
        if folded[place : place + 2] in asked:
            hit[place] = hit[place + 1] = True
    pieces: list[str] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or hit[place] != hit[start]:
            piece = _lines(text[start:place])
            pieces.append(f":yellow-background[{piece}]" if hit[start] else piece)
            start = place
    return "".join(pieces)


def _lines(text: str) -> str:
    return "  \n".join(session.plain(line.strip()) for line in text.split("\n"))


@session.told
def _remove(post_id: str) -> None:
    store = session.workspace().store
    for post in store.posts.get([post_id]):
        kept = [*store.memos.get(_REMOVED, []), _to_memo(post)][-_KEPT:]
        store.memos.set(_REMOVED, kept)
        store.posts.remove(post_id)


def show_undo() -> None:
    """Offer to put back the post removed last."""
    removed = session.workspace().store.memos.get(_REMOVED, [])
    if removed:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = " ".join(removed[-1]["text"].split())[:24]
            st.caption(f":material/delete: 删掉了「{session.plain(words)}」", width="content")
            st.button("放回来", key="library_undo", icon=":material/undo:", on_click=_put_back)
            st.button("知道了", key="library_forget", type="tertiary", on_click=_forget)


@session.told
def _put_back() -> None:
    store = session.workspace().store
    removed = list(store.memos.get(_REMOVED, []))
    if removed:
        store.posts.add([_from_memo(removed.pop())])
        store.memos.set(_REMOVED, removed or None)


@session.told
def _forget() -> None:
    session.workspace().store.memos.set(_REMOVED, None)


def _to_memo(post: Post) -> dict[str, Any]:
    return post.to_json() | {"slot_id": post.slot_id, "is_example": post.is_example}


def _from_memo(values: dict[str, Any]) -> Post:
    day, moment = values["posted_on"], values.get("posted_time")
    return replace(
        Post(**values),
        tags=tuple(values["tags"]),
        pillar=Pillar(values["pillar"]) if values["pillar"] else None,
        channel=Channel(values["channel"]) if values["channel"] else None,
        posted_on=date.fromisoformat(day) if day else None,
        posted_time=time.fromisoformat(moment) if moment else None,
    )
