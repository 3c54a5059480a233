"""The soft rules of a week: what each costs when it gives way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from studio.planning.occasion_kinds import Phase
from studio.planning.occasion_relevance import MOST
from studio.planning.placement import Chance, Demand
from studio.planning.solver import weights
from studio.planning.solver.cells import too_close
from studio.planning.solver.model import Expression, WeekModel
from studio.planning.solver.readers import channel_counts, segment_counts
from studio.vocabulary import Pillar

APART_MINUTES = 180
MOST_APART = 3
"""Posts a day up to which they can be hours apart."""


def wish(week: WeekModel, rng: Random) -> None:
    """Give the model its objective: the fewest penalty points."""
    _asked(week)
    _in_a_row(week)
    _even_days(week)
    _apart(week)
    _occasions(week)
    if week.demand.keep is None:
        _hours(week, rng)
        _shares(week, rng)
        _taste(week, rng)
    week.model.minimize(sum(expression * cost for expression, cost in week.penalties))


def _asked(week: WeekModel) -> None:
    for number, asked in enumerate(week.asked):
        week.penalties.append((week.left_out[number], asked.left_out))
        week.penalties += [(week.stands[number, cell], cost) for cell, cost in asked.options.items() if cost]


def _in_a_row(week: WeekModel) -> None:
    """Count product posts that follow one without any other between them, over what stands and what is new."""
    model, demand = week.model, week.demand
    line = [(cell.when, index) for index, cell in enumerate(week.cells)]
    fixed = {slot.when: slot.pillar is Pillar.PRODUCT for slot in demand.standing}
    moments = sorted([*line, *((when, -1) for when in fixed)])
    running: Expression = 0
    pairs: list[Expression] = []
    for when, cell in moments:
        if cell < 0:
            if fixed[when]:
                pairs.append(running)
            running = int(fixed[when])
            continue
        product, taken = week.product[cell], week.taken[cell]
        pair, after = model.new_bool_var(""), model.new_bool_var("")
        model.add(pair >= product + running - 1)
        model.add(after >= running - taken + product)
        model.add(after >= product)
        pairs.append(pair)
        running = after
    week.penalties += [(pair, weights.PRODUCT_IN_A_ROW) for pair in pairs if not isinstance(pair, int)]


def _even_days(week: WeekModel) -> None:
    demand = week.demand
    rooms = [day.times.room() for day in demand.days]
    new = sum(demand.counts.values())
    loads = [day.load for day in demand.days]
    levels = _poured(new, loads, rooms)
    highest = max(levels)
    lowest = min(
        (level for level, load, room in zip(levels, loads, rooms, strict=True) if level < load + room), default=0
    )
    for index, day in enumerate(demand.days):
        here = week.total(week.taken[cell] for cell in week.on_day(index))
        _over(week, here + day.load, highest, weights.DAY_LOAD)
        _over(week, -here - day.load, -min(lowest, day.load + rooms[index]), weights.DAY_LOAD)
    for pillar in Pillar:
        most = [
            min(day.ad_room, room) if pillar is Pillar.PRODUCT else room
            for day, room in zip(demand.days, rooms, strict=True)
        ]
        before = [sum(s.date == day.date and s.pillar is pillar for s in demand.standing) for day in demand.days]
        level = max(_poured(demand.counts[pillar], before, most))
        cost = weights.PRODUCT_SAME_DAY if pillar is Pillar.PRODUCT else weights.PILLAR_SAME_DAY
        for index, had in enumerate(before):
            _over(week, week.of_pillar(pillar, week.on_day(index)) + had, level, cost)


def _apart(week: WeekModel) -> None:
    """Want some hours between the posts of a day, as long as a day has few enough for that."""
    if week.demand.wanted > 7 * MOST_APART:
        return
    for group in too_close(week.cells, APART_MINUTES):
        _over(week, week.total(week.taken[cell] for cell in group), 1, weights.CLOSE_BY)


def _poured(count: int, loads: Sequence[int], rooms: Sequence[int]) -> list[int]:
    """Return the loads after ``count`` posts went, one by one, to the emptiest day with room."""
    levels, left = list(loads), list(rooms)
    for _ in range(min(count, sum(left))):
        index = min((i for i in range(len(levels)) if left[i]), key=lambda i: levels[i])
        levels[index] += 1
        left[index] -= 1
    return levels


def _over(week: WeekModel, amount: Expression, limit: int, cost: int) -> None:
    """Let each unit of ``amount`` above ``limit`` cost."""
    over = week.model.new_int_var(0, 400, "")
    week.model.add(over >= amount - limit)
    week.penalties.append((over, cost))


def _occasions(week: WeekModel) -> None:
    """Want one fitting post in each stretch (lead-in, main days, after-care) of each occasion of the week."""
    for chance, days in _stretches(week.demand):
        fits = [pillar for pillar in Pillar if pillar in chance.pillars]
        if any(slot.date in days and slot.pillar in fits for slot in week.demand.standing):
            continue
        cells = [index for index, cell in enumerate(week.cells) if cell.when.date() in days]
        if not cells or not any(week.demand.counts[pillar] for pillar in fits):
            continue
        untold = week.model.new_bool_var("")
        week.model.add(week.total(week.of_pillar(pillar, cells) for pillar in fits) + untold >= 1)
        week.penalties.append((untold, round(weights.OCCASION_UNTOLD * chance.score / MOST)))


def _hours(week: WeekModel, rng: Random) -> None:
    known = sorted({hour for group in week.readers for hour in group.hours})
    for (cell, number), reads in week.reads.items():
        readers = week.readers[number]
        rank = readers.hours.index(week.cells[cell].minute // 60) if readers.ranked else 0
        week.penalties.append((reads, weights.HOUR_RANK * rank + rng.randint(0, weights.TASTE)))
    for cell, off in week.off.items():
        away = min((abs(week.cells[cell].minute - 60 * hour) for hour in known), default=0)
        cost = weights.OFF_HOUR + weights.HOUR_AWAY * min(6, away // 60)
        week.penalties.append((off, cost + rng.randint(0, weights.TASTE)))


def _shares(week: WeekModel, rng: Random) -> None:
    demand = week.demand
    free = demand.wanted
    for channel, count in channel_counts(demand, free).items():
        mine = [number for number, group in enumerate(week.readers) if group.channel is channel]
        asked = [1 - week.left_out[i] for i, item in enumerate(week.asked) if item.channel is channel]
        _share(week, mine, asked, count)
        _spread_out(week, mine, count, weights.CHANNEL_SAME_DAY)
    for segment, count in segment_counts(demand, free, rng).items():
        mine = [n for n, group in enumerate(week.readers) if group.segment and group.segment.id == segment]
        asked = [
            1 - week.left_out[i] for i, item in enumerate(week.asked) if item.segment and item.segment.id == segment
        ]
        _share(week, mine, asked, count)
        _spread_out(week, mine, count, weights.SEGMENT_SAME_DAY)


def _share(week: WeekModel, numbers: list[int], asked: list[Expression], count: int) -> None:
    """Let each post above or below ``count`` cost."""
    total = week.total([*(week.daily[day, number] for day in range(7) for number in numbers), *asked])
    _over(week, total, count, weights.SHARE)
    _over(week, -total, -count, weights.SHARE)


def _spread_out(week: WeekModel, numbers: list[int], count: int, cost: int) -> None:
    """Let each post above an even spread over the days cost."""
    even = max(1, -(-count // max(1, sum(day.times.room() > 0 for day in week.demand.days))))
    for day in range(7):
        _over(week, week.total(week.daily[day, number] for number in numbers), even, cost)


def _taste(week: WeekModel, rng: Random) -> None:
    for chosen in [*week.product, *week.value]:
        week.penalties.append((chosen, rng.randint(0, weights.TASTE)))


def _stretches(demand: Demand) -> Iterator[tuple[Chance, list[date]]]:
    """Yield every occasion with the days of each of its phases that are in the week."""
    for chance in demand.chances:
        for phase in Phase:
            days = [day for day in demand.week.days if chance.occasion.phase(day) is phase]
            if days and chance.score > 0:
                yield chance, days
