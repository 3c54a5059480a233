"""The sentence that says why a slot is there, made of what really decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from studio.planning.calendar import Slot
from studio.planning.occasions import Occasion
from studio.planning.placement import Place
from studio.planning.rules import WEEKDAYS
from studio.vocabulary import Pillar

MOST = 3


@dataclass(frozen=True, slots=True)
class Grounds:
    """What was known when a slot was filled. ``missing`` counts this post and those still to come of its pillar."""

    place: Place
    pillar: Pillar
    missing: int
    short: int
    occasion: Occasion | None
    seen: Mapping[str, date]
    product_name: str | None
    product_days: int | None


def why(grounds: Grounds) -> str:
    """Return one Chinese sentence of at most three reasons, the most particular first."""
    reasons = (
        _asked(grounds),
        _occasion(grounds),
        _mix(grounds),
        _segment(grounds),
        _product(grounds),
        _hour(grounds),
    )
    return "；".join([reason for reason in reasons if reason][:MOST])


def _asked(grounds: Grounds) -> str:
    place = grounds.place
    if place.event:
        return f"每周固定：{place.event.label}"
    if place.request:
        return f"剧本这一步：{place.request.step}"
    return ""


def moved_why(place: Place, slot: Slot, occasion: Occasion | None) -> str:
    """Return why a slot of a re-planned week is where it is now."""
    countdown = occasion.countdown(place.when.date()) if occasion else ""
    hour = f"{place.when.hour} 点他们常看" if place.at_best_hour else ""
    return "；".join(part for part in (f"从{moment_words(slot.when)}挪来", countdown, hour) if part)


def moment_words(when: datetime) -> str:
    """Return 「周三 20:00」."""
    return f"周{WEEKDAYS[when.weekday()]} {when:%H:%M}"


def _occasion(grounds: Grounds) -> str:
    return grounds.occasion.countdown(grounds.place.when.date()) if grounds.occasion else ""


def _mix(grounds: Grounds) -> str:
    label = grounds.pillar.label
    if grounds.short > 0:
        return f"{label}类前几周少了 {grounds.short} 条，这周补上"
    return f"{label}类本周还差 {grounds.missing} 条" if grounds.missing > 1 else f"{label}类本周就差这 1 条"


def _segment(grounds: Grounds) -> str:
    segment = grounds.place.segment
    if segment is None:
        return ""
    last = grounds.seen.get(segment.id)
    if last is None:
        return f"还没给「{segment.name}」写过"
    days = (grounds.place.when.date() - last).days
    return f"「{segment.name}」{days} 天没照顾到" if days > 1 else ""


def _product(grounds: Grounds) -> str:
    if grounds.product_name is None or grounds.pillar is not Pillar.PRODUCT:
        return ""
    if grounds.product_days is None:
        return f"最近没提过{grounds.product_name}"
    return f"{grounds.product_name} {grounds.product_days} 天没提了" if grounds.product_days > 1 else ""


def _hour(grounds: Grounds) -> str:
    if grounds.place.segment is None or not grounds.place.at_best_hour:
        return ""
    hour, measured = grounds.place.when.hour, grounds.place.measured
    return f"按 {measured} 条的数据，{hour} 点看的人多" if measured else f"{hour} 点他们常看"
