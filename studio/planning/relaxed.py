"""The soft rules that gave way in a week, and the wishes it left out, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from studio.planning.calendar import Slot
from studio.planning.inputs import Request
from studio.planning.placement import Demand, Place
from studio.planning.reasons import moment_words
from studio.planning.rules import WEEKDAYS, WeeklyEvent
from studio.planning.solver.asked import Asked
from studio.vocabulary import Channel, Pillar


def given_way(demand: Demand, places: Sequence[Place], left_out: Sequence[Asked]) -> list[str]:
    """Return what a merchant should know of a placed week, in Chinese: what was asked for and is missing first."""
    return [
        *(_missing(demand, item) for item in left_out),
        *_in_a_row(demand, places),
        *_hours(places),
        *_stuck(demand),
    ]


def _missing(demand: Demand, item: Asked) -> str:
    source, reason = item.source, _obstacle(demand, item)
    if isinstance(source, WeeklyEvent):
        return f"「{source.label}」这周没排：{reason}"
    if isinstance(source, Request):
        day = f"周{WEEKDAYS[source.date.weekday()]}"
        return f"剧本的「{source.step}」{day}没排：{reason}"
    return f"{moment_words(source.when)}的「{source.theme}」放不下了：{reason}"


def _obstacle(demand: Demand, item: Asked) -> str:
    source, kind = item.source, item.pillar.label
    days = demand.days if isinstance(source, Slot) else [demand.days[_date(demand, source).weekday()]]
    reasons = (
        (all(day.date in demand.known.blocked for day in days), "那天停发"),
        (not item.options, "那个时间在免打扰时段里，或离别的内容太近"),
        (demand.keep is None and not demand.counts[item.pillar], f"{kind}类这周没有名额了"),
        (item.pillar is Pillar.PRODUCT and not any(day.ad_room for day in days), "当天产品类已经到上限"),
        (item.channel is Channel.DIRECT, "同一位客户的一对一已经到上限，或时段被别的内容占了"),
    )
    return next((words for applies, words in reasons if applies), f"时段被别的内容占了，或{kind}类的名额用完了")


def _date(demand: Demand, source: WeeklyEvent | Request) -> date:
    return demand.days[source.weekday - 1].date if isinstance(source, WeeklyEvent) else source.date


def _in_a_row(demand: Demand, places: Sequence[Place]) -> list[str]:
    week = [(slot.when, slot.pillar) for slot in demand.standing if slot.week == demand.week]
    line = [pillar for _, pillar in sorted([*week, *((item.when, item.pillar) for item in places)])]
    pairs = sum(a is b is Pillar.PRODUCT for a, b in pairwise(line))
    return [f"有 {pairs} 处两条产品类连着发：这周产品类太多，中间插不下别的"] if pairs else []


def _hours(places: Sequence[Place]) -> list[str]:
    missed = sum(item.at_best_hour is False for item in places if item.slot is None)
    return [f"有 {missed} 条没排进客群的最佳时段：那些钟点已占用或在免打扰时段里"] if missed else []


def _stuck(demand: Demand) -> list[str]:
    """Return what is wrong with slots that nobody may move."""
    told = []
    standing = [slot for slot in demand.standing if slot.week == demand.week]
    ads, most = (
        Counter(slot.date for slot in standing if slot.pillar is Pillar.PRODUCT),
        demand.rules.max_product_per_day,
    )
    for day in demand.week.days:
        name = f"周{WEEKDAYS[day.weekday()]}"
        if ads[day] > most:
            told.append(f"{name}已定的产品类有 {ads[day]} 条，超过每天 {most} 条；已定的没有动，你可以移走一条")
        here = sum(slot.date == day for slot in standing)
        if day in demand.known.blocked and here:
            told.append(f"{name}停发，但有 {here} 条已定的没有动；你可以移走或跳过")
    minutes = demand.rules.min_gap_minutes
    told += [
        f"{moment_words(a.when)}和 {b.when:%H:%M} 两条已定的隔得不到 {minutes} 分钟；没有动，你可以移开一条"
        for a, b in pairwise(standing)
        if b.when - a.when < timedelta(minutes=minutes)
    ]
    return told
