"""What the library needs of a database; the store package implements both on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from studio.library.posts import Post

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class PostStore(Protocol):
    """The posts of one shop."""

    def add(self, posts: Sequence[Post]) -> list[str]:
        """Store the posts whose text is new and return their ids, in order; same ``text_hash`` means merged."""
        ...

    def all(self) -> list[Post]:
        """Return every post, oldest addition first."""
        ...

    def get(self, ids: Sequence[str]) -> list[Post]:
        """Return the posts with these ids, in the order asked; unknown ids are left out."""
        ...

    def count(self) -> int:
        """Return how many posts there are."""
        ...

    def revision(self) -> str:
        """Return a mark that changes whenever the posts change, and only then."""
        ...


class VectorStore(Protocol):
    """The vectors of one shop's posts, kept apart by the key of the model that made them."""

    def load(self, key: str) -> tuple[list[str], NDArray[np.float32]]:
        """Return (post ids, unit vectors of shape (n, dim)) of this key; shape (0, 0) when there are none."""
        ...

    def save(self, key: str, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store one vector per post id; a vector already there is replaced."""
        ...

    def missing(self, key: str) -> list[str]:
        """Return the ids of posts without a vector of this key."""
        ...
