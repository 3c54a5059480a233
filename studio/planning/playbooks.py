"""Running playbooks: the posts and the one-to-one messages they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from studio.brand import Brand
from studio.errors import InputError, Problem
from studio.planning.inputs import Request
from studio.planning.occasions import Occasion
from studio.planning.playbook_files import REACH_DAYS, Mark, Playbook, Step

REACH = timedelta(days=REACH_DAYS)
"""How far around the days asked for the occasions given to :func:`requests` have to reach."""

OLDEST_ANCHOR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Running:
    """A playbook a shop has started. ``segment`` and ``product`` are ids in the brand.

    ``anchor`` is the day its dated steps count from (an occasion on that day stands for it); all others begin with
    it. Nothing is asked for after ``ends_on`` or while it is ``paused``. An empty ``id`` is not saved yet.
    """

    id: str
    playbook: str
    anchor: date | None = None
    ends_on: date | None = None
    segment: str | None = None
    product: str | None = None
    paused: bool = False
    version: int = 1

    def is_on(self, day: date) -> bool:
        """Whether ``day`` is not after its end date."""
        return self.ends_on is None or day <= self.ends_on

    def is_same(self, other: Running) -> bool:
        """Whether the other asks for the same posts: they would double."""
        return all(getattr(self, name) == getattr(other, name) for name in ("playbook", "anchor", "segment", "product"))

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "playbook": self.playbook,
            "anchor": self.anchor.isoformat() if self.anchor else None,
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "segment": self.segment,
            "product": self.product,
            "paused": self.paused,
        }


@dataclass(frozen=True, slots=True)
class _Place:
    """A step on its day, and the occasion it belongs to."""

    day: date
    step: Step
    occasion: str | None


@dataclass(frozen=True, slots=True)
class _Base:
    """What dated steps count from: the first and the last day, and the occasion that has them."""

    start: date
    end: date
    occasion: str | None = None

    def day(self, step: Step) -> date:
        return (self.end if step.of is Mark.END else self.start) + timedelta(days=step.day or 0)


def checked(run: Running, playbook: Playbook, brand: Brand) -> Running:
    """Return ``run`` when the playbook can start like that; raise :class:`InputError` with what is missing."""
    if playbook.needs_anchor and run.anchor is None:
        raise InputError(f"「{playbook.name}」没有开始：要先定一个开始日期，例如 2026-12-01。")
    if playbook.needs_product and run.product is None:
        raise InputError(f"「{playbook.name}」没有开始：要先选一样产品。")
    if any(day and not 1970 <= day.year <= 2200 for day in (run.anchor, run.ends_on)):
        raise InputError(f"「{playbook.name}」没有开始：日期要在 1970 年到 2200 年之间。")
    for problem in problems([run], {playbook.id: playbook}, brand):
        raise InputError(f"「{playbook.name}」没有开始：{problem.message}。")
    if run.anchor and run.ends_on and run.ends_on < run.anchor:
        raise InputError(f"「{playbook.name}」没有开始：结束日期 {run.ends_on} 早于开始日期 {run.anchor}。")
    return run


def check_recent(run: Running, playbook: Playbook, today: date) -> None:
    """Raise :class:`InputError` when a run counts from a day so long past that nothing of it is left to do."""
    if run.anchor is not None and run.anchor < today - OLDEST_ANCHOR:
        raise InputError(
            f"「{playbook.name}」没有开始：开始日期 {run.anchor} 已经过去一年多了。"
            f"检查一下年份，再写一次，例如 {today.isoformat()}。"
        )


def problems(running: Sequence[Running], playbooks: Mapping[str, Playbook], brand: Brand) -> list[Problem]:
    """Return why running playbooks ask for nothing, or less than they should."""
    found = []
    for run in running:
        playbook = playbooks.get(run.playbook)
        name = playbook.name if playbook else run.playbook
        if playbook is None:
            found.append(Problem("剧本", name, "剧本文件不在了，或者写坏了；放回来，或停掉它"))
        product = brand.product(run.product)
        if run.product is not None and product is None:
            found.append(Problem("剧本", name, f"产品「{run.product}」已经不在店里，换一样，或停掉它"))
        if product and not product.on_sale and playbook and playbook.ends.sold_out:
            found.append(Problem("剧本", name, f"「{product.name}」卖完了，它先停在这里；上架了会接着跑"))
        if run.segment is not None and brand.segment(run.segment) is None:
            found.append(Problem("剧本", name, f"客群「{run.segment}」已经不在了，换一个，或停掉它"))
    return found


def requests(
    running: Sequence[Running],
    playbooks: Mapping[str, Playbook],
    brand: Brand,
    *,
    since: date,
    until: date,
    occasions: Sequence[Occasion],
) -> list[Request]:
    """Return the posts that running playbooks ask of ``since..until`` (both included), in order of time.

    ``occasions`` reach :data:`REACH` around these days. A step with a stretch of time takes its first hour that no
    earlier request has, else its first. Two requests for one hour both stand: :func:`clashes` names them.
    """
    wanted: list[tuple[Request, Step]] = []
    for run in running:
        playbook = playbooks.get(run.playbook)
        if playbook is not None and is_able(run, playbook, brand):
            bases = _bases(run, playbook, occasions)
            places = _places(run, playbook, bases, since, until)
            wanted += [(_request(run, playbook, brand, place), place.step) for place in places]
    wanted.sort(key=lambda pair: (pair[0].date, pair[1].is_movable, _key(pair[0])))
    taken: set[tuple[date, int]] = set()
    placed = []
    for request, step in wanted:
        moment = _moment(request.date, step, taken)
        if moment is not None:
            taken.add((request.date, moment.hour))
        placed.append(replace(request, time=moment))
    return sorted(placed, key=_key)


def clashes(wanted: Sequence[Request]) -> list[Problem]:
    """Return, for every hour that several requests claim, a problem that names them."""
    hours: dict[tuple[date, int], list[Request]] = {}
    for request in wanted:
        if request.time is not None:
            hours.setdefault((request.date, request.time.hour), []).append(request)
    return [
        Problem(
            "剧本",
            f"{day.month} 月 {day.day} 日 {hour} 点",
            f"{'、'.join(f'「{item.step}」' for item in claims)}抢同一个钟点；排期会错开，想自己定就改其中一步的时间",
        )
        for (day, hour), claims in sorted(hours.items())
        if len(claims) > 1
    ]


def is_able(run: Running, playbook: Playbook, brand: Brand) -> bool:
    """Whether a run can ask for anything: it is not paused, its segment and its product are there."""
    if run.paused or (run.segment is not None and brand.segment(run.segment) is None):
        return False
    if run.product is None:
        return not playbook.needs_product
    product = brand.product(run.product)
    return product is not None and (product.on_sale or not playbook.ends.sold_out)


def filled(theme: str, product: str | None, occasion: str | None) -> str:
    """Return a theme with the names of the product and the occasion in their places."""
    return theme.replace("{product}", product or "店里的东西").replace("{occasion}", occasion or "这次活动")


def _places(run: Running, playbook: Playbook, bases: Sequence[_Base], since: date, until: date) -> Iterator[_Place]:
    for step in playbook.steps:
        if step.of.is_event:
            continue
        days: list[tuple[date, str | None]]
        if step.weekday is not None:
            first = since + timedelta(days=(step.weekday - since.isoweekday()) % 7)
            weeks = range(0, (until - first).days + 1, 7)
            days = [(first + timedelta(days=ahead), None) for ahead in weeks]
        elif step.of is Mark.START and playbook.ends.days is not None and (step.day or 0) > playbook.ends.days:
            continue
        else:
            days = [(base.day(step), base.occasion) for base in bases]
        for day, occasion in days:
            if since <= day <= until and run.is_on(day) and (step.weekday is None or _is_within(run, playbook, day)):
                yield _Place(day, step, occasion)


def _is_within(run: Running, playbook: Playbook, day: date) -> bool:
    """Whether a weekly step falls after the start of the run and before its days are over."""
    if run.anchor is None:
        return True
    days = (day - run.anchor).days
    return days >= 0 and (playbook.ends.days is None or days <= playbook.ends.days)


def _bases(run: Running, playbook: Playbook, occasions: Sequence[Occasion]) -> list[_Base]:
    named = {name.removesuffix("节") for name in playbook.occasions}
    fitting = [
        _Base(item.start, item.end, item.name)
        for item in occasions
        if item.name.removesuffix("节") in named or {item.kind.value, item.kind.label} & set(playbook.occasions)
    ]
    if run.anchor is None:
        return fitting
    chosen = [base for base in fitting if base.start <= run.anchor <= base.end]
    return chosen[:1] or [_Base(run.anchor, run.anchor)]


def _request(run: Running, playbook: Playbook, brand: Brand, place: _Place) -> Request:
    step, product = place.step, brand.product(run.product)
    return Request(
        playbook=playbook.id,
        step=f"{playbook.name}：{step.name}",
        date=place.day,
        time=step.time[0] if step.time else None,
        channel=step.channel,
        pillar=step.pillar,
        stage=step.stage,
        theme=filled(step.theme, product.name if product else None, place.occasion),
        segment=run.segment,
        product=run.product,
        occasion=place.occasion,
    )


def _moment(day: date, step: Step, taken: set[tuple[date, int]]) -> time | None:
    if step.time is None:
        return None
    first, last = step.time
    starts = [first, *(time(hour) for hour in range(first.hour + 1, last.hour + 1) if time(hour) < last)]
    return next((start for start in starts if (day, start.hour) not in taken), first)


def _key(request: Request) -> tuple[Any, ...]:
    moment = request.time or time.max
    return request.date, moment, request.playbook, request.step, request.product or "", request.segment or ""
