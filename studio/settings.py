"""The settings of a workspace, read from four places and checked key by key.

Precedence: command-line flag → environment ``STUDIO_*`` → ``.env`` → ``secrets.toml`` →
``studio.toml`` → default. A key that is unknown or has the wrong type becomes a
:class:`~studio.errors.Problem` naming its file and what is allowed; every other key still works.
"""

from __future__ import annotations

import json
from datetime import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from studio.brand import explain
from studio.errors import Problem
from studio.toml_file import UNREADABLE, read_toml
from studio.vocabulary import Channel, Mix, Pillar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "studio.toml"
SECRETS = "secrets.toml"
SHOP_ID = r"^[a-z0-9][a-z0-9-]{0,39}$"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ShopSettings(_Section):
    """Which shop opens first, who is at the keyboard, and the shop's clock."""

    id: Annotated[str, Field(pattern=SHOP_ID)] = "main"
    actor: Annotated[str, Field(min_length=1, max_length=40)] = "店主"
    timezone: str = "Asia/Shanghai"

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError):
            raise ValueError(f"不认识时区「{name}」，例如 Asia/Shanghai") from None
        return name


class WeeklyEventSettings(_Section):
    """Something that happens every week at the same hour, such as a Wednesday class in the group."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    time: time
    channel: Channel
    pillar: Pillar
    theme: Annotated[str, Field(min_length=1, max_length=40)]


class PlanSettings(_Section):
    """How a week is laid out. ``channels`` are weights; ``quiet_hours`` are windows like 22:30-07:30."""

    mix: dict[Pillar, Annotated[float, Field(ge=0)]] = Field(
        default_factory=lambda: {Pillar.PRODUCT: 3.0, Pillar.VALUE: 3.0, Pillar.LIFESTYLE: 4.0}
    )
    posts_per_week: Annotated[int, Field(ge=0, le=200)] = 14
    channels: dict[Channel, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(
        default_factory=lambda: {Channel.MOMENTS: 8.0, Channel.GROUP: 4.0, Channel.DIRECT: 2.0}
    )
    quiet_hours: tuple[str, ...] = ("22:30-07:30",)
    min_gap_minutes: Annotated[int, Field(ge=0, le=1440)] = 90
    max_product_per_day: Annotated[int, Field(ge=0, le=20)] = 2
    weekly_events: tuple[WeeklyEventSettings, ...] = ()

    @field_validator("mix")
    @classmethod
    def _mix_not_empty(cls, weights: dict[Pillar, float]) -> dict[Pillar, float]:
        Mix(*(weights.get(pillar, 0) for pillar in Pillar))
        return weights

    @field_validator("channels")
    @classmethod
    def _channels_not_empty(cls, weights: dict[Channel, float]) -> dict[Channel, float]:
        if not any(weights.values()):
            raise ValueError("至少要有一个渠道的比重大于 0")
        return weights

    @field_validator("quiet_hours")
    @classmethod
    def _windows(cls, windows: tuple[str, ...]) -> tuple[str, ...]:
        for window in windows:
            read_window(window)
        return windows

    @property
    def target(self) -> Mix:
        return Mix(*(self.mix.get(pillar, 0) for pillar in Pillar))

    @property
    def quiet_windows(self) -> tuple[tuple[time, time], ...]:
        return tuple(read_window(window) for window in self.quiet_hours)


class LLMSettings(_Section):
    """The language model endpoint. ``timeout`` is in seconds; the key never leaves this object as text."""

    preset: Literal[
        "off", "openai", "deepseek", "qwen", "doubao", "kimi", "zhipu", "ollama", "llamacpp", "vllm", "custom"
    ] = "off"
    base_url: Annotated[str, Field(max_length=300)] = ""
    model: Annotated[str, Field(max_length=120)] = ""
    api_key: SecretStr = SecretStr("")
    timeout: Annotated[float, Field(gt=0, le=600)] = 60.0


class EmbeddingSettings(_Section):
    """What turns text into vectors. ``model`` is a model name or a folder (sentence-transformers, openai)."""

    provider: Literal["embedded", "sentence-transformers", "openai"] = "embedded"
    model: Annotated[str, Field(max_length=300)] = ""
    base_url: Annotated[str, Field(max_length=300)] = ""
    api_key: SecretStr = SecretStr("")


class DatabaseSettings(_Section):
    """Where everything is kept; empty means ``studio.db`` in the workspace folder."""

    url: SecretStr = SecretStr("")


class Settings(BaseSettings):
    """Every setting of a workspace."""

    model_config = SettingsConfigDict(
        env_prefix="STUDIO_", env_nested_delimiter="_", env_nested_max_split=1, extra="forbid"
    )

    shop: ShopSettings = Field(default_factory=ShopSettings)
    plan: PlanSettings = Field(default_factory=PlanSettings)
    llm: LLMSettings = Field(default_factory=LLMSettings)
    embedding: EmbeddingSettings = Field(default_factory=EmbeddingSettings)
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)


def read_window(text: str) -> tuple[time, time]:
    """Read ``22:30-07:30``; raise ``ValueError`` with a sentence otherwise."""
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise ValueError(f"看不懂时段「{text}」，请写成 22:30-07:30 这样") from None
    return start, end


def read_settings(root: Path | None, overrides: dict[str, Any] | None = None) -> tuple[Settings, list[Problem]]:
    """Return the settings of the workspace folder ``root`` (None: no folder) and every problem found.

    ``overrides`` are flags, as nested dictionaries: ``{"plan": {"posts_per_week": 7}}``.
    """
    problems: list[Problem] = []
    merged: dict[str, Any] = {}
    for source, values in _sources(root, problems):
        good, found = _keep_valid(values, source)
        problems.extend(found)
        merged = _merge(merged, good)
    good, found = _keep_valid(_merge(merged, overrides or {}), "命令行")
    return _build(good), problems + found


def _sources(root: Path | None, problems: list[Problem]) -> Iterator[tuple[str, dict[str, Any]]]:
    if root is not None:
        yield FILE, read_toml(root / FILE, problems)
        yield SECRETS, read_toml(root / SECRETS, problems)
        yield ".env", _read_dotenv(root / ".env", problems)
    yield "环境变量 STUDIO_*", _only_sections(_Environment(Settings)())


class _Lenient:
    """Leaves a value that is not JSON as it is; the check key by key names it then."""

    def decode_complex_value(self, _name: str, _field: Any, value: Any) -> Any:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value


class _Environment(_Lenient, EnvSettingsSource):
    pass


class _DotEnv(_Lenient, DotEnvSettingsSource):
    pass


def _read_dotenv(path: Path, problems: list[Problem]) -> dict[str, Any]:
    try:
        return _only_sections(_DotEnv(Settings, env_file=path, env_file_encoding="utf-8-sig")())
    except (OSError, UnicodeDecodeError):
        problems.append(Problem(path.name, "", UNREADABLE))
        return {}


def _only_sections(values: dict[str, Any]) -> dict[str, Any]:
    """Keep the settings' own sections; STUDIO_WORKSPACE and the like are not settings."""
    return {key: value for key, value in values.items() if key in Settings.model_fields}


