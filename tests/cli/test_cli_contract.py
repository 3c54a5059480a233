"""What holds for every command: help, JSON, exit codes, Chinese."""

from __future__ import annotations

import json
import re

import pytest
from typer.main import get_command

from studio.cli import app

HAN = re.compile(r"[\u4e00-\u9fff]")
REPORT = {"verdict", "risk", "tone", "findings", "rulepack"}
PLAN = {"week", "seed", "mix", "slots", "relaxed", "problems"}
SLOT = {"id", "date", "time", "channel", "pillar", "stage", "segment", "theme", "occasion", "locked", "why"}
POST = {"id", "text", "pillar", "channel", "posted_on"}
HIT = {"id", "score", "text", "pillar", "channel", "posted_on", "matched"}


def walk(command, path=()):
    yield path, command
    for name, part in getattr(command, "commands", {}).items():
        yield from walk(part, (*path, name))


COMMANDS = dict(walk(get_command(app)))
VERBS = {path: command for path, command in COMMANDS.items() if not hasattr(command, "commands")}


def test_every_command_of_the_design_is_there():
    expected = """run init plan draft review review-batch approve post doctor calendar/export rules/list rules/show rules/check
        library/import library/search library/duplicates library/export library/embed audience/import audience/segments
        playbooks/list playbooks/show playbooks/start playbooks/stop
        audience/preview prompts/check prompts/render brand/import brand/export brand/show"""
    assert {"/".join(path) for path in VERBS} == set(expected.split())


@pytest.mark.parametrize("path", COMMANDS, ids="/".join)
def test_every_command_and_option_is_explained_in_chinese(path, studio):
    command = COMMANDS[path]
    assert HAN.search(command.help or "")
    for parameter in command.params:
        assert HAN.search(parameter.help or ""), parameter.name
    shown = studio(*path, "--help")
    assert shown.code == 0
    assert "用法：" in shown.out
    assert "Usage" not in shown.out
    assert "Show this" not in shown.out


@pytest.mark.parametrize("path", [path for path in VERBS if path not in {("run",), ("init",)}], ids="/".join)
def test_every_command_takes_workspace_shop_and_json(path):
    options = {name for parameter in VERBS[path].params for name in parameter.opts}
    assert {"--workspace", "--shop", "--json"} <= options


JSON_COMMANDS = {
    "plan --week 2026-W49": PLAN,
    "draft --slot {slot} --offline": {"id", "slot", "segment", "sections", "text", "provenance", "version"},
    "review --text 今天蒸枣": REPORT,
    "approve {slot}": SLOT,
    "post {slot}": POST,
    "rules check": {"rules", "rulepack", "problems", "failures"},
    "prompts check": {"prompts", "problems"},
    "prompts render value-moments --slot {slot}": {"name", "hash", "system", "user", "parameters"},
    "brand show": {"name", "product_type", "products", "facts", "segments", "voice"},
    "brand export": {"name", "products"},
    "calendar export --week 2026-W49 --format md --out w.md": {"file", "format", "weeks", "slots", "drafts"},
    "library export --out p.csv": {"file", "format", "posts"},
    "audience preview {segment}": {"id", "name", "rule", "need", "customers", "buyers", "tags"},
}


def test_every_json_answer_has_the_keys_of_the_contract(studio, shop):
    planned = studio("plan", "--week", "2026-W49", "--save", "--json", "--workspace", shop).json
    slot = planned["slots"][2]["id"]
    segment = studio("audience", "segments", "--json", "--workspace", shop).json[0]["id"]
    for line, keys in JSON_COMMANDS.items():
        arguments = line.format(slot=slot, segment=segment).split()
        ran = studio(*arguments, "--json", "--workspace", shop)
        assert ran.code in {0, 1}, (line, ran.err)
        assert keys <= set(ran.json), line
    assert set(planned["slots"][0]) >= SLOT
    assert {"target", "planned", "rolling4"} == set(planned["mix"])


