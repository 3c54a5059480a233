"""What a shop answers for in reviews."""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import delete, insert, select

from studio.review.suppressions import Suppression
from studio.store.repositories.base import Repository, new_id, storable
from studio.store.schema import suppression


class SuppressionRepository(Repository):
    """The suppressions of one shop."""

    def all(self) -> list[Suppression]:
        """Return every suppression, the newest first."""
        query = (
            select(suppression)
            .where(self._scope.mine(suppression))
            .order_by(suppression.c.updated_at.desc(), suppression.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings()
            fields = Suppression.__dataclass_fields__
            return [Suppression(**{name: row[name] for name in fields}) for row in rows]

    def add(self, item: Suppression) -> Suppression:
        """Keep a new suppression, signed by who is at the keyboard, and return it with its id."""
        kept = replace(
            item,
            id=new_id(),
            actor=self._scope.actor,
            phrase=storable(item.phrase),
            reason=storable(item.reason),
            evidence=storable(item.evidence),
        )
        with self._write() as connection:
            row = asdict(kept) | self._scope.stamp() | {"shop_id": self._scope.shop_id}
            connection.execute(insert(suppression).values(**row))
        return kept

    def remove(self, suppression_id: str) -> None:
        """Take a suppression back."""
        mine = self._scope.mine(suppression) & (suppression.c.id == suppression_id)
        with self._write() as connection:
            connection.execute(delete(suppression).where(mine))
