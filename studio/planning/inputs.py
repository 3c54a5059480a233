"""What a plan takes in besides the shop and its rules: who reads, when they read, and what playbooks ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from studio.vocabulary import Channel, Pillar, Stage


@dataclass(frozen=True, slots=True)
class AudienceClass:
    """Customers who are in exactly the same segments and so see the same posts; ``size`` is how many."""

    segments: frozenset[str]
    size: int

    def sees(self, channel: Channel, segment: str | None) -> bool:
        """Whether a post reaches these customers: a one-to-one post reaches its segment, any other everybody."""
        return channel is not Channel.DIRECT or segment is None or segment in self.segments


@dataclass(frozen=True, slots=True)
class BestHours:
    """The hours (0-23, best first) at which a segment reads; ``measured`` is how many posts say so, 0: the default."""

    hours: tuple[int, ...]
    measured: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """A post that a running playbook asks of a week: on this day, at ``time`` or at any free hour.

    ``playbook`` is its id, ``step`` and ``theme`` are Chinese words, ``segment`` and ``product`` ids in the brand.
    """

    playbook: str
    step: str
    date: date
    time: time | None
    channel: Channel
    pillar: Pillar
    stage: Stage
    theme: str
    segment: str | None = None
    product: str | None = None
    occasion: str | None = None


@dataclass(frozen=True, slots=True)
class Touch:
    """A one-to-one message that a playbook owes some customers (``customers`` are their ids).

    It is no slot of the week, but counts for what those customers get.
    """

    playbook: str
    step: str
    when: datetime
    pillar: Pillar
    theme: str
    customers: tuple[str, ...]
