"""What a change does, told at once: the mix of the week, the day's ads, what a customer gets to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from studio.app.ui.week_cards import ads_on, name_of_day
from studio.planning.calendar import Slot
from studio.planning.exposure import Exposure
from studio.vocabulary import Pillar, Status


@dataclass(frozen=True, slots=True)
class Standing:
    """A week in numbers: posts a pillar, product posts and the most any customer sees of them a day.

    ``typical`` and ``most`` are the posts of the week that the customer in the middle and the busiest one see.
    """

    posts: Mapping[Pillar, int]
    ads: Mapping[date, int]
    highest: Mapping[date, int]
    customers: int
    typical: int
    most: int
    breaches: tuple[str, ...]

    @classmethod
    def of(cls, slots: Sequence[Slot], seen: Exposure) -> Standing:
        """Return the numbers of a week's slots and what they mean to the customers."""
        heat = {item.day: item.highest for item in seen.ads}
        pressure = seen.weeks[0].posts
        return cls(
            posts=Counter(slot.pillar for slot in slots if slot.status is not Status.SKIPPED),
            ads={day: ads_on([slot for slot in slots if slot.date == day]) for day in heat},
            highest=heat,
            customers=seen.customers,
            typical=pressure.median,
            most=pressure.most,
            breaches=tuple(breach.message for breach in seen.breaches),
        )


def effects(before: Standing, after: Standing) -> list[str]:
    """Return what differs between two standings of one week, as short sentences; never none."""
    told = [_mix(before, after), *(_day(day, before, after) for day in after.ads), _customers(before, after)]
    gone = len(set(before.breaches) - set(after.breaches))
    told.append(f"超过上限的少了 {gone} 处" if gone else "")
    return [sentence for sentence in told if sentence] or ["配比、每天的产品、客户看到的条数都没有变"]


def new_breaches(before: Standing, after: Standing) -> list[str]:
    """Return which rules that protect readers are broken now and were not before."""
    return [message for message in after.breaches if message not in before.breaches]


def _mix(before: Standing, after: Standing) -> str:
    changed = [
        f"{pillar.label} {before.posts.get(pillar, 0)} → {after.posts.get(pillar, 0)} 条"
        for pillar in Pillar
        if before.posts.get(pillar, 0) != after.posts.get(pillar, 0)
    ]
    return f"这周{'，'.join(changed)}" if changed else ""


def _day(day: date, before: Standing, after: Standing) -> str:
    was, now = before.ads.get(day, 0), after.ads[day]
    if was == now:
        return ""
    seen = f"，客户这天最多看到 {after.highest[day]} 条" if after.customers and now else ""
    return f"{name_of_day(day)}产品 {was} → {now} 条{seen}"


def _customers(before: Standing, after: Standing) -> str:
    if not after.customers or (before.typical, before.most) == (after.typical, after.most):
        return ""
    middle = f"{before.typical} → {after.typical}" if before.typical != after.typical else f"{after.typical}"
    most = f"{before.most} → {after.most}" if before.most != after.most else f"{after.most}"
    return f"一位客户这周一般看到 {middle} 条，最多 {most} 条"
