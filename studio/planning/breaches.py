"""Where a plan asks too much of its readers: which rule, on which day, and how many customers feel it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from studio.planning.calendar import Slot
from studio.planning.inputs import Touch
from studio.planning.known import Close
from studio.planning.limits import LimitName, Limits
from studio.planning.readers import Classes
from studio.planning.rules import WEEKDAYS, PlanRules
from studio.planning.seen import PILLARS, Seen, Traffic, reach
from studio.planning.times import minute_of, open_spans
from studio.vocabulary import Channel, Pillar, Status, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ReaderRule(Word):
    """A hard rule that protects a reader."""

    ADS = "ads_a_day", "一天的产品条数"
    MESSAGES_A_DAY = "messages_a_day", "一天的群发条数"
    MESSAGES_A_MONTH = "messages_a_month", "当月的群发条数"
    QUIET_HOURS = "quiet_hours", "免打扰时段"
    COOLDOWN = "cooldown", "意思相近的间隔"


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule: the day (of a monthly rule the first of the month), how many customers, and a sentence."""

    rule: ReaderRule
    day: date
    customers: int
    message: str

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule.value,
            "date": self.day.isoformat(),
            "customers": self.customers,
            "message": self.message,
        }


def over_caps(counts: Seen, readers: Classes, traffic: Traffic, rules: PlanRules, limits: Limits) -> list[Breach]:
    """Return where customers get more product posts or messages than they may."""
    return [
        *_ads(counts, readers, rules.max_product_per_day),
        *_messages_a_day(counts, readers, limits),
        *_messages_a_month(counts, readers, limits),
        *_group_messages(counts, readers, traffic, limits),
    ]


def ill_timed(days: Sequence[date], readers: Classes, traffic: Traffic, rules: PlanRules, close: Close) -> list[Breach]:
    """Return what would come in quiet hours, or says what was said shortly before; what is posted is past mending."""
    coming = [slot for slot in traffic.shown if slot.date in days and slot.status is not Status.POSTED]
    owed = [touch for touch in traffic.touches if touch.when.date() in days]
    return [*_quiet(coming, owed, readers, rules), *_repeats(coming, readers, close)]


def _ads(counts: Seen, readers: Classes, most: int) -> Iterator[Breach]:
    ads = counts.posts[PILLARS.index(Pillar.PRODUCT)]
    for day, column in zip(counts.days, ads.T, strict=True):
        if (highest := int(column.max())) > most:
            words = f"会看到 {highest} 条产品，上限是 {most} 条；把 {highest - most} 条改到别的日子"
            yield _breach(ReaderRule.ADS, day, _count(column > most, readers), words)


def _messages_a_day(counts: Seen, readers: Classes, limits: Limits) -> Iterator[Breach]:
    for day, column in zip(counts.days, counts.messages.T, strict=True):
        most = limits.on(LimitName.MESSAGES_A_DAY, day)
        if (highest := int(column.max())) > most:
            words = f"会收到 {highest} 条一对一群发，企业微信一天只送达 {most} 条；多的换一天"
            yield _breach(ReaderRule.MESSAGES_A_DAY, day, _count(column > most, readers), words)


def _messages_a_month(counts: Seen, readers: Classes, limits: Limits) -> Iterator[Breach]:
    for (year, month), column in counts.monthly.items():
        day = date(year, month, 1)
        most = limits.on(LimitName.MESSAGES_A_MONTH, day)
        if (highest := int(column.max())) > most:
            many = _count(column > most, readers)
            words = f"会收到 {highest} 条群发，企业微信当月最多送达 {most} 条，多的收不到；减到 {most} 条"
            yield Breach(ReaderRule.MESSAGES_A_MONTH, day, many, f"{year}年{month}月{_who(many)}{words}")


def _group_messages(counts: Seen, readers: Classes, traffic: Traffic, limits: Limits) -> Iterator[Breach]:
    sent = Counter((slot.date.year, slot.date.month) for slot in traffic.shown if slot.channel is Channel.GROUP)
    for year, month in counts.monthly:
        day = date(year, month, 1)
        most = limits.on(LimitName.MESSAGES_A_MONTH, day)
        if (count := sent[year, month]) > most:
            words = f"社群排了 {count} 条，企业微信一个群当月最多群发 {most} 条；多的在群里手动发，或减到 {most} 条"
            yield Breach(ReaderRule.MESSAGES_A_MONTH, day, len(readers.ids), f"{year}年{month}月{words}")


def _quiet(slots: Sequence[Slot], touches: Sequence[Touch], readers: Classes, rules: PlanRules) -> Iterator[Breach]:
    spans, known = open_spans(rules.quiet_hours), set(readers.ids)

    def disturbs(when: datetime) -> bool:
        return not any(first <= minute_of(when.time()) <= last for first, last in spans)

    sent = [
        *((slot.when, slot.theme, reach(readers, slot.channel, slot.segment)) for slot in slots if disturbs(slot.when)),
        *((item.when, item.theme, len(known.intersection(item.customers))) for item in touches if disturbs(item.when)),
    ]
    for when, theme, many in sent:
        if many or not known:
            words = f"会在 {when:%H:%M} 收到「{theme}」，这是免打扰时段；换个时间"
            yield _breach(ReaderRule.QUIET_HOURS, when.date(), many, words)


def _repeats(slots: Sequence[Slot], readers: Classes, close: Close) -> Iterator[Breach]:
    for slot in slots:
        if close(slot.theme, slot.segment, slot.date):
            many = reach(readers, slot.channel, slot.segment)
            if many or not readers.ids:
                words = f"会看到「{slot.theme}」，和最近发过的意思太近；换个主题或晚些再发"
                yield _breach(ReaderRule.COOLDOWN, slot.date, many, words)


def _breach(rule: ReaderRule, day: date, many: int, words: str) -> Breach:
    return Breach(rule, day, many, f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）{_who(many)}{words}")


def _count(over: NDArray[np.bool_], readers: Classes) -> int:
    return int(over.sum()) if readers.ids else 0


def _who(many: int) -> str:
    """Return the words for so many customers; a shop that knows none still has friends who see its posts."""
    return f"有 {many:,} 位客户" if many else "每位好友"
