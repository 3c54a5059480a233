from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from studio.errors import ConflictError, InputError
from studio.planning.playbooks import Running
from studio.store.repositories.base import Scope
from studio.store.repositories.playbooks import PlaybookRepository

LAUNCH = Running("", "launch", date(2026, 12, 10), date(2027, 1, 10), "baoma", "gouqi-250")


@pytest.fixture
def playbooks(database, clock):
    return PlaybookRepository(Scope(database, "main", "阿禾", clock))


@pytest.fixture
def others(database, clock):
    return PlaybookRepository(Scope(database, "other", "小林", clock))


def test_a_run_comes_back_as_it_was_started_for_its_shop_only(playbooks, others):
    kept = playbooks.save(LAUNCH)
    assert kept == replace(LAUNCH, id=kept.id)
    assert kept.id
    assert playbooks.all() == [kept]
    assert others.all() == []


def test_runs_are_listed_in_one_order_on_every_database(playbooks):
    later = playbooks.save(replace(LAUNCH, anchor=date(2027, 1, 1)))
    open_ended = playbooks.save(replace(LAUNCH, anchor=None))
    first = playbooks.save(LAUNCH)
    sale = playbooks.save(Running("", "big-sale"))
    assert playbooks.all() == [sale, first, later, open_ended]


def test_a_run_is_paused_and_goes_on(playbooks):
    kept = playbooks.save(LAUNCH)
    paused = playbooks.pause(kept, paused=True)
    assert (paused.paused, paused.version) == (True, 2)
    assert playbooks.all() == [paused]
    assert playbooks.pause(paused, paused=False).paused is False


def test_two_edits_of_one_run_conflict_and_the_first_stays(playbooks):
    kept = playbooks.save(LAUNCH)
    first = playbooks.save(replace(kept, ends_on=date(2027, 2, 1)))
    with pytest.raises(ConflictError, match="没有保存"):
        playbooks.pause(kept, paused=True)
    assert playbooks.all() == [first]


def test_a_stopped_run_is_gone_for_this_shop_only(playbooks, others):
    kept = playbooks.save(LAUNCH)
    with pytest.raises(InputError, match="没有正在跑的剧本"):
        others.remove(kept.id)
    playbooks.remove(kept.id)
    assert playbooks.all() == []
    with pytest.raises(InputError):
        playbooks.remove(kept.id)
    with pytest.raises(ConflictError):
        playbooks.save(kept)


def test_text_that_no_database_keeps_is_cleaned(playbooks):
    kept = playbooks.save(Running("", "lau\x00nch", product="a\ud800b"))
    assert playbooks.all() == [kept]
    assert (kept.playbook, kept.product) == ("launch", "ab")
