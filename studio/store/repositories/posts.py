"""The content library's posts and their vectors."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from studio.library.posts import Post, text_hash
from studio.store.repositories.base import Repository, batches, storable_json
from studio.store.schema import post, shop, vector
from studio.vocabulary import Channel, Pillar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy as np
    from sqlalchemy import Connection, RowMapping, Select


class PostRepository(Repository):
    """The posts of one shop; two posts with the same text are one."""

    def add(self, posts: Sequence[Post]) -> list[str]:
        """Store new posts and return their ids; a text that is already there is skipped."""
        rows: dict[str, dict[str, Any]] = {}
        for item in posts:
            row = self._row(item)
            rows.setdefault(row["text_hash"], row)
        with self._write() as connection:
            for batch in batches(list(rows)):
                present = select(post.c.text_hash).where(self._scope.mine(post), post.c.text_hash.in_(batch))
                for known in connection.execute(present).scalars():
                    rows.pop(known)
            for chunk in batches(list(rows.values())):
                connection.execute(insert(post), list(chunk))
            if rows:
                self._touch(connection)
        return [row["id"] for row in rows.values()]

    def all(self) -> list[Post]:
        """Return every post, undated ones first, then by day."""
        in_order = post.c.posted_on.asc().nulls_first(), post.c.id
        return self._select(select(post).where(self._scope.mine(post)).order_by(*in_order))

    def get(self, ids: Sequence[str]) -> list[Post]:
        """Return the posts with these ids, in the order asked; unknown ids are left out."""
        found: dict[str, Post] = {}
        for batch in batches(ids):
            for item in self._select(select(post).where(self._scope.mine(post), post.c.id.in_(batch))):
                found[item.id] = item
        return [found[key] for key in ids if key in found]

    def between(self, since: date, until: date) -> list[Post]:
        """Return the posts published from ``since`` to ``until``, both days included."""
        condition = post.c.posted_on.between(since, until)
        return self._select(select(post).where(self._scope.mine(post), condition).order_by(post.c.posted_on, post.c.id))

    def by_slot(self, slot_id: str) -> Post | None:
        """Return the post that was published for this slot, or None."""
        found = self._select(select(post).where(self._scope.mine(post), post.c.slot_id == slot_id))
        return found[0] if found else None

    def set_metrics(self, post_id: str, metrics: dict[str, int]) -> None:
        """Replace what was counted for a post."""
        with self._write() as connection:
            counted = connection.execute(
                update(post).where(self._scope.mine(post), post.c.id == post_id).values(metrics=metrics)
            )
            if counted.rowcount:
                self._touch(connection)

    def remove(self, post_id: str) -> None:
        """Take a post, and its vectors, out of the library."""
        with self._write() as connection:
            gone = connection.execute(delete(post).where(self._scope.mine(post), post.c.id == post_id))
            if gone.rowcount:
                self._touch(connection)

    def count(self) -> int:
        """Return how many posts there are."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(post).where(self._scope.mine(post))).scalar_one()

    def revision(self) -> str:
        """Return a text that changes whenever the posts do."""
        with self._database.read() as connection:
            query = select(shop.c.posts_revision).where(shop.c.id == self._scope.shop_id)
            return str(connection.execute(query).scalar() or 0)

    def _touch(self, connection: Connection) -> None:
        connection.execute(
            update(shop).where(shop.c.id == self._scope.shop_id).values(posts_revision=shop.c.posts_revision + 1)
        )

    def _select(self, query: Select[Any]) -> list[Post]:
        with self._database.read() as connection:
            return [_post(row) for row in connection.execute(query).mappings()]

    def _row(self, item: Post) -> dict[str, Any]:
        row = storable_json(asdict(item))
        row["text_hash"] = text_hash(row["text"])
        return {**row, "shop_id": self._scope.shop_id}


class VectorRepository(Repository):
    """Vectors of posts, one a post and model; float32, little end first."""

    def load(self, key: str) -> tuple[list[str], np.ndarray]:
        """Return the post ids and the vectors of one model, shape ``(n, dim)``."""
        import numpy as np

        query = (
            select(vector.c.post_id, vector.c.data)
            .where(self._scope.mine(vector), vector.c.model_key == key)
            .order_by(vector.c.post_id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return [], np.zeros((0, 0), dtype=np.float32)
        matrix = np.frombuffer(b"".join(row.data for row in rows), dtype="<f4").reshape(len(rows), -1)
        return [row.post_id for row in rows], matrix.astype(np.float32, copy=False)

    def save(self, key: str, ids: Sequence[str], vectors: np.ndarray) -> None:
        """Store one vector a post; a post that left the library meanwhile is skipped."""
        with self._write() as connection:
            for batch in batches(list(zip(ids, vectors, strict=True))):
                wanted = [post_id for post_id, _ in batch]
                present = set(
                    connection.execute(select(post.c.id).where(self._scope.mine(post), post.c.id.in_(wanted))).scalars()
                )
                connection.execute(
                    delete(vector).where(
                        self._scope.mine(vector), vector.c.model_key == key, vector.c.post_id.in_(wanted)
                    )
                )
                rows = [
                    {
                        "shop_id": self._scope.shop_id,
                        "post_id": post_id,
                        "model_key": key,
                        "data": row.astype("<f4").tobytes(),
                    }
                    for post_id, row in batch
                    if post_id in present
                ]
                if rows:
                    connection.execute(insert(vector), rows)

    def missing(self, key: str) -> list[str]:
        """Return the ids of posts that have no vector of this model yet."""
        known = select(vector.c.post_id).where(self._scope.mine(vector), vector.c.model_key == key)
        query = select(post.c.id).where(self._scope.mine(post), post.c.id.not_in(known)).order_by(post.c.id)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())


def _post(row: RowMapping) -> Post:
    return Post(
        id=row["id"],
        text=row["text"],
        pillar=Pillar(row["pillar"]) if row["pillar"] else None,
        channel=Channel(row["channel"]) if row["channel"] else None,
        posted_on=row["posted_on"],
        posted_time=row["posted_time"],
        segment=row["segment"],
        title=row["title"],
        tags=tuple(row["tags"]),
        metrics=row["metrics"],
        source=row["source"],
        slot_id=row["slot_id"],
        is_example=row["is_example"],
    )
