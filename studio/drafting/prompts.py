"""Versioned prompt files: YAML front matter and a sandboxed Jinja2 body, shipped and overlaid by folder.

A body has two parts, divided by a line ``<!-- user -->``: what the model is told to be, and what it is
given. Whatever a template prints is untrusted: it is put on one line and stripped of fence markers;
longer material goes through the ``fence`` filter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from jinja2 import DictLoader, StrictUndefined, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from studio.brand import explain
from studio.drafting.context import sample_context
from studio.errors import Problem, PromptError
from studio.vocabulary import Channel, Pillar

_MAX_FILE = 64_000
_MAX_OUTPUT = 40_000
_MAX_LINE = 600
_DIVIDER = re.compile(r"^<!-- user -->[ \t]*$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n(.*)\Z", re.DOTALL)
_MARKERS = re.compile(r"[<>]{2,}")


class Parameters(BaseModel):
    """Sampling settings sent with a prompt."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: Annotated[float, Field(ge=0, le=2)] = 0.8
    max_tokens: Annotated[int, Field(ge=50, le=8000)] = 1500


class FrontMatter(BaseModel):
    """The head of a prompt file. Without pillar and channel a prompt is only used by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    version: Annotated[int, Field(ge=1)]
    pillar: Pillar | None = None
    channel: Channel | None = None
    description: Annotated[str, Field(min_length=1, max_length=200)]
    parameters: Parameters = Parameters()

    @field_validator("pillar", mode="before")
    @classmethod
    def _read_pillar(cls, value: Any) -> Any:
        return Pillar.parse(value) if isinstance(value, str) else value

    @field_validator("channel", mode="before")
    @classmethod
    def _read_channel(cls, value: Any) -> Any:
        return Channel.parse(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file that was read. ``hash`` is SHA-256 of the file's bytes, in hex."""

    head: FrontMatter
    system: str
    user: str
    hash: str
    source: str


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """A prompt ready to send, with the name and hash that a draft's provenance records."""

    name: str
    hash: str
    system: str
    user: str
    parameters: Parameters

    @property
    def messages(self) -> list[dict[str, str]]:
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]


class _Fenced(str):
    """Text that already went through ``fence``."""

    __slots__ = ()


def _disarm(text: str) -> str:
    return _MARKERS.sub("‹›", text)


def _inline(value: Any) -> Any:
    if isinstance(value, _Fenced | int | float | StrictUndefined):
        return value
    return _disarm(" ".join(str(value).split()))[:_MAX_LINE]


def _fence(value: Any, title: str) -> _Fenced:
    """Return the text, or one line for each item, between markers that the text itself cannot contain."""
    lines = [value] if isinstance(value, str) else [f"- {_inline(item)}" for item in value]
    return _Fenced(f"<<<{title}\n{_disarm(chr(10).join(lines))}\n{title}>>>")


