"""What a prompt may know: plain strings about the shop, the slot and the segment, never a customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from typing import Any

from studio.brand import Brand, Fact, Persona, Product, Segment, Voice
from studio.drafting.draft import Sections
from studio.library.posts import Post
from studio.planning.calendar import Slot
from studio.vocabulary import Channel, Pillar, Stage

WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
MAX_FACTS = 12
_MAX_SAMPLES = 4
_GRAMMAR = frozenset("的了是在和与把就也都要不有一这那怎么什哪吗呢啊")


def price_line(product: Product) -> str:
    """Return 「名称,68 元/罐」 from the product's own data, or just its name without a price."""
    if product.price is None:
        return product.name
    amount = f"{product.price.normalize():f} 元"
    return f"{product.name}\uff0c{amount}" + (f"/{product.unit}" if product.unit else "")


def facts_for_slot(slot: Slot, brand: Brand, segment: Segment | None = None) -> list[Fact]:
    """Return the facts a draft of this slot may use, the fitting ones first.

    Order: the slot's theme, its occasion, the product's own, then closeness to what the segment needs.
    A fact tied to other occasions than the slot's is left out.
    """
    product = brand.product(slot.product)
    facts = [
        fact
        for fact in brand.facts_for(slot.pillar, product)
        if not fact.occasions or slot.occasion in fact.occasions or fact.topic == slot.theme
    ]
    own = set(product.facts) if product else set()
    need = bigrams(segment.need) if segment else set()

    def fit(fact: Fact) -> tuple[bool, bool, bool, int]:
        return (
            fact.topic == slot.theme,
            slot.occasion in fact.occasions,
            fact in own,
            len(need & bigrams(fact.text + (fact.topic or ""))),
        )

    return sorted(dict.fromkeys(facts), key=fit, reverse=True)


def facts_in(text: str, facts: Sequence[Fact]) -> tuple[str, ...]:
    """Return the texts of the facts that ``text`` uses: at least half of their two-character pieces are in it."""
    pieces = bigrams(text)
    return tuple(fact.text for fact in facts if (own := bigrams(fact.text)) and 2 * len(own & pieces) >= len(own))


def bigrams(text: str) -> set[str]:
    """Return the two-character pieces of a text that carry meaning: what two texts may share."""
    letters = [character for character in text if character.isalnum()]
    return {first + second for first, second in pairwise(letters) if first not in _GRAMMAR and second not in _GRAMMAR}


def prompt_context(
    slot: Slot, brand: Brand, segment: Segment | None, similar: Sequence[Post], sections: Sections | None = None
) -> dict[str, Any]:
    """Return the variables of a prompt; ``sections`` is the text a rewrite starts from."""
    product = brand.product(slot.product)
    voice = brand.voice
    samples = [post.text for post in similar if not post.is_example] + list(voice.samples)
    return {
        "shop": {"name": brand.name, "industry": brand.industry or "", "product_type": brand.product_type.value},
        "persona": {
            "name": brand.persona.name,
            "role": brand.persona.role,
            "value_line": brand.persona.value_line or "",
            "calls_self": brand.persona.calls_self,
            "calls_readers": brand.persona.calls_readers,
            "story": list(brand.persona.story),
        },
        "slot": {
            "date": f"{slot.date:%Y-%m-%d} {WEEKDAYS[slot.date.weekday()]}",
            "time": f"{slot.time:%H:%M}",
            "channel": slot.channel.label,
            "pillar": slot.pillar.label,
            "stage": slot.stage.label,
            "theme": slot.theme,
            "occasion": slot.occasion or "",
        },
        "product": price_line(product) if product else "",
        "facts": [fact.text for fact in facts_for_slot(slot, brand, segment)[:MAX_FACTS]],
        "segment": {"rule": segment.rule, "need": segment.need} if segment else {"rule": "", "need": ""},
        "samples": samples[:_MAX_SAMPLES],
        "voice": {
            "allowed": list(voice.allowed_terms),
            "forbidden": list(voice.forbidden_terms),
            "banned_openers": list(voice.banned_openers),
        },
        "draft": (sections or Sections()).to_json(),
    }


def sample_context() -> dict[str, Any]:
    """Return a full, invented context that every prompt must render with."""
    fact = Fact(text="样品事实一句。", source="样品来源", topic="样品主题")
    product = Product(id="sample", name="样品", price=Decimal(10), unit="件", facts=(fact,))
    segment = Segment(id="sample", name="样品客群", need="想知道怎么用", all_tags=("新客",))
    brand = Brand(
        name="样品店",
        industry="样品行业",
        persona=Persona(value_line="一句话", story=("一段经历",)),
        products=(product,),
        facts=(fact,),
        segments=(segment,),
        voice=Voice(samples=("样品语气",), allowed_terms=("好",), forbidden_terms=("坏",), banned_openers=("喂",)),
    )
    slot = Slot(
        id="2026-W48-01",
        date=date(2026, 11, 23),
        time=time(20, 0),
        channel=Channel.MOMENTS,
        pillar=Pillar.PRODUCT,
        stage=Stage.DECISION,
        segment="sample",
        theme="样品主题",
        occasion="小雪",
        product="sample",
        why="",
    )
    return prompt_context(slot, brand, segment, [Post(id="1", text="以前的一条")], Sections(hook="开头", body="正文"))
