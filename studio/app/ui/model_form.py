"""Which model writes and which one finds by meaning. A saved key is never shown again, and never sent elsewhere."""

from __future__ import annotations

import os
from typing import Any

import streamlit as st
from pydantic import SecretStr

from studio.app.ui import session
from studio.app.ui.settings_desk import save_settings
from studio.drafting.llm import Endpoint, Patience
from studio.drafting.presets import PRESETS
from studio.drafting.probe import Probe, probe
from studio.errors import StudioError
from studio.settings import EmbeddingSettings, LLMSettings

OFF = "off"
TEST_SECONDS = 20.0
"""How long the connection test waits; a first answer that takes longer is of no use while writing."""

_PROVIDERS = {
    "embedded": "内置模型（不用下载，不用密钥）",
    "sentence-transformers": "sentence-transformers 模型",
    "openai": "兼容 OpenAI 的接口",
}
_RUNGS = {
    "json_schema": "能严格按格式回答，最稳",
    "json_object": "能按 JSON 回答",
    "text": "只会回普通文字，也能用，偶尔要重写一次",
}
_TESTED = "model_tested"
_ROUND = "model_round"
"""Counts the keys saved: each round has its own key box, so that a saved key does not stay in the old one."""


def show_model_form(llm: LLMSettings) -> None:
    """Show the writing model's settings and the connection test."""
    st.subheader("写稿的模型", anchor=False)
    presets = {OFF: "不用模型，用模板草稿"} | {name: preset.label for name, preset in PRESETS.items()}
    chosen = st.selectbox(
        "服务商",
        list(presets),
        list(presets).index(llm.preset),
        format_func=presets.__getitem__,
        key="model_preset",
        width=420,
    )
    if chosen == OFF:
        st.caption("不填密钥也能用：草稿由模板和你的店铺资料写成，标着「模板草稿」。")
    else:
        preset = PRESETS[chosen]
        same = chosen == llm.preset
        with st.grid(2, min_column_width=280):
            st.text_input(
                "地址",
                llm.base_url if same else "",
                placeholder=preset.base_url or "https://…/v1",
                key=f"model_url_{chosen}",
                max_chars=300,
            )
            st.text_input(
                "模型名",
                llm.model if same else "",
                placeholder=preset.model or "在服务商的控制台里找",
                key=f"model_name_{chosen}",
                max_chars=120,
            )
        _show_key("llm", "STUDIO_LLM_API_KEY", has_key=bool(llm.api_key.get_secret_value()) and same)
    with st.container(horizontal=True):
        st.button("保存模型设置", type="primary", icon=":material/save:", key="model_save", on_click=_save, args=(llm,))
        if chosen != OFF and st.button("测试连接", icon=":material/cable:", key="model_test"):
            with st.spinner(f"正在问它一句话，最多等 {TEST_SECONDS:g} 秒"):
                st.session_state[_TESTED] = try_connection(_given(llm))
    tested: Probe | str | None = st.session_state.get(_TESTED)
    if tested is not None and chosen != OFF:
        show_probe(tested)


def _show_key(section: str, variable: str, *, has_key: bool) -> None:
    if os.environ.get(variable):
        st.caption(f":material/key: 密钥来自环境变量 {variable}，在这里改不了。")
        return
    replacing = f"{section}_replacing"
    if has_key and not st.session_state.get(replacing):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":material/key: 密钥已保存，不再显示", width="content")
            st.button("换一个", key=f"{section}_replace", on_click=_set, args=(replacing, True))
            st.button("删除密钥", key=f"{section}_delete", icon=":material/delete:", on_click=_delete, args=(section,))
        return
    st.text_input(
        "密钥",
        type="password",
        key=_key_box(section),
        max_chars=300,
        autocomplete="off",
        help="只存在这台电脑的工作区里，保存后不再显示",
    )


def _key_box(section: str) -> str:
    return f"{section}_key_{st.session_state.get(_ROUND, 0)}"


def _set(name: str, value: bool) -> None:
    st.session_state[name] = value


@session.told
def _delete(section: str) -> None:
    save_settings({section: {"api_key": None}})
    session.notify("密钥删掉了")


def _given(llm: LLMSettings) -> LLMSettings:
    """Return the settings as the form has them; a saved key only goes to the host it was saved for."""
    state = st.session_state
    chosen = state["model_preset"]
    if chosen == OFF:
        return LLMSettings(timeout=llm.timeout)
    url = str(state.get(f"model_url_{chosen}") or "").strip()
    typed = str(state.get(_key_box("llm")) or "").strip()
    keeps = chosen == llm.preset and url == llm.base_url
    return LLMSettings(
        preset=chosen,
        base_url=url,
        model=str(state.get(f"model_name_{chosen}") or "").strip(),
        api_key=SecretStr(typed) if typed else llm.api_key if keeps else SecretStr(""),
        timeout=llm.timeout,
    )


