"""Weeks as a picture as wide as a phone shows, to pass on in a chat: the days from top to bottom.

Each part is a picture of its own, as high as it needs; the parts are stacked.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from studio.errors import InputError
from studio.planning.calendar import Slot, Week
from studio.planning.export import palette
from studio.planning.export.lettering import drawable, font, wrap
from studio.planning.export.selection import Selection, counts, posts, rolling_words, span
from studio.planning.export.shapes import icon, rounded
from studio.planning.occasions import Occasion
from studio.planning.rules import WEEKDAYS
from studio.vocabulary import Pillar

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH = 1080
_MARGIN = 56
_INNER = WIDTH - 2 * _MARGIN
_DAY = 150
_CARD = _INNER - _DAY
_PAD = 28
_MOST_ROWS = 260
"""Days and posts in one picture: enough for the fullest week there can be."""


def write_png(selection: Selection) -> bytes:
    """Return the weeks as one PNG, 1080 pixels wide.

    Raises :class:`InputError` when they are too many for one picture, :class:`~studio.errors.StudioError` when no
    Chinese font is installed.
    """
    rows = len(selection.slots) + 7 * len(selection.weeks)
    if rows > _MOST_ROWS:
        raise InputError(
            f"{len(selection.weeks)} 周 {len(selection.slots)} 条画成一张图太长了，什么都没有写；"
            "一次少导几周，或改用 xlsx。"
        )
    parts = [part for week in selection.weeks for part in _week(week, selection)] or [_blank(WIDTH, 1)]
    out = io.BytesIO()
    stack(parts).save(out, "PNG")
    return out.getvalue()


def stack(parts: Sequence[Image], gap: int = 0) -> Image:
    """Return the pictures below each other on paper."""
    whole = _blank(max(part.width for part in parts), sum(part.height + gap for part in parts) - gap)
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height + gap
    return whole


def _blank(width: int, height: int, colour: str = palette.PAPER) -> Image:
    from PIL import Image as Images

    return Images.new("RGB", (width, height), colour)


def _write(
    image: Image, left: int, middle: int, text: str, size: int, *, bold: bool = False, colour: str = palette.INK
) -> int:
    """Write one line around a height and return where it ends."""
    from PIL import ImageDraw

    face = font(size, bold=bold)
    ImageDraw.Draw(image).text((left, middle), text, colour, face, anchor="lm")
    return left + round(face.getlength(text))


def _week(week: Week, selection: Selection) -> list[Image]:
    today = {day: [slot for slot in posts(week) if slot.date == day] for day in week.id.days}
    days = [_day(day, slots, selection, week) for day, slots in today.items()]
    return [_header(week, selection), *days, _footer(week)]


def _header(week: Week, selection: Selection) -> Image:
    """Return the shop, the dates and the mix."""
    image = _blank(WIDTH, 462)
    found = counts(week)
    name = wrap(selection.brand.name, font(36, bold=True), _INNER)[0]
    _write(image, _MARGIN, 84, name, 36, bold=True, colour=palette.JADE)
    _write(image, _MARGIN, 158, span(week), 68, bold=True)
    about = f"{week.id.year} 年第 {week.id.number} 周 · {found.total()} 条"
    _write(image, _MARGIN, 232, about, 34, colour=palette.GREY)
    _mix_bar(image, 284, [found[pillar] for pillar in Pillar])
    target = week.mix.get("target", {})
    for place, pillar in enumerate(Pillar):
        left = _MARGIN + place * _INNER // 3
        tint = palette.TINTS[pillar]
        icon(image, pillar, (left, 346), 38, tint.mark)
        _write(image, left + 50, 365, f"{pillar.label} {found[pillar]} 条", 36, bold=True, colour=tint.word)
        if pillar in target:
            _write(image, left + 50, 410, f"目标 {target[pillar]:.0%}", 28, colour=palette.GREY)
    return image


def _mix_bar(image: Image, top: int, numbers: Sequence[int]) -> None:
    """Draw the shares of the pillars as one bar."""
    height, gap = 26, 6
    if not any(numbers):
        rounded(image, (_MARGIN, top, WIDTH - _MARGIN, top + height), height // 2, palette.SHADE)
        return
    room = _INNER - gap * (sum(map(bool, numbers)) - 1)
    left = _MARGIN
    for pillar, number in zip(Pillar, numbers, strict=True):
        right = left + round(room * number / sum(numbers))
        rounded(image, (left, top, right, top + height), 9, palette.TINTS[pillar].mark)
        left = right + gap if number else left


def _day(day: date, slots: Sequence[Slot], selection: Selection, week: Week) -> Image:
    """Return a day: its name at the left, at the right what is on and what is posted."""
    shown = [item for item in selection.on(day) if day in (item.start, week.id.days[0])]
    parts = [_occasions(shown)] if shown else []
    parts += [_card(slot, selection) for slot in slots] or ([] if shown else [_nothing()])
    body = stack(parts, gap=18)
    image = _blank(WIDTH, max(body.height, 110) + 56)
    rounded(image, (_MARGIN, 0, WIDTH - _MARGIN, 2), 0, palette.LINE)
    colour = palette.INK if slots or shown else palette.GREY
    _write(image, _MARGIN, 58, f"周{WEEKDAYS[day.weekday()]}", 46, bold=True, colour=colour)
    _write(image, _MARGIN, 110, f"{day.month}/{day.day}", 32, colour=palette.GREY)
    image.paste(body, (_MARGIN + _DAY, 28))
    return image


def _nothing() -> Image:
    image = _blank(_CARD, 60)
    _write(image, 0, 30, "空着", 32, colour=palette.GREY)
    return image


def _occasions(found: Sequence[Occasion]) -> Image:
    """Return the occasions that begin, or are going on when the week begins: each a label, below each other."""
    rows = []
    for item in found:
        until = "" if item.end == item.start else f" · 到 {item.end.month}/{item.end.day}"
        line = wrap(item.name + until, font(32, bold=True), _CARD - 44)[0]
        row = _blank(_CARD, 54)
        width = round(font(32, bold=True).getlength(line)) + 44
        rounded(row, (0, 0, width, 54), 27, palette.JADE_SHADE)
        _write(row, 22, 27, line, 32, bold=True, colour=palette.JADE)
        rows.append(row)
    return stack(rows, gap=10)


def _card(slot: Slot, selection: Selection) -> Image:
    """Return a post: time, pillar and channel; theme; who it is for and which product."""
    tint = palette.TINTS[slot.pillar]
    left, room = _PAD + 10, _CARD - 2 * _PAD - 10
    theme = wrap(slot.theme, font(40, bold=True), room, most=2)
    image = _blank(_CARD, 142 + 54 * len(theme))
    rounded(image, (0, 0, 2 * _PAD, image.height), 20, tint.mark)
    rounded(image, (10, 0, _CARD, image.height), 18, tint.ground)
    end = _write(image, left, 46, f"{slot.time:%H:%M}", 38, bold=True)
    icon(image, slot.pillar, (end + 24, 28), 36, tint.mark)
    _write(image, end + 70, 46, slot.pillar.label, 34, bold=True, colour=tint.word)
    channel = slot.channel.label
    _write(image, _CARD - _PAD - round(font(32).getlength(channel)), 46, channel, 32, colour=palette.GREY)
    for place, line in enumerate(theme):
        _write(image, left, 102 + 54 * place, line, 40, bold=True)
    meta = " · ".join(filter(None, map(drawable, (selection.segment(slot), selection.product(slot)))))
    _write(image, left, image.height - 38, wrap(meta, font(30), room)[0], 30, colour=palette.GREY)
    return image


def _footer(week: Week) -> Image:
    image = _blank(WIDTH, 110)
    rounded(image, (_MARGIN, 0, WIDTH - _MARGIN, 2), 0, palette.LINE)
    _write(image, _MARGIN, 50, rolling_words(week), 28, colour=palette.GREY)
    return image
