"""What an endpoint supports, found out by asking it once."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from studio.drafting.ladder import Ladder
from studio.drafting.llm import Chat, Endpoint, Patience
from studio.errors import ModelError

_QUESTION = (
    {"role": "system", "content": "你在做连接测试。"},
    {
        "role": "user",
        "content": "回一个 JSON:hook 写「你好」，body 写「连上了」，cta、comment、image_brief 写空字符串。",
    },
)


@dataclass(frozen=True, slots=True)
class Probe:
    """The result of one small request. ``seconds`` is wall time; ``problem`` is a Chinese sentence or empty.

    ``rung`` is ``json_schema``, ``json_object`` or ``text``; ``without`` names parameters the model rejects.
    """

    host: str
    model: str
    ok: bool
    rung: str = ""
    without: tuple[str, ...] = ()
    seconds: float = 0.0
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "host": self.host,
            "model": self.model,
            "ok": self.ok,
            "rung": self.rung,
            "without": list(self.without),
            "seconds": self.seconds,
            "problem": self.problem,
        }


def probe(
    endpoint: Endpoint, *, memory: MutableMapping[str, str] | None = None, patience: Patience | None = None
) -> Probe:
    """Return what the endpoint supports, asking afresh; ``memory`` is updated with what was learned."""
    learned: dict[str, str] = {}
    started = time.monotonic()
    ladder = Ladder(Chat(endpoint, patience=patience or Patience(attempts=2)), learned)
    try:
        answer = ladder.ask(_QUESTION, temperature=0.0, max_tokens=500)
    except ModelError as error:
        return Probe(endpoint.host, endpoint.model, ok=False, seconds=time.monotonic() - started, problem=str(error))
    if memory is not None:
        memory.update(learned)
    return Probe(
        endpoint.host,
        endpoint.model,
        ok=True,
        rung=answer.dialect.rung.value,
        without=answer.dialect.without,
        seconds=time.monotonic() - started,
    )
