"""Where words begin and end, for the few patterns that ask."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

_WINDOW = 40


@cache
def _tokenizer() -> Any:
    import logging
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's own string escapes
        import jieba
    from platformdirs import user_cache_path

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(user_cache_path("siyu-studio", ensure_exists=True))
    return tokenizer


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Whether no word of ``text`` straddles the edges of ``text[start:end]`` (jieba, default dictionary)."""
    low = max(0, start - _WINDOW)
    edges = _edges(text[low : end + _WINDOW])
    return start - low in edges and end - low in edges


@lru_cache(maxsize=1024)
def _edges(window: str) -> frozenset[int]:
    """Return where words begin and end."""
    return frozenset((0, *(stop for _, _, stop in _tokenizer().tokenize(window))))
