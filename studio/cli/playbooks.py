"""``studio playbooks``: sequences of posts and messages, and those that are running."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.console import note, say, say_json
from studio.cli.help import Command, group
from studio.cli.options import AsJson, ShopId, WorkspacePath, opened
from studio.errors import InputError

if TYPE_CHECKING:
    from studio.planning.playbook_files import Playbook
    from studio.planning.playbooks import Running
    from studio.workspace import Workspace

app = group("剧本：加好友、新品、复购、大促这样的连续动作。")

PlaybookId = Annotated[str, typer.Argument(metavar="剧本", help="剧本的编号或名称，看 studio playbooks list。")]


@app.command("list", cls=Command)
def list_playbooks(*, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """列出全部剧本，和正在跑的。"""
    from studio.planning.playbook_files import read_playbooks
    from studio.planning.playbooks import problems

    with opened(workspace, shop) as space:
        known, wrong = read_playbooks(space.shipped_and_overlay("playbooks"))
        running = space.store.playbooks.all()
        wrong = [*wrong, *problems(running, known, space.brand)]
    if as_json:
        say_json(
            {
                "playbooks": [_summary(item) for item in known.values()],
                "running": [run.to_json() for run in running],
                "problems": [item.to_json() for item in wrong],
            }
        )
        return
    for item in known.values():
        say(f"{item.id}  {item.name}：{item.goal}（{len(item.steps)} 步，{item.ends.words}）")
    say(f"共 {len(known)} 个剧本，正在跑 {len(running)} 个。")
    for run in running:
        say(f"  {run.id}  {_line(run, known.get(run.playbook))}")
    for problem in wrong:
        note(f"提示：{problem}")


@app.command("show", cls=Command)
def show(
    playbook: PlaybookId, *, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False
) -> None:
    """看一个剧本：每一步什么时候、发在哪、说什么。"""
    with opened(workspace, shop) as space:
        chosen = _chosen(playbook, space)
    if as_json:
        say_json(chosen.to_json())
        return
    say(f"{chosen.name}（{chosen.id}，第 {chosen.version} 版）")
    say(f"目标：{chosen.goal}")
    say(f"什么时候停：{chosen.ends.words}")
    for step in chosen.steps:
        say(f"  {step.when}  {step.channel.label}·{step.pillar.label}·{step.stage.label}  「{step.name}」{step.theme}")
        say(f"    为了：{step.goal}")
    if chosen.note:
        say(f"要当心：{chosen.note}")
    say(f"来源：{chosen.source}（{chosen.checked} 核对）")


@app.command("start", cls=Command)
def start(
    playbook: PlaybookId,
    *,
    anchor: Annotated[
        str | None, typer.Option("--anchor", metavar="日期", help="从哪天数起，例如 2026-12-01；跟着节点走的不用写。")
    ] = None,
    product: Annotated[str | None, typer.Option("--product", metavar="编号", help="讲哪样产品。")] = None,
    segment: Annotated[str | None, typer.Option("--segment", metavar="编号", help="只给哪个客群。")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="日期", help="跑到哪天为止。")] = None,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """开始一个剧本；它要的内容从下一次排周历起算进去。

    例：studio playbooks start launch --anchor 2026-12-10 --product gouqi-250
    """
    from studio.planning.playbooks import Running, check_recent, checked

    with opened(workspace, shop) as space:
        chosen = _chosen(playbook, space)
        wanted = Running(
            id="",
            playbook=chosen.id,
            anchor=_day(anchor, "--anchor"),
            ends_on=_day(until, "--until"),
            segment=segment,
            product=product,
        )
        check_recent(wanted, chosen, space.clock().date())
        run = space.store.playbooks.save(checked(wanted, chosen, space.brand))
    if as_json:
        say_json(run.to_json())
    else:
        say(f"开始了：{_line(run, chosen)}")
        say(f"要停的时候：studio playbooks stop {run.id}")


@app.command("stop", cls=Command)
def stop(
    run: Annotated[
        str, typer.Argument(metavar="编号", help="正在跑的那一个，看 studio playbooks list；只跑一个时写名称也行。")
    ],
    *,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """停掉一个正在跑的剧本；已经排进周历的不动。"""
    with opened(workspace, shop) as space:
        stopped = _running(run, space)
        space.store.playbooks.remove(stopped)
    if as_json:
        say_json({"stopped": stopped})
    else:
        say("停了。已经排进周历的没有动，下次重排时就不再有它。")


def _running(wanted: str, space: Workspace) -> str:
    """Return the id of the run meant by an id, or by the id or name of a playbook that runs only once."""
    from studio.planning.playbook_files import read_playbooks

    running = space.store.playbooks.all()
    if any(run.id == wanted for run in running):
        return wanted
    known, _ = read_playbooks(space.shipped_and_overlay("playbooks"))
    names = {item.id for item in known.values() if wanted in (item.id, item.name)} | {wanted}
    meant = [run for run in running if run.playbook in names]
    if len(meant) > 1:
        lines = "\n".join(f"  {run.id}  {_line(run, known.get(run.playbook))}" for run in meant)
        raise InputError(f"「{wanted[:40]}」有 {len(meant)} 个在跑，都没有停。写明要停的编号：\n{lines}")
    return meant[0].id if meant else wanted


def _chosen(wanted: str, space: Workspace) -> Playbook:
    from studio.planning.playbook_files import read_playbooks

    known, problems = read_playbooks(space.shipped_and_overlay("playbooks"))
    for problem in problems:
        note(f"提示：{problem}")
    found = next((item for item in known.values() if wanted in (item.id, item.name)), None)
    if found is None:
        raise InputError(f"没有剧本「{wanted[:40]}」。现有：{'、'.join(known) or '还没有'}。")
    return found


def _day(text: str | None, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise InputError(f"{name} 看不懂「{(text or '')[:20]}」，请写成 2026-12-01 这样的日期。") from None


def _summary(playbook: Playbook) -> dict[str, Any]:
    return {
        "id": playbook.id,
        "name": playbook.name,
        "goal": playbook.goal,
        "steps": len(playbook.steps),
        "ends": playbook.ends.words,
        "version": playbook.version,
    }


def _line(run: Running, playbook: Playbook | None) -> str:
    parts = (
        playbook.name if playbook else run.playbook,
        f"从 {run.anchor} 数起" if run.anchor else "",
        f"产品 {run.product}" if run.product else "",
        f"客群 {run.segment}" if run.segment else "",
        f"到 {run.ends_on} 为止" if run.ends_on else "",
        "暂停中" if run.paused else "",
    )
    return "，".join(filter(None, parts))