def test_several_inputs_give_a_list_and_one_gives_an_object(studio, empty):
    one = studio("plan", "--week", "2026-W49", "--json", "--workspace", empty).json
    many = studio("plan", "--week", "2026-W49", "--weeks", "3", "--json", "--workspace", empty).json
    assert isinstance(one, dict)
    assert [item["week"] for item in many] == ["2026-W49", "2026-W50", "2026-W51"]


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "plan --week 2026-W60",
        "plan --weeks many",
        "plan --weeks 0",
        "plan --nonsense",
        "plan one-too-many",
        "rules show",
        "rules show NO-SUCH",
        "review no-such-file.txt",
        "review",
        "review --text x --channel 电报",
        "review --text x --product-type 汽车",
        "review --text x --format xml",
        "draft",
        "draft --slot nope",
        "draft --slot nope --week 2026-W49",
        "approve nope",
        "post nope",
        "prompts render nope --slot nope",
        "brand import nope.yaml",
        "library import nope.csv",
        "library import . ",
        "library search x --pillar 其他",
        "audience preview nope",
        "audience import nope.csv",
        "calendar export --format doc --out x.doc",
        "calendar export --format md --out .",
        "calendar export --format md --out no-such-folder/w.md",
        "review-batch nope.csv --out x.csv",
        "review-batch nope.txt --out x.csv",
        "plan --shop 大写",
    ],
)
def test_wrong_usage_is_one_chinese_sentence_and_exit_2(line, studio, empty, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", empty)
    plain = studio(*line.split())
    assert (plain.code, plain.out) == (2, "")
    assert HAN.search(plain.err)
    assert not re.search(r"Traceback|Error|Usage|Invalid|Missing", plain.err)
    as_json = studio(*line.split(), "--json")
    assert as_json.code == 2
    document = as_json.json
    assert HAN.search((document if isinstance(document, dict) else document[0])["error"])


def test_a_workspace_that_is_not_there_says_how_to_make_it(studio):
    ran = studio("plan", "--workspace", "nowhere")
    assert ran.code == 2
    assert "studio init nowhere" in ran.err


def test_an_unexpected_failure_is_a_sentence_and_a_log_without_its_message(studio, empty, tmp_path, monkeypatch):
    secret = "sk-secret-key"

    def fail(*_, **__):
        raise ZeroDivisionError(secret)

    monkeypatch.setattr("studio.schedule.Schedule.plan", fail)
    ran = studio("plan", "--workspace", empty, "--json")
    assert ran.code == 2
    assert set(ran.json) == {"error"}
    assert "Traceback" not in ran.err
    log = next((tmp_path / "state").rglob("*.log"))
    assert str(log) in ran.err
    text = log.read_text("utf-8")
    assert "ZeroDivisionError" in text
    assert "in fail" in text
    assert secret not in text


def test_an_interrupt_is_exit_130(studio, empty, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("studio.schedule.Schedule.plan", interrupt)
    ran = studio("plan", "--workspace", empty)
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.startswith("已停止")


def test_a_database_that_cannot_be_opened_is_exit_3(studio, empty, demo_workspace):
    database = demo_workspace.root / "studio.db"
    demo_workspace.close()
    for extra in demo_workspace.root.glob("studio.db-*"):
        extra.unlink()
    database.write_bytes(b"this is no database " * 500)
    ran = studio("plan", "--workspace", str(demo_workspace.root))
    assert ran.code == 3
    assert "没有改动" in ran.err


def test_problems_in_the_settings_are_said_and_the_rest_works(studio, workspace):
    (workspace.root / "studio.toml").write_text("[plan]\nposts = 3\nposts_per_week = 6\n", "utf-8")
    ran = studio("plan", "--week", "2026-W49", "--json", "--workspace", str(workspace.root))
    assert ran.code == 0
    assert "plan.posts" in ran.err
    assert len(ran.json["slots"]) == 6


def test_two_shops_in_one_workspace_do_not_see_each_other(studio, shop):
    other = studio("brand", "show", "--shop", "second", "--workspace", shop, "--json")
    assert other.json["products"] == []
    assert studio("brand", "show", "--workspace", shop, "--json").json["products"]


def test_halves_of_surrogate_pairs_survive_json(studio):
    ran = studio("review", "--text", "今天\ud83d根治糖尿病", "--json")
    assert ran.code == 1
    for finding in json.loads(ran.out)["findings"]:
        assert finding["text"] == "今天\ud83d根治糖尿病"[finding["start"] : finding["end"]]
