"""The words of the studio: code, interface, prompts and documents use these and no others.

Every enumeration carries the code that appears in JSON (``.value``) and the Chinese
word a merchant reads (``.label``). ``parse`` accepts either.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A code with the Chinese label shown to the merchant."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        word = str.__new__(cls, code)
        word._value_ = code
        word.label = label
        return word

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the member whose code or label is ``text``; raise ``ValueError`` otherwise."""
        wanted = text.strip()
        for member in cls:
            if wanted.lower() == member.value or wanted == member.label:
                return member
        allowed = "、".join(f"{member.label}({member.value})" for member in cls)
        raise ValueError(f"「{wanted}」不在可选范围里，可选：{allowed}")


class Pillar(Word):
    """The three kinds of post in the 3:3:4 mix."""

    PRODUCT = "product", "产品"
    VALUE = "value", "价值"
    LIFESTYLE = "lifestyle", "生活"


class Channel(Word):
    """Where a post is published."""

    MOMENTS = "moments", "朋友圈"
    GROUP = "group", "社群"
    DIRECT = "direct", "一对一"
    OFFICIAL = "official", "公众号"
    VIDEO = "video", "视频号脚本"


class Stage(Word):
    """How far the reader is on the way to buying, and after."""

    AWARENESS = "awareness", "认知"
    CONSIDERATION = "consideration", "考虑"
    DECISION = "decision", "决策"
    USAGE = "usage", "使用"


class Status(Word):
    """The life of a slot's draft, in order; ``SKIPPED`` ends it instead of ``POSTED``."""

    PLANNED = "planned", "待写"
    DRAFTED = "drafted", "已起草"
    IN_REVIEW = "in_review", "待审"
    CHANGES_REQUESTED = "changes_requested", "要改"
    APPROVED = "approved", "已通过"
    POSTED = "posted", "已发"
    SKIPPED = "skipped", "跳过"


class Severity(Word):
    """How much a finding matters."""

    BLOCK = "block", "禁"
    WARN = "warn", "改"
    INFO = "info", "提示"


class Verdict(Word):
    """What the review says of a whole text."""

    PASS = "pass", "可发"
    REVISE = "revise", "需改"
    BLOCK = "block", "禁发"


class ProductType(StrEnum):
    """What is sold, as the law sorts it; decides which rules apply and how strictly."""

    FOOD = "普通食品"
    HEALTH_FOOD = "保健食品"
    INFANT_FOOD = "婴幼儿食品"
    COSMETICS = "普通化妆品"
    SPECIAL_COSMETICS = "特殊化妆品"
    FASHION = "服饰"
    HOME = "家居日用"
    ELECTRONICS = "数码家电"
    BABY = "母婴用品"
    ALCOHOL = "酒类"
    MEDICAL_DEVICE = "医疗器械"
    EDUCATION = "教育培训"
    FINANCE = "金融理财"
    PROPERTY = "房产"
    SERVICE = "生活服务"
    OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Mix:
    """Target weights of the three pillars; any non-negative numbers, not all zero.

    ``Mix(3, 3, 4)`` and ``Mix(0.3, 0.3, 0.4)`` are the same mix.
    """

    product: float = 3
    value: float = 3
    lifestyle: float = 4

    def __post_init__(self) -> None:
        weights = (self.product, self.value, self.lifestyle)
        if not all(0 <= weight < float("inf") for weight in weights) or sum(weights) <= 0:
            raise ValueError("配比的三个数都不能是负数，而且至少一个大于 0，例如 3:3:4")

    @property
    def shares(self) -> dict[Pillar, float]:
        """Share of each pillar; the three sum to 1."""
        total = self.product + self.value + self.lifestyle
        return {
            Pillar.PRODUCT: self.product / total,
            Pillar.VALUE: self.value / total,
            Pillar.LIFESTYLE: self.lifestyle / total,
        }

    def __str__(self) -> str:
        return f"{self.product:g}:{self.value:g}:{self.lifestyle:g}"
