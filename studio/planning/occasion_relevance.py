"""How much an occasion has to do with a shop, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.brand import Brand
from studio.planning.occasion_kinds import OccasionKind
from studio.planning.occasions import Occasion

MOST = 3.0
"""The scale of the scores, and of the weights a merchant writes: 0 means leave it alone."""

_BY_KIND: dict[str, tuple[float, str]] = {
    "holiday": (1.0, "大家都放假的日子，资料里没有专门写它的"),
    "workday": (0.5, "调休上班的日子，说说日常就好"),
    "festival": (0.6, "资料里没有和它对得上的东西"),
    "term": (0.4, "节气，资料里没有和它对得上的东西"),
    "sale": (1.0, "大促窗口，接不接看你自己"),
    "memorial": (0.3, "祭扫的日子，不做促销"),
    "shop": (MOST, "本店自己的日子"),
    "birthday": (1.5, "客户的生日，一对一问候"),
}


@dataclass(frozen=True, slots=True)
class Relevance:
    """A score from 0 (leave it alone) to 3 (made for this shop), and one Chinese sentence that says why."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What a shop says of itself: names of what is on sale, what it knows, what it deals in, facts by occasion."""

    names: tuple[str, ...]
    facts: str
    trades: str
    told: dict[str, int]


def relevance(occasion: Occasion, brand: Brand) -> Relevance:
    """Return how relevant an occasion is to a shop: the merchant's own weight, else what products and facts say."""
    return _judge(occasion, _shelf(brand))


def ranked(occasions: Iterable[Occasion], brand: Brand) -> list[tuple[Occasion, Relevance]]:
    """Return occasions with their relevance, the most relevant first, those of one score by date and name."""
    shelf = _shelf(brand)
    judged = [(item, _judge(item, shelf)) for item in occasions]
    return sorted(judged, key=lambda pair: (-pair[1].score, pair[0].start, pair[0].name))


def _shelf(brand: Brand) -> _Shelf:
    on_sale = [product for product in brand.products if product.on_sale]
    facts = [*brand.facts, *(fact for product in on_sale for fact in product.facts)]
    told: dict[str, int] = {}
    for fact in facts:
        for stem in {name.removesuffix("节") for name in fact.occasions}:
            told[stem] = told.get(stem, 0) + 1
    types = {product.product_type for product in on_sale if product.product_type} | {brand.product_type}
    return _Shelf(
        names=tuple(product.name for product in on_sale),
        facts="\n".join(f"{fact.topic or ''} {fact.text}" for fact in facts),
        trades=" ".join([brand.industry or "", *sorted(types)]),
        told=told,
    )


def _judge(occasion: Occasion, shelf: _Shelf) -> Relevance:
    if occasion.weight is not None:
        return Relevance(occasion.weight, f"你给它定的是 {occasion.weight:g} 分")
    if occasion.kind in (OccasionKind.SHOP, OccasionKind.WORKDAY, OccasionKind.BIRTHDAY):
        return Relevance(*_BY_KIND[occasion.kind.value])
    return _by_fact(occasion, shelf) or _by_word(occasion, shelf) or Relevance(*_BY_KIND[occasion.kind.value])


def _by_fact(occasion: Occasion, shelf: _Shelf) -> Relevance | None:
    count = shelf.told.get(occasion.name.removesuffix("节"), 0)
    return Relevance(MOST if count > 1 else 2.5, f"资料里有 {count} 条事实写给它") if count else None


def _by_word(occasion: Occasion, shelf: _Shelf) -> Relevance | None:
    for word in occasion.words:
        name = next((name for name in shelf.names if word in name), None)
        if name is not None:
            return Relevance(2.5, f"在售的「{name}」和它对得上（{word}）")
    told = next((word for word in occasion.words if word in shelf.facts), None)
    if told is not None:
        return Relevance(2.0, f"资料里提到「{told}」")
    trade = next((trade for trade in occasion.trades if trade in shelf.trades), None)
    return Relevance(1.5, f"做{trade}的店常借这一天") if trade else None
