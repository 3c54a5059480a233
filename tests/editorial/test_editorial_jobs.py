"""Drafting a week in the background against a model that misbehaves."""

import time

import pytest
from misbehaving_server import GOOD, fails, misbehaving, says
from pydantic import SecretStr

from studio import jobs
from studio.planning.calendar import WeekId
from studio.store.repositories.jobs import JobState
from studio.workspace import Workspace

WEEK = WeekId(2026, 48)


def with_model(planned, url, timeout=5.0):
    overrides = {
        "llm": {"preset": "custom", "base_url": url, "model": "m", "api_key": "sk-hidden-42", "timeout": timeout}
    }
    return Workspace.open(planned.root, overrides=overrides, clock=planned.clock)


def ended(workspace, job, seconds=40):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        now = workspace.store.jobs.get(job.id)
        if now.is_over:
            return now
        time.sleep(0.05)
    raise AssertionError(f"still {now.state} after {seconds} s")


def drafted(workspace):
    ids = [slot.id for slot in workspace.store.calendar.slots(WEEK.days[0], WEEK.days[-1])]
    return workspace.store.drafts.for_slots(ids)


def start(workspace):
    return jobs.start(workspace, jobs.DRAFT_WEEK, jobs.draft_week(workspace, WEEK, offline=False))


def test_what_was_written_before_the_model_failed_is_kept_and_not_written_twice(planned):
    with misbehaving() as server:
        server.steps[:] = [says({**GOOD, "body": f"第{n}篇。"}) for n in range(3)] + [fails(401)]
        opened = with_model(planned, server.url)
        job = ended(opened, start(opened))
        assert job.state is JobState.FAILED
        assert job.done == 3
        assert "已完成的 3 条都保存了" in job.message
        assert "sk-hidden-42" not in job.message
        first = {slot_id: found[0].sections.body for slot_id, found in drafted(opened).items()}
        assert sorted(first.values()) == ["第0篇。", "第1篇。", "第2篇。"]

        server.steps[:] = [says({**GOOD, "body": f"第{n}篇。"}) for n in range(3, 7)]
        assert ended(opened, start(opened)).state is JobState.DONE
        second = {slot_id: found[0].sections.body for slot_id, found in drafted(opened).items()}
        assert len(second) == 7
        assert first.items() <= second.items()
        opened.close()


def test_a_wish_to_stop_reaches_a_job_that_waits_for_a_busy_model(planned):
    with misbehaving() as server:
        server.steps[:] = [fails(429, headers={"Retry-After": "15"})] * 20
        opened = with_model(planned, server.url)
        job = start(opened)
        time.sleep(0.5)
        begun = time.monotonic()
        opened.store.jobs.ask_to_stop(job.id)
        assert ended(opened, job).state is JobState.STOPPED
        assert time.monotonic() - begun < 6
        opened.close()


def test_a_second_job_of_the_same_kind_waits_for_the_first(planned):
    from studio.errors import ConflictError

    with misbehaving() as server:
        server.steps[:] = [fails(429, headers={"Retry-After": "15"})] * 20
        opened = with_model(planned, server.url)
        job = start(opened)
        with pytest.raises(ConflictError):
            start(opened)
        opened.store.jobs.ask_to_stop(job.id)
        ended(opened, job)
        opened.close()


def test_the_key_is_in_no_draft_and_no_job(planned):
    with misbehaving() as server:
        server.steps[:] = [says()] * 7
        opened = with_model(planned, server.url)
        ended(opened, start(opened))
        kept = [str(found) for found in drafted(opened).values()]
        assert len(kept) == 7
        assert not any("sk-hidden-42" in text for text in kept)
        assert isinstance(opened.settings.llm.api_key, SecretStr)
        assert "sk-hidden-42" not in repr(opened.settings)
        opened.close()
