"""What is exported, and the words every format says of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from studio.brand import Brand
from studio.planning.calendar import Slot, Week
from studio.planning.occasions import Occasion
from studio.planning.troubles import is_unsold
from studio.vocabulary import Pillar, Status

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Return the text without what no file format can hold; lines end in a line feed."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return the text on a single line, without what no file format can hold."""
    return " ".join(clean(text).split())


@dataclass(frozen=True, slots=True)
class Selection:
    """Weeks with the texts written for them, by slot id, and the occasions to show.

    ``at`` is the moment of the export in the shop's time zone, which is the zone of the slots.
    """

    weeks: tuple[Week, ...]
    drafts: Mapping[str, str]
    brand: Brand
    at: datetime
    occasions: tuple[Occasion, ...] = ()

    @property
    def slots(self) -> list[Slot]:
        return [slot for week in self.weeks for slot in week.slots]

    def text(self, slot: Slot) -> str:
        return self.drafts.get(slot.id, "")

    def segment(self, slot: Slot) -> str:
        found = self.brand.segment(slot.segment)
        return found.name if found else slot.segment or "所有人"

    def product(self, slot: Slot) -> str:
        """Return the product's name, with a word when it is still to be posted and no longer sold."""
        found = self.brand.product(slot.product)
        name = found.name if found else slot.product or ""
        told = slot.status not in (Status.POSTED, Status.SKIPPED) and is_unsold(slot, self.brand)
        return f"{name}（已经不卖）" if told else name

    def on(self, day: date) -> list[Occasion]:
        """Return the occasions a day is one of the own days of."""
        return [item for item in self.occasions if item.start <= day <= item.end]


def posts(week: Week) -> list[Slot]:
    """Return the slots of a week that are to be posted, earliest first; skipped ones are not."""
    return sorted((slot for slot in week.slots if slot.status is not Status.SKIPPED), key=lambda slot: slot.when)


def counts(week: Week) -> Counter[Pillar]:
    """Return how many posts of each pillar a week has."""
    return Counter(slot.pillar for slot in posts(week))


def span(week: Week) -> str:
    """Return the days of a week: 「11月30日 – 12月6日」."""
    first, last = week.id.days[0], week.id.days[-1]
    return f"{first.month}月{first.day}日 – {last.month}月{last.day}日"


def mix_words(week: Week) -> str:
    """Return the mix of a week: 「共 7 条：产品 2、价值 2、生活 3」."""
    found = counts(week)
    return f"共 {found.total()} 条：{'、'.join(f'{pillar.label} {found[pillar]}' for pillar in Pillar)}"


def rolling_words(week: Week) -> str:
    """Return the mix of four weeks with its target, or nothing when it is not known."""
    rolling, target = week.mix.get("rolling4"), week.mix.get("target")
    if not rolling or not target:
        return ""
    said = "、".join(f"{pillar.label} {rolling.get(pillar.value, 0):.0%}" for pillar in Pillar)
    wanted = "、".join(f"{target.get(pillar.value, 0):.0%}" for pillar in Pillar)
    return f"连上前三周：{said}（目标 {wanted}）"
