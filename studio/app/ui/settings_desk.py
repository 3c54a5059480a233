"""The settings as the page shows them, and the one way to save them without overwriting anybody."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio import settings_file
from studio.app.ui import session
from studio.settings import Settings, read_settings

_SHOWN = "settings_shown"


def shown_settings(first_widget: str) -> Settings:
    """Return the settings the forms are filled with, read from the files when the page is shown for the first time.

    ``first_widget`` is the key of a widget of the page: as long as it is there, its forms keep what was typed.
    """
    if _SHOWN not in st.session_state or first_widget not in st.session_state:
        root = session.workspace().root
        st.session_state[_SHOWN] = (settings_file.fingerprint(root), read_settings(root)[0])
        if st.session_state[_SHOWN][1] != session.workspace().settings:
            session.reload_settings()
    settings: Settings = st.session_state[_SHOWN][1]
    return settings


def save_settings(changes: dict[str, dict[str, Any]]) -> None:
    """Save changes (section → key → value; None removes the key) over the files as they were shown.

    Raises :class:`~studio.errors.ConflictError` when the files changed meanwhile.
    """
    root = session.workspace().root
    settings_file.save(root, changes, st.session_state[_SHOWN][0])
    st.session_state[_SHOWN] = (settings_file.fingerprint(root), read_settings(root)[0])
    session.reload_settings()
