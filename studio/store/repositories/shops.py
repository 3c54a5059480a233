"""Shops and their brand documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from studio.brand import Brand
from studio.errors import ConflictError
from studio.store.repositories.base import Repository, storable_json
from studio.store.schema import shop

if TYPE_CHECKING:
    from studio.store.database import Database


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A shop as the switcher shows it."""

    id: str
    name: str


def list_shops(database: Database) -> list[ShopRow]:
    """Return every shop in this database, by id."""
    with database.read() as connection:
        rows = connection.execute(select(shop.c.id, shop.c.brand).order_by(shop.c.id))
        return [ShopRow(row.id, row.brand.get("name", Brand().name)) for row in rows]


class BrandRepository(Repository):
    """The brand of one shop, with the version an editor must hand back."""

    def load(self) -> tuple[Brand, int]:
        """Return the brand and its version; a shop not made yet is an empty brand of version 0."""
        with self._database.read() as connection:
            row = connection.execute(select(shop).where(shop.c.id == self._scope.shop_id)).first()
        return (Brand.model_validate(row.brand), row.version) if row else (Brand(), 0)

    def save(self, brand: Brand, version: int) -> int:
        """Save over ``version`` and return the new one; :class:`ConflictError` when somebody was faster."""
        document = storable_json(brand.model_dump(mode="json", exclude_defaults=True))
        with self._write() as connection:
            changed = connection.execute(
                update(shop)
                .where(shop.c.id == self._scope.shop_id, shop.c.version == version)
                .values(brand=document, version=version + 1, **self._scope.stamp())
            )
            if changed.rowcount == 0:
                raise ConflictError(_CONFLICT)
        return version + 1


_CONFLICT = "店铺资料刚被别处改过，这次没有保存。请刷新页面，看过新内容再改一次。"
