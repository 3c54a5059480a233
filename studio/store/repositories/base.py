"""What every repository has: a database, its shop, a clock and who is at the keyboard."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Table

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


def new_id() -> str:
    """Return an id nobody can guess or clash with."""
    return secrets.token_hex(8)


def storable(text: str) -> str:
    """Return ``text`` without what no database keeps: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def batches(items: Sequence[Any], size: int = BATCH) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
