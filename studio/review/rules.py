"""What a rule, an exemption and a citation are, and the set of them that a reviewer works with."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from studio.errors import Problem
from studio.review.categories import Category
from studio.review.patterns import Anchors, Regex
from studio.vocabulary import Channel, ProductType, Severity

_CODE = r"^[A-Z][A-Z0-9]{1,11}(-[A-Z0-9]{1,16}){1,4}$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Source = Annotated[str, StringConstraints(min_length=1, max_length=3000)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("severity", "category", "channels", mode="before", check_fields=False)
    @classmethod
    def _read_word(cls, value: Any, info: Any) -> Any:
        kind = {"severity": Severity, "category": Category, "channels": Channel}[info.field_name]
        if isinstance(value, list):
            return [kind.parse(item) if isinstance(item, str) else item for item in value]
        return kind.parse(value) if isinstance(value, str) else value


class Pattern(_Model):
    """One thing to look for: ``text`` (a literal), ``re``, or ``like`` (a kind of trouble that sentences read like).

    ``word`` asks jieba for word boundaries.
    """

    text: Text | None = None
    re: Source | None = None
    like: Phrase | None = None
    word: bool = False
    check: str | None = None


class Scope(_Model):
    """For whom a rule holds; nothing named: for everybody.

    ``unknown``: also when type or channel is not given; else a type counts that the text's own words name.
    """

    product_types: tuple[ProductType, ...] = ()
    channels: tuple[Channel, ...] = ()
    unknown: bool = True

    @property
    def certain(self) -> frozenset[ProductType]:
        """The types of which one must be known for the rule to hold; none: it can hold for all."""
        return frozenset() if self.unknown else frozenset(self.product_types)

    def covers(
        self, product_type: ProductType | None, channel: Channel | None, named: AbstractSet[ProductType] = frozenset()
    ) -> bool:
        """Tell whether the rule holds for this type and channel; ``named`` are the types of goods in the text."""
        if product_type is None:
            typed = self.unknown or not self.product_types or not named.isdisjoint(self.product_types)
        else:
            typed = not self.product_types or product_type in self.product_types
        if channel is None:
            return typed and (self.unknown or not self.channels)
        return typed and (not self.channels or channel in self.channels)


class Override(_Model):
    """Another severity where the product type and the channel are among those named."""

    severity: Severity
    product_types: tuple[ProductType, ...] = ()
    channels: tuple[Channel, ...] = ()

    def covers(self, product_type: ProductType | None, channel: Channel | None) -> bool:
        return (not self.product_types or product_type in self.product_types) and (
            not self.channels or channel in self.channels
        )


class Condition(_Model):
    """Something else in the text that decides: ``sentence`` looks in the same sentence, ``text`` anywhere."""

    sentence: Source | None = None
    text: Source | None = None
    reason: Text = "文中已经写明依据"


class Examples(_Model):
    """Sentences that prove the rule, reviewed for ``product_type`` and ``channel`` when these are named."""

    find: Annotated[tuple[Text, ...], Field(min_length=3)]
    clear: Annotated[tuple[Text, ...], Field(min_length=3, alias="pass")]
    product_type: ProductType | None = None
    channel: Channel | None = None


class Rule(_Model):
    """One rule as it stands in a pack."""

    code: Annotated[str, StringConstraints(pattern=_CODE)]
    title: Text
    category: Category
    severity: Severity
    overrides: tuple[Override, ...] = ()
    applies_to: Scope = Scope()
    find: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=400)]
    safe: tuple[Phrase, ...] = ()
    exempt: tuple[str, ...] = ()
    needs: Condition | None = None
    unless: Condition | None = None
    message: Text
    basis: tuple[Text, ...] = ()
    suggestion: Text
    replace: dict[str, str] = {}
    examples: Examples

    @field_validator("find", mode="before")
    @classmethod
    def _read_find(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [{"text": item} if isinstance(item, str) else item for item in value]

    def severity_for(self, product_type: ProductType | None, channel: Channel | None) -> Severity:
        """Return the severity here; the last override that fits wins."""
        fitting = [override.severity for override in self.overrides if override.covers(product_type, channel)]
        return fitting[-1] if fitting else self.severity


class Exemption(_Model):
    """A reason why a phrase is no violation. Each test sees the light view around the hit.

    ``before`` and ``after`` match up to the hit's edges, ``inside`` and ``phrases`` cover the whole hit,
    ``sentence`` may match anywhere in its sentence. ``always``: for every rule, named by it or not.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,30}$")]
    reason: Text
    before: Source | None = None
    after: Source | None = None
    inside: Source | None = None
    sentence: Source | None = None
    phrases: tuple[Phrase, ...] = ()
    always: bool = False


class Article(_Model):
    """A law or platform rule that a finding can cite; ``text`` is verbatim where we hold it."""

    law: Text
    article: Text
    version: Text
    text: str = ""

    def to_json(self) -> dict[str, str]:
        return {"law": self.law, "article": self.article, "version": self.version}


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled pattern: literals to see first, then the expression (None: the literal is the match)."""

    anchors: Anchors
    regex: Regex | None
    word: bool
    check: str | None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything the reviewer needs, compiled. ``problems`` lists what had to be left out."""

    version: str
    rules: Mapping[str, Rule]
    expressions: Mapping[str, tuple[Expression, ...]]
    conditions: Mapping[str, Regex]
    exemptions: Mapping[str, Exemption]
    articles: Mapping[str, Article]
    problems: tuple[Problem, ...] = ()

    def articles_of(self, rule: Rule) -> tuple[Article, ...]:
        """Return the law behind a rule, in the order it names it."""
        return tuple(self.articles[name] for name in rule.basis if name in self.articles)
