"""Customers: tags and totals only; they never leave the database for a prompt."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from studio.audience.customers import Customer
from studio.store.repositories.base import Repository, batches, new_id, storable_json
from studio.store.schema import customer, memo

if TYPE_CHECKING:
    from collections.abc import Sequence

_REVISION = "customers-revision"


class CustomerRepository(Repository):
    """The customers of one shop."""

    def save(self, customers: Sequence[Customer]) -> None:
        """Store customers; one with a known id replaces the old row."""
        rows = {row["id"]: row for row in map(self._row, customers)}
        with self._write() as connection:
            for batch in batches(list(rows)):
                connection.execute(delete(customer).where(self._scope.mine(customer), customer.c.id.in_(batch)))
                connection.execute(insert(customer), [rows[key] for key in batch])
            if rows:
                connection.execute(delete(memo).where(self._scope.mine(memo), memo.c.key == _REVISION))
                kept = {"shop_id": self._scope.shop_id, "key": _REVISION, "value": new_id()}
                connection.execute(insert(memo).values(**kept, updated_at=self._scope.clock()))

    def revision(self) -> str:
        """Return a text that changes whenever the customers do."""
        query = select(memo.c.value).where(self._scope.mine(memo), memo.c.key == _REVISION)
        with self._database.read() as connection:
            return connection.execute(query).scalar() or ""

    def all(self) -> list[Customer]:
        """Return every customer, by id."""
        query = select(customer).where(self._scope.mine(customer)).order_by(customer.c.id)
        with self._database.read() as connection:
            return [
                Customer(
                    id=row["id"],
                    nickname=row["nickname"],
                    tags=frozenset(row["tags"]),
                    spent=row["spent"],
                    orders=row["orders"],
                    last_order_on=row["last_order_on"],
                    added_on=row["added_on"],
                    birthday=row["birthday"],
                    source=row["source"],
                )
                for row in connection.execute(query).mappings()
            ]

    def count(self) -> int:
        """Return how many customers there are."""
        query = select(func.count()).select_from(customer).where(self._scope.mine(customer))
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def _row(self, item: Customer) -> dict[str, Any]:
        return {**storable_json(asdict(item) | {"tags": sorted(item.tags)}), "shop_id": self._scope.shop_id}
