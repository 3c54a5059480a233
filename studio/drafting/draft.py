"""A draft: the named sections of one post, and where they came from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

SECTIONS = {"hook": "开头", "body": "正文", "cta": "行动", "comment": "首评", "image_brief": "配图"}
"""Section codes in reading order, with the word the merchant sees."""


class Origin(StrEnum):
    """Who wrote the first version."""

    MODEL = "model"
    TEMPLATE = "template"
    HANDOFF = "handoff"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Sections:
    """The text of a draft. ``hook``, ``body`` and ``cta`` are posted; ``comment`` is the first comment."""

    hook: str = ""
    body: str = ""
    cta: str = ""
    comment: str = ""
    image_brief: str = ""

    @property
    def text(self) -> str:
        """What is copied to the phone: the posted sections, one paragraph each."""
        return "\n\n".join(part.strip() for part in (self.hook, self.body, self.cta) if part.strip())

    def with_section(self, name: str, text: str) -> Sections:
        if name not in SECTIONS:
            raise KeyError(name)
        return replace(self, **{name: text})

    def to_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a draft came from. ``prompt_hash`` is SHA-256 of the prompt file; tokens are as billed."""

    origin: Origin
    prompt: str = ""
    prompt_hash: str = ""
    model: str = ""
    endpoint: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    retrieved: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    rulepack: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    created_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        data["origin"] = self.origin.value
        data["created_at"] = self.created_at.isoformat() if self.created_at else None
        data["retrieved"] = list(self.retrieved)
        data["facts"] = list(self.facts)
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Provenance:
        values = dict(data)
        values["origin"] = Origin(values["origin"])
        created = values.get("created_at")
        values["created_at"] = datetime.fromisoformat(created) if created else None
        values["retrieved"] = tuple(values.get("retrieved", ()))
        values["facts"] = tuple(values.get("facts", ()))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Draft:
    """A saved draft of a slot, written for one segment (``None``: everybody)."""

    id: str
    slot_id: str
    segment: str | None
    sections: Sections
    provenance: Provenance
    version: int = 1
    actor: str = ""
    updated_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "slot": self.slot_id,
            "segment": self.segment,
            "sections": self.sections.to_json(),
            "text": self.sections.text,
            "provenance": self.provenance.to_json(),
            "version": self.version,
        }
