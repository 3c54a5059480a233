"""``studio calendar``: weeks as files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.console import note, say, say_json
from studio.cli.help import Command, group
from studio.cli.options import AsJson, ShopId, WeekText, WorkspacePath, opened, parse_choice, parse_week
from studio.errors import InputError

if TYPE_CHECKING:
    from studio.planning.calendar import Week, WeekId
    from studio.workspace import Workspace

FORMATS = ("ics", "csv", "xlsx", "md", "png")

app = group("周历：导出。")


@app.command("export", cls=Command)
def export(
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="格式", help="ics（日历）、xlsx（可打印）、csv、md 或 png。")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="文件", help="写到哪个文件。")],
    week: WeekText = None,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=53, metavar="几周", help="连着导出几周。")] = 1,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """把周历连同草稿导出成文件。还没排的周会先排好并保存，已经过去的除外。

    例：studio calendar export --week 2026-W49 --format ics --out 周历.ics
    """
    form = parse_choice(form, FORMATS, "--format")
    if out.is_dir():
        raise InputError(f"「{out}」是文件夹，请写一个文件名，例如 {out / f'周历.{form}'}")
    from studio.vocabulary import Status

    with opened(workspace, shop) as space:
        start = parse_week(week, space)
        chosen = [_week(space, start.plus(offset)) for offset in range(weeks)]
        drafts = space.store.drafts.for_slots([slot.id for item in chosen for slot in item.slots])
        content = space.editorial.export(chosen, form)
    out.write_bytes(content)
    slots = sum(slot.status is not Status.SKIPPED for item in chosen for slot in item.slots)
    if as_json:
        say_json({"file": str(out), "format": form, "weeks": weeks, "slots": slots, "drafts": len(drafts)})
    else:
        say(f"写好了：{out}（{slots} 条，其中 {len(drafts)} 条有草稿）")


def _week(space: Workspace, week: WeekId) -> Week:
    """Return a week to export; one that is over and was never planned is planned but not saved."""
    if not space.schedule.past_unsaved(week):
        return saved_week(space, week)
    note(f"{week} 已经过去了，也没有排过；文件里是现排的样子，没有存进周历。")
    return space.schedule.plan(week)[0]


def saved_week(space: Workspace, week: WeekId) -> Week:
    """Return a week as saved; one nobody has planned yet is planned and saved first."""
    known = space.store.calendar.week(week)
    if known is not None:
        return known
    planned = space.schedule.plan(week, from_now=space.schedule.is_running(week))
    space.schedule.save(planned)
    note(f"{week} 还没有排，先排好并存进了周历。")
    return planned[0]
