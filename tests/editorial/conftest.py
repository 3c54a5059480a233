import pytest

from studio.planning.calendar import WeekId

WEEK = WeekId(2026, 48)


@pytest.fixture
def planned(demo_workspace):
    """The sample shop with a week of seven posts."""
    demo_workspace.schedule.save(demo_workspace.schedule.plan(WEEK, posts=7))
    return demo_workspace


@pytest.fixture
def slots(planned):
    return planned.store.calendar.slots(WEEK.days[0], WEEK.days[-1])
