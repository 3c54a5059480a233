"""Small things worth remembering between visits: a half-typed text, the ladder rung of an endpoint."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select

from studio.store.repositories.base import Repository, storable
from studio.store.schema import memo


class MemoRepository(Repository):
    """Values by key; the last one saved wins."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value kept under ``key``, or ``default``."""
        query = select(memo.c.value).where(self._scope.mine(memo), memo.c.key == key)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return row.value if row else default

    def set(self, key: str, value: Any) -> None:
        """Keep ``value`` (anything JSON can hold) under ``key``; None forgets it."""
        if isinstance(value, str):
            value = storable(value)
        with self._database.write() as connection:
            connection.execute(delete(memo).where(self._scope.mine(memo), memo.c.key == key))
            if value is not None:
                row = {"shop_id": self._scope.shop_id, "key": key, "value": value, "updated_at": self._scope.clock()}
                connection.execute(insert(memo).values(**row))
