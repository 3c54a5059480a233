"""A post: what was, or may again be, published, and how it did."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from studio.vocabulary import Channel, Pillar

METRICS = {"views": "浏览", "likes": "点赞", "comments": "评论", "inquiries": "咨询", "orders": "下单"}
"""What a merchant can count for a post, and the word shown for it."""


def text_hash(text: str) -> str:
    """Return the key under which two copies of one text are the same (white space and width ignored)."""
    folded = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Post:
    """An item of the content library. ``metrics`` counts by the keys of :data:`METRICS`.

    ``is_example`` marks a deliberately bad example that is never retrieved as a model to follow.
    """

    id: str
    text: str
    pillar: Pillar | None = None
    channel: Channel | None = None
    posted_on: date | None = None
    segment: str | None = None
    title: str = ""
    tags: tuple[str, ...] = ()
    metrics: dict[str, int] = field(default_factory=dict)
    source: str = ""
    slot_id: str | None = None
    is_example: bool = False
    posted_time: time | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "pillar": self.pillar.value if self.pillar else None,
            "channel": self.channel.value if self.channel else None,
            "posted_on": self.posted_on.isoformat() if self.posted_on else None,
            "posted_time": f"{self.posted_time:%H:%M}" if self.posted_time else None,
            "segment": self.segment,
            "title": self.title,
            "tags": list(self.tags),
            "metrics": self.metrics,
            "source": self.source,
        }
