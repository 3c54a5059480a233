"""Embeddings from an endpoint that speaks OpenAI's ``/v1/embeddings``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from studio.errors import EmbeddingError
from studio.library.embedding import UnitEmbedder

if TYPE_CHECKING:
    from numpy.typing import NDArray


BATCH = 10
"""Texts a request: the smallest limit among the endpoints offered in 设置."""


class OpenAIEmbedder(UnitEmbedder):
    """A model behind an OpenAI-compatible ``/v1/embeddings``, ten texts a request.

    ``dim`` is asked of the endpoint once. ``timeout`` is in seconds a request.
    """

    def __init__(self, base_url: str, model: str, api_key: str = "", *, timeout: float = 30.0) -> None:
        super().__init__()
        self._base_url = base_url
        self._name = model
        self._api_key = api_key
        self._timeout = timeout
        self._dim = 0
        self._client: Any = None

    @property
    def id(self) -> str:
        return f"openai/{self._name}"

    @property
    def revision(self) -> str:
        return urlsplit(self._base_url).netloc.rpartition("@")[2] or "default"

    @property
    def dim(self) -> int:
        with self._lock:
            return self._dim or len(self._ask(["维度"])[0])

    def close(self) -> None:
        """Close the connection; the next text opens a new one."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _connected(self) -> Any:
        from openai import OpenAI

        if self._client is None:
            self._client = OpenAI(
                base_url=self._base_url or None,
                api_key=self._api_key or "none",
                timeout=self._timeout,
                max_retries=1,
            )
        return self._client

    def _encode(self, texts: list[str], *, is_query: bool) -> Any:  # noqa: ARG002 - the protocol has one kind of input
        return np.concatenate([self._ask(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)])

    def _ask(self, texts: list[str]) -> NDArray[np.float32]:
        import openai

        try:
            answer = self._connected().embeddings.create(model=self._name, input=texts, encoding_format="float")
            data = sorted(answer.data, key=lambda item: item.index)
            vectors = np.array([item.embedding for item in data], dtype=np.float32)
        except openai.APITimeoutError:
            raise EmbeddingError(f"语义接口 {self._timeout:g} 秒没有回应。已算好的都保存了，可以稍后重试。") from None
        except openai.APIConnectionError:
            raise EmbeddingError("连不上语义接口。已算好的都保存了，请检查网络和「设置」里的地址。") from None
        except openai.APIStatusError as error:
            raise EmbeddingError(_explain(error.status_code)) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError):
            raise EmbeddingError(_BAD_ANSWER) from None
        if vectors.ndim != 2 or len(vectors) != len(texts) or vectors.shape[1] != (self._dim or vectors.shape[1]):
            raise EmbeddingError(_BAD_ANSWER)
        self._dim = vectors.shape[1]
        return vectors


_BAD_ANSWER = "语义接口的回答看不懂。已算好的都保存了，请检查「设置」里的地址和模型名是不是向量模型。"


def _explain(status: int) -> str:
    if status in (401, 403):
        return "语义接口不认这个密钥。已算好的都保存了，请在「设置」里重新填写密钥。"
    if status == 404:
        return "语义接口里没有这个地址或模型。请检查「设置」里的地址和模型名。"
    if status == 429:
        return "语义接口说太频繁或额度用完了。已算好的都保存了，请稍后重试或检查额度。"
    return f"语义接口出错({status})。已算好的都保存了，可以稍后重试。"
