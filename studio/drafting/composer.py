"""Starter drafts without a model: the brand's own facts, word for word, between ready-made lines.

Nothing is made up. What the brand does not know is left as 【…】 for the merchant. The same slot, brand and
seed give the same draft; slots of one week get different openers.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from studio.brand import Brand, Fact, Segment
from studio.drafting.context import WEEKDAYS, bigrams, facts_for_slot, price_line
from studio.drafting.draft import Sections
from studio.drafting.openers import OpenerLibrary, OpenerLine, Part
from studio.planning.calendar import Slot
from studio.vocabulary import Channel, Pillar, Stage

_Item = TypeVar("_Item")

__all__ = ["Composer", "OpenerLibrary"]

_LONG = (Channel.OFFICIAL, Channel.VIDEO)
_LEAST = {Channel.MOMENTS: 1, Channel.GROUP: 1, Channel.DIRECT: 1, Channel.OFFICIAL: 4, Channel.VIDEO: 3}
_MOST = {Channel.MOMENTS: 2, Channel.GROUP: 1, Channel.DIRECT: 1, Channel.OFFICIAL: 5, Channel.VIDEO: 3}
"""How many statements a body has at least (blanks fill up) and how many facts at most."""
_ROOM = {Channel.MOMENTS: 110, Channel.GROUP: 90, Channel.DIRECT: 80, Channel.OFFICIAL: 700, Channel.VIDEO: 220}
"""Characters the facts of a body may take, by channel; the first fact always stands."""
_KINSHIP = 2
"""Two-character pieces two facts must share to stand in one text."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes starter drafts from one library of lines."""

    openers: OpenerLibrary

    def compose(
        self, slot: Slot, brand: Brand, segment: Segment | None = None, *, seed: int = 0, avoid: Sequence[str] = ()
    ) -> Sections:
        """Return a draft for the slot. ``avoid`` holds texts whose openers and facts should not come again."""
        return _Writing(self.openers, slot, brand, segment, seed, tuple(avoid)).sections()

    def reopen(
        self, sections: Sections, slot: Slot, brand: Brand, *, seed: int = 0, avoid: Sequence[str] = ()
    ) -> Sections:
        """Return the sections with another opener."""
        writing = _Writing(self.openers, slot, brand, None, seed, (sections.hook, *avoid))
        return replace(sections, hook=writing.hook())


