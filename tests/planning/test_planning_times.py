"""Quiet hours, gaps and the booking of minutes."""

import itertools
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import InputError
from studio.planning.times import DayTimes, day_times, open_spans


def test_quiet_hours_cross_midnight_and_include_only_their_start():
    assert open_spans(((time(22, 30), time(7, 30)),)) == ((450, 1349),)


def test_overlapping_quiet_hours_join():
    assert open_spans(((time(22), time(8)), (time(6), time(9)), (time(12), time(14)))) == ((540, 719), (840, 1319))


def test_no_quiet_hours_leave_the_whole_day():
    assert open_spans(()) == ((0, 1439),)


def test_quiet_hours_that_fill_the_day_say_what_to_shorten():
    with pytest.raises(InputError, match=r"08:00-20:00、19:00-09:00.*缩短或删掉"):
        open_spans(((time(8), time(20)), (time(19), time(9))))


def test_a_quiet_window_without_length_is_refused():
    with pytest.raises(InputError, match="08:00-08:00"):
        open_spans(((time(8), time(8)),))


minutes = st.integers(0, 1439).map(lambda m: time(m // 60, m % 60))
windows = st.lists(st.tuples(minutes, minutes).filter(lambda w: w[0] != w[1]), max_size=3).map(tuple)


@settings(deadline=None, max_examples=40)
@given(
    quiet=windows, gap=st.integers(20, 300), hours=st.lists(st.integers(0, 23), max_size=3), taken=st.integers(0, 1439)
)
def test_a_day_takes_exactly_as_many_posts_as_it_says(quiet, gap, hours, taken):
    try:
        day = day_times(quiet, gap)
    except InputError:
        return
    day.taken = [taken]
    room = day.room()
    booked = [day.book(hours, leaving) for leaving in range(room - 1, -1, -1)]
    assert day.room() == 0
    times = sorted([*booked, taken])
    assert all(b - a >= gap for a, b in itertools.pairwise(times))
    assert all(any(first <= minute <= last for first, last in day.spans) for minute in booked)
    assert max(booked, default=0) + gap <= 1440 + day.spans[0][0]


def test_the_preferred_hour_is_taken_first():
    day = DayTimes(((450, 1349),), 60)
    assert [day.book((20, 12), 0) for _ in range(2)] == [1200, 720]
