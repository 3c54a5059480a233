"""``studio draft``: text for slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.calendar import saved_week
from studio.cli.console import clip, note, say, say_json
from studio.cli.options import AsJson, ShopId, WorkspacePath, opened, parse_week
from studio.errors import InputError, StudioError

if TYPE_CHECKING:
    from studio.drafting.draft import Draft
    from studio.workspace import Workspace


def draft(
    *,
    week: Annotated[
        str | None, typer.Option("--week", metavar="周次", help="写这一周还没写的，例如 2026-W48。")
    ] = None,
    slot: Annotated[str | None, typer.Option("--slot", metavar="编号", help="只写这一条；写过的会另存一版。")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="不用模型，写模板草稿。")] = False,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """写草稿，写好一条存一条。没有设置模型时写模板草稿。

    例：studio draft --week 2026-W49 --offline
    """
    if (week is None) == (slot is None):
        raise InputError("请用 --week 写一周，或用 --slot 写一条，二选一。")
    with opened(workspace, shop) as space:
        if not offline and space.settings.llm.preset == "off":
            offline = True
            note("还没有设置模型，这次写模板草稿。设置方法：studio.toml 里的 [llm]，或「设置」页。")
        if slot is not None:
            made = [space.editorial.draft(slot, offline=offline)]
        else:
            made = _draft_week(space, week, offline=offline)
        if as_json:
            documents = [item.to_json() for item in made]
            say_json(documents[0] if slot is not None else documents)
            return
        for item in made:
            _print_draft(space, item)


def _draft_week(space: Workspace, text: str | None, *, offline: bool) -> list[Draft]:
    from studio import jobs

    week = parse_week(text, space)
    saved_week(space, week)
    work = jobs.draft_week(space, week, offline=offline)
    if not work.items:
        note(f"{week} 没有要写的了。")
    made: list[Draft] = []
    try:
        for number, slot_id in enumerate(work.items, 1):
            note(f"[{number}/{len(work.items)}] {work.name(slot_id)}")
            made.append(space.editorial.draft(slot_id, offline=offline))
    except StudioError as error:
        error.args = (f"{str(error).rstrip('。')}。已写好的 {len(made)} 条都保存了，再运行一次会接着写。",)
        raise
    return made


def _print_draft(space: Workspace, item: Draft) -> None:
    slot = space.store.calendar.slot(item.slot_id)
    report = space.proofreader.check(item.sections, slot, similar=0).report
    source = "模板草稿" if item.provenance.origin == "template" else "模型草稿，发布时请声明 AI 生成"
    say(f"── {slot.id}  {slot.channel.label} · {slot.pillar.label} · {slot.theme}({source},{report.verdict.label})")
    say(item.sections.text)
    if item.sections.comment:
        say(f"首评：{item.sections.comment}")
    if item.sections.image_brief:
        say(f"配图：{item.sections.image_brief}")
    for finding in report.findings:
        if finding.exemption is None:
            say(f"  [{finding.severity.label}] 「{clip(finding.text, 20)}」{finding.message}")
    say()
