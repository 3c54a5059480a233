"""The phone preview: what friends will see, and one tap to copy it."""

from __future__ import annotations

import streamlit as st

from studio.app.ui import assets
from studio.vocabulary import Channel

FOLD_LINES = 6
"""Long Moments posts are folded behind 「全文」 after about this many lines."""

_phone = st.components.v2.component(
    "studio_phone",
    html=assets.read("phone.html"),
    css=assets.read("phone.css").replace("FOLD", str(FOLD_LINES)),
    js=assets.read("phone.js"),
)


def phone(
    text: str,
    *,
    key: str,
    name: str,
    channel: Channel,
    meta: str = "",
    comment: str = "",
    image: str = "",
    can_copy: bool = True,
) -> bool:
    """Show a post as the channel shows it and return True in the run after it was copied."""
    data = {
        "text": text,
        "name": name,
        "meta": meta,
        "comment": comment,
        "image": image,
        "moments": channel is Channel.MOMENTS,
        "can_copy": can_copy and bool(text),
    }
    return bool(_phone(key=key, data=data, on_copied_change=lambda: None).copied)
