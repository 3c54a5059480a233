"""How a week is told in words: what stands behind the plan, and where the mix is going."""

from __future__ import annotations

from datetime import datetime

from studio.app.ui.marks import CHANNEL_ICON
from studio.brand import Brand
from studio.planning.calendar import Slot, Week
from studio.planning.ledger import Balance, Ledger
from studio.planning.revision import Step
from studio.vocabulary import Pillar

_NOTABLE = 0.5
"""A drift of less than half a post is none."""


def quality_words(week: Week) -> str:
    """Return how good a plan is as the solver left it; nothing when somebody has changed it since."""
    if not week.quality:
        return ""
    if week.quality["status"] == "optimal":
        return "这是按现在的规则能排出的最好一版"
    found, bound = week.quality["objective"], week.quality["bound"]
    away = (found - bound) / found if found else 0
    return f"时间到了先给这一版：照顾不到的地方，比理论上的最少多出不超过 {away:.0%}"


def channel_words(ledger: Ledger) -> list[str]:
    """Return how each channel stands at the end of this week, as Markdown lines."""
    return [
        f"{CHANNEL_ICON[channel]} **{channel.label}** {_counts(balance)}：{drift_words(balance)}"
        for channel, balance in ledger.channels.items()
    ]


def drift_words(balance: Balance) -> str:
    """Return where an account stands on Sunday when all goes to plan, in posts."""
    off = [
        f"{pillar.label}{'多' if ahead > 0 else '少'} {abs(ahead):.1f} 条"
        for pillar, ahead in balance.drift_planned.items()
        if abs(ahead) >= _NOTABLE
    ]
    return "，".join(off) or "正好"


def step_words(step: Step, brand: Brand) -> str:
    """Return a difference in words, with the names of the readers and products that change."""
    before, after = step.before, step.after
    if before is None or after is None:
        return step.sentence
    names = []
    if before.segment != after.segment:
        names.append(f"写给 {_segment(before, brand)} → {_segment(after, brand)}")
    if before.product != after.product:
        names.append(f"产品 {_product(before, brand)} → {_product(after, brand)}")
    return f"{step.sentence}（{'；'.join(names)}）" if names else step.sentence


def ago_words(then: datetime, now: datetime) -> str:
    """Return how long ago something was: 「刚刚」「5 分钟前」「昨天 20:10」."""
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "刚刚"
    if minutes < 60:
        return f"{minutes} 分钟前"
    local = then.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days == 0:
        return f"今天 {local:%H:%M}"
    return f"昨天 {local:%H:%M}" if days == 1 else f"{local.month}/{local.day} {local:%H:%M}"


def _segment(slot: Slot, brand: Brand) -> str:
    segment = brand.segment(slot.segment)
    return segment.name if segment else "所有人"


def _product(slot: Slot, brand: Brand) -> str:
    product = brand.product(slot.product)
    return product.name if product else "不在店里的" if slot.product else "不讲产品"


def _counts(balance: Balance) -> str:
    """Return 「产品 3 · 价值 3 · 生活 4」: what went out in four weeks and what is still to come this week."""
    return " · ".join(f"{pillar.label} {balance.published[pillar] + balance.planned[pillar]}" for pillar in Pillar)
