import pytest
from library_memory import MemoryPosts, MemoryVectors
from library_store_contract import *  # noqa: F403


@pytest.fixture
def stores():
    posts = MemoryPosts()
    return posts, MemoryVectors(posts)
