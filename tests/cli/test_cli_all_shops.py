"""``studio plan`` for every shop of a database, and how good a plan says it is."""

import sys

import pytest

from studio.store import open_shop
from studio.workspace import Workspace


@pytest.fixture
def three_shops(shop):
    """The sample shop and two more in one database."""
    opened = Workspace.open(shop)
    for name in ("second", "third"):
        open_shop(opened.database, name, "test", opened.clock).brand.save(opened.brand, 0)
    opened.close()
    return shop


def test_every_shop_gets_its_weeks_and_one_alone_gets_the_same(studio, three_shops):
    ran = studio("plan", "--all-shops", "--week", "2026-W49", "--weeks", "2", "--json", "--workspace", three_shops)
    assert ran.code == 0
    assert [item["shop"] for item in ran.json] == ["main", "second", "third"]
    assert [[week["week"] for week in item["weeks"]] for item in ran.json] == [["2026-W49", "2026-W50"]] * 3
    alone = studio(
        "plan", "--shop", "second", "--week", "2026-W49", "--weeks", "2", "--json", "--workspace", three_shops
    )
    assert alone.json == ran.json[1]["weeks"]


def test_a_shop_that_cannot_be_planned_says_why_and_the_command_fails(studio, three_shops):
    line = ("plan", "--all-shops", "--week", "2026-W49", "--posts", "200", "--workspace", three_shops)
    ran = studio(*line, "--json")
    assert ran.code == 2
    assert all("请选一样改" in item["error"] and item["weeks"] == [] for item in ran.json)


def test_what_dead_processes_leave_is_planned_here(studio, three_shops, monkeypatch, tmp_path):
    crash = tmp_path / "crash.py"
    crash.write_text("import os\nos._exit(3)\n", "utf-8")
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(crash))
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
    ran = studio("plan", "--all-shops", "--week", "2026-W49", "--json", "--workspace", three_shops)
    assert ran.code == 0
    assert [len(item["weeks"]) for item in ran.json] == [1, 1, 1]


def test_a_plan_says_that_it_is_proven(studio, shop):
    ran = studio("plan", "--week", "2026-W49", "--workspace", shop)
    assert "排法：已证明是最好的" in ran.out
