"""The kinds of occasion, the parts of one, and which posts may use them."""

from __future__ import annotations

from studio.vocabulary import Pillar, Word


class OccasionKind(Word):
    """What sort of day it is; a memorial day and a make-up workday carry no product posts."""

    HOLIDAY = "holiday", "法定节假日"
    WORKDAY = "workday", "调休上班"
    FESTIVAL = "festival", "节日"
    TERM = "term", "节气"
    SALE = "sale", "大促"
    MEMORIAL = "memorial", "祭扫"
    SHOP = "shop", "本店"
    BIRTHDAY = "birthday", "客户生日"

    def suits(self, pillar: Pillar) -> bool:
        """Whether a post of this pillar may be tied to such a day."""
        return pillar in _SUITS[self.value]


class Phase(Word):
    """The parts of an occasion: warming up, its own days, and the days after it."""

    LEAD = "lead", "预热"
    MAIN = "main", "当期"
    AFTER = "after", "返场"


_EVERY = frozenset(Pillar)
_SUITS: dict[str, frozenset[Pillar]] = {
    "holiday": _EVERY,
    "workday": frozenset({Pillar.LIFESTYLE}),
    "festival": _EVERY,
    "term": frozenset({Pillar.VALUE, Pillar.LIFESTYLE}),
    "sale": frozenset({Pillar.PRODUCT, Pillar.VALUE}),
    "memorial": frozenset({Pillar.LIFESTYLE}),
    "shop": _EVERY,
    "birthday": _EVERY,
}
