from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from clothes_shop import CLOTHES
from misbehaving_server import Misbehaving, misbehaving

from studio import resources
from studio.brand import Brand
from studio.drafting.llm import Patience
from studio.drafting.openers import OpenerLibrary
from studio.drafting.prompts import PromptLibrary


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with misbehaving() as running:
        yield running


@pytest.fixture(scope="session")
def quick() -> Patience:
    return Patience(attempts=3, backoff=0.01, longest_wait=0.3)


@pytest.fixture(scope="session")
def prompts() -> PromptLibrary:
    return PromptLibrary([resources.prompts()])


@pytest.fixture(scope="session")
def openers() -> OpenerLibrary:
    return OpenerLibrary([resources.content_library() / "openers"])


@pytest.fixture(scope="session")
def clothes() -> Brand:
    return CLOTHES


@pytest.fixture(scope="session")
def now() -> Callable[[], datetime]:
    return lambda: datetime(2026, 11, 22, 9, 0)
