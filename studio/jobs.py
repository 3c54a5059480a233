"""Long work in the background: saved piece by piece, stoppable, resumed by starting it again."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.errors import Cancelled, StudioError
from studio.store.repositories.jobs import Job, JobState
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


@dataclass(frozen=True, slots=True)
class Work:
    """One piece after another: ``do`` does one and saves it, ``name`` says it to the merchant."""

    items: Sequence[str]
    do: Callable[[str], object]
    name: Callable[[str], str]


def undrafted(workspace: Workspace, week: WeekId) -> list[str]:
    """Return the ids of the week's slots that nobody has written yet, in time order."""
    slots = workspace.store.calendar.slots(week.days[0], week.days[-1])
    return [slot.id for slot in slots if slot.status is Status.PLANNED]


def draft_week(workspace: Workspace, week: WeekId, *, offline: bool) -> Work:
    """Return the work of drafting every slot of a week that has no draft yet."""
    themes = {slot.id: slot.theme for slot in workspace.store.calendar.slots(week.days[0], week.days[-1])}
    return Work(
        items=undrafted(workspace, week),
        do=lambda slot_id: workspace.editorial.draft(slot_id, offline=offline),
        name=lambda slot_id: themes[slot_id],
    )


def draft_kind(slot_id: str) -> str:
    """Return the kind of job that drafts this one slot."""
    return f"draft:{slot_id}"


def draft_one(workspace: Workspace, slot: Slot) -> Work:
    """Return the work of drafting one slot with the model."""
    return Work(items=[slot.id], do=workspace.editorial.draft, name=lambda _: slot.theme)


def rewrite_one(workspace: Workspace, slot: Slot, draft: Draft, instruction: Rewrite) -> Work:
    """Return the work of rewriting one draft with the model."""
    return Work([slot.id], lambda _: workspace.editorial.rewrite(draft, instruction), lambda _: slot.theme)


def run(work: Work, on_progress: Callable[[int, str], bool]) -> int:
    """Do the work and return how many pieces were done; stops when ``on_progress`` returns False."""
    done = 0
    for item in work.items:
        if not on_progress(done, work.name(item)):
            raise Cancelled(f"已停止,写好的 {done} 条都保存了。")
        work.do(item)
        done += 1
    on_progress(done, "")
    return done


def start(workspace: Workspace, kind: str, work: Work) -> Job:
    """Start the work in a thread of this process and return its job; progress is in the store."""
    jobs = workspace.store.jobs
    job = jobs.start(kind, {"items": list(work.items)}, len(work.items))

    def body() -> None:
        done = 0

        def progress(count: int, message: str) -> bool:
            nonlocal done
            done = count
            return jobs.advance(job.id, count, message)

        try:
            run(work, progress)
            jobs.finish(job.id, JobState.DONE)
        except Cancelled as stopped:
            jobs.finish(job.id, JobState.STOPPED, str(stopped))
        except StudioError as error:
            jobs.finish(job.id, JobState.FAILED, f"{error} 已完成的 {done} 条都保存了。")
        except Exception:
            log.exception("job %s failed", kind)
            jobs.finish(
                job.id, JobState.FAILED, f"出了意外,停在第 {done + 1} 条;已完成的 {done} 条都保存了,可以再试一次。"
            )

    threading.Thread(target=body, name=f"{kind}-{job.id}", daemon=True).start()
    return job
