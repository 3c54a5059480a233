"""Why the posts of a week fit nowhere: the fewest rules that clash, and what to change, cheapest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from studio.errors import InputError
from studio.planning.mix import deal
from studio.planning.placement import Demand, product_room
from studio.planning.rules import MAX_POSTS, WEEKDAYS
from studio.planning.solver.messages import limit_direct
from studio.planning.solver.readers import readers_of
from studio.vocabulary import Channel, Pillar

MOST_OFFERED = 4


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule that may clash: its words, and the demand without it."""

    words: str
    lifted: Callable[[Demand], Demand]


def capped(demand: Demand, room: int) -> tuple[dict[Pillar, int], list[str]]:
    """Return the counts with product posts over the daily cap given to the other pillars by their shares, and a word.

    Raises :class:`InputError` when the mix knows no other pillar.
    """
    counts = dict(demand.counts)
    over = counts[Pillar.PRODUCT] - room
    if over <= 0:
        return counts, []
    mix, most = demand.rules.mix, demand.rules.max_product_per_day
    weights = {Pillar.LIFESTYLE: mix.lifestyle, Pillar.VALUE: mix.value}
    if not any(weights.values()):
        raise clash(demand)
    moved = Counter(deal(weights, over))
    changed = {pillar: count + moved[pillar] for pillar, count in counts.items()} | {Pillar.PRODUCT: room}
    limit = f"每天最多 {most} 条产品类"
    return changed, [f"配比没守住：按配比还要 {over + room} 条产品类，但{limit}，有 {over} 条改成了别的类"]


def feasible(demand: Demand) -> bool:
    """Whether the hard rules leave a way to place the posts; what is merely wished for is left aside.

    A day takes any posts up to its room, so counts by day decide; no moment has to be chosen.
    """
    from ortools.sat.python.cp_model import CpModel, CpSolver

    model, days = CpModel(), demand.days
    rooms = [day.times.room() for day in days]
    direct = {
        group.segment.id if group.segment else None for group in readers_of(demand) if group.channel is Channel.DIRECT
    }
    others = any(weight > 0 for channel, weight in demand.rules.channels.items() if channel is not Channel.DIRECT)
    free = [model.new_int_var(0, room if others else 0, "") for room in rooms]
    named = {
        (day, segment): model.new_int_var(0, room, "")
        for day, room in enumerate(rooms)
        for segment in sorted(direct, key=str)
    }
    total = [free[day] + sum(count for (on, _), count in named.items() if on == day) for day in range(7)]
    ads = [model.new_int_var(0, day.ad_room, "") for day in days]
    for day, room in enumerate(rooms):
        model.add(total[day] <= room)
        model.add(ads[day] <= total[day])
    model.add(sum(total) == demand.wanted)
    model.add(sum(ads) == demand.counts[Pillar.PRODUCT])
    limit_direct(
        model,
        demand,
        (),
        lambda day, segments: sum(
            count for (on, name), count in named.items() if on == day and (name is None or name in segments)
        ),
    )
    solver = CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model).name in ("OPTIMAL", "FEASIBLE")


def clash(demand: Demand) -> InputError:
    """Return the error that names the clashing rules and says what to change."""
    rules = "和".join(f"「{rule.words}」" for rule in _smallest(demand)) or "这周剩下的时间不够"
    fits = _most_posts(demand)
    too_many_ads = demand.counts[Pillar.PRODUCT] > product_room(demand)
    asked = f"再排 {demand.counts[Pillar.PRODUCT]} 条产品类" if too_many_ads else f"再放 {demand.wanted} 条"
    ways = [*_ways(demand)][: MOST_OFFERED - 1]
    ways.append(f"减少一周的条数，少排 {demand.wanted - fits} 条")
    told = f"{demand.week} 要{asked}，但{rules}，只放得下 {fits} 条。已定的档位没有动。"
    return InputError(f"{told}请选一样改：{'；'.join(ways)}。")


def _rules(demand: Demand) -> list[_Rule]:
    """Return the rules that can clash, those a merchant would rather keep first."""
    rules = demand.rules
    quiet = "、".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in rules.quiet_hours)
    blocked = demand.known.blocked & set(demand.week.days)
    named = [
        (f"每天最多 {rules.max_product_per_day} 条产品类", lambda d: _ruled(d, max_product_per_day=MAX_POSTS)),
        (f"同一位客户一天最多 {rules.direct_per_day} 条一对一", _without_direct_limit),
        (f"间隔 {rules.min_gap_minutes} 分钟", lambda d: _ruled(d, min_gap_minutes=min(5, d.rules.min_gap_minutes))),
    ]
    if quiet:
        named.append((f"免打扰时段 {quiet}", lambda d: _ruled(d, quiet_hours=())))
    if blocked:
        named.append((f"{_weekdays(blocked)}停发", lambda d: replace(d, known=replace(d.known, blocked=frozenset()))))
    if demand.opens:
        named.append((f"只剩 {demand.opens:%m-%d %H:%M} 以后", lambda d: replace(d, opens=None)))
    return [_Rule(words, lifted) for words, lifted in named]


