"""What has become of a planned week since: products that are gone, posts that crowd each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from studio.brand import Brand
from studio.errors import Problem
from studio.planning.calendar import Slot
from studio.planning.rules import WEEKDAYS
from studio.vocabulary import Status

_SOURCE = "周历"


def coming(slots: Sequence[Slot], today: date) -> list[Slot]:
    """Return the slots from ``today`` on that are still to be posted, earliest first."""
    done = (Status.POSTED, Status.SKIPPED)
    return sorted(
        (slot for slot in slots if slot.date >= today and slot.status not in done), key=lambda slot: slot.when
    )


def is_unsold(slot: Slot, brand: Brand) -> bool:
    """Whether a slot is about a product the shop has taken off sale or no longer has."""
    product = brand.product(slot.product)
    return slot.product is not None and (product is None or not product.on_sale)


def unsold(slots: Sequence[Slot], brand: Brand) -> list[Problem]:
    """Return a problem for every slot whose product is off sale or gone."""
    return [
        Problem(
            _SOURCE,
            "",
            f"{_moment(slot)} 的「{slot.theme}」{_said(slot, brand)}；点「顺着调整其余的」换掉",
        )
        for slot in slots
        if is_unsold(slot, brand)
    ]


def crowded(slots: Sequence[Slot], min_gap_minutes: int) -> list[Problem]:
    """Return a problem for every run of slots, given earliest first, closer to each other than the gap.

    Two on the same minute are always too close.
    """
    gap = timedelta(minutes=max(1, min_gap_minutes))
    runs: list[list[Slot]] = []
    for slot in slots:
        if runs and slot.when - runs[-1][-1].when < gap:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return [Problem(_SOURCE, "", _crowd(run, min_gap_minutes)) for run in runs if len(run) > 1]


def _crowd(run: Sequence[Slot], minutes: int) -> str:
    last = run[-1]
    until = "" if last.when == run[0].when else f" 到 {last.time:%H:%M}"
    apart = f"，两条之间要隔 {minutes} 分钟" if minutes else ""
    return f"{_moment(run[0])}{until} 有 {len(run)} 条挤在一起{apart}；把其中几条挪开"


def _said(slot: Slot, brand: Brand) -> str:
    product = brand.product(slot.product)
    return f"讲的是「{product.name}」，它已经不卖了" if product else "讲的产品已经不在店里了"


def _moment(slot: Slot) -> str:
    return f"周{WEEKDAYS[slot.date.weekday()]} {slot.time:%H:%M}"
