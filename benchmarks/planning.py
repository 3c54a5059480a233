"""Plan random shops, check every hard rule with a checker of its own, and print the times.

python benchmarks/planning.py [--shops 1000] [--seed 20261122]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time as clock
from collections import Counter
from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from studio.brand import Brand
from studio.errors import InputError
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.planner import Planner
from studio.planning.rules import PlanRules, WeeklyEvent
from studio.resources import content_library
from studio.vocabulary import Channel, Mix, Pillar

WEEKS = 8
FOLDERS = [content_library() / "occasions"]


def random_shop(rng: random.Random) -> tuple[Brand, PlanRules]:
    """Return a shop of random size with random but possible rules; half of them keep 3:3:4."""

    def facts(name: str, count: int) -> list[dict[str, str]]:
        return [
            {"text": f"{name}{i}", "source": "x", "topic": f"{name}{i}", "pillar": rng.choice(list(Pillar)).value}
            for i in range(count)
        ]

    brand = Brand.model_validate(
        {
            "products": [
                {
                    "id": f"p{i}",
                    "name": f"货{i}",
                    "on_sale": rng.random() < 0.8,
                    "facts": facts(f"货{i}", rng.randint(0, 6)),
                }
                for i in range(rng.randint(0, 8))
            ],
            "segments": [
                {
                    "id": f"s{i}",
                    "name": f"人群{i}",
                    "need": "x",
                    "best_hours": rng.sample(range(24), rng.randint(0, 3)),
                    "channels": [channel.value for channel in rng.sample(list(Channel), rng.randint(0, 2))],
                }
                for i in range(rng.randint(0, 8))
            ],
            "facts": facts("事", rng.randint(0, 30)),
        }
    )
    rules = PlanRules(
        mix=Mix() if rng.random() < 0.5 else Mix(*(rng.randint(1, 9) for _ in range(3))),
        posts_per_week=rng.randint(0, 40),
        channels={channel: rng.randint(1, 9) for channel in rng.sample(list(Channel), rng.randint(1, 5))},
        quiet_hours=tuple((time(rng.randint(21, 23), 30), time(rng.randint(5, 9))) for _ in range(rng.randint(0, 2))),
        min_gap_minutes=rng.choice([0, 20, 30, 45, 60]),
        max_product_per_day=rng.randint(1, 3),
        weekly_events=(WeeklyEvent(3, time(20), Channel.GROUP, "小课堂"),) if rng.random() < 0.5 else (),
    )
    return brand, rules


def violations(slots: list[Slot], rules: PlanRules) -> Counter[str]:
    """Return how often each hard rule is broken."""
    found: Counter[str] = Counter()
    ordered = sorted(slots, key=lambda slot: slot.when)
    for earlier, later in pairwise(ordered):
        found["gap"] += later.when - earlier.when < timedelta(minutes=max(1, rules.min_gap_minutes))
    for slot in slots:
        for start, end in rules.quiet_hours:
            inside = start <= slot.time < end if start < end else slot.time >= start or slot.time < end
            found["quiet hours"] += inside
    ads = Counter(slot.date for slot in slots if slot.pillar is Pillar.PRODUCT)
    found["product cap"] += sum(count > rules.max_product_per_day for count in ads.values())
    found["same id"] += len(slots) - len({slot.id for slot in slots})
    return found


def drift(weeks: list[Week], mix: Mix) -> tuple[float, float]:
    """Return the worst distance from the target in posts, over prefixes and over 4-week windows."""
    prefix = window = 0.0
    for pillar, share in mix.shares.items():
        line = [0.0]
        for week in weeks:
            line.append(line[-1] + sum(slot.pillar is pillar for slot in week.slots) - share * len(week.slots))
        prefix = max(prefix, *map(abs, line))
        window = max(window, *(abs(b - a) for a, b in zip(line, line[4:], strict=False)))
    return prefix, window


def replan_keeps_fixed(planner: Planner, week: Week, rng: random.Random) -> bool:
    """Lock a random part of a week, plan it again, and say whether the locked slots came back as they were."""
    existing = [replace(slot, locked=rng.random() < 0.4) for slot in week.slots]
    fixed = [slot for slot in existing if slot.locked]
    again = planner.plan(week.id, seed=rng.randint(0, 99), existing=existing)[0]
    return [slot for slot in again.slots if slot.locked] == fixed


def fourteen_slot_times(rng: random.Random, runs: int = 200) -> list[float]:
    """Return the milliseconds that a 14-slot week of a random shop takes."""
    spent = []
    for _ in range(runs):
        brand, rules = random_shop(rng)
        planner = Planner(brand, replace(rules, max_product_per_day=2, min_gap_minutes=60, posts_per_week=14), FOLDERS)
        started = clock.perf_counter()
        planner.plan(WeekId(2026, 49))
        spent.append(1000 * (clock.perf_counter() - started))
    return spent


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shops", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    broken: Counter[str] = Counter()
    told = capped = touched = unsteady = 0
    worst = {"3:3:4": (0.0, 0.0), "other": (0.0, 0.0)}
    for _ in range(options.shops):
        brand, rules = random_shop(rng)
        planner, seed = Planner(brand, rules, FOLDERS), rng.randint(0, 999)
        try:
            weeks = planner.plan(WeekId(2026, 49), WEEKS, seed=seed)
        except InputError:
            told += 1
            continue
        broken.update(violations([slot for week in weeks for slot in week.slots], rules))
        broken["wrong number"] += sum(len(week.slots) != rules.posts_per_week for week in weeks)
        unsteady += planner.plan(WeekId(2026, 49), 1, seed=seed)[0] != weeks[0]
        touched += not replan_keeps_fixed(planner, weeks[0], rng)
        if any("配比没守住" in line for week in weeks for line in week.relaxed):
            capped += 1
            continue
        kind = "3:3:4" if str(rules.mix) == "3:3:4" else "other"
        worst[kind] = tuple(map(max, worst[kind], drift(weeks, rules.mix)))
    spent = sorted(fourteen_slot_times(rng))
    print(f"seed {options.seed}, {options.shops} shops x {WEEKS} weeks")
    print(f"  a sentence instead of a plan {told}, mix given up for the product cap {capped}")
    for rule, count in broken.items():
        print(f"  {rule:<14} broken {count}")
    print(f"  fixed slots    touched {touched}\n  first week     changed by planning more weeks {unsteady}")
    for kind, (prefix, window) in worst.items():
        print(f"  mix {kind:<8} worst prefix {prefix:.2f}, worst 4-week window {window:.2f} posts")
    print(f"  14-slot week   median {statistics.median(spent):.0f} ms, p95 {spent[int(0.95 * len(spent))]:.0f} ms")
    return int(bool(broken.total() or touched or unsteady or max(worst["3:3:4"]) > 1))


if __name__ == "__main__":
    raise SystemExit(main())
