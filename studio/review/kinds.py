"""The few kinds of trouble that the second reader tells apart."""

from __future__ import annotations

from studio.review.categories import Category

KINDS: dict[str, tuple[Category, ...]] = {
    "功效": (Category.MEDICAL, Category.HEALTH_FOOD, Category.FOOD, Category.COSMETICS, Category.BLACKLIST),
    "吹嘘": (
        Category.ABSOLUTE,
        Category.FALSE_CLAIM,
        Category.DATA_SOURCE,
        Category.AUTHORITY,
        Category.DISPARAGEMENT,
        Category.STATE,
    ),
    "利益": (Category.PRICE, Category.FINANCE, Category.EDUCATION, Category.PROPERTY),
    "平台": (Category.INDUCEMENT, Category.REVIEW_BRIBE, Category.DIVERSION, Category.BROADCAST),
    "公序": (Category.MORALS, Category.MINORS, Category.ALCOHOL),
}
"""What each kind is learned from: the examples of the rules in these categories."""
