"""The mix ledger: how far what was published, and what is planned, stands from the target mix.

Skipped slots never count, extra posts do. Drift is in posts: +1 is one too many, -1 one too few; it is what
:func:`studio.planning.mix.carry` keeps, so what is four weeks old is forgiven here too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from studio.planning.calendar import Slot, WeekId
from studio.planning.mix import FORGIVEN_AFTER_WEEKS, apportion, carry
from studio.planning.rules import Published
from studio.vocabulary import Channel, Mix, Pillar, Status

Entry = Published | Slot
Counts = dict[Pillar, int]
_HISTORY_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Balance:
    """One account of the ledger.

    ``published`` counts the last four weeks, this one included; ``planned`` what is still to come until Sunday.
    ``drift`` is where the account stands now, ``drift_planned`` where it stands on Sunday if all goes to plan.
    """

    published: Counts
    planned: Counts
    drift: dict[Pillar, float]
    drift_planned: dict[Pillar, float]

    @property
    def shares(self) -> dict[Pillar, float]:
        """Share of each pillar in what was published; all 0 when nothing was."""
        total = sum(self.published.values())
        return {pillar: count / total if total else 0.0 for pillar, count in self.published.items()}

    def to_json(self) -> dict[str, Any]:
        return {
            "published": _plain(self.published),
            "planned": _plain(self.planned),
            "shares": _rounded(self.shares),
            "drift": _rounded(self.drift),
            "drift_planned": _rounded(self.drift_planned),
        }


@dataclass(frozen=True, slots=True)
class ProductBalance:
    """A product's posts of the last four weeks and the rest of this one; its fair share is as many as any other's."""

    product: str
    published: int
    planned: int
    share: float
    drift: float

    def to_json(self) -> dict[str, Any]:
        return {
            "product": self.product,
            "published": self.published,
            "planned": self.planned,
            "share": round(self.share, 4),
            "drift": round(self.drift, 4),
        }


@dataclass(frozen=True, slots=True)
class Ledger:
    """The accounts of the shop, of each channel that was used, and of each product on sale."""

    target: dict[Pillar, float]
    shop: Balance
    channels: dict[Channel, Balance]
    products: tuple[ProductBalance, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "target": _rounded(self.target),
            "shop": self.shop.to_json(),
            "channels": {channel.value: balance.to_json() for channel, balance in self.channels.items()},
            "products": [balance.to_json() for balance in self.products],
        }


@dataclass(frozen=True, slots=True)
class WayBack:
    """What to change by Sunday: so many posts more (+) or fewer (-), the drift that leaves, and a sentence."""

    changes: Counts
    drift: dict[Pillar, float]
    sentence: str

    def to_json(self) -> dict[str, Any]:
        return {"changes": _plain(self.changes), "drift": _rounded(self.drift), "sentence": self.sentence}


def ledger(
    published: Sequence[Published], slots: Sequence[Slot], mix: Mix, today: date, products: Sequence[str]
) -> Ledger:
    """Return the ledger on a day. ``published`` is all that went out, newest week included; a year of it is used.

    Of ``slots`` those count that are still to be posted this week from today on; ``products`` are ids on sale.
    """
    past, coming = _past(published, today), _coming(slots, today)
    channels = {entry.channel for entry in past} | {entry.channel for entry in coming}
    return Ledger(
        target=mix.shares,
        shop=_balance(past, coming, mix, today),
        channels={
            channel: _balance(
                [entry for entry in past if entry.channel is channel],
                [entry for entry in coming if entry.channel is channel],
                mix,
                today,
            )
            for channel in Channel
            if channel in channels
        },
        products=_products(_recent(past, today), coming, products),
    )


def to_get_back(
    published: Sequence[Published], slots: Sequence[Slot], mix: Mix, today: date, posts_per_week: int
) -> WayBack:
    """Return what to post, besides what is planned, to be back at the mix by Sunday.

    The week keeps its number of posts: what is published and planned, or the shop's usual number if that is more.
    An older imbalance is worked off by at most one post per pillar a week, as the planner does.
    """
    past, coming = _past(published, today), _counts(_coming(slots, today))
    *before, done = _weeks(past, today)
    total = max(sum(done.values()) + sum(coming.values()), posts_per_week)
    wanted = apportion(mix, total, before, done)
    changes = {pillar: wanted[pillar] - done[pillar] - coming[pillar] for pillar in Pillar}
    drift = _drift(mix, [*before, wanted])
    return WayBack(changes, drift, _sentence(changes, drift, mix))


def _balance(past: Sequence[Entry], coming: Sequence[Entry], mix: Mix, today: date) -> Balance:
    *before, done = _weeks(past, today)
    planned = _counts(coming)
    return Balance(
        published=_counts(_recent(past, today)),
        planned=planned,
        drift=_drift(mix, [*before, done]),
        drift_planned=_drift(mix, [*before, {pillar: done[pillar] + planned[pillar] for pillar in Pillar}]),
    )


def _products(recent: Sequence[Entry], coming: Sequence[Entry], products: Sequence[str]) -> tuple[ProductBalance, ...]:
    published, planned = (
        Counter(entry.product for entry in entries if entry.pillar is Pillar.PRODUCT and entry.product in products)
        for entries in (recent, coming)
    )
    total = published.total() + planned.total()
    return tuple(
        ProductBalance(
            product=product,
            published=published[product],
            planned=planned[product],
            share=(published[product] + planned[product]) / total if total else 0.0,
            drift=published[product] + planned[product] - total / len(products),
        )
        for product in products
    )


def _past(published: Sequence[Published], today: date) -> list[Published]:
    since = WeekId.of(today).plus(-_HISTORY_WEEKS).monday
    return [entry for entry in published if since <= entry.date <= today]


def _recent(past: Sequence[Entry], today: date) -> list[Entry]:
    since = WeekId.of(today).plus(1 - FORGIVEN_AFTER_WEEKS).monday
    return [entry for entry in past if entry.date >= since]


def _coming(slots: Sequence[Slot], today: date) -> list[Slot]:
    sunday = WeekId.of(today).days[-1]
    over = (Status.POSTED, Status.SKIPPED)
    return [slot for slot in slots if today <= slot.date <= sunday and slot.status not in over]


def _weeks(entries: Sequence[Entry], today: date) -> list[Counts]:
    """Return the counts of every week from the first entry's to this one, without gaps."""
    monday = WeekId.of(today).monday
    first = min((WeekId.of(entry.date).monday for entry in entries), default=monday)
    weeks: list[list[Entry]] = [[] for _ in range((monday - first).days // 7 + 1)]
    for entry in entries:
        weeks[(entry.date - first).days // 7].append(entry)
    return [_counts(week) for week in weeks]


def _counts(entries: Iterable[Entry]) -> Counts:
    counts = Counter(entry.pillar for entry in entries)
    return {pillar: counts[pillar] for pillar in Pillar}


def _drift(mix: Mix, weeks: Sequence[Counts]) -> dict[Pillar, float]:
    return {pillar: float(ahead) for pillar, ahead in carry(mix, weeks).items()}


def _sentence(changes: Counts, drift: dict[Pillar, float], mix: Mix) -> str:
    steps = [f"再发 {count} 条{pillar.label}" for pillar, count in changes.items() if count > 0]
    steps += [f"少发 {-count} 条{pillar.label}" for pillar, count in changes.items() if count < 0]
    way = f"到周日{'、'.join(steps)}" if steps else "照计划发"
    left = [
        f"{pillar.label}还{'多' if ahead > 0 else '少'} {abs(ahead):.1f} 条"
        for pillar, ahead in drift.items()
        if abs(ahead) >= 1
    ]
    return f"{way}；{'、'.join(left)}，下周接着补" if left else f"{way}，周日就在 {mix} 上"


def _plain(counts: Counts) -> dict[str, int]:
    return {pillar.value: count for pillar, count in counts.items()}


def _rounded(values: dict[Pillar, float]) -> dict[str, float]:
    return {pillar.value: round(value, 4) for pillar, value in values.items()}
