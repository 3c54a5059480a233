"""The same contract on both databases: a fresh one for every test."""

from __future__ import annotations

import pytest

from studio.store import Database, open_shop


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'studio.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def database(url):
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def store(database, clock):
    """The repositories of one shop."""
    return open_shop(database, "main", "阿禾", clock)


@pytest.fixture
def other_store(database, clock):
    """The repositories of another shop in the same database."""
    return open_shop(database, "other", "小林", clock)
