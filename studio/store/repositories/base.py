"""What every repository has: a database, its shop, a clock and who is at the keyboard."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from studio.store.schema import shop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Table

    from studio.store.database import Database

BATCH = 500
"""Values in one ``IN (…)``: below SQLite's limit on parameters."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose data this is, and who changes it. ``clock`` returns an aware moment."""

    database: Database
    shop_id: str
    actor: str
    clock: Callable[[], datetime]

    def mine(self, table: Table) -> ColumnElement[bool]:
        """Return the condition that keeps rows of this shop."""
        return table.c.shop_id == self.shop_id

    def stamp(self) -> dict[str, Any]:
        """Return the columns that say who changed a row and when."""
        return {"actor": self.actor, "updated_at": self.clock()}


class Repository:
    """Base of the repositories."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._database = scope.database

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """Yield a connection whose changes are all saved at the end, or none.

        It holds the shop's row, so writers of one shop take turns on every database; a shop that
        nobody has described yet gets an empty row of version 0.
        """
        insert = sqlite.insert if self._database.dialect == "sqlite" else postgresql.insert
        empty = {"id": self._scope.shop_id, "brand": {}, "version": 0} | self._scope.stamp()
        with self._database.write() as connection:
            connection.execute(insert(shop).values(**empty).on_conflict_do_nothing())
            connection.execute(select(shop.c.id).where(shop.c.id == self._scope.shop_id).with_for_update())
            yield connection


def new_id() -> str:
    """Return an id nobody can guess or clash with."""
    return secrets.token_hex(8)


def storable(text: str) -> str:
    """Return ``text`` without what no database keeps: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def storable_json(value: Any) -> Any:
    """Return ``value`` with every text in it, codes included, made plain and :func:`storable`."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable_json(key): storable_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(item) for item in value]
    return value


def batches(items: Sequence[Any], size: int = BATCH) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
