"""Structured answers from endpoints that support different things.

The ladder is ``json_schema → json_object → text``. A rejected rung leads to the next one; parameters a
model rejects are left out; what worked is remembered per endpoint, so the next request starts there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from studio.drafting.answers import SCHEMA, answer_sections, looks_like_refusal
from studio.drafting.draft import Sections
from studio.drafting.faults import BadRequest, refused
from studio.drafting.llm import Chat, Message, Reply
from studio.errors import ModelAnswerError

_OPTIONAL = ("max_tokens", "max_completion_tokens", "temperature")
_REPAIR = "上面的回答没法读取。请只回一个 JSON 对象，不要解释，不要代码块。格式：\n"


class Rung(StrEnum):
    """A way of asking for JSON, strictest first."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an endpoint accepts: its rung, and the parameters to leave out. ``str`` and ``parse`` are inverse."""

    rung: Rung = Rung.JSON_SCHEMA
    without: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Dialect:
        """Read what ``str`` wrote; anything else is the strictest dialect."""
        rung, *without = text.split(" -")
        known = tuple(name for name in without if name in _OPTIONAL)
        return cls(Rung(rung), known) if rung in set(Rung) else cls()

    def __str__(self) -> str:
        return " -".join([self.rung.value, *self.without])


@dataclass(frozen=True, slots=True)
class Answer:
    """Sections the model wrote, with the tokens of all turns it took and the parameters that were sent."""

    sections: Sections
    tokens_in: int
    tokens_out: int
    parameters: dict[str, Any]
    dialect: Dialect


class Ladder:
    """Asks one chat endpoint for sections. ``memory`` maps endpoint identities to dialects as text."""

    def __init__(self, chat: Chat, memory: MutableMapping[str, str]) -> None:
        self._chat = chat
        self._memory = memory

    def ask(self, messages: Sequence[Message], *, temperature: float, max_tokens: int) -> Answer:
        """Return the model's sections, repairing one unreadable answer; raise :class:`ModelAnswerError` after that."""
        wanted = {"temperature": temperature, "max_tokens": max_tokens}
        reply, dialect, sent = self._climb_down(messages, wanted)
        replies = [reply]
        sections = answer_sections(reply.text)
        if sections is None and looks_like_refusal(reply.text):
            raise refused(reply.text)
        if sections is None:
            repair = {"role": "user", "content": _REPAIR + json.dumps(SCHEMA, ensure_ascii=False)}
            again = [*messages, {"role": "assistant", "content": reply.text}, repair]
            reply, dialect, sent = self._climb_down(again, wanted)
            replies.append(reply)
            sections = answer_sections(reply.text)
        if sections is None:
            raise ModelAnswerError("模型两次都没按格式写。原文留着了，可以手工贴进来，或换一个模型", raw=reply.text)
        totals = sum(item.tokens_in for item in replies), sum(item.tokens_out for item in replies)
        return Answer(sections, *totals, parameters=sent, dialect=dialect)

    def _climb_down(self, messages: Sequence[Message], wanted: dict[str, Any]) -> tuple[Reply, Dialect, dict[str, Any]]:
        identity = self._chat.endpoint.identity
        dialect = Dialect.parse(self._memory.get(identity, ""))
        while True:
            sent = _accepted(wanted, dialect)
            try:
                reply = self._chat.send(_worded(messages, dialect.rung), {**sent, **_format(dialect.rung)})
            except BadRequest as fault:
                dialect = _next(dialect, fault, sent)
                continue
            self._memory[identity] = str(dialect)
            return reply, dialect, sent


def _next(dialect: Dialect, fault: BadRequest, sent: dict[str, Any]) -> Dialect:
    rejected = next((name for name in sent if name in fault.raw), None)
    if rejected:
        return replace(dialect, without=(*dialect.without, rejected))
    rungs = list(Rung)
    below = rungs[rungs.index(dialect.rung) + 1 :]
    if not below:
        raise fault
    return replace(dialect, rung=below[0])


def _accepted(wanted: dict[str, Any], dialect: Dialect) -> dict[str, Any]:
    sent = {name: value for name, value in wanted.items() if name not in dialect.without}
    if "max_tokens" in dialect.without and "max_completion_tokens" not in dialect.without:
        sent["max_completion_tokens"] = wanted["max_tokens"]
    return sent


def _format(rung: Rung) -> dict[str, Any]:
    formats: dict[Rung, Callable[[], dict[str, Any]]] = {
        Rung.JSON_SCHEMA: lambda: {
            "type": "json_schema",
            "json_schema": {"name": "post", "strict": True, "schema": SCHEMA},
        },
        Rung.JSON_OBJECT: lambda: {"type": "json_object"},
    }
    return {"response_format": formats[rung]()} if rung in formats else {}


def _worded(messages: Sequence[Message], rung: Rung) -> list[Message]:
    if rung is Rung.JSON_SCHEMA:
        return list(messages)
    first, *rest = messages
    schema = f"\n\n只回一个 JSON 对象，符合这个 JSON Schema:\n{json.dumps(SCHEMA, ensure_ascii=False)}"
    return [{**first, "content": first["content"] + schema}, *rest]
