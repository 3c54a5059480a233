"""Drafting by hand-off: a prompt to carry to any chat app, and reading the pasted answer back."""

from __future__ import annotations

from studio.drafting.answers import LIMIT, answer_sections
from studio.drafting.draft import Sections
from studio.drafting.prompts import RenderedPrompt
from studio.errors import InputError


def full_prompt(prompt: RenderedPrompt) -> str:
    """Return the whole prompt as one text to copy into a chat app."""
    return f"{prompt.system}\n\n----------\n\n{prompt.user}\n"


def read_answer(pasted: str) -> Sections:
    """Return the sections of a pasted answer: JSON, fenced JSON, 「开头:…」 labels, or plain paragraphs.

    Of plain paragraphs the first is the opener and the rest the body. Raises :class:`InputError` for nothing
    or for more than 20,000 characters.
    """
    text = pasted.replace("\r\n", "\n").strip()
    if not text:
        raise InputError("还没有贴内容。把聊天工具的回答整段复制过来就行")
    if len(text) > LIMIT:
        raise InputError(f"贴的内容太长（{len(text)} 字），没有采用。只贴这一条的回答就行")
    sections = answer_sections(text)
    if sections is None and text[0] in "{[":
        raise InputError("这段 JSON 不完整，读不了。请把回答从头到尾重新复制一次")
    if sections is None:
        hook, _, body = text.partition("\n")
        sections = Sections(hook=hook.strip(), body=body.strip())
    return sections
