"""Arithmetic that tells a real number from any row of digits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit() or char == "x")


def is_id_card(text: str) -> bool:
    """Whether this is a resident identity number: 18 characters, a date of birth, the GB 11643 checksum."""
    number = _digits(text)
    if len(number) != 18:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    return number[17] == "10x98765432"[total % 11]


def is_bank_card(text: str) -> bool:
    """Whether this is a bank card number: 16 to 19 digits that satisfy Luhn's formula."""
    number = _digits(text)
    if not 16 <= len(number) <= 19 or not number.isdigit() or len(set(number)) < 2:
        return False
    doubled = (int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


CHECKS: dict[str, Callable[[str], bool]] = {"id_card": is_id_card, "bank_card": is_bank_card}
"""Checks a pattern may name; each takes the matched text of the light view."""
