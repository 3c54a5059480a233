"""``studio run``: the studio in the browser."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from studio.cli.console import note, say
from studio.cli.options import ShopId, WorkspacePath
from studio.errors import EmbeddingError


def run(
    *,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, metavar="端口", help="不写时是 8501。")] = 8501,
    demo: Annotated[bool, typer.Option("--demo", help="打开示例店铺，放在单独的文件夹里，不动你的店。")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不自动打开浏览器。")] = False,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
) -> None:
    """打开工作台（只在这台电脑上能访问）。按 Ctrl-C 停止。

    例：studio run --demo
    """
    from studio.server import ADDRESS, free_port, serve

    root = _demo_root(workspace) if demo else _root(workspace, shop)
    free = free_port(port)
    if free != port:
        note(f"端口 {port} 被别的程序占用了，改用 {free}。")
    say(f"工作台已打开：http://{ADDRESS}:{free}")
    serve(root, free, open_browser=not no_browser)


def _root(path: Path | None, shop: str | None) -> Path:
    from studio.cli.options import opened

    with opened(path, shop) as workspace:
        return workspace.root


def _demo_root(path: Path | None) -> Path:
    from studio import demo
    from studio.workspace import Workspace, default_root

    workspace = Workspace.create(path or default_root().with_name("demo"))
    try:
        demo.load(workspace)
        with suppress(EmbeddingError):
            if workspace.store.vectors.missing(workspace.embedder.key):
                note("第一次打开，先把示例店铺的旧内容读一遍，几秒钟。")
                workspace.library.embed_missing()
        return workspace.root
    finally:
        workspace.close()
