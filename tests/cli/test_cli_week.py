"""From an empty folder to a week of posts."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
import yaml

from studio.editorial import Editorial
from studio.errors import ModelTimeout
from studio.vocabulary import Status

CLOTHES = {
    "name": "布衣小铺",
    "industry": "女装",
    "product_type": "服饰",
    "persona": {"name": "阿布", "role": "店主"},
    "products": [
        {
            "id": "shan-1",
            "name": "亚麻衬衫",
            "price": 168,
            "unit": "件",
            "facts": [{"text": "亚麻衬衫有米白和灰蓝两个颜色。", "source": "店主", "topic": "两个颜色"}],
        }
    ],
    "facts": [
        {"text": "亚麻洗过会更软,晾的时候抖平就不用熨。", "source": "店主", "pillar": "value", "topic": "怎么洗亚麻"},
        {"text": "店里的裁床是老师傅留下的。", "source": "店主", "pillar": "lifestyle", "topic": "老裁床"},
    ],
    "segments": [{"id": "laoke", "name": "老客", "need": "想知道新到了什么", "all_tags": ["老客"]}],
}


@pytest.mark.parametrize("posts", [5, 7, 10, 14])
def test_any_four_weeks_of_an_empty_workspace_are_within_one_post_of_334(posts, studio, empty):
    weeks = studio(
        "plan", "--week", "2026-W49", "--weeks", "8", "--posts", str(posts), "--json", "--workspace", empty
    ).json
    counts = [[slot["pillar"] for slot in week["slots"]] for week in weeks]
    assert [len(week) for week in counts] == [posts] * 8
    for first in range(5):
        window = [pillar for week in counts[first : first + 4] for pillar in week]
        for pillar, share in {"product": 0.3, "value": 0.3, "lifestyle": 0.4}.items():
            assert abs(window.count(pillar) - share * len(window)) <= 1 + 1e-9


def test_the_same_seed_gives_the_same_plan_and_nothing_is_saved_without_save(studio, shop):
    def run(*more):
        return studio("plan", "--week", "2026-W49", "--json", "--workspace", shop, *more).json

    assert run("--seed", "7") == run("--seed", "7")
    assert studio("draft", "--slot", "2026-W49-01", "--offline", "--workspace", shop).code == 2
    saved = run("--seed", "7", "--save")
    assert studio("draft", "--slot", saved["slots"][0]["id"], "--offline", "--workspace", shop).code == 0


def test_a_shop_of_ones_own_goes_from_init_to_an_exported_week(studio, tmp_path):
    (tmp_path / "brand.yaml").write_text(yaml.safe_dump(CLOTHES, allow_unicode=True), "utf-8")
    folder = str(tmp_path / "我的店")
    made = studio("init", folder, "--brand", str(tmp_path / "brand.yaml"), "--json")
    assert made.json["name"] == "布衣小铺"
    drafts = studio("draft", "--week", "2026-W49", "--offline", "--json", "--workspace", folder)
    assert drafts.code == 0
    assert len(drafts.json) == 14
    assert "14/14" in drafts.err
    again = studio("draft", "--week", "2026-W49", "--offline", "--json", "--workspace", folder)
    assert again.json == []
    out = tmp_path / "week.csv"
    assert (
        studio(
            "calendar", "export", "--week", "2026-W49", "--format", "csv", "--out", str(out), "--workspace", folder
        ).code
        == 0
    )
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"), newline="")))
    assert {row["文案"] for row in rows} >= {draft["text"] for draft in drafts.json}
    assert "枸杞" not in out.read_text("utf-8-sig")


def test_an_unsaved_week_is_planned_saved_and_exported(studio, shop, tmp_path):
    said = []
    for form, start in {
        "ics": b"BEGIN:VCALENDAR",
        "csv": b"\xef\xbb\xbf",
        "xlsx": b"PK",
        "md": b"# ",
        "png": b"\x89PNG",
    }.items():
        out = tmp_path / f"week.{form}"
        line = ("calendar", "export", "--week", "2026-W50", "--format", form, "--out", str(out), "--workspace", shop)
        ran = studio(*line)
        assert ran.code == 0
        assert out.read_bytes().startswith(start)
        said.append("2026-W50" in ran.err)
    assert said == [True, False, False, False, False]


@pytest.mark.parametrize(("failure", "code"), [(ModelTimeout("模型 60 秒没有回应。"), 3), (KeyboardInterrupt(), 130)])
def test_drafts_made_before_a_stop_are_kept_and_the_next_run_goes_on(failure, code, studio, empty, monkeypatch):
    real, calls = Editorial.draft, []

    def stop_at_third(self, slot_id, **options):
        calls.append(slot_id)
        if len(calls) == 3:
            raise failure
        return real(self, slot_id, **options)

    monkeypatch.setattr(Editorial, "draft", stop_at_third)
    ran = studio("draft", "--week", "2026-W49", "--offline", "--json", "--workspace", empty)
    assert ran.code == code
    assert "都保存了" in ran.err
    rest = studio("draft", "--week", "2026-W49", "--offline", "--json", "--workspace", empty)
    assert [draft["slot"] for draft in rest.json] == [f"2026-W49-{number:02}" for number in range(3, 15)]


def test_without_a_model_the_draft_is_a_template_and_says_so(studio, shop):
    studio("plan", "--week", "2026-W49", "--save", "--workspace", shop)
    ran = studio("draft", "--slot", "2026-W49-02", "--json", "--workspace", shop)
    assert "模板草稿" in ran.err
    assert ran.json["provenance"]["origin"] == "template"


def test_a_model_set_up_halfway_stops_a_draft_but_not_an_offline_one(studio, empty, monkeypatch):
    monkeypatch.setenv("STUDIO_LLM_PRESET", "openai")
    asked = studio("draft", "--week", "2026-W49", "--workspace", empty)
    assert asked.code == 2
    assert "密钥" in asked.err
    offline = studio("draft", "--week", "2026-W49", "--offline", "--json", "--workspace", empty)
    assert (offline.code, len(offline.json)) == (0, 14)


def test_a_post_goes_from_draft_to_library(studio, shop):
    studio("plan", "--week", "2026-W49", "--save", "--workspace", shop)
    early = studio("approve", "2026-W49-02", "--workspace", shop)
    assert early.code == 2
    text = studio("draft", "--slot", "2026-W49-02", "--offline", "--json", "--workspace", shop).json["text"]
    assert studio("approve", "2026-W49-02", "--json", "--workspace", shop).json["status"] == "approved"
    post = studio("post", "2026-W49-02", "--json", "--workspace", shop).json
    assert post["text"] == text
    again = studio("draft", "--slot", "2026-W49-02", "--offline", "--workspace", shop)
    assert again.code == 2


def test_the_plan_reads_as_a_table(studio, shop):
    ran = studio("plan", "--week", "2026-W49", "--workspace", shop)
    assert "2026-W49" in ran.out
    assert "周一" in ran.out
    assert "--save" in ran.err
    assert all(mark not in ran.out for mark in "┌│└╭")


def test_a_brand_with_mistakes_lists_them_all_and_saves_nothing(studio, shop, tmp_path):
    before = studio("brand", "export", "--json", "--workspace", shop).json
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: 新店\nproducts:\n  - {id: 大写, name: 甲}\ncolour: red\nproduct_type: 汽车\n", "utf-8")
    ran = studio("brand", "import", str(bad), "--json", "--workspace", shop)
    assert ran.code == 2
    assert all(word in ran.json["error"] for word in ("products.0.id", "colour", "product_type"))
    assert studio("brand", "export", "--json", "--workspace", shop).json == before


def test_a_brand_exported_and_imported_is_the_same(studio, shop, tmp_path):
    before = studio("brand", "export", "--json", "--workspace", shop).json
    for name in ("brand.yaml", "brand.json"):
        studio("brand", "export", "--out", str(tmp_path / name), "--workspace", shop)
        assert studio("brand", "import", str(tmp_path / name), "--workspace", shop).code == 0
        assert studio("brand", "export", "--json", "--workspace", shop).json == before
    assert json.loads((tmp_path / "brand.json").read_text("utf-8")) == before


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x01", b"name: [", b"- just\n- a list\n", b"", b"a: &a [*a]"])
def test_a_brand_file_that_makes_no_sense_is_a_sentence(content, studio, empty, tmp_path):
    (tmp_path / "b.yaml").write_bytes(content)
    ran = studio("brand", "import", str(tmp_path / "b.yaml"), "--workspace", empty)
    assert ran.code == 2
    assert "b.yaml" in ran.err


def test_init_keeps_what_is_there(studio, shop):
    ran = studio("init", shop, "--demo", "--json")
    assert ran.code == 0
    assert ran.json["posts"] == studio("init", shop, "--json").json["posts"]
    assert studio("init", shop, "--demo", "--brand", "x.yaml").code == 2


def test_a_week_that_is_over_is_shown_but_not_saved(studio, shop, tmp_path):
    shown = studio("plan", "--week", "2020-W10", "--json", "--workspace", shop)
    assert shown.code == 0
    assert shown.json["slots"]
    assert "已经过去了" in shown.err
    refused = studio("plan", "--week", "2020-W10", "--save", "--json", "--workspace", shop)
    assert refused.code == 2
    assert "已经过去了" in refused.json["error"]
    line = ["calendar", "export", "--week", "2020-W10", "--format", "csv", "--out", str(tmp_path / "a.csv")]
    assert "没有存进周历" in studio(*line, "--workspace", shop).err
    assert "没有存进周历" in studio(*line, "--workspace", shop).err


def test_what_is_over_of_this_week_gets_nothing_new(studio, shop):
    today = date.today()
    planned = studio("plan", "--posts", "21", "--json", "--workspace", shop).json
    assert all(slot["date"] >= today.isoformat() for slot in planned["slots"])


def test_an_export_counts_what_is_to_be_posted(studio, demo_workspace, shop, tmp_path):
    slots = studio("plan", "--week", "2026-W49", "--save", "--json", "--workspace", shop).json["slots"]
    demo_workspace.editorial.set_status(slots[0]["id"], Status.SKIPPED)
    line = ["calendar", "export", "--week", "2026-W49", "--format", "md", "--out", str(tmp_path / "a.md"), "--json"]
    said = studio(*line, "--workspace", shop).json
    assert said["slots"] == len(slots) - 1
    assert f"共 {len(slots) - 1} 条" in (tmp_path / "a.md").read_text("utf-8")
