"""The texts to review, from files, stdin or the command line, and the reviewer that applies."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from studio.cli.console import note
from studio.cli.options import opened, parse_product_type, parse_word
from studio.errors import ImportFailed, InputError, StoreError

if TYPE_CHECKING:
    from studio.review import Report, Reviewer
    from studio.review.suppressions import Suppression
    from studio.vocabulary import Channel, ProductType
    from studio.workspace import Workspace

STDIN = "-"
MAX_BYTES = 64 * 1024 * 1024
"""Largest text that is reviewed in one piece."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text to review: where it came from (empty for ``--text``), or why it cannot be read."""

    source: str
    content: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """A reviewer with what is known of the shop and the channel."""

    reviewer: Reviewer
    product_type: ProductType | None
    channel: Channel | None
    allowed: Sequence[Suppression] = ()
    today: date = date.min

    def review(self, text: str) -> Report:
        """Return the report; what the shop answers for is quiet."""
        from studio.review.suppressions import apply

        report = self.reviewer.review(text, channel=self.channel, product_type=self.product_type)
        return apply(report, self.allowed, self.today)


def gather(files: list[str], text: str | None) -> list[Text]:
    """Return every text asked for, in order; an unreadable file is an item with its error."""
    texts = [_read(name) for name in files]
    if text is not None:
        texts.append(Text("", text) if text.strip() else Text("", error="--text 后面没有文字。"))
    if not texts:
        raise InputError('没有要检查的内容。写文件名，或用 --text "…"，或用 - 从管道读。')
    return texts


def _read(name: str) -> Text:
    from studio.library.encoding import decode

    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            path = Path(name)
            if path.is_dir():
                return Text(name, error=f"「{name}」是文件夹，请写里面的文件名。")
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            return Text(name, error=f"「{name}」超过 {MAX_BYTES // 1024**2} MB，请用 studio review-batch。")
        content, problems = decode(data, name)
    except ImportFailed as error:
        return Text(name, error=str(error))
    except FileNotFoundError:
        return Text(name, error=f"没有文件「{name}」。请检查路径。")
    except OSError:
        return Text(name, error=f"「{name}」打不开。请检查路径和权限。")
    for problem in problems:
        note(f"提示：{problem}")
    return Text(name, content) if content.strip() else Text(name, error=f"「{name}」是空的。")


def desk(workspace: Path | None, shop: str | None, product_type: str | None = None, channel: str | None = None) -> Desk:
    """Return the reviewer of the workspace that applies, or the shipped one; no workspace is ever made for it."""
    from studio.vocabulary import Channel

    kind, place = parse_product_type(product_type), parse_word(Channel, channel)
    root = workspace or existing_root()
    if root is None:
        from studio.review.reviewer import Reviewer

        return Desk(Reviewer.default(), kind, place)
    with opened(root, shop) as space:
        allowed = space.store.suppressions.all()
        return Desk(space.reviewer, kind or _own_product_type(space), place, allowed, space.clock().date())


def existing_root() -> Path | None:
    """Return the workspace folder that applies here, or None when nobody has made one."""
    if os.environ.get("STUDIO_WORKSPACE"):
        return Path(os.environ["STUDIO_WORKSPACE"])
    here = Path.cwd()
    made = [folder for folder in (here, *here.parents) if (folder / "studio.toml").is_file()]
    if made:
        return made[0]
    from studio.workspace import default_root

    return default_root() if (default_root() / "studio.toml").is_file() else None


def _own_product_type(space: Workspace) -> ProductType | None:
    try:
        brand, version = space.store.brand.load()
    except StoreError as error:
        note(f"{error}这次先不按店铺的产品类型检查，可以用 --product-type 写明。")
        return None
    return brand.product_type if version else None
