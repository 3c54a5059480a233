"""How many posts of each pillar a week gets, so that the mix holds over time.

Posts are dealt one by one: of those already due, the kind that would be late first comes next.
This is Tijdeman's chairman assignment (Discrete Mathematics 32, 1980). After every post each of
``m`` kinds is within ``1 - 1 / (2m - 2)`` posts of its share: 3/4 for three pillars, 1/2 for two.
So any prefix is within one post of the target for every mix, and any run of weeks, being the difference of
two prefixes, within two. Ties, and what is within 1/20 post of one, go against product posts: with that,
3:3:4 keeps every run of weeks within one post.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from studio.vocabulary import Mix, Pillar

Kind = TypeVar("Kind")
Counts = Mapping[Pillar, int]

FORGIVEN_AFTER_WEEKS = 4
_AGAINST_PRODUCT = {Pillar.LIFESTYLE: Fraction(-1, 40), Pillar.VALUE: Fraction(-1, 40), Pillar.PRODUCT: Fraction(1, 20)}


def deal(weights: Mapping[Kind, float], count: int, ahead: Mapping[Kind, Fraction] | None = None) -> list[Kind]:
    """Return the next ``count`` kinds in proportion to ``weights``, evenly spread.

    ``ahead`` is how many posts each kind already has over its share (negative: behind; sums to 0).
    The kind named first in ``weights`` wins a tie. Weights are non-negative, at least one positive.
    """
    shares = _shares(weights)
    due = {kind: -(ahead or {}).get(kind, Fraction(0)) for kind in shares}
    slack = Fraction(1, 2 * len(shares) - 2) if len(shares) > 1 else Fraction(0)
    order: list[Kind] = []
    for _ in range(count):
        for kind, share in shares.items():
            due[kind] += share
        ready = [kind for kind in shares if due[kind] >= slack] or list(shares)
        chosen = min(ready, key=lambda kind: (1 - slack - due[kind]) / shares[kind])
        due[chosen] -= 1
        order.append(chosen)
    return order


def apportion(mix: Mix, posts: int, history: Sequence[Counts], placed: Counts | None = None) -> dict[Pillar, int]:
    """Return how many posts of each pillar the coming week gets; they sum to ``posts``.

    ``history`` counts what each past week really had, newest last and without gaps; give all there is, because
    weeks older than four still carry their rounding. ``placed`` are posts of this week that stay as they are;
    where they fit the result includes them unchanged, and when they exceed it the rest is dealt around them.
    A past imbalance moves a pillar by at most one post a week and is forgiven after four weeks.
    """
    held = _at_most(carry(mix, history), Fraction(1))
    carried = {pillar: held[pillar] + _AGAINST_PRODUCT[pillar] for pillar in Pillar}
    weights = _weights(mix)
    counts = _count(deal(weights, posts, carried))
    stay = {pillar: (placed or {}).get(pillar, 0) for pillar in Pillar}
    if all(stay[pillar] <= counts[pillar] for pillar in Pillar):
        return counts
    shares, total = _shares(weights), sum(stay.values())
    ahead = {pillar: carried[pillar] + stay[pillar] - shares.get(pillar, Fraction(0)) * total for pillar in Pillar}
    rest = _count(deal(weights, max(0, posts - total), ahead))
    return {pillar: stay[pillar] + rest[pillar] for pillar in Pillar}


def carry(mix: Mix, history: Sequence[Counts]) -> dict[Pillar, Fraction]:
    """Return how many posts each pillar is over its share after ``history`` (negative: short); sums to 0.

    Up to one post is rounding and is kept. What a week adds beyond that is a debt: later weeks pay the oldest
    debt first, and what is left of it four weeks later is dropped.
    """
    shares = _shares(_weights(mix))
    ahead = dict.fromkeys(Pillar, Fraction(0))
    debts: list[Fraction] = [Fraction(0)] * FORGIVEN_AFTER_WEEKS
    for week in history:
        total = sum(week.values())
        before = _excess(ahead)
        for pillar in Pillar:
            ahead[pillar] += week.get(pillar, 0) - shares.get(pillar, Fraction(0)) * total
        grown = _excess(ahead) - before
        debts = [*_pay(debts, -grown), max(Fraction(0), grown)][-FORGIVEN_AFTER_WEEKS:]
        ahead = _at_most(ahead, sum(debts, Fraction(1)))
    return ahead


def _pay(debts: list[Fraction], amount: Fraction) -> list[Fraction]:
    left = list(debts)
    for index, debt in enumerate(left):
        paid = min(debt, max(Fraction(0), amount))
        left[index] -= paid
        amount -= paid
    return left


def _excess(ahead: Mapping[Pillar, Fraction]) -> Fraction:
    return max(Fraction(0), max(map(abs, ahead.values())) - 1)


def _at_most(ahead: Mapping[Pillar, Fraction], limit: Fraction) -> dict[Pillar, Fraction]:
    largest = max(map(abs, ahead.values()))
    if largest <= limit:
        return dict(ahead)
    scaled = {pillar: (value * limit / largest).limit_denominator(10_000) for pillar, value in ahead.items()}
    scaled[Pillar.LIFESTYLE] = -scaled[Pillar.PRODUCT] - scaled[Pillar.VALUE]
    return scaled


def _weights(mix: Mix) -> dict[Pillar, float]:
    return {pillar: getattr(mix, pillar.value) for pillar in _AGAINST_PRODUCT}


def _shares(weights: Mapping[Kind, float]) -> dict[Kind, Fraction]:
    largest = max(weights.values())
    exact = {kind: Fraction(weight / largest).limit_denominator(10_000) for kind, weight in weights.items()}
    total = sum(exact.values(), Fraction(0))
    return {kind: value / total for kind, value in exact.items() if value > 0}


def _count(order: Sequence[Pillar]) -> dict[Pillar, int]:
    return {pillar: order.count(pillar) for pillar in Pillar}
