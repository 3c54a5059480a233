"""A real HTTP server that answers chat requests as scripted, badly if asked to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import SecretStr

from studio.drafting.llm import Endpoint

KEY = "sk-do-not-show-me-12345"
GOOD = {"hook": "开头一句。", "body": "正文一段。", "cta": "问我就行。", "comment": "", "image_brief": "拍一张。"}

BASE = {"Content-Type": "application/json", "Connection": "close"}

Step = Callable[[BaseHTTPRequestHandler], None]


def send(handler: BaseHTTPRequestHandler, status: int, body: str, headers: dict[str, str] | None = None) -> None:
    data = body.encode()
    handler.send_response(status)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Length": str(len(data)),
        **(headers or {}),
    }.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)


def completion(content: str | None, *, finish: str = "stop", refusal: str | None = None) -> str:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return json.dumps(
        {
            "id": "x",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }
    )


def says(content: Any = GOOD, **how: Any) -> Step:
    text = content if isinstance(content, str | None) else json.dumps(content, ensure_ascii=False)
    return lambda handler: send(handler, 200, completion(text, **how))


def fails(status: int, message: str = "no", *, headers: dict[str, str] | None = None, **error: Any) -> Step:
    return lambda handler: send(handler, status, json.dumps({"error": {"message": message, **error}}), headers)


def raw(body: str) -> Step:
    return lambda handler: send(handler, 200, body, {"Content-Type": "text/html"})


def cuts(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [{"mess')
    handler.wfile.flush()
    handler.connection.close()


@dataclass
class Misbehaving:
    url: str
    steps: list[Step] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def script(self, *steps: Step) -> None:
        self.steps[:] = steps

    def hangs(self, handler: BaseHTTPRequestHandler) -> None:
        self.released.wait(10)

    def drips(self, handler: BaseHTTPRequestHandler) -> None:
        """One byte at a time: no single wait is long, the whole never ends."""
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        try:
            while not self.released.wait(0.05):
                handler.wfile.write(b" ")
                handler.wfile.flush()
        except OSError:
            return

    def endpoint(self, **settings: Any) -> Endpoint:
        return Endpoint(
            base_url=f"{self.url}/v1", model="test-model", api_key=SecretStr(KEY), **{"timeout": 5, **settings}
        )


@contextmanager
def misbehaving() -> Iterator[Misbehaving]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.bodies.append(body)
            told.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.close_connection = True
            told.steps.pop(0)(self)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        told = Misbehaving(f"http://127.0.0.1:{listening.server_port}")
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield told
        told.released.set()
        listening.shutdown()
        thread.join()
