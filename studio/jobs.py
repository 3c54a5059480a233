"""Long work in the background: saved piece by piece, stoppable, resumed by starting it again."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.errors import Cancelled, StoreError, StudioError
from studio.store.repositories.jobs import Job, JobRepository, JobState
from studio.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.drafting.draft import Draft
    from studio.drafting.writer import Rewrite
    from studio.planning.calendar import Slot, WeekId
    from studio.workspace import Workspace

log = logging.getLogger(__name__)

DRAFT_WEEK = "draft-week"
EMBED = "embed"
EMBED_BATCH = 32
BEAT_SECONDS = 2.0
"""Between two heartbeats; also how soon a wish to stop reaches a piece that waits for a model."""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece after another: ``do`` does one and saves it, ``name`` says it to the merchant.

    Setting ``stop`` ends a piece that waits for a model.
    """

    items: Sequence[str]
    do: Callable[[str], object]
    name: Callable[[str], str]
    stop: threading.Event = field(default_factory=threading.Event)


def undrafted(workspace: Workspace, week: WeekId) -> list[str]:
    """Return the ids of the week's slots that nobody has written yet, in time order."""
    slots = workspace.store.calendar.slots(week.days[0], week.days[-1])
    return [slot.id for slot in slots if slot.status is Status.PLANNED]


def draft_week(workspace: Workspace, week: WeekId, *, offline: bool) -> Work:
    """Return the work of drafting every slot of a week that has no draft yet."""
    themes = {slot.id: slot.theme for slot in workspace.store.calendar.slots(week.days[0], week.days[-1])}
    stop = threading.Event()
    return Work(
        items=undrafted(workspace, week),
        do=lambda slot_id: workspace.editorial.draft(slot_id, offline=offline, stop=stop),
        name=lambda slot_id: themes[slot_id],
        stop=stop,
    )


def draft_kind(slot_id: str) -> str:
    """Return the kind of job that drafts this one slot."""
    return f"draft:{slot_id}"


def draft_one(workspace: Workspace, slot: Slot) -> Work:
    """Return the work of drafting one slot with the model."""
    stop = threading.Event()
    return Work([slot.id], lambda _: workspace.editorial.draft(slot.id, stop=stop), lambda _: slot.theme, stop)


def rewrite_one(workspace: Workspace, slot: Slot, draft: Draft, instruction: Rewrite) -> Work:
    """Return the work of rewriting one draft with the model."""
    stop = threading.Event()
    return Work(
        [slot.id], lambda _: workspace.editorial.rewrite(draft, instruction, stop=stop), lambda _: slot.theme, stop
    )


def embed(workspace: Workspace, waiting: int) -> Work:
    """Return the work of giving ``waiting`` posts their vectors, a batch at a time."""

    def one_batch(_: str) -> None:
        rounds = iter((False, True))
        workspace.library.embed_missing(should_stop=lambda: next(rounds))

    starts = [str(start) for start in range(0, waiting, EMBED_BATCH)]
    return Work(starts, one_batch, lambda start: f"第 {int(start) + 1} 条起")


def run(work: Work, on_progress: Callable[[int, str], bool]) -> int:
    """Do the work and return how many pieces were done; stops when ``on_progress`` returns False."""
    done = 0
    for item in work.items:
        if not on_progress(done, work.name(item)):
            raise Cancelled(f"已停止，写好的 {done} 条都保存了。")
        work.do(item)
        done += 1
    on_progress(done, "")
    return done


def start(workspace: Workspace, kind: str, work: Work) -> Job:
    """Start the work in a thread of this process and return its job; progress is in the store."""
    jobs = workspace.store.jobs
    job = jobs.start(kind, {"items": list(work.items)}, len(work.items))
    done = [0]

    def progress(count: int, message: str) -> bool:
        done[0] = count
        return jobs.advance(job.id, count, message)

    def outcome() -> tuple[JobState, str]:
        try:
            run(work, progress)
        except Cancelled as stopped:
            return JobState.STOPPED, str(stopped)
        except StudioError as error:
            reason = str(error).rstrip("。")
            return JobState.FAILED, f"{reason}。已完成的 {done[0]} 条都保存了，也可以先用模板草稿。"
        except Exception:
            log.exception("job %s failed", kind)
            return JobState.FAILED, f"出了意外，停在第 {done[0] + 1} 条；已完成的 {done[0]} 条都保存了，可以再试一次。"
        return JobState.DONE, ""

    def body() -> None:
        over = threading.Event()
        threading.Thread(target=_beat, args=(jobs, job.id, work.stop, over), daemon=True).start()
        try:
            jobs.finish(job.id, *outcome())
        except StoreError:
            log.exception("the end of job %s could not be recorded; it counts as over once its heartbeat is old", kind)
        finally:
            over.set()

    threading.Thread(target=body, name=f"{kind}-{job.id}", daemon=True).start()
    return job


def _beat(jobs: JobRepository, job_id: str, stop: threading.Event, over: threading.Event) -> None:
    """Say that the job is alive while a piece takes long, and pass on the wish to stop."""
    while not over.wait(BEAT_SECONDS):
        try:
            if not jobs.beat(job_id):
                stop.set()
        except StoreError:
            log.warning("job %s: heartbeat not recorded", job_id)
