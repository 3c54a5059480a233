"""``python -m studio`` is ``studio``."""

from __future__ import annotations

from studio.cli import main

main()
