"""The markup, style and script of the studio's few components, as files."""

from pathlib import Path


def read(name: str) -> str:
    """Return the text of one asset, such as ``phone.css``."""
    return (Path(__file__).parent / name).read_text("utf-8")
