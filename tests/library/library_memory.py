"""Stores that live in memory, for tests of the library itself."""

import numpy as np

from studio.library.posts import text_hash


class MemoryPosts:
    def __init__(self):
        self._by_id = {}
        self._hashes = set()
        self.reads = 0

    def add(self, posts):
        new = []
        for post in posts:
            key = text_hash(post.text)
            if key not in self._hashes:
                self._hashes.add(key)
                self._by_id[post.id] = post
                new.append(post.id)
        return new

    def all(self):
        self.reads += 1
        return list(self._by_id.values())

    def get(self, ids):
        return [self._by_id[post_id] for post_id in ids if post_id in self._by_id]

    def count(self):
        return len(self._by_id)

    def revision(self):
        return str(len(self._by_id))


class MemoryVectors:
    def __init__(self, posts):
        self._posts = posts
        self._by_key = {}
        self.reads = 0

    def load(self, key):
        self.reads += 1
        rows = self._by_key.get(key, {})
        return list(rows), np.array(list(rows.values()), dtype=np.float32) if rows else np.zeros((0, 0), np.float32)

    def save(self, key, ids, vectors):
        self._by_key.setdefault(key, {}).update(zip(ids, vectors, strict=True))

    def missing(self, key):
        known = self._by_key.get(key, {})
        return [post_id for post_id in self._posts._by_id if post_id not in known]
