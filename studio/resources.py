"""Where the shipped data lives: beside the package in a clone, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def prompts() -> Path:
    """Return the folder of shipped prompt files."""
    return _folder("prompts")


def content_library() -> Path:
    """Return the folder of shipped rule packs, occasions, openers and the sample shop."""
    return _folder("content_library")


def streamlit_config() -> Path:
    """Return the shipped Streamlit configuration: theme, address, what errors show."""
    installed = _PACKAGE / "_shipped" / "streamlit" / "config.toml"
    return installed if installed.is_file() else _PACKAGE.parent / ".streamlit" / "config.toml"
