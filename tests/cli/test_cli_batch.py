"""``studio review-batch``: whole tables."""

from __future__ import annotations

import csv
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.cli.tables import read_rows, row_writer

TEXTS = ["今天蒸枣", "这款茶能根治糖尿病", "=SUM(A1)", "", "😀𠮷\n第二行"]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["编号", "文案"])
        writer.writerows((str(number), text) for number, text in enumerate(TEXTS))
    return path


def rows_of(path, column="文案"):
    return list(read_rows(path, column, lambda number: pytest.fail(f"bad line {number}")))


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_every_row_comes_back_with_its_review(kind, studio, source, tmp_path):
    out = tmp_path / f"out.{kind}"
    ran = studio("review-batch", str(source), "--column", "文案", "--out", str(out), "--json")
    assert ran.code == 1
    assert ran.json == {"file": str(out), "rows": 5, "skipped": 0, "verdicts": {"pass": 4, "revise": 0, "block": 1}}
    rows = rows_of(out)
    assert [row["编号"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert [row["review_verdict"] for row in rows] == ["pass", "block", "pass", "pass", "pass"]
    assert [row["文案"].lstrip("'") for row in rows] == TEXTS
    findings = rows[1]["review_findings"]
    assert (json.loads(findings) if isinstance(findings, str) else findings)[0]["text"].startswith("根治")


def test_formulas_are_neutral_in_a_spreadsheet(studio, source, tmp_path):
    studio("review-batch", str(source), "--column", "文案", "--out", str(tmp_path / "o.csv"))
    assert rows_of(tmp_path / "o.csv")[2]["文案"] == "'=SUM(A1)"


def test_lines_that_are_no_rows_are_counted_and_said(studio, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "今天蒸枣"}\n不是 JSON\n{"other": 1}\n\n{"text": null}\n', "utf-8")
    ran = studio("review-batch", str(source), "--out", str(tmp_path / "o.jsonl"), "--json")
    assert (ran.code, ran.json["rows"], ran.json["skipped"]) == (0, 2, 2)
    assert "第 2、3 行" in ran.err


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01\x02" * 100, b"text\n"])
def test_a_table_that_cannot_be_used_leaves_no_output(content, studio, tmp_path):
    (tmp_path / "in.csv").write_bytes(content)
    ran = studio("review-batch", str(tmp_path / "in.csv"), "--out", str(tmp_path / "o.csv"))
    assert ran.code == 2
    assert [path.name for path in tmp_path.glob("*.csv*")] == ["in.csv"]
    assert not list(tmp_path.glob(".*.part"))


def test_the_input_is_never_overwritten(studio, source):
    before = source.read_bytes()
    assert studio("review-batch", str(source), "--column", "文案", "--out", str(source)).code == 2
    assert source.read_bytes() == before


def test_a_cluster_is_refused_with_a_sentence(studio, source, tmp_path):
    ran = studio(
        "review-batch", str(source), "--column", "文案", "--out", str(tmp_path / "o.csv"), "--cluster", "tcp://1"
    )
    assert ran.code == 2
    assert "一台机器" in ran.err


def test_memory_does_not_grow_with_the_table(tmp_path, run_python, repository):
    path = tmp_path / "big.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("text\n")
        stream.writelines(f"今天蒸枣第{number}锅\n" for number in range(6_000))
    code = (
        "import resource, sys\n"
        "from studio.cli import tables\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "rows = tables.read_rows(__import__('pathlib').Path(sys.argv[1]), 'text', print)\n"
        "next(rows); before = peak()\n"
        "count = 1 + sum(1 for _ in rows)\n"
        "print(count, peak() - before)\n"
    )
    count, grown = map(int, run_python(code, str(path)).stdout.split())
    assert count == 6_000
    assert grown < 20_000


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20), min_size=1, max_size=5),
    kind=st.sampled_from(["csv", "jsonl", "parquet"]),
)
def test_any_text_survives_writing_and_reading(texts, kind, tmp_path):
    path = tmp_path / f"any.{kind}"
    with row_writer(path) as write:
        write([{"text": text, "review_risk": 1} for text in texts])
    read = [row["text"] for row in rows_of(path, "text")]
    neutral = [f"'{text}" if kind == "csv" and text.startswith(("=", "+", "-", "@")) else text for text in texts]
    assert read == neutral