def _smallest(demand: Demand) -> list[_Rule]:
    """Return a set of rules that clash and of which none can be left out.

    Rules are lifted one by one and stay lifted while the posts still do not fit. Assumption literals would do it in
    one model, but the gap and the quiet hours decide how much room a day has, so each try is a model of its own.
    """
    needed, tried = [], demand
    for rule in _rules(demand):
        without = rule.lifted(tried)
        if feasible(without):
            needed.append(rule)
        else:
            tried = without
    return needed


def _most_posts(demand: Demand) -> int:
    """Return how many of the posts fit, in the proportions asked for."""
    low, high = 0, demand.wanted
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if feasible(_fewer(demand, middle)) else (low, middle - 1)
    return low


def _fewer(demand: Demand, count: int) -> Demand:
    weights = {pillar: float(number) for pillar, number in demand.counts.items() if number}
    dealt = deal(weights, count) if weights else []
    return replace(demand, counts={pillar: dealt.count(pillar) for pillar in Pillar}, keep=None)


def _ways(demand: Demand) -> Iterator[str]:
    """Yield single changes that make room, cheapest first, each tried by planning again."""
    rules, wanted = demand.rules, demand.wanted
    makes_room = f"就放得下 {wanted} 条"
    for gap in (gap for gap in (180, 120, 90, 75, 60, 45, 30, 20, 15, 10, 5) if gap < rules.min_gap_minutes):
        if feasible(_ruled(demand, min_gap_minutes=gap)):
            yield f"把间隔从 {rules.min_gap_minutes} 分钟改成 {gap} 分钟，{makes_room}"
            break
    yield from _shorter_quiet(demand, makes_room)
    for more in (rules.max_product_per_day + step for step in (1, 2)):
        if demand.counts[Pillar.PRODUCT] and feasible(_ruled(demand, max_product_per_day=more)):
            yield f"把每天产品类的上限从 {rules.max_product_per_day} 条改成 {more} 条，{makes_room}"
            break
    other = {**rules.channels, Channel.MOMENTS: 1.0}
    if not rules.channels.get(Channel.MOMENTS) and feasible(_ruled(demand, channels=other)):
        yield f"加上{Channel.MOMENTS.label}这个渠道，{makes_room}"
    yield from _fewer_blocked(demand, makes_room)
    if demand.counts[Pillar.PRODUCT] > product_room(demand):
        yield "在配比里给价值和生活留出份额"


def _fewer_blocked(demand: Demand, makes_room: str) -> Iterator[str]:
    """Yield the one day, or else all days, to post on after all."""
    days = sorted(demand.known.blocked & set(demand.week.days))
    for gone in [*({day} for day in days), set(days)] if days else ():
        if feasible(replace(demand, known=replace(demand.known, blocked=demand.known.blocked - gone))):
            yield f"{_weekdays(gone)}照常发，{makes_room}"
            return


def _weekdays(days: Iterable[date]) -> str:
    named = sorted(days)
    return "每天都" if len(named) == len(WEEKDAYS) else "周" + "、".join(WEEKDAYS[day.weekday()] for day in named)


def _shorter_quiet(demand: Demand, makes_room: str) -> Iterator[str]:
    """Yield the smallest shortening of one quiet window, by half hours at its end, then at its start."""
    for number, (start, end) in enumerate(demand.rules.quiet_hours):
        for half_hours in range(1, 9):
            shift = timedelta(minutes=30 * half_hours)
            for window in ((start, _shifted(end, -shift)), (_shifted(start, shift), end)):
                if window[0] == window[1]:
                    return
                windows = list(demand.rules.quiet_hours)
                windows[number] = window
                if feasible(_ruled(demand, quiet_hours=tuple(windows))):
                    yield (
                        f"把免打扰从 {start:%H:%M}-{end:%H:%M} 改成 {window[0]:%H:%M}-{window[1]:%H:%M}，{makes_room}"
                    )
                    return


def _shifted(moment: time, by: timedelta) -> time:
    return (datetime.combine(date(2000, 1, 1), moment) + by).time()


def _ruled(demand: Demand, **rules: object) -> Demand:
    return replace(demand, rules=replace(demand.rules, **rules))  # type: ignore[arg-type]


def _without_direct_limit(demand: Demand) -> Demand:
    known = replace(demand.known, direct_left={}, reached={})
    return _ruled(replace(demand, known=known), direct_per_day=MAX_POSTS)
