"""Reading sections out of whatever a model or a person pasted."""

from __future__ import annotations

import json
import re
from typing import Any

from studio.drafting.draft import SECTIONS, Sections

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "hook": {"type": "string", "description": "开头，一到两句"},
        "body": {"type": "string", "description": "正文，段落之间用换行"},
        "cta": {"type": "string", "description": "行动，一句，可以留空"},
        "comment": {"type": "string", "description": "首评，一到两句，可以留空"},
        "image_brief": {"type": "string", "description": "配图，写清拍什么、怎么拍"},
    },
    "required": list(SECTIONS),
    "additionalProperties": False,
}
"""The JSON Schema of an answer: five strings."""

LIMIT = 20_000
"""Longest answer that is read, in characters."""

_FENCE = re.compile(r"```[a-zA-Z]*\s*\n?(.*?)```", re.DOTALL)
_LABELS = {label: name for name, label in SECTIONS.items()} | {name: name for name in SECTIONS}
_LABELLED = re.compile(
    rf"^[ \t>*#【\[「-]*({'|'.join(_LABELS)})[ \t]*[】\]」*]*[ \t]*(?:[:\uff1a][ \t]*\**|$)", re.MULTILINE
)
_REFUSALS = (
    "抱歉",
    "对不起",
    "很遗憾",
    "作为一个",
    "我不能",
    "我无法",
    "I'm sorry",
    "I’m sorry",
    "I can",
    "Sorry",
)


def answer_sections(text: str) -> Sections | None:
    """Return the sections in a JSON, fenced JSON or 「开头:…」 labelled answer; None when there are none."""
    if len(text) > LIMIT:
        return None
    return _from_json(text) or labelled_sections(text)


def looks_like_refusal(text: str) -> bool:
    """Return whether a short plain answer declines to write."""
    return len(text) < 400 and text.lstrip().startswith(_REFUSALS)


def labelled_sections(text: str) -> Sections | None:
    """Return the sections of text labelled 「开头:…」「正文:…」; None unless a posted section is labelled."""
    marks = list(_LABELLED.finditer(text))
    starts = [*(mark.start() for mark in marks), len(text)]
    found = {_LABELS[mark[1]]: text[mark.end() : end].strip() for mark, end in zip(marks, starts[1:], strict=True)}
    return Sections(**found) if found.get("hook") or found.get("body") else None


def _from_json(text: str) -> Sections | None:
    for candidate in (text, *_FENCE.findall(text), text[text.find("{") : text.rfind("}") + 1]):
        try:
            data = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict) and (sections := _from_object(data)):
            return sections
    return None


def _from_object(data: dict[str, Any]) -> Sections | None:
    found = {
        _LABELS[key]: _as_text(value).strip() for key, value in data.items() if key in _LABELS and value is not None
    }
    return Sections(**found) if found.get("hook") or found.get("body") else None


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_as_text(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
