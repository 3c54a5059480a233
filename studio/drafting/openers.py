"""Ready-made lines of the offline composer: openers, bridges, closers, comments, image briefs.

Lines are data, YAML files with ``part``, ``channels`` and ``lines`` by pillar (or ``any``). A line may use the
blanks of :data:`BLANKS`; it is only chosen when every blank it uses can be filled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from studio.brand import explain
from studio.errors import Problem
from studio.vocabulary import Channel, Pillar

BLANKS = ("theme", "product", "occasion", "me", "you", "shop", "weekday", "price", "source")
"""What a line may ask to have filled in."""

_MAX_FILE = 256_000
_BLANK = re.compile(r"\{([a-z]+)\}")


class Part(StrEnum):
    """What a line is for."""

    HOOK = "hook"
    OCCASION = "occasion"
    BRIDGE = "bridge"
    NAME = "name"
    CTA = "cta"
    COMMENT = "comment"
    IMAGE = "image"
    BLANK = "blank"


LineText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class OpenerFile(BaseModel):
    """One file of lines for one part and some channels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    part: Part
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    lines: dict[Pillar | Literal["any"], tuple[LineText, ...]]

    @field_validator("channels", mode="before")
    @classmethod
    def _read_channels(cls, value: Any) -> Any:
        return tuple(Channel.parse(item) for item in value) if isinstance(value, list) else value

    @field_validator("lines")
    @classmethod
    def _known_blanks(cls, lines: dict[Any, tuple[str, ...]]) -> dict[Any, tuple[str, ...]]:
        for line in (line for group in lines.values() for line in group):
            unknown = set(_BLANK.findall(line)) - set(BLANKS)
            if unknown:
                raise ValueError(f"「{line[:20]}」里的 {{{min(unknown)}}} 不认识，可用：{'、'.join(BLANKS)}")
        return lines


@dataclass(frozen=True, slots=True)
class OpenerLine:
    """A line and where it may stand. ``pillar`` None means any."""

    text: str
    part: Part
    pillar: Pillar | None
    channels: frozenset[Channel]

    def fill(self, values: Mapping[str, str]) -> str | None:
        """Return the line filled in, or None when a blank has no value."""
        if any(not values.get(name) for name in _BLANK.findall(self.text)):
            return None
        return _BLANK.sub(lambda match: values[match[1]], self.text)

    def is_used_in(self, text: str) -> bool:
        """Return whether ``text`` starts with this line, however its blanks were filled."""
        pieces = _BLANK.split(self.text)[::2]
        pattern = "[^\n]{1,80}?".join(re.escape(piece) for piece in pieces)
        return re.match(rf"{pattern}(?:\n|$)", text) is not None


@dataclass
class OpenerLibrary:
    """The lines of several folders; a later folder's file replaces one of the same name.

    ``problems`` lists the files that were left out, and why.
    """

    folders: Sequence[Path]
    problems: list[Problem] = field(default_factory=list, init=False)
    _lines: list[OpenerLine] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        files = {path.name: path for folder in self.folders for path in sorted(folder.glob("*.yaml"))}
        for path in files.values():
            try:
                if path.stat().st_size > _MAX_FILE:
                    raise ValueError
                data = OpenerFile.model_validate(yaml.safe_load(path.read_text("utf-8-sig")))
            except ValidationError as error:
                self.problems += [
                    Problem(path.name, ".".join(map(str, item["loc"])), explain(item)) for item in error.errors()
                ]
            except (OSError, ValueError, yaml.YAMLError, RecursionError):
                self.problems.append(Problem(path.name, "", "读不了这个文件。要小于 256 KB,UTF-8，正确的 YAML"))
            else:
                self._lines += _lines(data)

    def lines(self, part: Part, pillar: Pillar, channel: Channel) -> list[OpenerLine]:
        """Return the lines for a place, in file order."""
        return [
            line
            for line in self._lines
            if line.part is part and line.pillar in (None, pillar) and channel in line.channels
        ]


def _lines(data: OpenerFile) -> list[OpenerLine]:
    channels = frozenset(data.channels)
    return [
        OpenerLine(text, data.part, None if pillar == "any" else Pillar(pillar), channels)
        for pillar, texts in data.lines.items()
        for text in texts
    ]
