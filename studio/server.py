"""The browser studio as a local server: this machine only, nothing sent anywhere."""

from __future__ import annotations

import logging
import os
import socket
import threading
import tomllib
import webbrowser
from pathlib import Path
from typing import Any

from studio import resources
from studio.errors import StudioError

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8501
log = logging.getLogger(__name__)


def free_port(wanted: int = DEFAULT_PORT) -> int:
    """Return ``wanted``, or the next port nobody listens on."""
    for port in range(wanted, min(wanted + 50, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
            return port
    raise StudioError(f"{wanted} 起的 50 个端口都被占用了。请关掉别的程序，或用 --port 换一个。")


def serve(root: Path, port: int, *, open_browser: bool) -> None:
    """Serve the studio on the workspace at ``root`` until stopped."""
    import streamlit as st

    os.environ["STUDIO_WORKSPACE"] = str(root)
    main = Path(__file__).parent / "app" / "main.py"
    if open_browser:
        threading.Timer(1.5, webbrowser.open, [f"http://{ADDRESS}:{port}"]).start()
    app = st.App(main, on_script_error=tell)
    app.run(config={**_config(), "server.port": port, "server.address": ADDRESS})


def tell(error: Exception) -> bool:
    """Show an error as a sentence; the traceback goes to the log, never to the page."""
    import streamlit as st

    if isinstance(error, StudioError):
        st.error(str(error), icon=":material/error:")
    else:
        log.error("page failed", exc_info=error)
        st.error(
            "这一页出了意外。已保存的内容都在，请刷新页面再试；还不行就运行 studio doctor 看看。",
            icon=":material/error:",
        )
    return True


def _config() -> dict[str, Any]:
    """Return the shipped Streamlit configuration as dotted keys, wherever the studio was started."""
    return _flat(tomllib.loads(resources.streamlit_config().read_text("utf-8")))


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat
