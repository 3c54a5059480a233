"""The library's own contract of its stores, held by both real databases."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "library"))

from library_store_contract import *  # noqa: F403


@pytest.fixture
def stores(store):
    return store.posts, store.vectors
