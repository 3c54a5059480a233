"""When each segment really reads: best hours learned from how its own posts did.

A post's response is the number of people who did something (liked, commented, asked, ordered), divided by the
mean of the shop's posts of the same channel and pillar, and again by the mean of the four weeks around it, so
that a big day and a small one, an offer and a story, this month and last, can be compared. 1 is average.

The mean response of an hour is shrunk towards what the default hours promise (a little above average, the rest
average) by empirical Bayes::

    estimate(hour) = (k * promised(hour) + sum of responses in the hour) / (k + posts in the hour)
    k = variance of responses within an hour / variance of the true means between hours

``k`` is the pseudo-count of posts that the default is worth. It is estimated from the shop's own data
(DerSimonian and Laird's moment estimator, 1986): where hours hardly differ it is large and the default stays,
where they differ much a few posts suffice. Before that, a permutation test asks whether the hours differ by more than
chance at all; if not, nothing is said of the segment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from studio.library.posts import Post
from studio.planning.inputs import BestHours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Hours = NDArray[np.int64]

LEAST_POSTS = 20
"""Fewer posts of a segment say nothing about its hours."""

MOST_HOURS = 3
RESPONSES = ("likes", "comments", "inquiries", "orders")
_AROUND_DAYS = 14
_PROMISE = 0.1
_CHANCE = 0.01
_SHUFFLES = 999
_SURE = 1.64
"""One-sided 95 % of a normal distribution."""


def best_hours(posts: Iterable[Post], defaults: Mapping[str, Sequence[int]]) -> dict[str, BestHours]:
    """Return the best hours of those segments whose posts say something, measured ones first.

    ``defaults`` gives every segment's default hours, best first. Examples and posts without a day, a time or any
    response are left out. The same posts give the same hours.
    """
    told = [post for post in posts if _tells(post)]
    relative = _relative(told)
    hours = np.array([post.posted_time.hour for post in told if post.posted_time], dtype=np.int64)
    owners = np.array([post.segment or "" for post in told])
    found = {}
    for segment, default in defaults.items():
        mine = owners == segment
        if mine.sum() >= LEAST_POSTS and (learned := _learn(hours[mine], relative[mine], [*dict.fromkeys(default)])):
            found[segment] = BestHours(learned, int(mine.sum()))
    return found


def _tells(post: Post) -> bool:
    known = post.posted_on is not None and post.posted_time is not None and not post.is_example
    return known and any(name in post.metrics for name in RESPONSES)


def _relative(posts: Sequence[Post]) -> Numbers:
    """Return every post's response relative to its like, then to its time."""
    counts = np.array([sum(post.metrics.get(name, 0) for name in RESPONSES) for post in posts], dtype=np.float64)
    kinds = np.array([f"{post.channel}/{post.pillar}" for post in posts])
    days = np.array([(post.posted_on or date.min).toordinal() for post in posts])
    alike = np.ones(len(posts))
    for kind in np.unique(kinds):
        alike[kinds == kind] = _share(counts[kinds == kind])
    order = np.argsort(days, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(alike[order])])
    first = np.searchsorted(days[order], days - _AROUND_DAYS, side="left")
    after = np.searchsorted(days[order], days + _AROUND_DAYS, side="right")
    around = (sums[after] - sums[first]) / np.maximum(after - first, 1)
    return np.where(around > 0, alike / np.where(around > 0, around, 1.0), 1.0)


def _share(counts: Numbers) -> Numbers:
    mean = float(counts.mean())
    return counts / mean if mean > 0 else np.ones(len(counts))


def _learn(hours: Hours, responses: Numbers, default: Sequence[int]) -> tuple[int, ...]:
    """Return hours that are above average beyond doubt, best first, then the defaults that are not below it."""
    posts = np.bincount(hours, minlength=24)
    if not _differ(hours, responses):
        return ()
    sums = np.bincount(hours, responses, minlength=24).astype(np.float64)
    within, between = _variances(posts, sums, responses)
    pseudo = within / between
    promised = np.ones(24)
    for rank, hour in enumerate(default):
        promised[hour] += _PROMISE * (1 - rank / len(default))
    estimate = (pseudo * promised + sums) / (pseudo + posts)
    margin = _SURE * np.sqrt(within / (pseudo + posts))
    above = [
        int(hour) for hour in np.argsort(-estimate, kind="stable") if posts[hour] and estimate[hour] - margin[hour] > 1
    ]
    usual = [hour for hour in default if hour not in above and estimate[hour] + margin[hour] >= 1]
    return tuple([*above, *usual][:MOST_HOURS]) if above else ()


def _differ(hours: Hours, responses: Numbers) -> bool:
    """Whether the hours' means differ more than those of shuffled responses do, 99 times in 100."""
    dice = np.random.default_rng(len(hours))
    posts = np.maximum(np.bincount(hours, minlength=24), 1)

    def spread(values: Numbers) -> float:
        return float((np.bincount(hours, values, minlength=24) ** 2 / posts).sum())

    seen = spread(responses)
    reached = sum(spread(dice.permutation(responses)) >= seen * (1 - 1e-12) for _ in range(_SHUFFLES))
    return (reached + 1) / (_SHUFFLES + 1) <= _CHANCE


def _variances(posts: Hours, sums: Numbers, responses: Numbers) -> tuple[float, float]:
    """Return the variance of responses within an hour, and of the hours' true means; both above 0."""
    used = posts > 0
    weights, means = posts[used].astype(np.float64), sums[used] / posts[used]
    squares = float((weights * (means - responses.mean()) ** 2).sum())
    free = len(responses) - len(weights)
    within = max(float(((responses - responses.mean()) ** 2).sum()) - squares, 0.0) / max(free, 1)
    total = weights.sum()
    between = (squares - (len(weights) - 1) * within) / (total - (weights**2).sum() / total)
    return max(within, 1e-6), max(between, 1e-6)
