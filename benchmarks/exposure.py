"""What every customer sees of a plan, counted for random customers and timed, and checked one customer at a time.

python benchmarks/exposure.py [--customers 100000] [--slots 60] [--segments 20] [--runs 5] [--seed 20261122]

``--slots`` are slots a week, over 4 weeks. The time is from customer objects and segments to the whole answer.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time as clock
from datetime import date, datetime, time, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from studio.audience.customers import Customer
from studio.audience.tiers import Tiers, read_tiers
from studio.brand import Segment
from studio.planning.calendar import Slot, WeekId
from studio.planning.exposure import Exposure, exposure
from studio.planning.inputs import Touch
from studio.planning.limits import LimitName, Limits, read_limits
from studio.planning.readers import classes
from studio.planning.rules import PlanRules
from studio.planning.seen import PILLARS, Traffic, seen
from studio.resources import content_library
from studio.vocabulary import Channel, Pillar, Stage, Status

TODAY = date(2026, 11, 23)
WEEKS = [WeekId.of(TODAY).plus(offset) for offset in range(4)]
TAGS = [f"标签{number}" for number in range(40)]
TIERS = ["高消费", "老客户", "30天未购", "活跃", "潜在客户"]
TARGET_SECONDS = 2.0
SAMPLE = 300


def random_customers(rng: random.Random, count: int) -> list[Customer]:
    def some_day(longest: int) -> date:
        return TODAY - timedelta(days=rng.randrange(longest))

    return [
        Customer(
            id=f"c{number}",
            tags=frozenset(rng.sample(TAGS, rng.randint(0, 8))),
            spent=rng.choice([None, 0.0, rng.uniform(1, 3000)]),
            orders=rng.choice([None, 0, rng.randint(1, 20)]),
            last_order_on=rng.choice([None, some_day(400)]),
            added_on=rng.choice([None, some_day(1000)]),
        )
        for number in range(count)
    ]


def random_segments(rng: random.Random, count: int) -> list[Segment]:
    words = TAGS + TIERS
    return [
        Segment(
            id=f"s{number}",
            name=f"人群{number}",
            need="x",
            all_tags=tuple(rng.sample(words, rng.randint(0, 1))),
            any_tags=tuple(rng.sample(words, rng.randint(1, 6))),
            no_tags=tuple(rng.sample(words, rng.randint(0, 2))),
        )
        for number in range(count)
    ]


def random_traffic(rng: random.Random, slots: int, segments: list[Segment], customers: list[Customer]) -> Traffic:
    days = [day for week in WEEKS for day in week.days]
    made = [
        Slot(
            id=f"p{number}",
            date=rng.choice(days),
            time=time(rng.randrange(24), rng.choice([0, 30])),
            channel=rng.choice(list(Channel)),
            pillar=rng.choice(list(Pillar)),
            stage=Stage.AWARENESS,
            segment=rng.choice([None, *(segment.id for segment in segments)]),
            theme=f"主题{number}",
            occasion=None,
            product=None,
            why="",
            status=rng.choice(list(Status)),
        )
        for number in range(slots * len(WEEKS))
    ]
    touches = [
        Touch(
            playbook="b",
            step=f"第{number}步",
            when=datetime.combine(rng.choice(days), time(10)),
            pillar=rng.choice(list(Pillar)),
            theme="问候",
            customers=tuple(customer.id for customer in rng.sample(customers, len(customers) // 50)),
        )
        for number in range(20)
    ]
    return Traffic(made, touches)


def tags_of(customer: Customer, tiers: Tiers) -> set[str]:
    """Return a customer's tags of today, worked out one customer at a time."""
    derived = {tag for tag, (holds, _) in tiers.derive([customer], TODAY).items() if holds[0]}
    known = {tag for tag, (_, known) in tiers.derive([customer], TODAY).items() if known[0]}
    return (set(customer.tags) - known) | derived


def is_in(segment: Segment, tags: set[str]) -> bool:
    return (
        tags.issuperset(segment.all_tags)
        and (not segment.any_tags or bool(tags.intersection(segment.any_tags)))
        and not tags.intersection(segment.no_tags)
    )


def posts_of(customer: Customer, segments: list[Segment], traffic: Traffic, tiers: Tiers) -> list[tuple[date, Pillar]]:
    """Return everything one customer sees, the slow way."""
    tags = tags_of(customer, tiers)
    mine = {segment.id for segment in segments if is_in(segment, tags)}
    posts = [
        (slot.date, slot.pillar)
        for slot in traffic.slots
        if slot.status is not Status.SKIPPED
        and (slot.channel is not Channel.DIRECT or slot.segment is None or slot.segment in mine)
    ]
    return posts + [
        (touch.when.date(), touch.pillar)
        for touch in traffic.touches
        for other in touch.customers
        if other == customer.id
    ]


def check(rng: random.Random, segments: list[Segment], tiers: Tiers) -> None:
    """Compare with the slow way on a sample; stop at the first difference."""
    customers = random_customers(rng, SAMPLE)
    traffic = random_traffic(rng, 60, segments, customers)
    counts = seen(WEEKS, classes(customers, segments, TODAY, tiers), traffic)
    for row, customer in enumerate(customers):
        posts = posts_of(customer, segments, traffic, tiers)
        for column, day in enumerate(counts.days):
            expected = [posts.count((day, pillar)) for pillar in PILLARS]
            found = counts.posts[:, row, column].tolist()
            assert found == expected, f"{customer.id} {day}: {found} instead of {expected}"


def answer(
    customers: list[Customer], segments: list[Segment], traffic: Traffic, tiers: Tiers, limits: Limits
) -> Exposure:
    readers = classes(customers, segments, TODAY, tiers)
    return exposure(WEEKS, readers, traffic, PlanRules(), limits)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("customers", 100_000), ("slots", 60), ("segments", 20), ("runs", 5), ("seed", 20261122)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    tiers, _ = read_tiers([content_library() / "tiers.yaml"])
    limits, _ = read_limits([content_library() / "limits"])
    segments = random_segments(rng, given.segments)
    check(rng, segments, tiers)
    customers = random_customers(rng, given.customers)
    traffic = random_traffic(rng, given.slots, segments, customers)
    times = []
    for _ in range(given.runs):
        start = clock.perf_counter()
        found = answer(customers, segments, traffic, tiers, limits)
        times.append(clock.perf_counter() - start)
    kinds = len(classes(customers, segments, TODAY, tiers).classes)
    print(f"seed {given.seed}: {given.customers:,} customers in {kinds:,} classes, {given.segments} segments,")
    print(f"{len(traffic.slots)} slots and {len(traffic.touches)} touches in {len(WEEKS)} weeks")
    print(f"checked against {SAMPLE} customers counted one by one: the same")
    print(f"median {statistics.median(times):.2f} s, worst {max(times):.2f} s (target {TARGET_SECONDS} s)")
    print(f"wecom a day: {limits.on(LimitName.MESSAGES_A_DAY, TODAY)}; broken rules: {len(found.breaches)}; weeks:")
    for week in found.weeks:
        spread = week.posts
        print(
            f"  {week.week}: {spread.least} to {spread.most} posts a customer, median {spread.median}, p90 {spread.p90}"
        )
    return 0 if max(times) < TARGET_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
