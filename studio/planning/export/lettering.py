"""Chinese letters in pictures: which installed font draws them, and how text breaks into lines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from studio.errors import StudioError

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_SAMPLE = "周历产品价值生活"
_KNOWN = {
    False: (
        ("PingFang.ttc", "PingFang SC Regular"),
        ("Hiragino Sans GB.ttc", "Hiragino Sans GB W3"),
        ("STHeiti Light.ttc", "Heiti SC Light"),
        ("msyh.ttc", "Microsoft YaHei Regular"),
        ("simhei.ttf", "SimHei Regular"),
        ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC Regular"),
        ("wqy-microhei.ttc", "WenQuanYi Micro Hei Regular"),
        ("wqy-zenhei.ttc", "WenQuanYi Zen Hei Regular"),
    ),
    True: (
        ("PingFang.ttc", "PingFang SC Semibold"),
        ("Hiragino Sans GB.ttc", "Hiragino Sans GB W6"),
        ("STHeiti Medium.ttc", "Heiti SC Medium"),
        ("msyhbd.ttc", "Microsoft YaHei Bold"),
        ("NotoSansCJK-Bold.ttc", "Noto Sans CJK SC Bold"),
    ),
}
"""Where fontconfig is not: the file in the system's font folders, and the face in it; by whether it is bold."""

_NO_FONT = (
    "这台电脑上没有能写中文的字体，图片画不出来；周历没有变，其他格式照常能导出。"
    "装一个中文字体再试：Linux 装 fonts-noto-cjk，macOS 的苹方和 Windows 的微软雅黑是自带的，删了的话请恢复。"
)
_MISSING = "\uffff"
_PIECE = re.compile(r"(?:[!-~]+|.)[，。、；：？！…）」』》】”]*")


@lru_cache(maxsize=32)
def font(size: int, *, bold: bool = False) -> FreeTypeFont:
    """Return the installed Chinese font at this size in pixels, the regular one where there is no bold.

    Raises :class:`~studio.errors.StudioError` when there is none.
    """
    for found in chain.from_iterable(_faces(size, bold=weight) for weight in ((True, False) if bold else (False,))):
        if all(_has(found, sign) for sign in _SAMPLE):
            return found
    raise StudioError(_NO_FONT)


def _faces(size: int, *, bold: bool) -> Iterator[FreeTypeFont]:
    """Yield the faces that may draw Chinese, what fontconfig prefers first."""
    from PIL import ImageFont

    for file, index in _preferred(bold=bold):
        try:
            yield ImageFont.truetype(file, size, index, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    for file, name in _KNOWN[bold]:
        yield from _named(file, name, size)


@lru_cache(maxsize=2)
def _preferred(*, bold: bool) -> list[tuple[str, int]]:
    """Return the file that fontconfig would draw Chinese with, and the face in it; nothing where it does not say."""
    program = shutil.which("fc-match")
    if program is None:
        return []
    pattern = f"sans-serif:lang=zh-cn{':bold' if bold else ''}"
    asked = [program, "-f", "%{index} %{file}", pattern]
    try:
        done = subprocess.run(asked, capture_output=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return []
    index, _, file = os.fsdecode(done.stdout).partition(" ")
    return [(file, int(index))] if index.isdecimal() else []


def _named(file: str, name: str, size: int) -> Iterator[FreeTypeFont]:
    """Yield the face of this name in a font file, or the file's first where none has it."""
    from PIL import ImageFont

    first = None
    for index in range(32):
        try:
            face = ImageFont.truetype(file, size, index, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            break
        if " ".join(filter(None, face.getname())) == name:
            yield face
            return
        first = first or face
    if first:
        yield first


def _has(face: FreeTypeFont, sign: str) -> bool:
    """Whether the face has a glyph of its own for a character, not the box that stands for a missing one."""
    drawn, missing = (bytes(face.getmask(text)) for text in (sign, _MISSING))
    return drawn != missing


@lru_cache(maxsize=8192)
def _drawable(sign: str) -> bool:
    return sign == " " or _has(font(24), sign)


def drawable(text: str) -> str:
    """Return the text on one line without the characters the font has no glyph for, such as most emoji."""
    return " ".join("".join(sign for sign in text if sign.isspace() or _drawable(sign)).split())


def wrap(text: str, face: FreeTypeFont, width: int, most: int = 1) -> list[str]:
    """Return the text in at most ``most`` lines of ``width`` pixels, ending in 「…」 when there was more.

    Latin words and numbers stay whole where they fit, and no line begins with a closing mark.
    """
    lines = [""]
    for piece in _pieces(drawable(text), face, width):
        if face.getlength(lines[-1] + piece) <= width:
            lines[-1] += piece
        elif len(lines) < most:
            lines.append(piece.lstrip())
        else:
            lines[-1] = _cut(lines[-1] + piece, face, width)
            break
    return lines


def _pieces(text: str, face: FreeTypeFont, width: int) -> Iterator[str]:
    for piece in _PIECE.findall(text):
        if face.getlength(piece) <= width:
            yield piece
        else:
            yield from piece


def _cut(text: str, face: FreeTypeFont, width: int) -> str:
    while text and face.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"
