from __future__ import annotations

from studio import resources
from studio.review import prepared
from studio.review.packs import load_rules


def test_what_is_prepared_is_what_the_packs_say_now():
    kept = (resources.content_library() / "rules" / prepared.NAME).read_text("utf-8")
    assert prepared.prepare() == kept, "run: python -m studio.review.prepared"


def test_rules_come_out_the_same_without_it(monkeypatch):
    known = load_rules()
    monkeypatch.setattr(prepared, "_known", dict)
    fresh = load_rules()
    assert fresh.rules == known.rules
    assert {code: [item.anchors for item in found] for code, found in fresh.expressions.items()} == {
        code: [item.anchors for item in found] for code, found in known.expressions.items()
    }
