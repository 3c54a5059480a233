"""Everything that is kept: one database, one :class:`ShopStore` a shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.store.database import Database
from studio.store.repositories.base import Scope, storable
from studio.store.repositories.calendar import CalendarRepository
from studio.store.repositories.customers import CustomerRepository
from studio.store.repositories.drafts import DraftRepository
from studio.store.repositories.jobs import JobRepository
from studio.store.repositories.memos import MemoRepository
from studio.store.repositories.playbooks import PlaybookRepository
from studio.store.repositories.posts import PostRepository, VectorRepository
from studio.store.repositories.shops import BrandRepository, ShopRow, list_shops
from studio.store.repositories.suppressions import SuppressionRepository

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

__all__ = ["Database", "ShopRow", "ShopStore", "list_shops", "open_shop"]


@dataclass(frozen=True, slots=True)
class ShopStore:
    """The repositories of one shop."""

    brand: BrandRepository
    calendar: CalendarRepository
    drafts: DraftRepository
    posts: PostRepository
    vectors: VectorRepository
    customers: CustomerRepository
    jobs: JobRepository
    memos: MemoRepository
    suppressions: SuppressionRepository
    playbooks: PlaybookRepository


def open_shop(database: Database, shop_id: str, actor: str, clock: Callable[[], datetime]) -> ShopStore:
    """Return the repositories of ``shop_id``; what they change is signed by ``actor``."""
    scope = Scope(database, shop_id, storable(actor), clock)
    return ShopStore(
        brand=BrandRepository(scope),
        calendar=CalendarRepository(scope),
        drafts=DraftRepository(scope),
        posts=PostRepository(scope),
        vectors=VectorRepository(scope),
        customers=CustomerRepository(scope),
        jobs=JobRepository(scope),
        memos=MemoRepository(scope),
        suppressions=SuppressionRepository(scope),
        playbooks=PlaybookRepository(scope),
    )
