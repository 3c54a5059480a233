"""The sample shop, loaded into a workspace: brand, past posts and customers, all invented."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import yaml

from studio import resources
from studio.audience.customers import Customer
from studio.brand import read_brand
from studio.errors import ImportFailed
from studio.library.posts import Post, text_hash
from studio.vocabulary import Channel, Pillar

if TYPE_CHECKING:
    from pathlib import Path

    from studio.workspace import Workspace


def load(workspace: Workspace) -> None:
    """Fill a shop that has no brand yet with the sample shop; one that has is left alone.

    Its dates move by whole weeks, so that the last post is always less than a week old.
    """
    if workspace.store.brand.load()[1]:
        return
    folder = resources.content_library() / "sample_shop"
    brand, problems = read_brand(yaml.safe_load((folder / "brand.yaml").read_text("utf-8")), "brand.yaml")
    if brand is None:
        raise ImportFailed("示例店铺的资料坏了：" + "；".join(map(str, problems)))
    posts = _read_posts(folder / "posts.jsonl")
    last = max(post.posted_on for post in posts if post.posted_on)
    shift = timedelta(weeks=max(0, (workspace.clock().date() - last).days // 7))
    workspace.store.brand.save(brand, 0)
    workspace.store.posts.add([replace(post, posted_on=_moved(post.posted_on, shift)) for post in posts])
    workspace.store.customers.save(_read_customers(folder / "customers.csv", shift))


def _moved(day: date | None, shift: timedelta) -> date | None:
    return day + shift if day else None


def _read_posts(path: Path) -> list[Post]:
    with path.open(encoding="utf-8") as lines:
        return [_post(json.loads(line)) for line in lines if line.strip()]


def _post(data: dict[str, Any]) -> Post:
    return Post(
        id=text_hash(data["text"])[:16],
        text=data["text"],
        pillar=Pillar(data["pillar"]),
        channel=Channel(data["channel"]),
        posted_on=date.fromisoformat(data["posted_on"]),
        segment=data.get("segment"),
        title=data.get("title", ""),
        tags=tuple(data.get("tags", ())),
        metrics=data.get("metrics", {}),
        source="示例数据",
        is_example=data.get("is_example", False),
    )


def _read_customers(path: Path, shift: timedelta) -> list[Customer]:
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return [
            Customer(
                id=row["客户编号"],
                nickname=row["昵称"],
                tags=frozenset(filter(None, row["标签"].split(";"))),
                spent=float(row["累计消费"] or 0),
                orders=int(row["订单数"] or 0),
                last_order_on=_moved(_day(row["最近下单"]), shift),
                added_on=_moved(_day(row["加好友日期"]), shift),
                source=row["来源"],
            )
            for row in csv.DictReader(rows)
        ]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
