"""Does every claim in a draft stand on something the shop has said is true?

A number, price, percentage, duration, date, place of origin, certificate, award or customer quote must be
found in a brand fact, a product's name, price or unit, the persona's own story, or the slot. What is not
comes back as an issue on its span. The check reads the text; it does not trust what wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.brand import Brand
from studio.drafting.numerals import Number, numbers
from studio.planning.calendar import Slot

if TYPE_CHECKING:
    from studio.review.report import Finding

_CODES = {
    "price": ("FACT-PRICE", "店铺资料里没有这个价格"),
    "percent": ("FACT-PERCENT", "店铺资料里没有这个比例"),
    "duration": ("FACT-DURATION", "店铺资料里没有这个时长"),
    "date": ("FACT-DATE", "这个日期或时间对不上档位，店铺资料里也没有"),
    "number": ("FACT-NUMBER", "店铺资料里没有这个数字"),
}
_ADVICE = "。改成资料里写着的，或先把这条事实和出处补进店铺资料"

_CERTIFICATES = re.compile(
    r"[A-Za-z0-9]*(?:有机|绿色食品|无公害|非遗|地理标志|ISO|HACCP|SGS|GAP|FDA|CE|QS|3C)[A-Za-z0-9]*(?:认证|证书|标准)?"
    r"|(?:质量|权威|国家|专业|官方)?(?:认证|证书|检测报告|质检报告|检验报告|资质)|专利",
)
_AWARDS = re.compile(r"[金银铜大头]奖|获奖|得过奖|冠军|亚军|[一二三]等奖|百强|十佳|老字号")
_PLACES = re.compile(
    r"(?:产自|来自|源自|产于|出自|发自|原产地?(?:是|为|在)?)(?P<origin>[一-鿿]{2,8})"
    r"|(?P<import>[一-鿿]{2,4})(?:原装)?进口"
)
BLANK = "FACT-BLANK"
"""The code of a blank left for the merchant to fill."""

_QUOTES = re.compile(
    r"(?:顾客|客人|客户|老客|买家|回头客|老主顾|群友|粉丝|街坊|邻居|宝妈|[大小]姐|阿姨|大哥)[^。!?\uff01\uff1f\n“”「」]{0,14}"
    r"(?:说|反馈|留言|告诉我|评价|夸)[^。!?\uff01\uff1f\n“”「」]{0,4}[“「\"](?P<quote>[^”」\"\n]{2,80})[”」\"]"
)
_BLANKS = re.compile(r"【(?!(?:画面|口播|字幕|镜头|旁白)】)[^】\n]{0,120}】")
_NEGATED = re.compile(r"(?:没有|没拿过?|没得过|不是|并非|无|未|还没)[^,\uff0c。;\uff1b\n]{0,4}$")
_NOT_A_PLACE = re.compile(r"^(?:自家|自己|我|咱|老家|家里|店|这|那|同一|一[个家]|哪|大自然|生活)")


@dataclass(frozen=True, slots=True)
class GroundingIssue:
    """A span of the checked text that nothing stands behind; ``start``/``end`` are code points in it."""

    code: str
    start: int
    end: int
    text: str
    message: str

    def finding(self) -> Finding:
        """Return the issue as a review finding: to be mended, not forbidden."""
        from studio.review.categories import Category
        from studio.review.report import Finding
        from studio.vocabulary import Severity

        return Finding(
            code=self.code,
            start=self.start,
            end=self.end,
            text=self.text,
            severity=Severity.WARN,
            category=Category.GROUNDING,
            message=self.message,
        )


def check(text: str, brand: Brand, slot: Slot) -> list[GroundingIssue]:
    """Return every claim in ``text`` that does not trace to the brand or the slot, in reading order.

    Blanks left for the merchant (``【…】``) are issues of their own, ``FACT-BLANK``; their content is not read.
    """
    ground = _Ground(brand, slot)
    blanks = [
        GroundingIssue(BLANK, *match.span(), match[0], "这里还空着，填好再发") for match in _BLANKS.finditer(text)
    ]
    masked = _BLANKS.sub(lambda match: "\0" * len(match[0]), text)
    found = [*blanks, *_number_issues(masked, ground), *_phrase_issues(masked, ground)]
    return sorted(found, key=lambda issue: (issue.start, issue.end))


class _Ground:
    """Everything the shop has said is true, as text and as numbers."""

    def __init__(self, brand: Brand, slot: Slot) -> None:
        persona = brand.persona
        said = [fact.text for fact in brand.all_facts()]
        said += [brand.name, persona.name, persona.role, persona.value_line or "", *persona.story]
        said += [f"{product.name} {product.unit or ''}" for product in brand.products]
        said += [f"{product.price} 元" for product in brand.products if product.price is not None]
        said += [slot.theme, slot.occasion or ""]
        said.append(f"{slot.date.year}年{slot.date.month}月{slot.date.day}日 {slot.time:%H:%M}")
        self.text = "\n".join(said)
        self.numbers = list(numbers(self.text))
        self.quotes = _squeezed(self.text)

    def holds_number(self, number: Number) -> bool:
        return number.text in self.text if number.value is None else any(_same(number, own) for own in self.numbers)

    def holds(self, phrase: str) -> bool:
        return _squeezed(phrase) in self.quotes


def _same(claim: Number, own: Number) -> bool:
    if own.value is None or claim.value is None:
        return False
    if claim.unit == own.unit == "点":
        return claim.value % 12 == own.value % 12
    units_fit = claim.unit == own.unit or (claim.kind == own.kind == "number" and not (claim.unit and own.unit))
    return claim.value == own.value and (units_fit or not claim.unit)


def _number_issues(text: str, ground: _Ground) -> Iterator[GroundingIssue]:
    for number in numbers(text):
        if not ground.holds_number(number):
            code, message = _CODES[number.kind]
            yield GroundingIssue(code, number.start, number.end, number.text, message + _ADVICE)


def _phrase_issues(text: str, ground: _Ground) -> Iterator[GroundingIssue]:
    for code, pattern, group, message in (
        ("FACT-CERT", _CERTIFICATES, 0, "店铺资料里没有这个证书或认证"),
        ("FACT-AWARD", _AWARDS, 0, "店铺资料里没有这个奖项"),
        ("FACT-PLACE", _PLACES, "", "店铺资料里没有这个产地"),
        ("FACT-QUOTE", _QUOTES, "quote", "店铺资料里没有这句顾客原话"),
    ):
        for match in pattern.finditer(text):
            name = group if group != "" else match.lastgroup or 0
            if not _stands(match, name, text, ground, code):
                yield GroundingIssue(code, *match.span(name), match[name], message + _ADVICE)


def _stands(match: re.Match[str], group: str | int, text: str, ground: _Ground, code: str) -> bool:
    phrase = match[group]
    if ground.holds(phrase) or _NEGATED.search(text[: match.start()]):
        return True
    if code != "FACT-PLACE":
        return False
    if _NOT_A_PLACE.match(phrase):
        return True
    return any(ground.holds(phrase[:length]) for length in range(2, len(phrase)))


def _squeezed(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