def shorten(sections: Sections) -> Sections:
    """Return the sections with less to read: the opener and the first half of the body, whole sentences only."""
    sentences = re.findall(r"[^。\n]+[。\n]*", sections.body)
    room = max(len(sections.body) // 2, 40)
    kept = sentences[:1]
    for sentence in sentences[1:]:
        if len("".join(kept)) + len(sentence) > room:
            break
        kept.append(sentence)
    return replace(sections, body="".join(kept).strip(), cta="" if len(sentences) == len(kept) else sections.cta)


@dataclass
class _Writing:
    openers: OpenerLibrary
    slot: Slot
    brand: Brand
    segment: Segment | None
    seed: int
    avoid: tuple[str, ...]
    facts: list[Fact] = field(init=False)
    values: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        product = self.brand.product(self.slot.product)
        self.facts = self._facts()
        self.values = {
            "theme": self.slot.theme.rstrip("。.!?\uff01\uff1f") or f"{self.slot.pillar.label}的事",
            "occasion": self.slot.occasion or "",
            "product": product.name if product else "",
            "price": price_line(product) if product and product.price is not None else "",
            "source": self.facts[0].source if self.facts else "",
            "me": self.brand.persona.calls_self,
            "you": self.brand.persona.calls_readers,
            "shop": self.brand.name,
            "weekday": WEEKDAYS[self.slot.date.weekday()],
        }

    @property
    def _number(self) -> int:
        """The slot's place in its week: what keeps two slots of a week apart."""
        digits = re.search(r"(\d+)$", self.slot.id)
        return int(digits[1]) if digits else self.slot.date.weekday() * 24 + self.slot.time.hour

    def sections(self) -> Sections:
        hook, body = self.hook(), self.body()
        if self._tells_price:
            self.values["price"] = ""
        return Sections(hook, body, self.pick(Part.CTA), self.pick(Part.COMMENT), self.pick(Part.IMAGE))

    def hook(self) -> str:
        parts = [Part.OCCASION, Part.HOOK] if self.slot.occasion else [Part.HOOK]
        pools = [self._shuffled(part) for part in parts]
        used = [text for text in self.avoid if text]
        fresh = [
            text
            for pool in pools
            for line, text in _from(pool, self._number)
            if not any(line.is_used_in(old) for old in used)
        ]
        return (fresh or [text for pool in pools for _, text in _from(pool, self._number)] or [self.values["theme"]])[0]

    def body(self) -> str:
        statements = self._statements()
        if self.slot.channel is Channel.VIDEO:
            return "\n".join(f"画面\uff1a【拍什么】\n口播\uff1a{text}" for text in statements)
        return ("\n\n" if self.slot.channel is Channel.OFFICIAL else "\n").join(statements)

    def pick(self, part: Part, offset: int = 0) -> str:
        """Return the line for this slot's place in the week, or nothing where the part has none."""
        found = next(iter(_from(self._shuffled(part), self._number + offset)), None)
        return found[1] if found else ""

    @property
    def _tells_price(self) -> bool:
        return self.slot.pillar is Pillar.PRODUCT and self.slot.stage is Stage.DECISION

    def _statements(self) -> list[str]:
        product = self.values["product"] if self.slot.pillar is Pillar.PRODUCT else ""
        said = self._quotes()
        missing = _LEAST[self.slot.channel] - len(said)
        if product and not any(product in text for text in said[:1]):
            said.insert(0, self.pick(Part.NAME))
        blanks = self.openers.lines(Part.BLANK, self.slot.pillar, self.slot.channel)[: max(missing, 0)]
        said += [line.fill(self.values) or "" for line in blanks]
        if self._tells_price and self.values["price"]:
            said.append(f"{self.values['price']}。")
        return [text for text in said if text]

    def _quotes(self) -> list[str]:
        room = _ROOM[self.slot.channel]
        quotes: list[str] = []
        for place, fact in enumerate(self.facts[: _MOST[self.slot.channel]]):
            room -= len(fact.text)
            if place and room < 0:
                break
            quotes.append((self.pick(Part.BRIDGE, place) if place and not self._is_long else "") + fact.text)
        return quotes

    def _facts(self) -> list[Fact]:
        """Return the facts to quote: the one on the theme first, then those that go with it."""
        ranked = facts_for_slot(self.slot, self.brand, self.segment)
        product = self.brand.product(self.slot.product)
        own = set(product.facts) if product else set()
        unused = [fact for fact in ranked if not any(fact.text in text for text in self.avoid)] or ranked
        lead = next((fact for fact in ranked if fact.topic == self.slot.theme), None) or self._other_lead(unused, own)
        if lead is None:
            return []
        company = [fact for fact in unused if fact != lead and (fact in own) == (lead in own)]
        if lead not in own:
            subject = bigrams(self.slot.theme + lead.text)
            company = [fact for fact in company if self._is_long and len(subject & bigrams(fact.text)) >= _KINSHIP]
        return [lead, *_rotated(company, self._number)]

    def _other_lead(self, facts: list[Fact], own: set[Fact]) -> Fact | None:
        """Return a fact that may stand under a theme that no fact is about; rather none than a stray one."""
        theme = bigrams(self.slot.theme)
        close = [
            fact
            for fact in facts
            if self.slot.occasion in fact.occasions or theme & bigrams(fact.text + (fact.topic or ""))
        ]
        pool = [fact for fact in facts if fact in own] or close
        return pool[self._number % len(pool)] if pool else None

    @property
    def _is_long(self) -> bool:
        return self.slot.channel in _LONG

    def _shuffled(self, part: Part) -> list[tuple[OpenerLine, str]]:
        """Return the usable lines of a part, filled in, in the week's order."""
        voice = self.brand.voice
        lines = self.openers.lines(part, self.slot.pillar, self.slot.channel)
        random.Random(f"{self.seed} {self.slot.week} {part}").shuffle(lines)  # noqa: S311 - variety, not secrecy
        filled = ((line, line.fill(self.values)) for line in lines)
        return [
            (line, text)
            for line, text in filled
            if text
            and not any(term in text for term in voice.forbidden_terms)
            and not text.startswith(voice.banned_openers)
        ]


def _from(pool: Sequence[tuple[OpenerLine, str]], place: int) -> list[tuple[OpenerLine, str]]:
    return _rotated(list(pool), place)


def _rotated(items: list[_Item], by: int) -> list[_Item]:
    return items[by % len(items) :] + items[: by % len(items)] if items else []
