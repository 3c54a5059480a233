"""``studio init``: a new workspace folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.brand import read_brand_file
from studio.cli.console import say, say_json
from studio.cli.options import AsJson
from studio.errors import InputError

if TYPE_CHECKING:
    from studio.brand import Brand
    from studio.workspace import Workspace


def init(
    path: Annotated[Path, typer.Argument(metavar="文件夹", help="放工作区的文件夹；已有的内容不动。")],
    *,
    demo: Annotated[bool, typer.Option("--demo", help="装进示例店铺。")] = False,
    brand: Annotated[Path | None, typer.Option("--brand", metavar="文件", help="店铺资料，YAML 或 JSON。")] = None,
    as_json: AsJson = False,
) -> None:
    """建一个工作区文件夹。

    例：studio init 我的店 --brand 店铺.yaml
    """
    from studio.workspace import Workspace

    if demo and brand:
        raise InputError("--demo 和 --brand 只能用一个：示例店铺自带资料。")
    document = read_brand_file(brand) if brand else None
    workspace = Workspace.create(path)
    try:
        _fill(workspace, document, demo=demo)
        summary = _summary(workspace)
    finally:
        workspace.close()
    if as_json:
        say_json(summary)
    else:
        say(f"工作区建好了：{summary['workspace']}")
        say(f"店铺「{summary['name']}」，内容库 {summary['posts']} 条。")
        say(f"下一步：studio run --workspace {path}")


def _fill(workspace: Workspace, document: Brand | None, *, demo: bool) -> None:
    version = workspace.store.brand.load()[1]
    if document and version:
        raise InputError("这个工作区里已经有店铺资料了，没有改动它。要换资料请用 studio brand import。")
    if document:
        workspace.store.brand.save(document, version)
    elif demo:
        from studio import demo as sample

        sample.load(workspace)


def _summary(workspace: Workspace) -> dict[str, Any]:
    return {
        "workspace": str(workspace.root),
        "shop": workspace.shop_id,
        "name": workspace.brand.name,
        "posts": workspace.store.posts.count(),
        "customers": workspace.store.customers.count(),
    }
