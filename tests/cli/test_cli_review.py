"""``studio review``, its formats and its inputs."""

from __future__ import annotations

import pytest

FINDING = {"code", "start", "end", "text", "severity", "category", "message", "basis", "suggestion", "exemption"}
BAD = "大家好呀\r\n这款茶能根治糖尿病,𠮷祥😀全网最低价"


def test_a_blocking_text_is_exit_1_and_a_plain_one_exit_0(studio):
    assert studio("review", "--text", "这款茶能根治糖尿病").code == 1
    assert studio("review", "--text", "今天蒸了一锅枣").code == 0


def test_findings_point_at_the_original_text(studio):
    report = studio("review", "--text", BAD, "--json").json
    assert report["verdict"] == "block"
    for finding in report["findings"]:
        assert finding["text"] == BAD[finding["start"] : finding["end"]]
        assert set(finding) >= FINDING | {"evasion", "normalized"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_are_read_whatever_their_encoding(encoding, studio, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("这款茶能根治糖尿病,是祖传的方子,喝过的客人都说好。".encode(encoding))
    report = studio("review", str(path), "--json").json
    assert [finding["start"] for finding in report["findings"] if finding["text"].startswith("根治")] == [4]


def test_several_files_keep_their_order_and_a_missing_one_its_place(studio, tmp_path):
    (tmp_path / "a.txt").write_text("这款茶能根治糖尿病", "utf-8")
    (tmp_path / "b.txt").write_text("今天蒸枣", "utf-8")
    files = [str(tmp_path / name) for name in ("a.txt", "nope.txt", "b.txt")]
    ran = studio("review", *files, "--json")
    assert ran.code == 2
    assert [item.get("verdict") for item in ran.json] == ["block", None, "pass"]
    assert "nope.txt" in ran.json[1]["error"]
    assert "nope.txt" in ran.err
    assert "根治糖尿病" in studio("review", *files).out


def test_standard_input_is_a_file_called_dash(studio):
    ran = studio("review", "-", "--json", stdin="这款茶能根治糖尿病".encode())
    assert ran.code == 1
    assert ran.json["findings"][0]["text"].startswith("根治")


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"\x89PNG\r\n\x1a\n\x01\x02\x03\x04\x05\x06\x07" * 200, b"PK\x03\x04\x00\x00\x00"]
)
def test_a_file_without_text_is_a_sentence(data, studio, tmp_path):
    path = tmp_path / "odd.txt"
    path.write_bytes(data)
    ran = studio("review", str(path))
    assert ran.code == 2
    assert "odd.txt" in ran.err


def test_sarif_has_what_the_standard_demands_and_code_point_columns(studio, tmp_path):
    path = tmp_path / "我的 文案.txt"
    path.write_bytes(BAD.encode())
    ran = studio("review", str(path), "--format", "sarif")
    assert ran.code == 1
    log = ran.json
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    lines = BAD.split("\r\n")
    assert run["results"]
    for result in run["results"]:
        assert result["ruleId"] in known
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("file:///")
        assert " " not in place["artifactLocation"]["uri"]
        region = place["region"]
        assert region["startLine"] == region["endLine"] == 2
        assert lines[1][region["startColumn"] - 1 : region["endColumn"] - 1] == region["snippet"]["text"]
        assert BAD[region["charOffset"] : region["charOffset"] + region["charLength"]] == region["snippet"]["text"]


def test_the_shop_decides_the_product_type_unless_told(studio, shop):
    from studio.review import Reviewer

    text = "美白淡斑,补水保湿"
    own = studio("review", "--text", text, "--json", "--workspace", shop).json
    told = studio("review", "--text", text, "--json", "--workspace", shop, "--product-type", "普通化妆品").json
    assert own == Reviewer.default().review(text, product_type="普通食品").to_json() | {"rulepack": own["rulepack"]}
    assert told["findings"] == Reviewer.default().review(text, product_type="普通化妆品").to_json()["findings"]


def test_a_rule_of_ones_own_is_used_and_listed(studio, workspace):
    rule = """
rules:
  - code: MY-WORD
    title: 不说阿呆
    category: style
    severity: warn
    find: [阿呆]
    message: 店里不这么叫人。
    suggestion: 换成「你」。
    examples:
      find: [阿呆们好, 早呀阿呆, 阿呆在吗]
      pass: [大家好, 早呀, 在吗]
"""
    (workspace.root / "rules" / "mine.yaml").write_text(rule, "utf-8")
    root = str(workspace.root)
    found = studio("review", "--text", "阿呆们好", "--json", "--workspace", root).json["findings"]
    assert [finding["code"] for finding in found] == ["MY-WORD"]
    assert studio("rules", "show", "my-word", "--json", "--workspace", root).json["title"] == "不说阿呆"
    assert "MY-WORD" not in studio("rules", "list").out


def test_a_rule_whose_example_fails_makes_the_check_exit_1(studio, workspace):
    rule = """
rules:
  - {code: MY-WRONG, title: 错, category: style, severity: warn, find: [阿呆], message: 错, suggestion: 错,
     examples: {find: [大家好, 早, 在吗], pass: [一, 二, 三]}}
"""
    (workspace.root / "rules" / "mine.yaml").write_text(rule, "utf-8")
    ran = studio("rules", "check", "--json", "--workspace", str(workspace.root))
    assert ran.code == 1
    assert {item["code"] for item in ran.json["failures"]} >= {"MY-WRONG"}


def test_review_neither_needs_nor_makes_a_workspace(studio, tmp_path):
    assert studio("review", "--text", "今天蒸枣").code == 0
    assert not list((tmp_path / "desk").iterdir())
    assert not (tmp_path / "data").exists()
