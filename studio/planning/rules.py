"""What a shop wants of its weeks, and what a plan needs to know of the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType

from studio.errors import InputError
from studio.planning.times import Window
from studio.vocabulary import Channel, Mix, Pillar

MAX_POSTS = 200
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class WeeklyEvent:
    """A fixed date of every week. ``weekday`` is 1 (Monday) to 7."""

    weekday: int
    time: time
    channel: Channel
    theme: str
    pillar: Pillar = Pillar.VALUE
    segment: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise InputError(f"每周活动「{self.theme[:40]}」的星期要写 1 到 7，1 是周一")

    @property
    def label(self) -> str:
        """「周三 20:00 养生小课堂」."""
        return f"周{WEEKDAYS[self.weekday - 1]} {self.time:%H:%M} {self.theme}"


_USUAL_CHANNELS: Mapping[Channel, float] = MappingProxyType({Channel.MOMENTS: 7, Channel.GROUP: 3})


@dataclass(frozen=True, slots=True)
class PlanRules:
    """The rules of a shop's weeks. ``channels`` are weights; quiet hours may cross midnight.

    The product cap and the gap hold over all channels together, because one customer may read several; the cap
    counts what playbooks send that customer too. ``direct_per_day`` is how many one-to-one messages WeCom delivers
    to one customer a day.
    """

    mix: Mix = field(default_factory=Mix)
    posts_per_week: int = 7
    channels: Mapping[Channel, float] = field(default_factory=lambda: _USUAL_CHANNELS)
    quiet_hours: tuple[Window, ...] = ((time(22, 30), time(7, 30)),)
    min_gap_minutes: int = 60
    max_product_per_day: int = 2
    direct_per_day: int = 1
    weekly_events: tuple[WeeklyEvent, ...] = ()

    def __post_init__(self) -> None:
        check_posts(self.posts_per_week)
        weights = list(self.channels.values())
        if not all(0 <= weight < float("inf") for weight in weights) or sum(weights) <= 0:
            raise InputError("渠道的权重都不能是负数，而且至少一个大于 0；请到设置里选至少一个渠道")
        if not 0 <= self.min_gap_minutes <= 24 * 60:
            raise InputError("两条内容的间隔要在 0 到 1440 分钟之间")
        if min(self.max_product_per_day, self.direct_per_day) < 0:
            raise InputError("每天产品类和一对一的上限都不能是负数")


def check_posts(posts: int) -> None:
    """Raise :class:`InputError` unless ``posts`` a week can be planned at all."""
    if not 0 <= posts <= MAX_POSTS:
        raise InputError(f"一周的条数要在 0 到 {MAX_POSTS} 之间，现在是 {posts}；请改小一点")


@dataclass(frozen=True, slots=True)
class Published:
    """One post of the past. ``text`` is its theme, or a short piece of it; ``product`` an id in the brand."""

    date: date
    pillar: Pillar
    segment: str | None = None
    text: str = ""
    product: str | None = None
    channel: Channel | None = None
