"""What is known beforehand of the shipped expressions, so that a cold start need not work it out again.

Checking an expression and finding its anchors takes milliseconds each, and there are over a thousand.
``content_library/rules/prepared.json`` keeps the results under a hash of the plain expression; one that is
not in it (a merchant's own, or a rule just edited) is checked as usual. Written anew by::

    python -m studio.review.prepared
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from studio import resources
from studio.review.patterns import Anchors

NAME = "prepared.json"


def anchors_of(expression: str) -> Anchors | None:
    """Return the anchors of a shipped expression, or None when it is not a known one."""
    found = _known().get(_key(expression))
    if not found:
        return None
    words, before, after, also = found
    return Anchors(frozenset(words), before, after, frozenset(also))


def is_checked(expression: str) -> bool:
    """Tell whether a shipped expression is known to be cheap."""
    return _key(expression) in _known()


def prepare() -> str:
    """Return the file's text for the shipped rules as they are now."""
    from studio.review.packs import load_rules

    rules = load_rules()
    found: dict[str, list[Any] | None] = {_key(regex.pattern): None for regex in rules.conditions.values()}
    for expressions in rules.expressions.values():
        for expression in expressions:
            if expression.regex is not None:
                words, before, after, also = expression.anchors
                found[_key(expression.regex.pattern)] = [sorted(words), before, after, sorted(also)]
    lines = [f"{json.dumps(key)}: {json.dumps(found[key], ensure_ascii=False)}" for key in sorted(found)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


@cache
def _known() -> dict[str, list[Any] | None]:
    path = resources.content_library() / "rules" / NAME
    known: dict[str, list[Any] | None] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return known


def _key(expression: str) -> str:
    return hashlib.blake2b(expression.encode(), digest_size=9).hexdigest()


if __name__ == "__main__":
    target = resources.content_library() / "rules" / NAME
    target.unlink(missing_ok=True)
    target.write_text(prepare(), "utf-8")
