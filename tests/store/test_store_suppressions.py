from __future__ import annotations

from datetime import date

from studio.review.suppressions import Suppression


def test_a_decision_comes_back_as_it_was_made_signed_and_cleaned(store, other_store):
    kept = store.suppressions.add(Suppression("", "ABS-BEST", "最\x00好", "有报告", "报告 12 号", date(2027, 1, 1)))
    assert (kept.phrase, kept.actor) == ("最好", "阿禾")
    assert store.suppressions.all() == [kept]
    assert other_store.suppressions.all() == []


def test_a_decision_taken_back_is_gone_for_this_shop_only(store, other_store):
    mine = store.suppressions.add(Suppression("", "ABS-BEST", "", "整条规则都核过"))
    theirs = other_store.suppressions.add(Suppression("", "ABS-BEST", "", "另一家"))
    other_store.suppressions.remove(mine.id)
    store.suppressions.remove(mine.id)
    assert store.suppressions.all() == []
    assert other_store.suppressions.all() == [theirs]
