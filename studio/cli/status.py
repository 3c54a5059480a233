"""``studio approve`` and ``studio post``: a slot moves on."""

from __future__ import annotations

from typing import Annotated

import typer

from studio.cli.console import say, say_json
from studio.cli.options import AsJson, ShopId, WorkspacePath, opened

SlotId = Annotated[str, typer.Argument(metavar="编号", help="studio plan 列出的编号，例如 2026-W49-03。")]


def approve(slot: SlotId, *, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """通过一条草稿；有禁用说法时不能通过。"""
    with opened(workspace, shop) as space:
        approved = space.editorial.approve(slot)
    if as_json:
        say_json(approved.to_json())
    else:
        say(f"{approved.id} 已通过：{approved.theme}")


def post(slot: SlotId, *, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """标记一条已发：它进入内容库，也计入配比。"""
    with opened(workspace, shop) as space:
        posted = space.editorial.mark_posted(slot)
    if as_json:
        say_json(posted.to_json())
    else:
        say(f"{slot} 记为已发，进了内容库。")
