"""``studio prompts``: the prompt files, checked and filled in."""

from __future__ import annotations

from typing import Annotated

import typer

from studio.cli.console import say, say_json
from studio.cli.help import Command, group
from studio.cli.options import AsJson, ShopId, WorkspacePath, opened

app = group("提示词：检查、看填好的样子。")


@app.command("check", cls=Command)
def check(*, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """检查每个提示词文件能不能用。有问题时退出码是 1。"""
    with opened(workspace, shop) as space:
        names = space.prompts.names()
        problems = space.prompts.check()
    if as_json:
        say_json({"prompts": names, "problems": [problem.to_json() for problem in problems]})
    else:
        for problem in problems:
            say(str(problem))
        say(f"{len(names)} 个提示词能用，{len(problems)} 处要改。")
    if problems:
        raise typer.Exit(1)


@app.command("render", cls=Command)
def render(
    name: Annotated[str, typer.Argument(metavar="名称", help="例如 value-moments。")],
    *,
    slot: Annotated[str, typer.Option("--slot", metavar="编号", help="用哪一条的内容来填。")],
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """看一个提示词填好后会发给模型的全文。"""
    from studio.drafting.context import prompt_context

    with opened(workspace, shop) as space:
        chosen = space.store.calendar.slot(slot)
        brand = space.brand
        context = prompt_context(chosen, brand, brand.segment(chosen.segment), [])
        filled = space.prompts.render(name, context)
    if as_json:
        say_json(
            {
                "name": filled.name,
                "hash": filled.hash,
                "system": filled.system,
                "user": filled.user,
                "parameters": filled.parameters.model_dump(),
            }
        )
    else:
        say(f"{filled.system}\n\n────────\n\n{filled.user}")
