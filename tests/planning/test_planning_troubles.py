"""What is told of a planned week: products that are gone, posts too close to each other."""

from dataclasses import replace
from datetime import date, time

import pytest

from studio.brand import Brand, Product
from studio.planning.calendar import Slot, Week, WeekId
from studio.planning.export import export
from studio.planning.troubles import coming, crowded, unsold
from studio.vocabulary import Channel, Pillar, Stage, Status

BRAND = Brand(name="小店", products=[Product(id="mi", name="小米", on_sale=False), Product(id="zao", name="红枣")])
SLOT = Slot(
    id="a",
    date=date(2026, 12, 2),
    time=time(20, 0),
    channel=Channel.GROUP,
    pillar=Pillar.PRODUCT,
    stage=Stage.USAGE,
    segment=None,
    theme="怎么煮",
    occasion=None,
    product="mi",
    why="",
)


@pytest.mark.parametrize(
    ("product", "said"),
    [
        ("mi", ["周三 20:00 的「怎么煮」讲的是「小米」，它已经不卖了；点「顺着调整其余的」换掉"]),
        ("gone", ["周三 20:00 的「怎么煮」讲的产品已经不在店里了；点「顺着调整其余的」换掉"]),
        ("zao", []),
        (None, []),
    ],
)
def test_a_post_about_what_is_not_sold_is_told_by_name(product, said):
    assert [item.message for item in unsold([replace(SLOT, product=product)], BRAND)] == said


@pytest.mark.parametrize("fmt", ["csv", "md"])
def test_a_file_marks_what_is_not_sold_unless_it_is_posted(fmt):
    def text(status):
        week = Week(WeekId(2026, 49), 0, (replace(SLOT, status=status),), {})
        return export([week], {}, BRAND, fmt).decode()

    assert "小米（已经不卖）" in text(Status.PLANNED)
    assert "已经不卖" not in text(Status.POSTED)


@pytest.mark.parametrize(
    ("minutes", "gap", "said"),
    [
        ([0, 0, 0], 60, "周三 20:00 有 3 条挤在一起，两条之间要隔 60 分钟；把其中几条挪开"),
        ([0, 30], 60, "周三 20:00 到 20:30 有 2 条挤在一起，两条之间要隔 60 分钟；把其中几条挪开"),
        ([0, 0], 0, "周三 20:00 有 2 条挤在一起；把其中几条挪开"),
        ([0, 30], 30, None),
        ([0, 1], 0, None),
    ],
)
def test_posts_closer_than_the_gap_are_told_together(minutes, gap, said):
    slots = [replace(SLOT, id=str(place), time=time(20, minute)) for place, minute in enumerate(minutes)]
    assert [item.message for item in crowded(slots, gap)] == ([said] if said else [])


def test_only_what_is_still_to_come_is_looked_at():
    slots = [replace(SLOT, id=status.value, status=status) for status in (Status.POSTED, Status.SKIPPED)]
    slots += [replace(SLOT, id="late", time=time(21, 0)), SLOT, replace(SLOT, date=date(2026, 11, 30))]
    assert [slot.id for slot in coming(slots, date(2026, 12, 1))] == ["a", "late"]