def _build(values: dict[str, Any]) -> Settings:
    """Build without reading the environment again: ``values`` is already merged."""
    return Settings.model_construct(
        **{name: field.annotation.model_validate(values.get(name, {})) for name, field in _fields()}
    )


def _fields() -> Iterator[tuple[str, Any]]:
    yield from Settings.model_fields.items()


def _keep_valid(values: dict[str, Any], source: str) -> tuple[dict[str, Any], list[Problem]]:
    """Return ``values`` without the keys that do not validate, and a problem for each of them."""
    problems: list[Problem] = []
    good: dict[str, Any] = {}
    known = dict(_fields())
    for name, section in values.items():
        if name not in known:
            problems.append(Problem(source, name, f"没有这一组设置，可用的有：{'、'.join(known)}"))
        elif not isinstance(section, dict):
            problems.append(Problem(source, name, f"要写成一组设置，例如 [{name}]"))
        else:
            good[name], found = _valid_section(known[name].annotation, name, section, source)
            problems.extend(found)
    return good, problems


def _valid_section(
    model: type[_Section], name: str, section: dict[str, Any], source: str
) -> tuple[dict[str, Any], list[Problem]]:
    problems: list[Problem] = []
    good = dict(section)
    while True:
        try:
            model.model_validate(good)
        except ValidationError as error:
            for key in {str(item["loc"][0]): item for item in error.errors()}.items():
                problems.append(Problem(source, f"{name}.{key[0]}", _sentence(model, key[1])))
                good.pop(key[0], None)
        else:
            return good, problems


def _sentence(model: type[_Section], error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return f"没有这一项设置，可用的有：{'、'.join(model.model_fields)}"
    return f"{explain(error)}；先按默认值 {_default(model, str(error['loc'][0]))} 运行"


def _default(model: type[_Section], key: str) -> str:
    value = getattr(model(), key, "")
    if isinstance(value, dict):
        return "、".join(f"{getattr(name, 'label', name)} {weight:g}" for name, weight in value.items())
    if isinstance(value, tuple):
        return "、".join(map(str, value)) or "（空）"
    return str(value) or "（空）"


def _merge(low: dict[str, Any], high: dict[str, Any]) -> dict[str, Any]:
    merged = dict(low)
    for key, value in high.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict) and key in Settings.model_fields:
            merged[key] = {**merged[key], **value}
        else:
            merged[key] = value
    return merged
