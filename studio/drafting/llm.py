"""One chat request to any OpenAI-compatible endpoint: bounded in time, size and retries.

The endpoint is not trusted: the body is read piece by piece against a deadline and a size limit,
and every way it can fail becomes a :class:`~studio.errors.ModelError` with a Chinese sentence.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from studio.drafting.faults import Busy, ServerFault, broken_answer, connection_fault, refused, status_fault
from studio.drafting.presets import PRESETS
from studio.errors import Cancelled, ModelAnswerError, ModelTimeout, SettingsError

if TYPE_CHECKING:
    from openai import OpenAI

Message = Mapping[str, str]
_MAX_BODY = 2_000_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how to reach a model. ``timeout`` is the whole wait for one answer, in seconds.

    ``base_url`` and ``model`` left empty come from the preset. The key is shown by nothing.
    Raises :class:`SettingsError` for an address or key that cannot be used.
    """

    preset: str = "custom"
    base_url: str = ""
    model: str = ""
    api_key: SecretStr = field(default_factory=lambda: SecretStr(""), compare=False)
    timeout: float = 60.0

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise SettingsError(f"没有「{self.preset}」这个模型服务，可选：{'、'.join(PRESETS)}")
        preset = PRESETS[self.preset]
        object.__setattr__(self, "base_url", (self.base_url or preset.base_url).strip().rstrip("/"))
        object.__setattr__(self, "model", (self.model or preset.model).strip())
        object.__setattr__(self, "api_key", SecretStr(self.api_key.get_secret_value().strip()))
        _check_address(self.base_url)
        if not self.model:
            raise SettingsError("还没填模型名。请在服务商的控制台里找到模型名，填到设置里")
        key = self.api_key.get_secret_value()
        if preset.needs_key and not key:
            raise SettingsError(f"{preset.label} 需要密钥。请在设置里填上，或先用模板草稿")
        if not key.isascii() or any(not character.isprintable() or character == " " for character in key):
            raise SettingsError("密钥里有中文、空格或看不见的字符。请从服务商的控制台重新复制一次")
        if not 0 < self.timeout <= 600:
            raise SettingsError("等待时间要在 1 到 600 秒之间")

    @property
    def host(self) -> str:
        """Host and port only: safe to show and to store with a draft."""
        parts = urlsplit(self.base_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def identity(self) -> str:
        """The name under which what this endpoint supports is remembered."""
        return f"{self.base_url}|{self.model}"


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError("模型地址要写成 https://… 的形式，例如 https://api.deepseek.com/v1")
    if parts.username or parts.password or parts.query:
        raise SettingsError("模型地址里不要带账号、密码或参数。密钥请填在密钥一栏")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try again; waits in seconds. A longer Retry-After is reported, not slept."""

    attempts: int = 3
    backoff: float = 0.5
    longest_wait: float = 20.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the text, and tokens as billed (0 where the endpoint does not say)."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class Chat:
    """Sends chat requests to one endpoint. Setting ``stop`` ends a wait and raises :class:`Cancelled`."""

    def __init__(
        self, endpoint: Endpoint, *, patience: Patience | None = None, stop: threading.Event | None = None
    ) -> None:
        self.endpoint = endpoint
        self._patience = patience or Patience()
        self._stop = stop or threading.Event()
        self._made: OpenAI | None = None

    def send(self, messages: Sequence[Message], options: Mapping[str, Any]) -> Reply:
        """Return the model's reply; ``options`` are further Chat Completions fields.

        Raises a :class:`~studio.errors.ModelError` (``faults.BadRequest`` when the endpoint rejects the
        request itself) or :class:`Cancelled`.
        """
        for attempt in range(1, self._patience.attempts + 1):
            try:
                return _read_reply(self._post(messages, options))
            except (Busy, ServerFault) as fault:
                wait = fault.retry_after
                if wait is None:
                    wait = self._patience.backoff * 2 ** (attempt - 1)
                final = attempt == self._patience.attempts or not fault.can_retry
                if final or wait > self._patience.longest_wait:
                    raise
                self._pause(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Cancelled("已停止。之前写好的都保存了")

    def _client(self) -> OpenAI:
        from openai import OpenAI

        if self._made is None:
            self._made = OpenAI(
                base_url=self.endpoint.base_url,
                api_key=self.endpoint.api_key.get_secret_value() or "no-key",
                timeout=self.endpoint.timeout,
                max_retries=0,
            )
            # the OpenAI account named in the environment is nobody else's business
            self._made.organization = self._made.project = None
        return self._made

    def _post(self, messages: Sequence[Message], options: Mapping[str, Any]) -> bytes:
        import httpx2
        from openai import APIConnectionError, APIStatusError

        deadline = time.monotonic() + self.endpoint.timeout
        body: dict[str, Any] = {"model": self.endpoint.model, "messages": list(messages), **options}
        create: Callable[..., Any] = self._client().chat.completions.with_streaming_response.create
        try:
            self._pause(0)
            with create(**body) as response:
                return self._read_body(response.iter_bytes(), deadline)
        except APIStatusError as error:
            raise status_fault(error, self.endpoint) from None
        except (APIConnectionError, httpx2.HTTPError) as error:
            raise connection_fault(error, self.endpoint) from None

    def _read_body(self, pieces: Any, deadline: float) -> bytes:
        body = bytearray()
        for piece in pieces:
            body += piece
            self._pause(0)
            if time.monotonic() > deadline:
                raise ModelTimeout(
                    f"模型 {self.endpoint.timeout:g} 秒没有写完。写好的都保存了。可以重试，或先用模板草稿"
                )
            if len(body) > _MAX_BODY:
                raise ModelAnswerError("模型的回答大得不正常，没有采用。请检查模型地址是否填对")
        return bytes(body)


def _read_reply(body: bytes) -> Reply:
    text = body.decode("utf-8", "replace")
    try:
        data = json.loads(text)
        choice = data["choices"][0]
        message = choice["message"]
        content = message.get("content") or ""
        refusal = message.get("refusal")
        if not isinstance(content, str):
            raise TypeError
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise broken_answer(text) from None
    if refusal or choice.get("finish_reason") == "content_filter":
        raise refused(str(refusal or content))
    if choice.get("finish_reason") == "length":
        raise ModelAnswerError("模型写到一半就到字数上限了，没有采用。请在提示词里调大 max_tokens 后重试", raw=content)
    if not content.strip():
        raise ModelAnswerError("模型回了一段空白。可以重试，或换一个模型")
    usage = data.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Reply(content, _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0
