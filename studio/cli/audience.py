"""``studio audience``: who reads, by tags and numbers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.cli.console import note, say, say_json
from studio.cli.help import Command, group
from studio.cli.library import keep_rejected
from studio.cli.options import AsJson, ShopId, WorkspacePath, opened
from studio.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.audience.customers import Customer
    from studio.audience.tiers import Tiers
    from studio.brand import Segment
    from studio.workspace import Workspace

TOP_TAGS = 15
MAX_NAMES = 50

app = group("客群：导入客户表、看人群。")


@app.command("import", cls=Command)
def import_customers(
    file: Annotated[Path, typer.Argument(metavar="文件", help="客户表，CSV 或 Excel；要有「客户编号」一列。")],
    *,
    rejected: Annotated[
        Path | None, typer.Option("--rejected", metavar="文件", help="没导入的行写到哪里；不写时放在工作区。")
    ] = None,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """导入客户的标签和统计；手机号、地址这些列不会保存。编号相同的会更新。"""
    from studio.audience.importing import read_customers

    with opened(workspace, shop) as space:
        found = read_customers(file, space.clock().date())
        space.store.customers.save(found.customers)
        kept = keep_rejected(found.rejected, rejected or space.root / f"{file.stem}-没导入.csv")
        total = space.store.customers.count()
    for problem in found.problems:
        note(f"提示：{problem}")
    if as_json:
        say_json(
            {
                "imported": len(found.customers),
                "rejected": len(found.rejected),
                "rejected_file": kept,
                "total": total,
                "problems": [problem.to_json() for problem in found.problems],
            }
        )
        return
    say(f"导入 {len(found.customers)} 位客户，现在共 {total} 位。")
    if kept:
        say(f"有 {len(found.rejected)} 行没导入，原因写在：{kept}")


@app.command("segments", cls=Command)
def list_segments(*, workspace: WorkspacePath = None, shop: ShopId = None, as_json: AsJson = False) -> None:
    """列出客群和各有多少人。"""
    from studio.audience.segments import empty_segments, membership

    with opened(workspace, shop) as space:
        segments = space.brand.segments
        customers = space.store.customers.all()
        inside = membership(customers, segments, space.clock().date(), _tiers(space))
    sizes = inside.sum(axis=0).tolist()
    rows = [_summary(item, count) for item, count in zip(segments, sizes, strict=True)]
    for problem in empty_segments(segments, sizes) if customers else ():
        note(f"提示：{problem}")
    if as_json:
        say_json(rows)
        return
    for row in rows:
        say(f"{row['id']}  {row['name']}：{row['customers']} 人  {row['rule']}")
    if not rows:
        say("店铺资料里还没有客群。在资料文件的 segments 里加，再用 studio brand import 导入。")


@app.command("preview", cls=Command)
def preview(
    segment: Annotated[str, typer.Argument(metavar="客群", help="客群的编号或名称。")],
    *,
    names: Annotated[bool, typer.Option("--names", help="也列出昵称（最多 50 个）。")] = False,
    workspace: WorkspacePath = None,
    shop: ShopId = None,
    as_json: AsJson = False,
) -> None:
    """看一个客群有多少人、常见标签是什么。"""
    from studio.audience.segments import members

    with opened(workspace, shop) as space:
        segments = space.brand.segments
        chosen = next((item for item in segments if segment in (item.id, item.name)), None)
        if chosen is None:
            known = "、".join(item.name for item in segments) or "还没有"
            raise InputError(f"没有客群「{segment[:40]}」。现有：{known}。")
        found = members(space.store.customers.all(), chosen, space.clock().date(), _tiers(space))
    document = _summary(chosen, len(found)) | _totals(found)
    if names:
        document["names"] = [customer.nickname for customer in found[:MAX_NAMES]]
    if as_json:
        say_json(document)
        return
    say(f"{chosen.name}：{len(found)} 人，下过单的 {document['buyers']} 人")
    say(f"规则：{chosen.rule}")
    say(f"需要：{chosen.need}")
    for tag, count in document["tags"].items():
        say(f"  {tag}  {count}")
    for name in document.get("names", ()):
        say(f"  · {name}")


def _tiers(space: Workspace) -> Tiers:
    from studio.audience.tiers import read_tiers

    tiers, problems = read_tiers(space.shipped_and_overlay("tiers.yaml"))
    for problem in problems:
        note(f"提示：{problem}")
    return tiers


def _summary(segment: Segment, count: int) -> dict[str, Any]:
    return {"id": segment.id, "name": segment.name, "rule": segment.rule, "need": segment.need, "customers": count}


def _totals(customers: Sequence[Customer]) -> dict[str, Any]:
    tags = Counter(tag for customer in customers for tag in sorted(customer.tags))
    return {"buyers": sum(1 for customer in customers if customer.orders), "tags": dict(tags.most_common(TOP_TAGS))}
