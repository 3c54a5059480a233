"""``studio library`` and ``studio doctor``."""

from __future__ import annotations

import csv
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

HIT = {"id", "score", "text", "pillar", "channel", "posted_on", "matched"}


@pytest.fixture
def posts(tmp_path):
    folder = tmp_path / "旧内容"
    folder.mkdir()
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [
                ["写了啥", "日期"],
                ["今天下雨,没摘果子,在家磨面", "2026-10-01"],
                ["", "2026-10-02"],
                ["新到一批圆枣", "昨天"],
            ]
        )
    (folder / "b.jsonl").write_text('{"text": "新到一批圆枣"}\n', "utf-8")
    (folder / "c.csv").write_bytes(b"\x00\x01" * 400)
    return folder


def test_a_folder_is_imported_and_nothing_is_lost(studio, empty, posts, tmp_path):
    back = tmp_path / "back.csv"
    ran = studio(
        "library", "import", str(posts), "--column", "写了啥=text", "--channel", "朋友圈", "--rejected", str(back),
        "--json", "--workspace", empty,
    )  # fmt: skip
    assert ran.code == 2
    document = ran.json
    assert document["failed"] == ["b.jsonl", "c.csv"]
    assert (document["new"], document["merged"], document["rejected"]) == (2, 0, 1)
    assert "没有正文" in back.read_text("utf-8-sig")
    again = studio("library", "import", str(posts / "b.jsonl"), "--json", "--workspace", empty)
    assert (again.code, again.json["new"], again.json["merged"]) == (0, 0, 1)


def test_a_wrong_column_says_what_can_be_chosen(studio, empty, posts):
    for pair in ("写了啥", "写了啥=colour", "=text", "没有这列=text"):
        ran = studio("library", "import", str(posts / "a.csv"), "--column", pair, "--workspace", empty)
        assert ran.code == 2
        assert "text" in ran.err or "现有" in ran.err


def test_search_finds_by_meaning_with_the_keys_of_the_contract(studio, empty, tmp_path):
    texts = ["雨点敲了一夜棚顶,屋檐还在滴水", "新到一批圆枣,个头匀", "磨面机修好了", "枸杞用凉水冲一遍就停"]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    studio("library", "import", str(tmp_path / "p.jsonl"), "--pillar", "生活", "--workspace", empty)
    hits = studio("library", "search", "下雨天", "-k", "2", "--json", "--workspace", empty).json
    assert hits[0]["text"] == texts[0]
    assert all(set(hit) == HIT for hit in hits)
    assert "dense" in hits[0]["matched"]
    assert studio("library", "search", "枸杞", "--pillar", "价值", "--json", "--workspace", empty).json == []
    assert studio("library", "embed", "--json", "--workspace", empty).json["embedded"] == 0
    assert studio("library", "duplicates", "--json", "--workspace", empty).json == []


def test_an_empty_library_says_so(studio, empty):
    ran = studio("library", "search", "枣", "--json", "--workspace", empty)
    assert (ran.code, ran.json) == (0, [])
    assert "空" in ran.err


@pytest.mark.parametrize("form", ["csv", "jsonl", "md"])
def test_an_export_can_be_imported_elsewhere(form, studio, shop, empty, tmp_path):
    out = tmp_path / f"posts.{form}"
    count = studio("library", "export", "--format", form, "--out", str(out), "--json", "--workspace", shop).json[
        "posts"
    ]
    again = studio("library", "import", str(out), "--json", "--workspace", empty)
    assert again.json["new"] == count


class _Endpoint(BaseHTTPRequestHandler):
    status = 200

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = {"hook": "你好", "body": "连上了", "cta": "", "comment": "", "image_brief": ""}
        message = {"role": "assistant", "content": json.dumps(answer, ensure_ascii=False)}
        body = json.dumps(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 1,
                "model": "m",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        ).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Stay quiet."""


@pytest.fixture(params=[200, 401])
def endpoint(request):
    handler = type("Handler", (_Endpoint,), {"status": request.param})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield request.param, f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_doctor_tells_what_works_and_never_a_key(studio, shop, endpoint, monkeypatch):
    status, url = endpoint
    monkeypatch.setenv("STUDIO_LLM_PRESET", "custom")
    monkeypatch.setenv("STUDIO_LLM_BASE_URL", url)
    monkeypatch.setenv("STUDIO_LLM_MODEL", "m")
    monkeypatch.setenv("STUDIO_LLM_API_KEY", "sk-very-secret")
    ran = studio("doctor", "--json", "--workspace", shop)
    document = ran.json
    assert document["llm"]["ok"] is (status == 200)
    assert ran.code == (3 if status != 200 else 0 if document["ok"] else 1)
    assert document["embedding"]["dim"] == 384
    assert document["database"]["kind"] == "sqlite"
    plain = studio("doctor", "--workspace", shop)
    assert "sk-very-secret" not in ran.out + ran.err + plain.out + plain.err


def test_the_doctor_finds_a_broken_prompt_and_a_broken_setting(studio, workspace):
    (workspace.root / "prompts" / "mine.md").write_text("no front matter", "utf-8")
    (workspace.root / "studio.toml").write_text("[nonsense]\n", "utf-8")
    ran = studio("doctor", "--json", "--workspace", str(workspace.root))
    assert ran.code == 1
    assert ran.json["prompts"]["ok"] is False
    assert "mine.md" in ran.json["prompts"]["detail"]
    assert ran.json["workspace"]["problems"]
    assert "要改" in studio("doctor", "--workspace", str(workspace.root)).out


def test_the_prompts_check_names_the_broken_file(studio, workspace):
    (workspace.root / "prompts" / "mine.md").write_text("no front matter", "utf-8")
    ran = studio("prompts", "check", "--workspace", str(workspace.root))
    assert ran.code == 1
    assert "mine.md" in ran.out
