"""What goes into the places of a week: stage, theme, product, occasion, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from studio.brand import Brand
from studio.planning.calendar import Slot, WeekId
from studio.planning.mix import deal
from studio.planning.occasions import Occasion
from studio.planning.placement import Place
from studio.planning.reasons import Grounds, why
from studio.planning.rules import Published
from studio.planning.themes import Theme, ThemeBank
from studio.vocabulary import Pillar, Stage, Status

_STAGES: dict[Pillar, dict[Stage, float]] = {
    Pillar.PRODUCT: {Stage.CONSIDERATION: 1, Stage.DECISION: 1},
    Pillar.VALUE: {Stage.AWARENESS: 2, Stage.CONSIDERATION: 1, Stage.USAGE: 1},
    Pillar.LIFESTYLE: {Stage.AWARENESS: 3, Stage.USAGE: 1},
}


class Filler:
    """Turns places into slots, week after week, remembering what was used and who was written for."""

    def __init__(
        self,
        brand: Brand,
        history: Sequence[Published],
        kept: Sequence[Slot],
        occasions: Sequence[Occasion],
        rng: Random,
    ) -> None:
        active = [slot for slot in kept if slot.status is not Status.SKIPPED]
        self._brand = brand
        self._occasions = occasions
        self._themes = ThemeBank(brand, [*(post.text for post in history), *(slot.theme for slot in active)], rng)
        self._themes.rotate(history)
        self._segments = [(post.segment, post.date) for post in history] + [
            (slot.segment, slot.date) for slot in active
        ]
        self._products = [(post.product, post.date) for post in history] + [
            (slot.product, slot.date) for slot in active if slot.pillar is Pillar.PRODUCT
        ]
        self._told = {
            (item.name, _phase(slot.date, item))
            for item in occasions
            for slot in active
            if slot.occasion == item.name and item.covers(slot.date)
        }
        self._stages: Counter[Pillar] = Counter()

    def seen(self, week: WeekId) -> dict[str, date]:
        """Return when each segment was last written for before the week."""
        return _latest(self._segments, week.monday)

    def fill(
        self, places: Sequence[Place], ids: Sequence[str], short: Mapping[Pillar, int]
    ) -> tuple[list[Slot], list[str]]:
        """Return the slots of the places, and which pillars had to repeat a theme.

        ``short`` is how many whole posts each pillar was behind when the week began.
        """
        before = Counter(self._themes.repeated)
        left = Counter(place.pillar for place in places)
        behind = Counter({pillar: count for pillar, count in short.items() if count > 0})
        slots = []
        for place, slot_id in zip(places, ids, strict=False):
            pillar = place.pillar
            assert pillar is not None
            slots.append(self._slot(place, pillar, slot_id, left[pillar], behind[pillar]))
            left[pillar] -= 1
            behind[pillar] = 0
        repeats = self._themes.repeated - before
        return slots, [
            f"{pillar.label}类有 {count} 条主题重复：没用过的主题已经排完，补几条事实资料就有新的"
            for pillar, count in sorted(repeats.items())
        ]

    def _slot(self, place: Place, pillar: Pillar, slot_id: str, missing: int, short: int) -> Slot:
        day = place.when.date()
        active = [item for item in self._occasions if item.covers(day) and item.kind.suits(pillar)]
        active.sort(key=lambda item: (abs((item.start - day).days), item.name))
        theme = Theme(place.event.theme) if place.event else self._themes.take(pillar, active)
        occasion = self._occasion(theme, active, day)
        product = self._brand.product(theme.product)
        last = _latest(self._products, day).get(theme.product or "")
        grounds = Grounds(
            place=place,
            pillar=pillar,
            missing=missing,
            short=short,
            occasion=occasion,
            seen=_latest(self._segments, day),
            product_name=product.name if product else None,
            product_days=(day - last).days if last else None,
        )
        segment = place.segment.id if place.segment else None
        self._segments.append((segment, day))
        if pillar is Pillar.PRODUCT:
            self._products.append((theme.product, day))
        return Slot(
            id=slot_id,
            date=day,
            time=place.when.time(),
            channel=place.channel,
            pillar=pillar,
            stage=self._stage(place, pillar),
            segment=segment,
            theme=theme.text,
            occasion=occasion.name if occasion else None,
            product=theme.product,
            why=why(grounds),
        )

    def _stage(self, place: Place, pillar: Pillar) -> Stage:
        if place.segment is not None and place.segment.stage is not None:
            return place.segment.stage
        self._stages[pillar] += 1
        return deal(_STAGES[pillar], self._stages[pillar])[-1]

    def _occasion(self, theme: Theme, active: Sequence[Occasion], day: date) -> Occasion | None:
        """Return the occasion of the theme, else one whose lead-in or main days nobody has written for yet."""
        own = next((item for item in active if item.name == theme.occasion), None)
        untold = next((item for item in active if (item.name, _phase(day, item)) not in self._told), None)
        chosen = own or untold
        if chosen is not None:
            self._told.add((chosen.name, _phase(day, chosen)))
        return chosen


def _phase(day: date, occasion: Occasion) -> tuple[date, bool]:
    """Return which run of the occasion this is, and whether ``day`` is in its main days."""
    return occasion.start, day >= occasion.start


def _latest(seen: Sequence[tuple[str | None, date]], until: date) -> dict[str, date]:
    latest: dict[str, date] = {}
    for name, day in seen:
        if name is not None and day <= until and day >= latest.get(name, date.min):
            latest[name] = day
    return latest
