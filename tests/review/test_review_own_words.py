"""Rules, prompts and the sample shop are in our own words: no sentence of the development data is in them."""

import csv
import re

import pytest

LONGEST_SHARED = 10
"""Han characters in a row; shorter runs are ordinary language and the penalised phrases themselves."""

NOT_HAN = re.compile(r"[^\u4e00-\u9fff]")


def runs(text):
    han = NOT_HAN.sub("", text)
    return (han[start : start + LONGEST_SHARED] for start in range(len(han) - LONGEST_SHARED + 1))


@pytest.fixture(scope="module")
def development_runs(repository):
    folder = repository.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the development data is not beside the project")
    found = {}
    for path in folder.glob("*.csv"):
        if path.name == "law_articles.csv":
            continue
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                for column in ("text", "raw", "restored", "s1", "s2", "question"):
                    for run in runs(row.get(column) or ""):
                        found.setdefault(run, path.name)
    return found


def test_no_shipped_text_repeats_the_development_data(repository, development_runs):
    shared = []
    for folder in ("content_library", "prompts", "benchmarks", "tests"):
        for path in (repository / folder).rglob("*"):
            if path.suffix not in {".yaml", ".md", ".jsonl", ".csv", ".py", ".toml"} or path.name == "articles.yaml":
                continue
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                for piece in re.split(r"[,\uff0c\[\]\"']\s", line):
                    shared += [
                        (f"{path.name}:{number}", run, development_runs[run])
                        for run in runs(piece)
                        if run in development_runs
                    ]
    assert shared == []
