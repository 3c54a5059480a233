"""The shop: who speaks, what is sold, and the facts every draft must stand on."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from studio.errors import Problem
from studio.vocabulary import Channel, Pillar, ProductType, Stage

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Key = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(_Model):
    """One thing that is true of the shop or a product, and where that can be checked.

    ``pillar`` says which kind of post it feeds (product proof, know-how, daily life), ``topic``
    is the short theme a slot shows, ``occasions`` names the festivals or solar terms it suits.
    """

    text: Line
    source: Line
    topic: Line | None = None
    pillar: Pillar | None = None
    occasions: tuple[Line, ...] = ()

    @field_validator("pillar", mode="before")
    @classmethod
    def _read_pillar(cls, value: Any) -> Any:
        return Pillar.parse(value) if isinstance(value, str) else value


class Product(_Model):
    """Something the shop sells. ``price`` is in yuan for one ``unit``."""

    id: Key
    name: Line
    price: Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)] | None = None
    unit: Line | None = None
    product_type: ProductType | None = None
    on_sale: bool = True
    facts: tuple[Fact, ...] = ()


class Segment(_Model):
    """A group of customers as a readable rule over their tags, and what they need."""

    id: Key
    name: Line
    need: Line
    all_tags: tuple[Line, ...] = ()
    any_tags: tuple[Line, ...] = ()
    no_tags: tuple[Line, ...] = ()
    stage: Stage | None = None
    channels: tuple[Channel, ...] = ()
    best_hours: tuple[Annotated[int, Field(ge=0, le=23)], ...] = ()

    @field_validator("stage", mode="before")
    @classmethod
    def _read_stage(cls, value: Any) -> Any:
        return Stage.parse(value) if isinstance(value, str) else value

    @field_validator("channels", mode="before")
    @classmethod
    def _read_channels(cls, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return tuple(Channel.parse(item) if isinstance(item, str) else item for item in value)
        return value

    @property
    def rule(self) -> str:
        """The rule in words: 「宝妈 · 敏感肌 · 不含 近30天已购」."""
        parts = [*self.all_tags]
        if self.any_tags:
            parts.append(" 或 ".join(self.any_tags))
        parts.extend(f"不含 {tag}" for tag in self.no_tags)
        return " · ".join(parts) or "全部客户"


class Persona(_Model):
    """The real person who speaks. ``calls_self`` is how they say "I"."""

    name: Line = "店主"
    role: Line = "店主"
    value_line: Line | None = None
    calls_self: Line = "我"
    calls_readers: Line = "大家"
    story: tuple[Line, ...] = ()


class Voice(_Model):
    """How the shop writes: samples to imitate, words to keep or avoid, openers never used."""

    samples: tuple[Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)], ...] = ()
    allowed_terms: tuple[Line, ...] = ()
    forbidden_terms: tuple[Line, ...] = ()
    banned_openers: tuple[Line, ...] = ()


class Brand(_Model):
    """A shop with everything a plan or a draft may rely on."""

    name: Line = "我的店"
    industry: Line | None = None
    product_type: ProductType = ProductType.OTHER
    persona: Persona = Persona()
    products: tuple[Product, ...] = ()
    facts: tuple[Fact, ...] = ()
    segments: tuple[Segment, ...] = ()
    voice: Voice = Voice()

    @field_validator("products", "segments")
    @classmethod
    def _unique_ids(cls, items: tuple[Any, ...]) -> tuple[Any, ...]:
        seen: set[str] = set()
        for item in items:
            if item.id in seen:
                raise ValueError(f"编号「{item.id}」出现了两次，每个编号只能用一次")
            seen.add(item.id)
        return items

    def product(self, product_id: str | None) -> Product | None:
        """Return the product with this id, or None."""
        return next((item for item in self.products if item.id == product_id), None)

    def segment(self, segment_id: str | None) -> Segment | None:
        """Return the segment with this id, or None."""
        return next((item for item in self.segments if item.id == segment_id), None)

    def facts_for(self, pillar: Pillar, product: Product | None = None) -> list[Fact]:
        """Return the facts a post of this pillar may use, the product's own first."""
        own = list(product.facts) if product else []
        shared = [fact for fact in self.facts if fact.pillar in (None, pillar)]
        return [fact for fact in own if fact.pillar in (None, pillar)] + shared

    def all_facts(self) -> list[Fact]:
        """Return every fact of the shop and of its products."""
        return [*self.facts, *(fact for product in self.products for fact in product.facts)]


_MESSAGES = {
    "missing": "缺少这一项，请补上",
    "extra_forbidden": "不认识这一项，请检查拼写或删掉",
    "string_too_long": "太长了，请缩短",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "只能用小写字母、数字和短横线，例如 gouqi-500",
    "literal_error": "不在可选范围里，可选：{expected}",
    "float_parsing": "要写数字",
    "time_parsing": "要写成 20:00 这样的时间",
    "too_long": "太多了，请减少",
    "dict_type": "要写成「名称 = 数值」的形式",
    "enum": "不在可选范围里，可选：{expected}",
    "decimal_parsing": "要写数字，例如 68 或 68.5",
    "decimal_max_digits": "数字太长了，最多 {max_digits} 位",
    "decimal_whole_digits": "数字太大了，整数部分最多 {whole_digits} 位",
    "decimal_max_places": "小数最多 {decimal_places} 位",
    "finite_number": "要写一个普通的数字",
    "date_parsing": "要写成 2026-11-22 这样的日期",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "int_parsing": "要写整数",
    "bool_parsing": "要写 true 或 false",
    "string_type": "要写文字",
    "tuple_type": "要写成列表",
    "model_type": "要写成「名称： 内容」的形式",
}


def explain(error: Any) -> str:
    """Return one pydantic error as a Chinese sentence."""
    context = error.get("ctx") or {}
    if error["type"] == "value_error":
        return str(context.get("error", error["msg"]))
    template = _MESSAGES.get(error["type"])
    if template is None:
        return "填得不对，请检查格式"
    return template.format(
        **{key: str(value).replace(" or ", "、").replace(", ", "、").replace("'", "") for key, value in context.items()}
    )


def read_brand(data: Any, source: str) -> tuple[Brand | None, list[Problem]]:
    """Return the brand in ``data`` (parsed YAML or JSON), or None with every problem found."""
    if not isinstance(data, dict):
        return None, [Problem(source, "", "店铺资料要写成「名称： 内容」的形式，可以先用 studio init --demo 看示例")]
    try:
        return Brand.model_validate(data), []
    except ValidationError as error:
        return None, [
            Problem(source, ".".join(str(part) for part in item["loc"]), explain(item)) for item in error.errors()
        ]
