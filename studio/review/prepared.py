"""What is known beforehand of the shipped packs, so that a cold start need not work it out again.

Reading the YAML, checking over a thousand expressions and finding their anchors takes seconds.
``content_library/rules/prepared.json`` keeps the results, each under a hash of what it was made from; what is
not in it (a merchant's own, or a pack just edited) is worked out as usual. Written anew by::

    python -m studio.review.prepared
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from studio import resources
from studio.review.datafiles import parsed
from studio.review.patterns import Anchors

NAME = "prepared.json"


def pack(source: str) -> Any | None:
    """Return what a shipped pack's text holds, or None when it is not a known one."""
    return _known().get(_key(source))


def anchors_of(expression: str) -> Anchors | None:
    """Return the anchors of a shipped expression, or None when it is not a known one."""
    found = _known().get(_key(expression))
    if not found:
        return None
    words, before, after, leads = found
    return Anchors(frozenset(words), before, after, leads)


def is_checked(expression: str) -> bool:
    """Tell whether a shipped expression is known to be cheap."""
    return _key(expression) in _known()


def prepare() -> str:
    """Return the file's text for the shipped rules as they are now."""
    from studio.review.packs import load_rules

    rules = load_rules()
    found: dict[str, Any] = {_key(regex.pattern): None for regex in rules.conditions.values()}
    for expressions in rules.expressions.values():
        for expression in expressions:
            if expression.regex is not None:
                words, before, after, leads = expression.anchors
                found[_key(expression.regex.pattern)] = [sorted(words), before, after, leads]
    for path in sorted((resources.content_library() / "rules").glob("*.yaml")):
        source = path.read_text("utf-8-sig")
        found[_key(source)] = parsed(source)
    lines = [f"{json.dumps(key)}: {json.dumps(found[key], ensure_ascii=False)}" for key in sorted(found)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


@cache
def _known() -> dict[str, Any]:
    path = resources.content_library() / "rules" / NAME
    known: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return known


def _key(expression: str) -> str:
    return hashlib.blake2b(expression.encode(), digest_size=9).hexdigest()


if __name__ == "__main__":
    target = resources.content_library() / "rules" / NAME
    target.unlink(missing_ok=True)
    target.write_text(prepare(), "utf-8")
