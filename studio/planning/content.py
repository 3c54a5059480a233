"""What goes into the places of a week: stage, theme, product, occasion, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from studio.brand import Brand
from studio.planning.calendar import Slot, WeekId
from studio.planning.known import Close
from studio.planning.mix import deal
from studio.planning.occasions import Occasion
from studio.planning.placement import Chance, Place
from studio.planning.reasons import Grounds, moved_why, why
from studio.planning.rules import Published
from studio.planning.themes import Theme, ThemeBank
from studio.vocabulary import Pillar, Stage, Status

_STAGES: dict[Pillar, dict[Stage, float]] = {
    Pillar.PRODUCT: {Stage.CONSIDERATION: 1, Stage.DECISION: 1},
    Pillar.VALUE: {Stage.AWARENESS: 2, Stage.CONSIDERATION: 1, Stage.USAGE: 1},
    Pillar.LIFESTYLE: {Stage.AWARENESS: 3, Stage.USAGE: 1},
}


@dataclass(frozen=True, slots=True)
class Sources:
    """What themes and reasons are made of. ``kept`` are slots that stay; ``chances`` are the occasions."""

    brand: Brand
    history: Sequence[Published]
    kept: Sequence[Slot]
    chances: Sequence[Chance]
    close: Close


class Filler:
    """Turns places into slots, week after week, remembering what was used and who was written for."""

    def __init__(self, sources: Sources, rng: Random) -> None:
        history, active = sources.history, [slot for slot in sources.kept if slot.status is not Status.SKIPPED]
        self._brand = sources.brand
        self._close = sources.close
        self._occasions = [(item.occasion, item.score) for item in sources.chances if item.score > 0]
        self._themes = ThemeBank(
            sources.brand, [*(post.text for post in history), *(slot.theme for slot in sources.kept)], rng
        )
        self._themes.rotate(history)
        before: list[Published | Slot] = [*history, *active]
        self._segments = [(item.segment, item.date) for item in before]
        self._products = [(item.product, item.date) for item in before if item.pillar is Pillar.PRODUCT]
        self._told = {
            (item.name, item.start, item.phase(slot.date))
            for item, _ in self._occasions
            for slot in active
            if slot.occasion == item.name
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
            slots.append(self._slot(place, slot_id, left[place.pillar], behind[place.pillar]))
            left[place.pillar] -= 1
            behind[place.pillar] = 0
        repeats = self._themes.repeated - before
        return slots, [
            f"{pillar.label}类有 {count} 条主题重复：没用过的主题已经排完，补几条事实资料就有新的"
            for pillar, count in sorted(repeats.items())
        ]

    def refill(self, place: Place, slot: Slot, announced: Collection[str] = ()) -> Slot:
        """Return a slot that a re-plan keeps, at its place, with another theme only where it must be.

        Its theme goes when its product is no longer sold; an ``announced`` occasion nobody has written for yet
        gives a slot of its days a new one.
        """
        product = self._brand.product(slot.product)
        sold = slot.product is None or (product is not None and product.on_sale)
        untold = not slot.playbook and self._untold(place.when.date(), slot.pillar, announced)
        if not sold or untold:
            fresh = self._slot(place, slot.id, 1, 0)
            return replace(fresh, stage=slot.stage, playbook=slot.playbook, version=slot.version)
        if place.when == slot.when:
            return slot
        day = place.when.date()
        occasion = next((item for item, _ in self._occasions if item.name == slot.occasion and item.phase(day)), None)
        return replace(
            slot,
            date=day,
            time=place.when.time(),
            occasion=occasion.name if occasion else None,
            why=moved_why(place, slot, occasion),
        )

    def _slot(self, place: Place, slot_id: str, missing: int, short: int) -> Slot:
        day, pillar = place.when.date(), place.pillar
        active = self._active(day, pillar)
        theme = self._theme(place, active)
        occasion = self._occasion(theme, active, day)
        told = self._grounds(place, theme, occasion, missing, short)
        segment = place.segment.id if place.segment else None
        self._segments.append((segment, day))
        if pillar is Pillar.PRODUCT:
            self._products.append((theme.product, day))
        request = place.request
        return Slot(
            id=slot_id,
            date=day,
            time=place.when.time(),
            channel=place.channel,
            pillar=pillar,
            stage=request.stage if request else self._stage(place),
            segment=segment,
            theme=theme.text,
            occasion=occasion.name if occasion else theme.occasion,
            product=theme.product,
            why=why(told),
            playbook=request.playbook if request else None,
        )

    def _theme(self, place: Place, active: Sequence[Occasion]) -> Theme:
        if place.event:
            return Theme(place.event.theme)
        if place.request:
            asked = place.request
            self._themes.use(place.pillar, asked.theme, asked.product)
            return Theme(asked.theme, asked.product, asked.occasion)
        segment = place.segment.id if place.segment else None
        day = place.when.date()
        return self._themes.take(place.pillar, active, lambda text: self._close(text, segment, day))

    def _grounds(self, place: Place, theme: Theme, occasion: Occasion | None, missing: int, short: int) -> Grounds:
        day = place.when.date()
        product = self._brand.product(theme.product)
        last = _latest(self._products, day).get(theme.product or "")
        return Grounds(
            place=place,
            pillar=place.pillar,
            missing=missing,
            short=short,
            occasion=occasion,
            seen=_latest(self._segments, day),
            product_name=product.name if product else None,
            product_days=(day - last).days if last else None,
        )

    def _stage(self, place: Place) -> Stage:
        if place.segment is not None and place.segment.stage is not None:
            return place.segment.stage
        self._stages[place.pillar] += 1
        return deal(_STAGES[place.pillar], self._stages[place.pillar])[-1]

    def _active(self, day: date, pillar: Pillar) -> list[Occasion]:
        """Return the occasions of a day that suit a pillar, the most relevant first, then the nearest."""
        active = [
            (-score, abs((item.start - day).days), item.name, item)
            for item, score in self._occasions
            if item.phase(day) and item.kind.suits(pillar)
        ]
        return [item for *_, item in sorted(active, key=lambda entry: entry[:3])]

    def _untold(self, day: date, pillar: Pillar, names: Collection[str]) -> bool:
        return any(item.name in names and not self._is_told(item, day) for item in self._active(day, pillar))

    def _is_told(self, occasion: Occasion, day: date) -> bool:
        return (occasion.name, occasion.start, occasion.phase(day)) in self._told

    def _occasion(self, theme: Theme, active: Sequence[Occasion], day: date) -> Occasion | None:
        """Return the occasion of the theme, else one whose phase (lead-in, main days …) nobody has written for yet."""
        own = next((item for item in active if item.name == theme.occasion), None)
        untold = next((item for item in active if not self._is_told(item, day)), None)
        chosen = own or untold
        if chosen is not None:
            self._told.add((chosen.name, chosen.start, chosen.phase(day)))
        return chosen


def _latest(seen: Sequence[tuple[str | None, date]], until: date) -> dict[str, date]:
    latest: dict[str, date] = {}
    for name, day in seen:
        if name is not None and day <= until and day >= latest.get(name, date.min):
            latest[name] = day
    return latest
