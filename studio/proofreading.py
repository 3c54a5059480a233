"""The review of a text as this shop sees it: its product type, its calendar, its library, what it answers for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from studio.review.context import said_before, too_many_ads
from studio.review.suppressions import apply
from studio.vocabulary import Channel, Pillar, ProductType, Status

if TYPE_CHECKING:
    from studio.drafting.draft import Sections
    from studio.library.similarity import Similar
    from studio.planning.calendar import Slot
    from studio.review import Finding, Report
    from studio.workspace import Workspace

COOLDOWN_DAYS = 21
"""For how long a post close in meaning counts as just said."""


@dataclass(frozen=True, slots=True)
class Check:
    """What the studio says of a draft in its context: the review with grounding, and what it resembles."""

    report: Report
    similar: tuple[Similar, ...]


class Proofreader:
    """Reviews texts and drafts of one workspace's shop."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._store = workspace.store

    def product_type(self, slot: Slot | None = None) -> ProductType:
        """Return what the law sees in a slot: its product's type, else the shop's."""
        brand = self._workspace.brand
        product = brand.product(slot.product) if slot else None
        return (product.product_type if product else None) or brand.product_type

    def review(self, text: str, *, channel: Channel | None = None, product_type: ProductType | None = None) -> Report:
        """Return the review of any text; what somebody answers for is quiet."""
        return next(self.review_many([text], channel=channel, product_type=product_type))

    def review_many(
        self, texts: Iterable[str], *, channel: Channel | None = None, product_type: ProductType | None = None
    ) -> Iterator[Report]:
        """Yield one report for every text, in order."""
        kind = product_type or self.product_type()
        allowed, today = self._store.suppressions.all(), self._workspace.clock().date()
        for report in self._workspace.reviewer.review_many(texts, channel=channel, product_type=kind):
            yield apply(report, allowed, today)

    def check(self, sections: Sections, slot: Slot, *, similar: int = 3) -> Check:
        """Return what the review, the grounding, the calendar and the library say of a draft's posted text."""
        from studio.drafting.grounding import check as check_grounding

        text = sections.text
        kind = self.product_type(slot)
        report = self._workspace.reviewer.review(text, channel=slot.channel, product_type=kind)
        ungrounded = [issue.finding() for issue in check_grounding(text, self._workspace.brand, slot)]
        close = self._workspace.library.similar(text, k=similar) if similar and text else []
        others = tuple(item for item in close if item.post.slot_id != slot.id)
        found = [*report.findings, *ungrounded, *self._in_context(slot, others)]
        found.sort(key=lambda item: (item.start, item.end))
        allowed = self._store.suppressions.all()
        report = apply(replace(report, findings=tuple(found)), allowed, self._workspace.clock().date())
        return Check(report, others)

    def _in_context(self, slot: Slot, close: Sequence[Similar]) -> Iterator[Finding]:
        limit = self._workspace.settings.plan.max_product_per_day
        ads = [
            other.id
            for other in self._store.calendar.slots(slot.date, slot.date)
            if other.pillar is Pillar.PRODUCT and other.status is not Status.SKIPPED
        ]
        if slot.id in ads[limit:]:
            yield too_many_ads(len(ads), limit)
        since = slot.date - timedelta(days=COOLDOWN_DAYS)
        for item in close:
            day = item.post.posted_on
            if item.is_close and day and since <= day <= slot.date:
                yield said_before(day, item.post.text[:16])