def _endpoint(given: LLMSettings, timeout: float) -> Endpoint:
    return Endpoint(given.preset, given.base_url, given.model, given.api_key, timeout)


def try_connection(given: LLMSettings) -> Probe | str:
    """Return what the endpoint supports, or a sentence when these settings cannot be tried at all."""
    try:
        endpoint = _endpoint(given, min(TEST_SECONDS, given.timeout))
    except StudioError as error:
        return str(error)
    return probe(endpoint, patience=Patience(attempts=1))


def show_probe(result: Probe | str) -> None:
    """Show the outcome of a connection test in one sentence."""
    if isinstance(result, str) or not result.ok:
        st.error(session.plain(result if isinstance(result, str) else result.problem), icon=":material/error:")
        return
    without = f"；不认这些参数，已经避开：{'、'.join(result.without)}" if result.without else ""
    able = _RUNGS.get(result.rung, result.rung)
    words = f"连上了 {result.host}，模型 {result.model}，{result.seconds:.1f} 秒。{able}{without}"
    st.success(session.plain(words), icon=":material/check_circle:")


@session.told
def _save(llm: LLMSettings) -> None:
    given = _given(llm)
    moved = given.preset != llm.preset or given.base_url != llm.base_url
    key = given.api_key.get_secret_value()
    if given.preset != OFF:
        _endpoint(given.model_copy(update={"api_key": SecretStr(key or "later")}), given.timeout)
    changes: dict[str, Any] = {"preset": given.preset, "base_url": given.base_url or None, "model": given.model or None}
    if key != llm.api_key.get_secret_value():
        changes["api_key"] = key or None
    save_settings({"llm": changes})
    _forget_boxes("llm")
    if moved and not key and given.preset != OFF and PRESETS[given.preset].needs_key:
        session.notify("保存好了。地址换过，原来的密钥没有带过去，请填新的密钥", "info")
    else:
        session.notify("模型设置保存好了")


def _forget_boxes(section: str) -> None:
    state = st.session_state
    state.pop(_TESTED, None)
    state[f"{section}_replacing"] = False
    state[_ROUND] = state.get(_ROUND, 0) + 1


def show_embedding_form(embedding: EmbeddingSettings) -> None:
    """Show the settings of the model that finds posts by meaning."""
    st.subheader("按意思找内容的模型", anchor=False)
    names = list(_PROVIDERS)
    chosen = st.selectbox(
        "来源",
        names,
        names.index(embedding.provider),
        format_func=_PROVIDERS.__getitem__,
        key="embedding_provider",
        width=420,
    )
    same = chosen == embedding.provider
    if chosen != "embedded":
        with st.grid(2, min_column_width=280):
            hint = "模型名，或电脑上的文件夹" if chosen == "sentence-transformers" else "例如 text-embedding-3-small"
            st.text_input("模型", embedding.model if same else "", key=f"embedding_model_{chosen}", placeholder=hint)
            if chosen == "openai":
                st.text_input(
                    "地址",
                    embedding.base_url if same else "",
                    key=f"embedding_url_{chosen}",
                    placeholder="https://…/v1",
                )
    if chosen == "openai":
        _show_key("embedding", "STUDIO_EMBEDDING_API_KEY", has_key=bool(embedding.api_key.get_secret_value()) and same)
    st.caption("换了模型要把旧内容重新读一遍，在内容库里点一下就行；原来的结果留着，换回来还能用。")
    st.button("保存", icon=":material/save:", key="embedding_save", on_click=_save_embedding, args=(embedding,))


@session.told
def _save_embedding(embedding: EmbeddingSettings) -> None:
    state = st.session_state
    chosen = state["embedding_provider"]
    url = str(state.get(f"embedding_url_{chosen}") or "").strip()
    model = str(state.get(f"embedding_model_{chosen}") or "").strip()
    changes: dict[str, Any] = {"provider": chosen, "model": model or None, "base_url": url or None}
    typed = str(state.get(_key_box("embedding")) or "").strip()
    if typed or chosen != embedding.provider or url != embedding.base_url:
        changes["api_key"] = typed or None
    save_settings({"embedding": changes})
    _forget_boxes("embedding")
    session.notify("保存好了")
