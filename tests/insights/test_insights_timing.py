"""Best hours: found where the data holds them, left alone where it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.insights.timing import LEAST_POSTS, best_hours
from studio.library.posts import Post
from studio.vocabulary import Channel, Pillar

DEFAULTS = {"office": (12, 20)}
HOURS = (8, 10, 12, 15, 19, 20, 21)
BEST = 21
LIKED = {Pillar.PRODUCT: 0.3, Pillar.VALUE: 1.0, Pillar.LIFESTYLE: 2.0}


def simulated(seed, count, lift, segment="office"):
    """Posts at random hours of a shop that grows, has loud and quiet days, and sells less loved than it tells."""
    dice = np.random.default_rng(seed)
    posts = []
    for number in range(count):
        hour, offset, pillar = int(dice.choice(HOURS)), int(dice.integers(0, 170)), list(Pillar)[dice.integers(0, 3)]
        mean = 20 * (1 + offset / 170) * dice.choice([0.7, 1.0, 1.6]) * LIKED[pillar] * (1 + lift * (hour == BEST))
        posts.append(
            Post(
                id=str(number),
                text="x",
                pillar=pillar,
                channel=Channel.MOMENTS,
                posted_on=date(2026, 6, 1) + timedelta(days=offset),
                posted_time=time(hour, 5),
                segment=segment,
                metrics={"likes": int(dice.poisson(mean))},
            )
        )
    return posts


def test_the_known_best_hour_is_found_and_says_how_many_posts_say_so():
    for seed in range(10):
        found = best_hours(simulated(seed, 300, 0.8), DEFAULTS)["office"]
        assert found.hours[0] == BEST
        assert found.measured == 300
        assert set(found.hours) <= {BEST, *DEFAULTS["office"]}


def test_noise_does_not_overturn_the_defaults():
    said = sum(bool(best_hours(simulated(seed, count, 0.0), DEFAULTS)) for seed in range(60) for count in (30, 150))
    assert said <= 5


def test_a_default_that_measures_worse_than_average_is_dropped():
    posts = [
        replace(post, posted_time=time(12)) if post.posted_time.hour == 8 else post for post in simulated(3, 400, 2.0)
    ]
    dull = [replace(post, metrics={"likes": 1}) if post.posted_time.hour == 12 else post for post in posts]
    assert 12 not in best_hours(dull, DEFAULTS)["office"].hours


def test_too_few_posts_say_nothing():
    posts = [
        replace(post, metrics={"likes": 500 if post.posted_time.hour == BEST else 5}) for post in simulated(1, 60, 0)
    ]
    assert best_hours(posts, DEFAULTS)["office"].hours[0] == BEST
    assert best_hours(posts[: LEAST_POSTS - 1], DEFAULTS) == {}


def test_big_and_small_times_compare():
    """Late posts of a shop that grew tenfold win on counts; its own mean of the time says which hour is better."""
    posts = []
    for number in range(200):
        hour, day = ((8, 9) if number < 100 else (20, 21))[number % 2], number
        likes = (10 if number < 100 else 100) * (2 if hour in (9, 21) else 1)
        posts.append(
            Post(str(number), "x", Pillar.VALUE, Channel.GROUP, date(2026, 1, 1) + timedelta(days=day), "office",
                 metrics={"likes": likes}, posted_time=time(hour))
        )  # fmt: skip
    found = best_hours(posts, {"office": (8,)})["office"]
    assert set(found.hours) == {9, 21}


def test_each_segment_learns_from_its_own_posts_only():
    posts = simulated(5, 300, 1.0) + [
        replace(post, id=f"m{post.id}") for post in simulated(6, 300, 0.0, segment="mothers")
    ]
    found = best_hours(posts, {"office": (12,), "mothers": (9,), "nobody": (7,)})
    assert list(found) == ["office"]


@pytest.mark.parametrize(
    "change", [{"posted_time": None}, {"posted_on": None}, {"metrics": {"views": 9}}, {"is_example": True}]
)
def test_posts_that_cannot_tell_are_left_out(change):
    posts = simulated(2, 300, 1.0)
    silent = [replace(post, id=f"s{post.id}", **change) for post in simulated(9, 300, 0.0)]
    assert best_hours(posts + silent, DEFAULTS) == best_hours(posts, DEFAULTS)


POSTS = st.builds(
    Post,
    id=st.just("x"),
    text=st.just("x"),
    pillar=st.none() | st.sampled_from(Pillar),
    channel=st.none() | st.sampled_from(Channel),
    posted_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 3, 1)),
    posted_time=st.none() | st.times(),
    segment=st.sampled_from([None, "office"]),
    metrics=st.dictionaries(st.sampled_from(["views", "likes", "orders"]), st.integers(0, 3)),
)


@settings(max_examples=40)
@given(posts=st.lists(POSTS, min_size=25, max_size=60), default=st.lists(st.integers(0, 23), max_size=4))
def test_any_posts_give_at_most_three_hours_and_always_the_same(posts, default):
    found = best_hours(posts, {"office": default})
    assert found == best_hours(posts, {"office": default})
    for item in found.values():
        assert 1 <= len(set(item.hours)) == len(item.hours) <= 3
        assert item.measured >= LEAST_POSTS
