"""The cooldown of themes: what says much the same as something the same people saw a short while ago."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from studio.library.posts import Post
from studio.library.similarity import Similar, seen_by

COOLDOWN_DAYS = 21
_LOOKED_AT = 10


class Closeness:
    """Compares themes with the posts of one library; every theme is looked up once.

    ``similar`` returns the posts most like a theme, closest first.
    """

    def __init__(self, posts: Sequence[Post], similar: Callable[[str, int], list[Similar]]) -> None:
        self._posts = posts
        self._similar = similar
        self._close: dict[str, list[Post]] = {}

    def is_close(self, theme: str, segment: str | None, on: date) -> bool:
        """Tell whether ``segment`` (None: everybody) saw something close to ``theme`` in the 21 days before a day."""
        if not seen_by(self._posts, segment, COOLDOWN_DAYS, on):
            return False
        if theme not in self._close:
            self._close[theme] = [item.post for item in self._similar(theme, _LOOKED_AT) if item.is_close]
        return bool(seen_by(self._close[theme], segment, COOLDOWN_DAYS, on))
