"""Small things worth remembering between visits: a half-typed text, the ladder rung of an endpoint."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import delete, insert, select

from studio.store.repositories.base import Repository, storable_json
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
        with self._write() as connection:
            connection.execute(delete(memo).where(self._scope.mine(memo), memo.c.key == key))
            if value is not None:
                row = {
                    "shop_id": self._scope.shop_id,
                    "key": key,
                    "value": storable_json(value),
                    "updated_at": self._scope.clock(),
                }
                connection.execute(insert(memo).values(**row))


class MemoMapping(MutableMapping[str, str]):
    """A small mapping of texts kept as one memo, for parts that remember something themselves."""

    def __init__(self, memos: MemoRepository, key: str) -> None:
        self._memos = memos
        self._key = key

    def _all(self) -> dict[str, str]:
        return dict(self._memos.get(self._key, {}))

    def __getitem__(self, name: str) -> str:
        return self._all()[name]

    def __setitem__(self, name: str, value: str) -> None:
        self._memos.set(self._key, self._all() | {name: value})

    def __delitem__(self, name: str) -> None:
        rest = self._all()
        del rest[name]
        self._memos.set(self._key, rest)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
