"""The options every command takes, and the workspace they name."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from studio.cli.console import note
from studio.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.planning.calendar import WeekId
    from studio.vocabulary import ProductType, Word
    from studio.workspace import Workspace

W = TypeVar("W", bound="Word")

WorkspacePath = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="文件夹",
        help="工作区文件夹。不写时用 $STUDIO_WORKSPACE，再找上级目录里的 studio.toml，最后用个人数据文件夹。",
    ),
]
ShopId = Annotated[str | None, typer.Option("--shop", metavar="编号", help="用哪个店。不写时用 studio.toml 里的。")]
AsJson = Annotated[bool, typer.Option("--json", help="只输出一份 JSON，给程序用。")]
WeekText = Annotated[str | None, typer.Option("--week", metavar="周次", help="例如 2026-W48。不写时是本周。")]


@contextmanager
def opened(path: Path | None, shop: str | None, **overrides: dict[str, Any]) -> Iterator[Workspace]:
    """Yield the workspace that applies; what is wrong in its settings is said on stderr.

    ``overrides`` are settings by section that a flag of the command decides.
    """
    from studio.workspace import Workspace

    workspace = Workspace.open(path, shop=shop, overrides=overrides)
    for problem in workspace.problems:
        note(f"提示：{problem}")
    try:
        yield workspace
    finally:
        workspace.close()


def parse_week(text: str | None, workspace: Workspace) -> WeekId:
    """Return the week named, or the one the shop is in now."""
    from studio.planning.calendar import WeekId

    return WeekId.of(workspace.clock().date()) if text is None else WeekId.parse(text)


def parse_word(kind: type[W], text: str | None) -> W | None:
    """Return the word a code or a Chinese label names; None stays None."""
    if text is None:
        return None
    try:
        return kind.parse(text)
    except ValueError as error:
        raise InputError(str(error)) from None


def parse_product_type(text: str | None) -> ProductType | None:
    """Return the product type with this Chinese name; None stays None."""
    from studio.vocabulary import ProductType

    if text is None:
        return None
    try:
        return ProductType(text.strip())
    except ValueError:
        raise InputError(f"没有产品类型「{text[:20]}」，可选：{'、'.join(ProductType)}") from None


def parse_choice(text: str, allowed: tuple[str, ...], name: str) -> str:
    """Return ``text`` when it is among ``allowed``."""
    if text.lower() not in allowed:
        raise InputError(f"{name} 不能是「{text[:20]}」，可选：{'、'.join(allowed)}")
    return text.lower()
