"""Bytes into text: UTF-8 with or without a mark, UTF-16, GB18030, and what charset-normalizer finds."""

from __future__ import annotations

import re

from studio.errors import ImportFailed, Problem

_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SAMPLE = 64 * 1024
_LAST_EVERYDAY = b"\xd7"  # GB 2312 puts its 3,755 everyday characters below this first byte


def decode(data: bytes, source: str) -> tuple[str, list[Problem]]:
    """Return (text, problems) of a text file; raise :class:`ImportFailed` when it is not text."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _read(data[len(mark) :], encoding, source)
    wide = _wide(data[:_SAMPLE])
    if wide:
        return _read(data, wide, source)
    if _is_binary(data[:_SAMPLE]):
        raise ImportFailed(f"「{source}」不是文字文件，读不出内容。请导入表格、Markdown 或文本文件。")
    text, problems = _read(data, "utf-8", source)
    if text.count("\ufffd") * 50 <= sum(char > "\x7f" for char in text):
        return text, problems
    return _read(data, _chinese_encoding(data[:_SAMPLE]), source)


def even(text: str) -> str:
    """Return text with one kind of line end, no control characters and no lone surrogates."""
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", sound.replace("\r\n", "\n").replace("\r", "\n"))


def _read(data: bytes, encoding: str, source: str) -> tuple[str, list[Problem]]:
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        count = text.count("\ufffd")
        return text, [Problem(source, "", f"有 {count} 处文字读不出来，显示成了 \ufffd，导入后请检查")]


def _wide(sample: bytes) -> str | None:
    """Return the UTF-16 byte order of text without a mark: its ASCII characters have a zero on one side."""
    half = len(sample) / 2
    even_zeros, odd_zeros = sample[::2].count(0), sample[1::2].count(0)
    if odd_zeros > half * 0.05 and even_zeros < odd_zeros * 0.05:
        return "utf-16-le"
    if even_zeros > half * 0.05 and odd_zeros < even_zeros * 0.05:
        return "utf-16-be"
    return None


def _is_binary(sample: bytes) -> bool:
    control = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\r\f\x1b")
    return control > len(sample) * 0.01


def _chinese_encoding(sample: bytes) -> str:
    """Return GB18030 when it reads as everyday Chinese, else the best guess of charset-normalizer."""
    foreign = [char for char in sample.decode("gb18030", "replace") if char > "\x7f"]
    everyday = sum(b"" < char.encode("gb2312", "ignore")[:1] <= _LAST_EVERYDAY for char in foreign)
    if everyday >= len(foreign) * 0.8:
        return "gb18030"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best else "gb18030"
