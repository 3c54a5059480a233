"""The colours of weeks on paper and in pictures: those of the light theme in ``.streamlit/config.toml``."""

from __future__ import annotations

from dataclasses import dataclass

from studio.vocabulary import Pillar

PAPER = "#fbf8f1"
SHADE = "#f2ecdf"
INK = "#2a2823"
GREY = "#6b665c"
LINE = "#ddd4c2"
JADE = "#1f5f46"
JADE_SHADE = "#dcede3"


@dataclass(frozen=True, slots=True)
class Tint:
    """The colours of one pillar: of a mark, of the ground behind it, of a word on that ground."""

    mark: str
    ground: str
    word: str


TINTS = {
    Pillar.PRODUCT: Tint("#b4512b", "#f6e0d5", "#93401f"),
    Pillar.VALUE: Tint("#1d6e78", "#d8ebec", "#155861"),
    Pillar.LIFESTYLE: Tint("#a87400", "#f8e9c4", "#765200"),
}
