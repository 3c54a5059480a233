"""What the board shows: the days of a week with their occasions and their load, and the slots as cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from studio.app.ui.marks import CHANNEL_ICON, PILLAR_ICON, STATUS_COLOUR, WEEKDAYS
from studio.brand import Brand
from studio.planning.calendar import Slot
from studio.planning.exposure import DayHeat, Exposure
from studio.planning.occasion_kinds import OccasionKind, Phase
from studio.planning.occasion_relevance import Relevance
from studio.planning.occasions import Occasion
from studio.planning.troubles import is_unsold
from studio.vocabulary import Pillar, Status

Fitting = Sequence[tuple[Occasion, Relevance]]
"""Occasions with how fitting they are, the most fitting first."""

OCCASION_ICON = {
    OccasionKind.HOLIDAY: "celebration",
    OccasionKind.WORKDAY: "work",
    OccasionKind.FESTIVAL: "festival",
    OccasionKind.TERM: "eco",
    OccasionKind.SALE: "local_mall",
    OccasionKind.MEMORIAL: "park",
    OccasionKind.SHOP: "storefront",
    OccasionKind.BIRTHDAY: "cake",
}
_OCCASIONS_A_DAY = 3


@dataclass(frozen=True, slots=True)
class Around:
    """What the cards of a week need besides its slots; ``most_ads`` is how many product posts a day may have."""

    today: date
    occasions: Fitting
    exposure: Exposure
    blocked: Collection[date]
    most_ads: int


def day_cards(days: Sequence[date], slots: Sequence[Slot], around: Around) -> list[dict[str, Any]]:
    """Return the columns of the board, as JSON."""
    heat = {item.day: item for item in around.exposure.ads}
    return [_day(day, [slot for slot in slots if slot.date == day], heat.get(day), around) for day in days]


def slot_cards(
    slots: Sequence[Slot], brand: Brand, playbooks: Mapping[str, str], changing: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Return the cards in time order, as JSON. ``playbooks`` are names by id, ``changing`` slots a proposal touches."""
    return [_slot(slot, brand, playbooks, changing) for slot in slots]


def name_of_day(day: date) -> str:
    """Return 「周四」."""
    return f"周{WEEKDAYS[day.weekday()]}"


def icon_name(icon: str) -> str:
    """Return the name in ``:material/name:``."""
    return icon.removeprefix(":material/").removesuffix(":")


def occasion_marks(day: date, occasions: Fitting) -> list[tuple[Occasion, Relevance, Phase]]:
    """Return what a day shows of the occasions: those it is the day of first, then what is prepared or followed up."""
    found = [(item, told, phase) for item, told in occasions if (phase := item.phase(day)) is not None]
    on_the_day = [mark for mark in found if mark[2] is Phase.MAIN]
    near = [mark for mark in found if mark[2] is not Phase.MAIN and mark[1].score >= 1]
    return (on_the_day + near)[:_OCCASIONS_A_DAY]


def occasion_words(item: Occasion, phase: Phase) -> str:
    """Return 「大雪」「双12 预热」."""
    return item.name if phase is Phase.MAIN else f"{item.name} {phase.label}"


def ads_on(slots: Sequence[Slot]) -> int:
    """Return how many of some slots are product posts that go out."""
    return sum(slot.pillar is Pillar.PRODUCT and slot.status is not Status.SKIPPED for slot in slots)


def is_stale(slot: Slot, brand: Brand) -> bool:
    """Tell whether a slot that may still go out is about a product that is off sale or gone."""
    return slot.status not in (Status.POSTED, Status.SKIPPED) and is_unsold(slot, brand)


def _day(day: date, slots: Sequence[Slot], heat: DayHeat | None, around: Around) -> dict[str, Any]:
    words, level = _load(ads_on(slots), heat, around)
    is_blocked = day in around.blocked
    return {
        "date": day.isoformat(),
        "name": name_of_day(day),
        "short": f"{day.month}/{day.day}",
        "today": day == around.today,
        "open": day >= around.today,
        "blocked": is_blocked,
        "heat": "这天不发" if is_blocked and not slots else words if slots or level else "",
        "level": level,
        "empty": "" if is_blocked else "空着",
        "occasions": [_occasion(day, *mark) for mark in occasion_marks(day, around.occasions)],
    }


def _load(ads: int, heat: DayHeat | None, around: Around) -> tuple[str, str]:
    """Return what a day asks of the readers in words, and how that is shaded."""
    highest = heat.highest if heat else ads
    if not ads and not highest:
        return "没有产品", ""
    level = "over" if highest > around.most_ads else "full" if highest == around.most_ads else "low"
    words = f"产品 {ads} 条"
    return (f"{words}，每人最多见 {highest} 条" if around.exposure.customers else words), level


def _occasion(day: date, item: Occasion, told: Relevance, phase: Phase) -> dict[str, str]:
    hint = "。".join(filter(None, [item.countdown(day), told.reason, item.note, f"来源：{item.source}"]))
    return {
        "kind": item.kind.value,
        "phase": phase.value,
        "icon": OCCASION_ICON[item.kind],
        "words": occasion_words(item, phase),
        "hint": hint,
    }


def _slot(slot: Slot, brand: Brand, playbooks: Mapping[str, str], changing: Collection[str]) -> dict[str, Any]:
    segment = brand.segment(slot.segment)
    meta = " · ".join(filter(None, [slot.channel.label, segment.name if segment else "所有人", slot.occasion]))
    playbook = playbooks.get(slot.playbook, slot.playbook) if slot.playbook else None
    spoken = [
        f"{name_of_day(slot.date)} {slot.time:%H:%M}",
        slot.pillar.label,
        meta,
        slot.theme,
        slot.status.label,
        "已锁定" if slot.locked else "",
        "产品不在售" if is_stale(slot, brand) else "",
        f"剧本{playbook}" if playbook else "",
    ]
    return {
        "id": slot.id,
        "date": slot.date.isoformat(),
        "time": f"{slot.time:%H:%M}",
        "pillar": slot.pillar.value,
        "label": slot.pillar.label,
        "icon": icon_name(PILLAR_ICON[slot.pillar]),
        "channel_icon": icon_name(CHANNEL_ICON[slot.channel]),
        "meta": meta,
        "theme": slot.theme,
        "why": slot.why,
        "playbook": playbook,
        "locked": slot.locked,
        "stale": is_stale(slot, brand),
        "status": "" if slot.status is Status.PLANNED else slot.status.label,
        "status_colour": STATUS_COLOUR[slot.status],
        "begun": slot.status is not Status.PLANNED,
        "skipped": slot.status is Status.SKIPPED,
        "movable": slot.status is not Status.POSTED,
        "changing": slot.id in changing,
        "spoken": "，".join(filter(None, spoken)),
    }
