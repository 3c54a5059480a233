"""The one-to-one messages that running playbooks owe single customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from studio.audience.customers import Customer
from studio.audience.segments import members
from studio.audience.tiers import Tiers
from studio.brand import Brand
from studio.planning.inputs import Touch
from studio.planning.playbook_files import Mark, Playbook, Step
from studio.planning.playbooks import Running, filled, is_able

DAY_OPENS = time(10)
"""A table of customers knows the day somebody was added, not the hour: hours are counted from here."""


@dataclass(frozen=True, slots=True)
class _Message:
    """A step of an event: so many days after it, at this time."""

    days: int
    time: time
    step: Step


def touches(
    running: Sequence[Running],
    playbooks: Mapping[str, Playbook],
    brand: Brand,
    customers: Sequence[Customer],
    *,
    tiers: Tiers,
    since: date,
    until: date,
) -> list[Touch]:
    """Return the messages due on ``since..until`` (both included), one touch a step and day, in order of time.

    The day of an event is as good as the table: 「升级」 is the last order when the total without an average order
    would be below a step of ``tiers.spend``; a 29 February is kept on the 28th in other years.
    """
    events = _Events(customers, tuple(tiers.spend.values()))
    due: dict[tuple[Any, ...], set[str]] = {}
    steps: dict[tuple[Any, ...], Step] = {}
    for run in running:
        playbook = playbooks.get(run.playbook)
        segment = brand.segment(run.segment)
        if playbook is None or not is_able(run, playbook, brand):
            continue
        product = brand.product(run.product)
        for message, day, found in _due(run, playbook, events, since, until):
            chosen = {item.id for item in (members(found, segment, day, tiers) if segment and found else found)}
            if chosen:
                theme = filled(message.step.theme, product.name if product else None, None)
                key = (datetime.combine(day, message.time), playbook.id, f"{playbook.name}：{message.step.name}", theme)
                due.setdefault(key, set()).update(chosen)
                steps[key] = message.step
    return [Touch(key[1], key[2], key[0], steps[key].pillar, key[3], tuple(sorted(due[key]))) for key in sorted(due)]


class _Events:
    """The customers by the day something happened to them, each kind sorted once."""

    def __init__(self, customers: Sequence[Customer], tiers: tuple[float, ...]) -> None:
        self._customers = customers
        self._tiers = tiers
        self._by_day: dict[Mark, dict[date | str, list[Customer]]] = {}

    def on(self, mark: Mark, day: date) -> Iterable[Customer]:
        """Return the customers to whom this happened on ``day``."""
        if mark not in self._by_day:
            index = self._by_day[mark] = {}
            for customer in self._customers:
                moment = _moment(customer, mark, self._tiers)
                if moment is not None:
                    index.setdefault(moment, []).append(customer)
        index = self._by_day[mark]
        if mark is not Mark.BIRTHDAY:
            return index.get(day, ())
        found = index.get(f"{day:%m-%d}", [])
        is_stand_in = (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1
        return found + index.get("02-29", []) if is_stand_in else found


def _moment(customer: Customer, mark: Mark, tiers: tuple[float, ...]) -> date | str | None:
    if mark is Mark.ADDED:
        return customer.added_on
    if mark is Mark.BIRTHDAY:
        return customer.birthday
    if mark is Mark.TIER and not _has_risen(customer, tiers):
        return None
    return customer.last_order_on


def _has_risen(customer: Customer, tiers: tuple[float, ...]) -> bool:
    """Whether the last order lifted the total over a tier, as near as total and number of orders tell."""
    if not customer.spent or not customer.orders:
        return False
    before = customer.spent * (customer.orders - 1) / customer.orders
    return any(before < tier <= customer.spent for tier in tiers)


def _due(
    run: Running, playbook: Playbook, events: _Events, since: date, until: date
) -> Iterator[tuple[_Message, date, list[Customer]]]:
    for mark in Mark:
        for message in _messages(playbook, mark) if mark.is_event else ():
            for offset in range((until - since).days + 1):
                day = since + timedelta(days=offset)
                if not run.is_on(day) or (run.anchor is not None and day < run.anchor):
                    continue
                happened = day - timedelta(days=message.days)
                found = events.on(mark, happened)
                yield message, day, [item for item in found if not _is_over(item, playbook, happened, day)]


def _is_over(customer: Customer, playbook: Playbook, happened: date, day: date) -> bool:
    """Whether the customer ordered since; an order on the day of the event itself may have come before it."""
    ordered = customer.last_order_on
    return playbook.ends.ordered and ordered is not None and happened < ordered <= day


def _messages(playbook: Playbook, mark: Mark) -> list[_Message]:
    """Return the messages one event sets off, repeats included, in order, until the playbook ends."""
    longest = 400 if playbook.ends.days is None else playbook.ends.days
    found = []
    for step in playbook.steps:
        if step.of is mark:
            first = _first(step)
            repeats = range(first.days, longest + 1, step.every) if step.every else (first.days,)
            found += [_Message(days, first.time, step) for days in repeats if days <= longest]
    found.sort(key=lambda message: (message.days, message.time))
    return found[: playbook.ends.times]


def _first(step: Step) -> _Message:
    if step.hour is not None:
        moment = datetime.combine(date.min, DAY_OPENS) + timedelta(hours=step.hour)
        return _Message((moment.date() - date.min).days, moment.time(), step)
    return _Message(step.day or 0, step.time[0] if step.time else DAY_OPENS, step)