@dataclass
class PromptLibrary:
    """The prompts of several folders; a later folder's prompt or shared part replaces one of the same name."""

    folders: Sequence[Path]
    _prompts: dict[str, Prompt] = field(default_factory=dict, init=False)
    _problems: list[Problem] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        shared: dict[str, str] = {}
        for folder in self.folders:
            for path in sorted(folder.rglob("*.md")):
                self._load(path, path.relative_to(folder).as_posix(), shared)
        self._environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(shared), undefined=StrictUndefined, finalize=_inline, trim_blocks=True, lstrip_blocks=True
        )
        self._environment.filters["fence"] = _fence

    def _load(self, path: Path, relative: str, shared: dict[str, str]) -> None:
        try:
            if path.stat().st_size > _MAX_FILE:
                self._problems.append(Problem(relative, "", "文件超过 64 KB，没有采用"))
                return
            data = path.read_bytes()
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError):
            self._problems.append(Problem(relative, "", "读不了这个文件，请存成 UTF-8 文本"))
            return
        if relative.startswith("shared/"):
            shared[relative] = text
        else:
            prompt, problems = _read_prompt(text, relative, hashlib.sha256(data).hexdigest())
            self._problems.extend(problems)
            if prompt:
                self._prompts[prompt.head.name] = prompt

    def names(self) -> list[str]:
        """Return the names of all usable prompts, sorted."""
        return sorted(self._prompts)

    def for_slot(self, pillar: Pillar, channel: Channel) -> str:
        """Return the name of the prompt for a slot; a channel without its own uses the Moments one.

        Raises :class:`PromptError` when there is neither.
        """
        wanted = {(prompt.head.pillar, prompt.head.channel): name for name, prompt in self._prompts.items()}
        name = wanted.get((pillar, channel)) or wanted.get((pillar, Channel.MOMENTS))
        if name is None:
            raise PromptError(f"没有给「{pillar.label} · {channel.label}」用的提示词。请在 prompts 文件夹里补一个")
        return name

    def render(self, name: str, context: Mapping[str, Any]) -> RenderedPrompt:
        """Return the prompt filled in; raise :class:`PromptError` naming what is missing or not allowed."""
        prompt = self._prompts.get(name)
        if prompt is None:
            raise PromptError(f"没有叫「{name[:60]}」的提示词。可用的有：{'、'.join(self.names()) or '(无)'}")
        system, user = (self._fill(part, context, prompt.source) for part in (prompt.system, prompt.user))
        return RenderedPrompt(name, prompt.hash, system, user, prompt.head.parameters)

    def _fill(self, part: str, context: Mapping[str, Any], source: str) -> str:
        try:
            pieces = self._environment.from_string(part).generate(dict(context))
            return _limited(pieces, source)
        except UndefinedError as error:
            named = re.search(r"'([^']+)' is undefined|attribute '([^']+)'", str(error.message))
            missing = next((found for found in named.groups() if found), "") if named else str(error.message)
            raise PromptError(f"提示词 {source} 用了没有的变量「{missing}」。请改掉或删掉它") from None
        except SecurityError:
            raise PromptError(f"提示词 {source} 里有不允许的写法，没有采用") from None
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
            raise PromptError(f"提示词 {source} 写得不对，填不出来：{str(error)[:120]}") from None

    def check(self) -> list[Problem]:
        """Return everything wrong with the prompt files: unreadable ones, and those that do not render."""
        problems = list(self._problems)
        for name, prompt in sorted(self._prompts.items()):
            try:
                self.render(name, sample_context())
            except PromptError as error:
                problems.append(Problem(prompt.source, "", str(error)))
        return problems


def _limited(pieces: Iterable[str], source: str) -> str:
    text: list[str] = []
    size = 0
    for piece in pieces:
        text.append(piece)
        size += len(piece)
        if size > _MAX_OUTPUT:
            raise PromptError(f"提示词 {source} 填好后超过 {_MAX_OUTPUT} 字，没有发出。请删短")
    return re.sub(r"\n{3,}", "\n\n", "".join(text)).strip()


def _read_prompt(text: str, source: str, digest: str) -> tuple[Prompt | None, list[Problem]]:
    match = _FRONT_MATTER.match(text)
    if not match:
        return None, [Problem(source, "", "开头要有一段用 --- 隔开的说明(name、version、description)")]
    try:
        head = FrontMatter.model_validate(yaml.safe_load(match[1]))
    except (yaml.YAMLError, RecursionError):
        return None, [Problem(source, "", "开头的说明不是正确的 YAML")]
    except ValidationError as error:
        return None, [
            Problem(source, ".".join(str(part) for part in item["loc"]), explain(item)) for item in error.errors()
        ]
    parts = _DIVIDER.split(match[2])
    if len(parts) != 2 or not all(part.strip() for part in parts):
        return None, [Problem(source, "", "正文要用一行 <!-- user --> 分成两段：给模型的身份要求，和给它的材料")]
    return Prompt(head, parts[0], parts[1], digest, source), []
