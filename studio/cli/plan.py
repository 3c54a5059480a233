"""``studio plan``: weeks of slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.console import note, one_or_many, say, say_json
from studio.cli.options import AsJson, ShopId, WeekText, WorkspacePath, opened, parse_week
from studio.cli.shop_plans import WeeksWanted, plan_shops, plan_weeks

if TYPE_CHECKING:
    from studio.brand import Brand
    from studio.planning.calendar import Slot, Week
    from studio.workspace import Workspace


def plan(
    *,
    week: WeekText = None,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=53, metavar="几周", help="连着排几周。")] = 1,
    posts: Annotated[
        int | None, typer.Option("--posts", min=0, max=200, metavar="几条", help="一周几条；不写时用设置里的。")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, metavar="数", help="换一个数，换一种排法。")] = 0,
    all_shops: Annotated[bool, typer.Option("--all-shops", help="给数据库里的每家店都排，几家同时算。")] = False,
    save: Annotated[bool, typer.Option("--save", help="存进周历；锁定和已动笔的不变。")] = False,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """排一周或几周的内容，每条都写明为什么。

    例：studio plan --week 2026-W49 --save
    """
    with opened(workspace, shop) as space:
        start = parse_week(week, space)
        if all_shops:
            wanted = WeeksWanted(space.root, str(start), weeks, seed, posts, save)
            _print_shops(wanted, space, as_json=as_json)
            return
        planned = plan_weeks(space.schedule, start, weeks, seed=seed, posts=posts, save=save)
        over = space.schedule.past_unsaved(start, weeks)
        brand = space.brand
    if over:
        note(f"{'、'.join(map(str, over[:3]))} 已经过去了，只排给你看，不能保存。")
    if as_json:
        say_json(one_or_many([item.to_json() for item in planned], weeks))
        return
    for item in planned:
        _print_week(item, brand)
    if not over:
        _note_saved(saved=save)


def _note_saved(*, saved: bool) -> None:
    note("已存进周历。" if saved else "还没有保存；加 --save 存进周历。")


def _print_shops(wanted: WeeksWanted, space: Workspace, *, as_json: bool) -> None:
    """Print the weeks of every shop; exit with 2 when one of them could not be planned."""
    from studio.brand import Brand
    from studio.store import list_shops, open_shop

    shops = [row.id for row in list_shops(space.database)]
    answers = []
    for number, answer in enumerate(plan_shops(wanted, shops), start=1):
        note(f"{answer.shop}：{number}/{len(shops)}" + (f" {answer.error}" if answer.error else ""))
        answers.append(answer)
    if as_json:
        say_json([answer.to_json() for answer in answers])
    for answer in () if as_json else answers:
        brand = open_shop(space.database, answer.shop, "", space.clock).brand.load()[0] if answer.weeks else Brand()
        say(f"【{answer.shop}】{answer.error}")
        for item in answer.weeks:
            _print_week(item, brand)
    _note_saved(saved=wanted.save)
    if any(answer.error for answer in answers):
        raise typer.Exit(2)


def _print_week(week: Week, brand: Brand) -> None:
    from studio.vocabulary import Pillar

    first, last = week.id.days[0], week.id.days[-1]
    counts = " · ".join(f"{pillar.label} {week.mix['planned'].get(pillar.value, 0):g}" for pillar in Pillar)
    shares = " · ".join(f"{pillar.label} {week.mix['rolling4'].get(pillar.value, 0):.0%}" for pillar in Pillar)
    say(f"{week.id}  {first.month}月{first.day}日–{last.month}月{last.day}日  共 {len(week.slots)} 条：{counts}")
    say(f"近四周：{shares}")
    for slot in week.slots:
        _print_slot(slot, brand)
    if week.quality:
        say(f"排法：{_quality(week)}")
    for sentence in week.relaxed:
        say(f"放宽：{sentence}")
    for problem in week.problems:
        say(f"待补：{problem}")
    say()


def _quality(week: Week) -> str:
    found, bound = week.quality["objective"], week.quality["bound"]
    if week.quality["status"] == "optimal":
        return f"已证明是最好的（{found} 分，越少越好）"
    return f"算到 {found} 分，最好不会低于 {bound} 分（越少越好）"


def _print_slot(slot: Slot, brand: Brand) -> None:
    from studio.planning.rules import WEEKDAYS

    segment = brand.segment(slot.segment)
    day = f"周{WEEKDAYS[slot.date.weekday()]} {slot.date:%m-%d} {slot.time:%H:%M}"
    marks = "".join(f" [{mark}]" for mark in ("锁定" if slot.locked else "", slot.occasion or "") if mark)
    reader = f" → {segment.name}" if segment else ""
    say(f"  {day}  {slot.pillar.label}  {slot.channel.label}  {slot.theme}{reader}{marks}  ({slot.id})")
    say(f"      {slot.why}")
