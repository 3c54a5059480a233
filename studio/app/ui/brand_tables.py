"""A brand as tables people can edit, and back: nothing of the brand gets lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from studio.brand import Brand, Fact, Product
from studio.errors import Problem

Record = Mapping[Any, Any]

PRODUCT_COLUMNS = {
    "name": "名称",
    "price": "价格（元）",
    "unit": "单位",
    "product_type": "类型",
    "on_sale": "在售",
    "id": "编号",
}
FACT_COLUMNS = {
    "owner": "属于",
    "text": "事实",
    "source": "出处",
    "topic": "短标题",
    "pillar": "用在",
    "occasions": "适合的节点",
}
SEGMENT_COLUMNS = {
    "name": "名称",
    "need": "他们关心什么",
    "all_tags": "都要有的标签",
    "any_tags": "有一个就算",
    "no_tags": "不能有的标签",
    "stage": "阶段",
    "channels": "渠道",
    "best_hours": "几点看手机",
    "id": "编号",
}
WHOLE_SHOP = "全店"
"""The owner of a fact that belongs to no product; no product id can look like this."""

SECTIONS = {"shop": "店铺", "products": "商品", "facts": "事实", "segments": "客群", "voice": "语气"}

_SHOP_WORDS = {
    "name": "名字",
    "industry": "做什么的",
    "product_type": "商品类型",
    "role": "身份",
    "value_line": "能给大家什么",
    "calls_self": "怎么称呼自己",
    "calls_readers": "怎么称呼读者",
    "story": "经历",
    "samples": "写过的好文案",
    "allowed_terms": "常用的词",
    "forbidden_terms": "不用的词",
    "banned_openers": "不用的开头",
}
_SEPARATORS = str.maketrans(",,;;、", "\n\n\n\n\n")


def product_rows(brand: Brand) -> list[dict[str, Any]]:
    """Return the products as table rows under the Chinese column names."""
    return [
        _row(
            PRODUCT_COLUMNS,
            item.model_dump(mode="json") | {"price": None if item.price is None else float(item.price)},
        )
        for item in brand.products
    ]


def fact_rows(brand: Brand) -> list[dict[str, Any]]:
    """Return the facts of the shop (owner :data:`WHOLE_SHOP`), then those of each product (owner: its id)."""
    owned = [(WHOLE_SHOP, fact) for fact in brand.facts]
    owned += [(item.id, fact) for item in brand.products for fact in item.facts]
    return [_row(FACT_COLUMNS, _fact_values(owner, fact)) for owner, fact in owned]


def _fact_values(owner: str, fact: Fact) -> dict[str, Any]:
    return {
        "owner": owner,
        "text": fact.text,
        "source": fact.source,
        "topic": fact.topic,
        "pillar": fact.pillar.label if fact.pillar else None,
        "occasions": "、".join(fact.occasions),
    }


def segment_rows(brand: Brand) -> list[dict[str, Any]]:
    """Return the segments as table rows; lists are joined by 、."""
    rows = []
    for item in brand.segments:
        values = {name: getattr(item, name) for name in SEGMENT_COLUMNS}
        values |= {name: "、".join(values[name]) for name in ("all_tags", "any_tags", "no_tags")}
        values["stage"] = item.stage.label if item.stage else None
        values["channels"] = [channel.label for channel in item.channels]
        values["best_hours"] = "、".join(map(str, item.best_hours))
        rows.append(_row(SEGMENT_COLUMNS, values))
    return rows


def _row(columns: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {label: values[name] for name, label in columns.items()}


@dataclass(slots=True)
class Document:
    """A brand document as :func:`~studio.brand.read_brand` takes it, with the place on the page of each part."""

    data: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    _places: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add_products(self, rows: Iterable[Record]) -> None:
        """Add the table of products; one without an id gets the next free one."""
        products = _filled(rows, PRODUCT_COLUMNS)
        _name_ids(products, "p")
        for index, (number, item) in enumerate(products):
            self._places[f"products.{index}"] = ("products", f"第 {number} 行")
            item["on_sale"] = item.get("on_sale", True)
        self.data["products"] = [item for _, item in products]

    def add_facts(self, rows: Iterable[Record]) -> None:
        """Add the table of facts to the shop and to the products already added."""
        products = {str(item["id"]): index for index, item in enumerate(self.data["products"])}
        for number, item in _filled(rows, FACT_COLUMNS):
            owner = item.pop("owner", WHOLE_SHOP)
            item["occasions"] = split_words(item.get("occasions", ""))
            if owner not in (WHOLE_SHOP, *products):
                self.problems.append(Problem("facts", f"第 {number} 行 · 属于", "这个商品不在上面的表里，请另选一个"))
                continue
            shared = owner == WHOLE_SHOP
            holder = self.data if shared else self.data["products"][products[owner]]
            place = "facts" if shared else f"products.{products[owner]}.facts"
            facts = holder.setdefault("facts", [])
            self._places[f"{place}.{len(facts)}"] = ("facts", f"第 {number} 行")
            facts.append(item)

    def add_segments(self, rows: Iterable[Record]) -> None:
        """Add the table of segments; one without an id gets the next free one."""
        segments = _filled(rows, SEGMENT_COLUMNS)
        _name_ids(segments, "s")
        for index, (number, item) in enumerate(segments):
            self._places[f"segments.{index}"] = ("segments", f"第 {number} 行")
            for name in ("all_tags", "any_tags", "no_tags"):
                item[name] = split_words(item.get(name, ""))
            item["best_hours"] = [_whole(word) for word in split_words(item.get("best_hours", ""))]
        self.data["segments"] = [item for _, item in segments]

    def located(self, problem: Problem) -> Problem:
        """Return a problem with its section of the page as source and the place in words as field."""
        parts = problem.field.split(".")
        for end in range(len(parts), 0, -1):
            section, place = self._places.get(".".join(parts[:end]), ("", ""))
            if section:
                columns = {"products": PRODUCT_COLUMNS, "facts": FACT_COLUMNS, "segments": SEGMENT_COLUMNS}[section]
                named = columns.get(parts[end], parts[end]) if len(parts) > end else ""
                return Problem(section, f"{place} · {named}" if named else place, problem.message)
        top = parts[0]
        section = top if top in SECTIONS else "shop"
        words = [_SHOP_WORDS.get(part, f"第 {int(part) + 1} 条" if part.isdecimal() else "") for part in parts]
        return Problem(section, " · ".join(word for word in words if word), problem.message)


def _whole(word: str) -> int | str:
    digits = word.removesuffix("点")
    return int(digits) if digits.isdecimal() and len(digits) < 4 else word


def _filled(rows: Iterable[Record], columns: Mapping[str, str]) -> list[tuple[int, dict[str, Any]]]:
    """Return (row number, values by field) of the rows that hold anything; empty cells are left out."""
    found = []
    for number, row in enumerate(rows, start=1):
        values = {name: row.get(label) for name, label in columns.items()}
        kept = {name: value for name, value in values.items() if not _is_empty(value)}
        if any(name != "on_sale" for name in kept):
            found.append((number, kept))
    return found


def _is_empty(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, str | list | tuple) and not len(value))  # noqa: PLR0124 - NaN


def _name_ids(items: list[tuple[int, dict[str, Any]]], letter: str) -> None:
    taken = {str(item.get("id", "")) for _, item in items}
    free = (f"{letter}{number}" for number in range(1, len(items) + len(taken) + 1))
    for _, item in items:
        if "id" not in item:
            item["id"] = next(name for name in free if name not in taken)


def split_words(text: Any) -> list[str]:
    """Return the words of a cell, parted by 、 , ; or a new line."""
    return [word.strip() for word in str(text).translate(_SEPARATORS).split("\n") if word.strip()]


def split_lines(text: str) -> list[str]:
    """Return the lines of a box that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def product_names(products: Iterable[Product]) -> dict[str, str]:
    """Return product id → name, with :data:`WHOLE_SHOP` first."""
    return {WHOLE_SHOP: WHOLE_SHOP} | {item.id: item.name for item in products}
