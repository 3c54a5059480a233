"""What a post is about: themes from the shop's facts, and general ones when those run out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from studio.brand import Brand, Fact, Product
from studio.planning.occasions import Occasion
from studio.planning.rules import Published
from studio.vocabulary import Pillar

GENERAL: dict[Pillar, tuple[str, ...]] = {
    Pillar.PRODUCT: (
        "适合谁、不适合谁",
        "顾客常问的几个问题",
        "怎么用最顺手",
        "细节近看",
        "顾客怎么说",
        "和同类怎么选",
    ),
    Pillar.VALUE: (
        "顾客问得最多的一个问题",
        "挑选时看哪几点",
        "买回家怎么保存",
        "新手容易踩的坑",
        "三分钟学会一个小窍门",
        "一个常见的误会",
        "换季要注意什么",
        "看懂包装上的字",
    ),
    Pillar.LIFESTYLE: (
        "今天的工作台",
        "打包发货的一天",
        "店里的一个小角落",
        "最近学到的一件事",
        "一次没做好的事",
        "和老顾客聊天",
        "开店这些年的一个瞬间",
        "下班以后",
        "今天的天气和心情",
        "身边的一个人",
    ),
}


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme, the product it belongs to, and the occasion it was chosen for."""

    text: str
    product: str | None = None
    occasion: str | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    product: str | None
    occasions: frozenset[str]
    is_general: bool


class ThemeBank:
    """Hands out themes so that none comes twice, in the past or the plan, while others are free."""

    def __init__(self, brand: Brand, used: Iterable[str], rng: Random) -> None:
        on_sale = [item for item in brand.products if item.on_sale]
        products = rng.sample(on_sale, len(on_sale))
        self._candidates = {pillar: _candidates(brand, pillar, products, rng) for pillar in Pillar}
        self._turns: list[str | None] = [*(product.id for product in products), None]
        self._past = tuple(text for text in used if text)
        self._uses = {
            pillar: Counter({item.text: self._seen(item.text) for item in items})
            for pillar, items in self._candidates.items()
        }
        self.repeated: Counter[Pillar] = Counter()

    def rotate(self, history: Sequence[Published]) -> None:
        """Put products shown longest ago first."""
        for item in sorted(history, key=lambda post: post.date):
            if item.product is not None:
                self._show(item.product)

    def take(self, pillar: Pillar, occasions: Sequence[Occasion], close: Callable[[str], bool]) -> Theme:
        """Return the theme for a post on a day of these occasions, most urgent first.

        ``close`` tells which themes say what the readers saw lately; one of those comes only when all do.
        """
        fitting = {_stem(item.name): item.name for item in reversed(occasions) if item.kind.suits(pillar)}
        turn = self._turns.index if pillar is Pillar.PRODUCT else lambda _: 0
        uses = self._uses[pillar]

        def rank(item: _Candidate) -> tuple[int, bool, int, bool, bool]:
            fits = bool(item.occasions & fitting.keys())
            return uses[item.text], not fits, turn(item.product), item.is_general, bool(item.occasions)

        in_order = sorted(self._candidates[pillar], key=rank)
        chosen = next((item for item in in_order if not close(item.text)), in_order[0])
        self.repeated[pillar] += uses[chosen.text] > 0
        uses[chosen.text] += 1
        if pillar is Pillar.PRODUCT:
            self._show(chosen.product)
        named = next((name for stem, name in fitting.items() if stem in chosen.occasions), None)
        return Theme(chosen.text, chosen.product, named)

    def use(self, pillar: Pillar, text: str, product: str | None) -> None:
        """Note a theme that was not taken from here."""
        self._uses[pillar][text] += 1
        if pillar is Pillar.PRODUCT and product is not None:
            self._show(product)

    def _seen(self, text: str) -> int:
        return sum(text in past for past in self._past)

    def _show(self, product: str | None) -> None:
        self._turns.sort(key=lambda item: item == product)


def _candidates(brand: Brand, pillar: Pillar, products: Sequence[Product], rng: Random) -> list[_Candidate]:
    facts: list[tuple[Fact, str | None]] = [(fact, product.id) for product in products for fact in product.facts]
    facts += [(fact, None) for fact in brand.facts]
    told = [_from_fact(fact, owner) for fact, owner in facts if _feeds(fact, owner, pillar)]
    general = (
        [
            _Candidate(f"{product.name}：{text}", product.id, frozenset(), True)
            for text in GENERAL[pillar]
            for product in products
        ]
        if pillar is Pillar.PRODUCT and products
        else [_Candidate(text, None, frozenset(), True) for text in GENERAL[pillar]]
    )
    unique = {item.text: item for item in reversed([*rng.sample(told, len(told)), *general])}
    return list(reversed(unique.values()))


def pillars_told(brand: Brand, occasion: Occasion) -> frozenset[Pillar]:
    """Return the kinds of post for which the shop has a fact of its own for an occasion."""
    owned = [(fact, product.id) for product in brand.products if product.on_sale for fact in product.facts]
    facts: list[tuple[Fact, str | None]] = [*owned, *((fact, None) for fact in brand.facts)]
    told = [(fact, owner) for fact, owner in facts if _stem(occasion.name) in map(_stem, fact.occasions)]
    return frozenset(
        pillar
        for pillar in Pillar
        if occasion.kind.suits(pillar) and any(_feeds(fact, owner, pillar) for fact, owner in told)
    )


def _feeds(fact: Fact, owner: str | None, pillar: Pillar) -> bool:
    if fact.pillar is None:
        return pillar is Pillar.PRODUCT if owner else pillar is not Pillar.PRODUCT
    return fact.pillar is pillar


def _from_fact(fact: Fact, owner: str | None) -> _Candidate:
    text = fact.topic or fact.text
    short = text if len(text) <= 24 else text[:23] + "…"
    return _Candidate(short, owner, frozenset(map(_stem, fact.occasions)), False)


def _stem(name: str) -> str:
    return name.removesuffix("节")
