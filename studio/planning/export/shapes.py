"""Smooth shapes in pictures: rounded boxes, and the icons of the pillars."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.vocabulary import Pillar

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are outside."""

_FINE = 4
"""Shapes are drawn this many times larger and shrunk, which smooths their edges."""

_GRID = 24
"""Icons are drawn on a square of this many units."""


def fill(image: Image, box: Box, colour: str, draw: Callable[[ImageDraw, float], None]) -> None:
    """Paint what ``draw`` draws in 255 into a box of the image; it is told the size of a pixel in its own units."""
    from PIL import Image as Images
    from PIL import ImageDraw as Drawing

    left, top, right, bottom = box
    mask = Images.new("L", ((right - left) * _FINE, (bottom - top) * _FINE))
    draw(Drawing.Draw(mask), _FINE)
    image.paste(colour, box, mask.reduce(_FINE))


def rounded(image: Image, box: Box, radius: int, colour: str) -> None:
    """Paint a box with rounded corners; nothing where it is empty."""

    def draw(pen: ImageDraw, unit: float) -> None:
        end = ((box[2] - box[0]) * unit - 1, (box[3] - box[1]) * unit - 1)
        pen.rounded_rectangle(((0, 0), end), radius * unit, fill=255)

    if box[0] < box[2] and box[1] < box[3]:
        fill(image, box, colour, draw)


def icon(image: Image, pillar: Pillar, corner: tuple[int, int], size: int, colour: str) -> None:
    """Paint the icon of a pillar, ``size`` pixels square: a shopping bag, a light bulb, a plant in its pot."""

    def draw(pen: ImageDraw, unit: float) -> None:
        _ICONS[pillar](pen, size * unit / _GRID)

    left, top = corner
    fill(image, (left, top, left + size, top + size), colour, draw)


def _bag(pen: ImageDraw, unit: float) -> None:
    pen.rounded_rectangle(_scaled(unit, 3, 8, 21, 22), 2.5 * unit, fill=255)
    pen.arc(_scaled(unit, 7, 1.5, 17, 14), 180, 360, fill=255, width=round(2.2 * unit))
    pen.arc(_scaled(unit, 7, 6, 17, 16), 0, 180, fill=0, width=round(2 * unit))


def _bulb(pen: ImageDraw, unit: float) -> None:
    pen.ellipse(_scaled(unit, 4.5, 1.5, 19.5, 16.5), fill=255)
    pen.polygon(_points(unit, (7, 14), (17, 14), (15.5, 18), (8.5, 18)), fill=255)
    pen.rounded_rectangle(_scaled(unit, 8.5, 19.2, 15.5, 21), unit, fill=255)
    pen.rounded_rectangle(_scaled(unit, 10, 21.8, 14, 23.2), unit, fill=255)


def _plant(pen: ImageDraw, unit: float) -> None:
    pen.line(_points(unit, (12, 16), (12, 7)), fill=255, width=round(1.8 * unit))
    pen.pieslice(_scaled(unit, -4, 3, 12, 19), 270, 360, fill=255)
    pen.pieslice(_scaled(unit, 12, 0, 30, 18), 180, 270, fill=255)
    pen.polygon(_points(unit, (5.5, 15), (18.5, 15), (16.8, 23), (7.2, 23)), fill=255)


def _scaled(unit: float, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return left * unit, top * unit, right * unit, bottom * unit


def _points(unit: float, *points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * unit, y * unit) for x, y in points]


_ICONS: dict[Pillar, Callable[[ImageDraw, float], None]] = {
    Pillar.PRODUCT: _bag,
    Pillar.VALUE: _bulb,
    Pillar.LIFESTYLE: _plant,
}
