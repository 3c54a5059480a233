"""Numbers in Chinese text: where they stand, what they are worth, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

_UNITS = {
    "price": {"元": "元 块钱 块 圆 rmb", "折": "折"},
    "percent": {"%": "% \uff05 个百分点", "成": "成", "倍": "倍"},
    "duration": {
        "年": "年 周年",
        "月": "个月 个多月",
        "周": "周 个星期 星期 个礼拜",
        "天": "天 日内 晚",
        "小时": "小时 个小时 个钟头 h",
        "分钟": "分钟 min",
        "秒": "秒 秒钟",
    },
    "date": {"月份": "月", "日": "日 号", "点": "点 时"},
    "number": {
        "千克": "公斤 千克 kg",
        "克": "克 g",
        "毫克": "毫克 mg",
        "斤": "斤 市斤",
        "两": "两",
        "吨": "吨",
        "升": "升 l",
        "毫升": "毫升 ml",
        "米": "米",
        "厘米": "厘米 公分 cm",
        "毫米": "毫米 mm",
        "公里": "公里 千米 km",
        "亩": "亩",
        "度": "度 ℃ 摄氏度",
        "人": "人 位 名 个人 户 家",
        "遍": "遍 次 回 道 轮",
        "件": "件 瓶 罐 袋 盒 箱 包 只 条 支 双 套 粒 颗 片 张 本 杯 桶 枚 棵 株 把 单 款 种 "
        "节 课 期 级 层 排 处 针 头 匹 盘",
        "个": "个",
        "岁": "岁",
    },
}
_UNIT_OF = {
    word: (kind, unit) for kind, units in _UNITS.items() for unit, words in units.items() for word in words.split()
}
_WORDS = "|".join(sorted(map(re.escape, _UNIT_OF), key=len, reverse=True))
_ARABIC = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN = "[零〇一二两俩三四五六七八九十百千万亿]+(?:点[零一二三四五六七八九]+)?|半"
_NUMBER = re.compile(
    rf"(?P<percent>百分之(?:{_ARABIC}|{_HAN})|百分百)|(?P<currency>[¥\uffe5$]\s?(?:{_ARABIC}))"
    rf"|(?P<year>(?:19|20)\d\d)\s?年|(?P<clock>\d{{1,2}}[:\uff1a]\d\d)"
    rf"|(?P<amount>(?:{_ARABIC})\s?[万千百亿]?|{_HAN})(?P<more>[多几余来])?\s?(?P<unit>{_WORDS})?(?P<half>半)?",
    re.IGNORECASE,
)
_IDIOMS = re.compile(
    "一年四季|一年到头|一年一度|一块儿|一家人|一日三餐|三三两两|七上八下|千万(?![元人])|万一|万分|十分(?!钟)|"
    "二十四节气|十二生肖|[每第同这那某整单]一"
)
_SMALL_TALK = {"个", "件", "人", "点"}
_LIST_SIGNS = {".", "\uff0e", "、", ")", "\uff09"}
_LIST_MARK = re.compile(r"(?:^|\n)[ \t]*\d{1,2}$")


@dataclass(frozen=True, slots=True)
class Number:
    """One number in a text. ``kind`` is price, percent, duration, date or number; ``unit`` is canonical or empty.

    ``value`` is None where the text leaves it open (「两三天」); times of day are hours.
    """

    start: int
    end: int
    text: str
    kind: str
    value: Decimal | None
    unit: str


def value_of(text: str) -> Decimal | None:
    """Return what an Arabic or Chinese numeral is worth; None when it is not one number (「三五」)."""
    text = text.replace(",", "").replace(" ", "")
    if text == "半":
        return Decimal("0.5")
    scale = 1
    if len(text) > 1 and text[0].isdigit() and text[-1] in _SCALES:
        text, scale = text[:-1], _SCALES[text[-1]]
    if text[:1].isdigit():
        try:
            return Decimal(text) * scale
        except InvalidOperation:
            return None
    whole, _, fraction = text.partition("点")
    integer = _han_integer(whole)
    if integer is None:
        return None
    digits = "".join(str(_DIGITS[character]) for character in fraction)
    return Decimal(f"{integer}.{digits}" if digits else integer)


def _han_integer(text: str) -> int | None:
    if not any(character in _SCALES for character in text):
        digits = [_DIGITS[character] for character in text]
        if len(digits) == 1:
            return digits[0]
        return int("".join(map(str, digits))) if len(digits) >= 4 or 0 in digits else None
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            if digit and character not in "零〇":
                return None
            digit = _DIGITS[character]
        elif _SCALES[character] < 10_000:
            section += (digit or 1) * _SCALES[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * _SCALES[character]
            section = digit = 0
    return total + section + digit


def numbers(text: str) -> Iterator[Number]:
    """Yield every number that states something, left to right; idioms, ordinals and list marks are passed over."""
    idioms = [match.span() for match in _IDIOMS.finditer(text)]
    for match in _NUMBER.finditer(text):
        if any(first <= match.start() < last for first, last in idioms) or _is_mark(text, match):
            continue
        if number := _read(match):
            yield number


def _is_mark(text: str, match: re.Match[str]) -> bool:
    if text[: match.start()].endswith("第"):
        return True
    after = text[match.end() : match.end() + 1]
    return (
        match["unit"] is None
        and after in _LIST_SIGNS
        and bool(_LIST_MARK.search(text[max(0, match.start() - 8) : match.end()]))
    )


def _read(match: re.Match[str]) -> Number | None:
    start, text = match.start(), match[0].rstrip()
    if match["percent"]:
        return Number(
            start, match.end(), text, "percent", value_of(text.removeprefix("百分之").removeprefix("百分")), "%"
        )
    if match["currency"]:
        return Number(start, match.end(), text, "price", value_of(match["currency"][1:]), "元")
    if match["year"]:
        return Number(start, match.end(), text, "date", Decimal(match["year"]), "年份")
    if match["clock"]:
        hour, minute = re.split("[:\uff1a]", match["clock"])
        return Number(start, match.end(), text, "date", Decimal(hour) + Decimal(minute) / 60, "点")
    value = value_of(match["amount"])
    if value is not None and match["half"]:
        value += Decimal("0.5")
    return _counted(start, text, match["amount"], value, (match["unit"] or "").lower())


def _counted(start: int, text: str, amount: str, value: Decimal | None, word: str) -> Number | None:
    kind, unit = _UNIT_OF.get(word, ("number", ""))
    if unit == "年" and value is not None and value >= 1900:
        kind, unit = "date", "年份"
    if not amount[0].isdigit() and _is_small_talk(value, word, unit):
        return None
    return Number(start, start + len(text), text, kind, value, unit)


def _is_small_talk(value: Decimal | None, word: str, unit: str) -> bool:
    """Return whether a Han numeral only shapes the sentence: 「两张照片」「忙了一天」「一块布」."""
    if not unit or value is None:
        return not unit or unit in _SMALL_TALK
    if unit in _SMALL_TALK:
        return value <= 3
    return (word == "块" and value < 10) or (unit == "天" and value <= 1) or (value == 1 and unit in {"遍", "两", "倍"})
