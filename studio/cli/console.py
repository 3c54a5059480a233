"""What the commands print: answers to stdout, everything else to stderr, safe on any console."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from typing import Any, TextIO

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def prepare() -> None:
    """Make stdout and stderr speak UTF-8 and never fail on a character the console lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def say(text: str = "") -> None:
    """Print a line of the answer."""
    _write(sys.stdout, text)


def note(text: str) -> None:
    """Print a line beside the answer: progress, a hint, an error."""
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()


def say_json(document: Any) -> None:
    """Print the one JSON document of ``--json``; halves of surrogate pairs are escaped, not lost."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    say(_LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def one_or_many(documents: list[Any], inputs: int) -> Any:
    """Return the list for several inputs, its only item for one."""
    return documents[0] if inputs == 1 and len(documents) == 1 else documents


def clip(text: str, length: int = 60) -> str:
    """Return ``text`` on one line, cut to ``length`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def width(text: str) -> int:
    """Return how many columns ``text`` takes on a console; Han take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
