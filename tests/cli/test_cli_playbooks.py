"""``studio playbooks``: look, start, stop."""

from __future__ import annotations

import pytest


def test_the_shipped_playbooks_are_listed(studio, empty):
    plain = studio("playbooks", "list", "--workspace", empty)
    assert plain.code == 0
    assert "加好友 72 小时" in plain.out
    assert "共 10 个剧本，正在跑 0 个。" in plain.out
    document = studio("playbooks", "list", "--json", "--workspace", empty).json
    assert len(document["playbooks"]) == 10
    assert (document["running"], document["problems"]) == ([], [])


@pytest.mark.parametrize("name", ["welcome", "加好友 72 小时"])
def test_a_playbook_is_shown_step_by_step(studio, empty, name):
    plain = studio("playbooks", "show", name, "--workspace", empty)
    assert "加好友后 1 小时" in plain.out
    assert "来源：" in plain.out
    document = studio("playbooks", "show", name, "--json", "--workspace", empty).json
    assert document["id"] == "welcome"
    assert document["steps"][1]["hour"] == 1
    assert document["steps"][1]["when"] == "加好友后 1 小时"


def test_a_playbook_is_started_listed_and_stopped(studio, shop):
    line = "playbooks start launch --anchor 2026-12-10 --product gouqi-250 --segment baoma --until 2026-12-31"
    run = studio(*line.split(), "--json", "--workspace", shop).json
    assert (run["anchor"], run["ends_on"], run["product"]) == ("2026-12-10", "2026-12-31", "gouqi-250")
    shown = studio("playbooks", "list", "--workspace", shop)
    assert f"{run['id']}  新品首发，从 2026-12-10 数起，产品 gouqi-250，客群 baoma，到 2026-12-31 为止" in shown.out
    assert studio("playbooks", "stop", run["id"], "--json", "--workspace", shop).json == {"stopped": run["id"]}
    assert studio("playbooks", "list", "--json", "--workspace", shop).json["running"] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("start no-such", "没有剧本"),
        ("start launch --product gouqi-250", "开始日期"),
        ("start launch --anchor 2026-12-10", "选一样产品"),
        ("start launch --anchor 2026-12-10 --product nope", "已经不在店里"),
        ("start launch --anchor 明天 --product gouqi-250", "2026-12-01 这样"),
        ("start welcome --segment nope", "客群「nope」"),
        ("stop nope", "没有正在跑的剧本"),
        ("show nope", "没有剧本"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(studio, shop, line, said):
    ran = studio("playbooks", *line.split(), "--workspace", shop)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert studio("playbooks", "list", "--json", "--workspace", shop).json["running"] == []


def test_a_broken_playbook_of_the_shop_is_named_and_the_others_work(studio, workspace):
    folder = workspace.root / "playbooks"
    folder.mkdir(exist_ok=True)
    (folder / "mine.yaml").write_text("id: mine\nsteps: [", "utf-8")
    ran = studio("playbooks", "list", "--json", "--workspace", str(workspace.root))
    assert ran.code == 0
    assert len(ran.json["playbooks"]) == 10
    assert ran.json["problems"][0]["source"] == "playbooks/mine.yaml"


def test_a_run_whose_product_is_gone_is_named(studio, shop, demo_workspace):
    studio("playbooks", "start", "launch", "--anchor", "2026-12-10", "--product", "gouqi-250", "--workspace", shop)
    brand, version = demo_workspace.store.brand.load()
    less = brand.model_copy(update={"products": brand.products[1:]})
    demo_workspace.store.brand.save(less, version)
    ran = studio("playbooks", "list", "--workspace", shop)
    assert "产品「gouqi-250」已经不在店里" in ran.err


def test_the_same_run_is_not_started_twice_and_two_of_a_name_are_stopped_by_id(studio, shop):
    def start(day):
        line = f"playbooks start launch --anchor {day} --product gouqi-250 --json"
        return studio(*line.split(), "--workspace", shop)

    first = start("2026-12-10").json
    again = start("2026-12-10")
    assert again.code == 2
    assert first["id"] in again.json["error"]
    other = start("2027-01-10").json
    unclear = studio("playbooks", "stop", "新品首发", "--workspace", shop)
    assert unclear.code == 2
    assert "有 2 个在跑" in unclear.err
    assert first["id"] in unclear.err
    assert other["id"] in unclear.err
    studio("playbooks", "stop", first["id"], "--workspace", shop)
    assert studio("playbooks", "stop", "launch", "--json", "--workspace", shop).json == {"stopped": other["id"]}


def test_an_anchor_of_years_ago_is_refused(studio, shop):
    line = "playbooks start launch --anchor 2024-12-10 --product gouqi-250"
    ran = studio(*line.split(), "--workspace", shop)
    assert ran.code == 2
    assert "已经过去一年多" in ran.err
