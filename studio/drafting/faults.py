"""What an endpoint's failures mean to a merchant: openai exceptions turned into the studio's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from studio.errors import (
    ModelAnswerError,
    ModelAuthError,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)

if TYPE_CHECKING:
    from openai import APIStatusError

    from studio.drafting.llm import Endpoint

_REFUSAL_CODES = ("data_inspection", "content_filter", "content_policy", "sensitivecontent", "1301")
_QUOTA_CODES = ("insufficient_quota", "insufficient_balance", "arrearage", "quota_exceeded", "billing")
_RAW_LIMIT = 4000


class BadRequest(ModelError):
    """The endpoint rejects the request itself; ``raw`` is what it said, in lower case."""


class Busy(ModelBusy):
    """Rate limit or quota; ``can_retry`` is False when waiting will not help."""

    def __init__(self, message: str, *, retry_after: float | None, can_retry: bool) -> None:
        super().__init__(message, retry_after=retry_after)
        self.can_retry = can_retry


class ServerFault(ModelUnreachable):
    """No usable connection, or the server failed."""

    def __init__(self, message: str, *, retry_after: float | None = None, can_retry: bool = True) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.can_retry = can_retry


def status_fault(error: APIStatusError, endpoint: Endpoint) -> ModelError:
    """Return the studio's error for an HTTP status of 400 or above."""
    status, said = error.status_code, _said(error)
    if any(code in said for code in _REFUSAL_CODES):
        return refused(said)
    if status == 402 or any(code in said for code in _QUOTA_CODES):
        return Busy("模型账户余额或额度不够了。请到服务商那里充值，或先用模板草稿", retry_after=None, can_retry=False)
    if status in {401, 403}:
        return ModelAuthError("密钥不对，或没有用这个模型的权限。请在设置里重新填写密钥")
    if status == 404:
        return ServerFault(f"{endpoint.host} 上找不到模型「{endpoint.model}」。请检查地址和模型名", can_retry=False)
    if status >= 500 or status in {408, 409, 429}:
        return _passing_fault(status, _retry_after(error.response.headers))
    return BadRequest(f"模型服务不接受这个请求({status})。请检查模型名和参数，或换一个模型", raw=said)


def _passing_fault(status: int, wait: float | None) -> ModelError:
    when = f"请 {wait:.0f} 秒后再试" if wait else "请过一会儿再试"
    if status == 429:
        return Busy(f"模型现在太忙。写好的都保存了，{when}", retry_after=wait, can_retry=True)
    return ServerFault(f"模型服务出错了({status})。写好的都保存了，{when}", retry_after=wait)


def refused(said: str) -> ModelRefused:
    """Return the error for a model, or its operator, that declines."""
    return ModelRefused("模型不愿意写这一条。换个主题或改一下店铺资料再试，或先用模板草稿", raw=said)


def connection_fault(error: Exception, endpoint: Endpoint) -> ModelError:
    """Return the studio's error for a request that got no whole answer."""
    import httpx2
    from openai import APIConnectionError, APITimeoutError

    if isinstance(error, APITimeoutError | httpx2.TimeoutException):
        return ModelTimeout(f"模型 {endpoint.timeout:g} 秒没有回应。写好的都保存了。可以重试，或先用模板草稿")
    cause = error.__cause__ if isinstance(error, APIConnectionError) else error
    if isinstance(cause, httpx2.RemoteProtocolError | httpx2.ReadError | httpx2.WriteError):
        return ServerFault("模型说到一半断了线。写好的都保存了。可以重试")
    return ServerFault(f"连不上 {endpoint.host}。请检查网络和模型地址，本机模型请先启动")


def broken_answer(text: str) -> ModelAnswerError:
    """Return the error for a body that is not a chat completion at all."""
    return ModelAnswerError("这个地址回的不是模型的答案。请检查模型地址，一般以 /v1 结尾", raw=text[:_RAW_LIMIT])


def _said(error: APIStatusError) -> str:
    body: Any = error.body
    parts = [error.code, error.param, body.get("message") if isinstance(body, Mapping) else body]
    return " ".join(str(part) for part in parts if part)[:_RAW_LIMIT].lower()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds the server asks to wait, from either form of Retry-After; None when it does not say."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,7}(\.\d+)?", value):
        return float(value)
    try:
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None
