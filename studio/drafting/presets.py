"""The model services a merchant can pick by name, as a table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """One row of the table. ``model`` is an example to start from; local services need no key."""

    label: str
    base_url: str
    model: str = ""
    needs_key: bool = True


PRESETS = {
    "openai": Preset("OpenAI", "https://api.openai.com/v1", "gpt-4.1-mini"),
    "deepseek": Preset("DeepSeek", "https://api.deepseek.com/v1", "deepseek-chat"),
    "qwen": Preset("通义千问", "https://dashscope.aliyuncs.com/compatible-mode/v1", "qwen-plus"),
    "doubao": Preset("豆包", "https://ark.cn-beijing.volces.com/api/v3"),
    "kimi": Preset("Kimi", "https://api.moonshot.cn/v1", "moonshot-v1-8k"),
    "zhipu": Preset("智谱", "https://open.bigmodel.cn/api/paas/v4", "glm-4-flash"),
    "ollama": Preset("Ollama（本机）", "http://127.0.0.1:11434/v1", "qwen2.5:7b", needs_key=False),
    "llamacpp": Preset("llama.cpp（本机）", "http://127.0.0.1:8080/v1", "default", needs_key=False),
    "vllm": Preset("vLLM（本机）", "http://127.0.0.1:8000/v1", needs_key=False),
    "custom": Preset("其他兼容接口", "", needs_key=False),
}
"""Every service speaks the OpenAI Chat Completions protocol. Addresses as published by each service, 2026-11."""
