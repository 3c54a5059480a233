"""Finding posts again: the search box, the filters, what was found, and how ready the library is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from studio import jobs
from studio.app.ui import session
from studio.app.ui.marks import CHANNEL_ICON, PILLAR_ICON
from studio.app.ui.post_cards import show_post
from studio.app.ui.work import running, show_ending, show_work
from studio.library.posts import Post
from studio.library.search import Filters
from studio.vocabulary import Channel, Pillar

if TYPE_CHECKING:
    from studio.workspace import Workspace

PAGE = 12
CARD = 420
"""Pixels below which cards stand one under the other."""
_HITS = 12
_PERIODS = {"近 30 天": 30, "近 90 天": 90, "近一年": 365}


def show_search() -> tuple[str, Filters]:
    """Show the search box and the filters, both kept in the address, and return what they say."""
    query = st.text_input(
        "搜",
        key="q",
        type="search",
        placeholder="想找什么，用自己的话说，例如：下雨天",
        label_visibility="collapsed",
        bind="query-params",
        live=True,
        max_chars=200,
    )
    with st.container(horizontal=True, gap="medium"):
        pillars = st.pills(
            "类型",
            list(Pillar),
            selection_mode="multi",
            format_func=lambda item: f"{PILLAR_ICON[item]} {item.label}",
            key="library_pillar",
            label_visibility="collapsed",
        )
        channels = st.pills(
            "渠道",
            list(Channel),
            selection_mode="multi",
            format_func=lambda item: f"{CHANNEL_ICON[item]} {item.label}",
            key="library_channel",
            label_visibility="collapsed",
        )
        period = st.pills("时间", list(_PERIODS), key="library_period", label_visibility="collapsed")
    since = session.today() - timedelta(days=_PERIODS[period]) if period else None
    return query or "", Filters(pillars=tuple(pillars), channels=tuple(channels), since=since)


def show_hits(query: str, filters: Filters) -> None:
    """Show what a search found."""
    found = session.workspace().library.search(query, k=_HITS, filters=filters)
    show_readiness(found.notice)
    if not found.hits:
        st.write("没有找到。换个说法，或去掉上面的筛选再试。")
    with st.grid(2, min_column_width=CARD):
        for hit in found:
            show_post(hit.post, query=query, matched=hit.matched)


def show_latest(filters: Filters) -> None:
    """Show the posts the filters admit, the newest first, a page at a time."""
    opened = session.workspace()
    posts = _newest_first(str(opened.root), opened.shop_id, opened.store.posts.revision())
    everything = replace(filters, include_examples=True)
    shown = [post for post in posts if everything.admit(post)]
    if not shown:
        st.write("这个范围里没有内容。去掉上面的筛选看看全部。")
        return
    pages = -(-len(shown) // PAGE)
    page = st.session_state.get("library_page", 1)
    if not 1 <= page <= pages:
        page = st.session_state["library_page"] = 1
    with st.grid(2, min_column_width=CARD):
        for post in shown[(page - 1) * PAGE : page * PAGE]:
            show_post(post)
    if pages > 1:
        st.pagination(pages, key="library_page")


@st.cache_resource(show_spinner=False, max_entries=3)
def _newest_first(root: str, shop: str, revision: str) -> list[Post]:  # noqa: ARG001 - they name what is cached
    posts = session.workspace().store.posts.all()
    return sorted(posts, key=lambda post: post.posted_on or date.min, reverse=True)


def show_readiness(notice: str = "") -> None:
    """Show, while some posts cannot be found by meaning yet, how many, and a button that sees to it.

    ``notice`` is what a search said of its own limits; it stands in the place of the count.
    """
    if running(jobs.EMBED):
        show_work(jobs.EMBED, "正在读懂旧内容，好按意思找")
        return
    stats = session.workspace().library.stats()
    waiting = stats.posts - stats.embedded
    if waiting:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = notice or f"还有 {waiting:,} 条只能按字面找到，读一遍就能按意思找"
            st.caption(f":material/info: {session.plain(words)}", width="content")
            st.button("现在读一遍", key="library_embed", icon=":material/bolt:", on_click=_embed)
        show_ending(jobs.EMBED, "上次停在半路，读过的都记着。")
    elif notice:
        st.caption(f":material/info: {session.plain(notice)}")


@session.told
def _embed() -> None:
    opened = session.workspace()
    waiting = opened.store.vectors.missing(opened.embedder.key)
    jobs.start(opened, jobs.EMBED, jobs.embed(opened, len(waiting)))


def duplicates(opened: Workspace) -> list[tuple[Post, ...]]:
    """Return groups of posts that say the same; worked out once until the library changes."""
    stats = opened.library.stats()
    return _duplicates(str(opened.root), opened.shop_id, opened.store.posts.revision(), stats.embedded)


@st.cache_resource(show_spinner="正在比对…", max_entries=3)
def _duplicates(root: str, shop: str, revision: str, embedded: int) -> list[tuple[Post, ...]]:  # noqa: ARG001
    return session.workspace().library.duplicates()
