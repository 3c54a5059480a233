"""Long work: what was asked, how far it is, and whether somebody still works on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from studio.errors import ConflictError, InputError
from studio.store.repositories.base import Repository, new_id, storable, storable_json
from studio.store.schema import job

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

STALE = timedelta(seconds=90)
"""A running job without a heartbeat for this long has lost its process and may be taken over."""


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work. ``payload`` says what to do; ``message`` is for the merchant."""

    id: str
    kind: str
    payload: dict[str, Any]
    state: JobState
    done: int
    total: int
    message: str
    heartbeat: datetime
    created_at: datetime

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.STOPPED)


class JobRepository(Repository):
    """The jobs of one shop."""

    def start(self, kind: str, payload: dict[str, Any], total: int) -> Job:
        """Record a running job; :class:`ConflictError` while another of this kind is alive.

        One that lost its process is closed first: should it wake up, it is told to stop.
        """
        now = self._scope.clock()
        row = {
            "shop_id": self._scope.shop_id,
            "id": new_id(),
            "kind": kind,
            "payload": storable_json(payload),
            "state": JobState.RUNNING.value,
            "done": 0,
            "total": total,
            "message": "",
            "actor": self._scope.actor,
            "heartbeat": now,
            "created_at": now,
        }
        begun = (
            self._scope.mine(job)
            & (job.c.kind == kind)
            & job.c.state.in_([JobState.RUNNING.value, JobState.STOPPING.value])
        )
        with self._write() as connection:
            if connection.execute(select(job.c.id).where(begun, job.c.heartbeat > now - STALE)).first():
                raise ConflictError("同样的任务正在进行，等它完成或先停止它。")
            connection.execute(
                update(job).where(begun).values(state=JobState.STOPPED.value, message="上次中断了，做完的都在。")
            )
            connection.execute(insert(job).values(**row))
        return self.get(str(row["id"]))

    def get(self, job_id: str) -> Job:
        """Return a job; :class:`InputError` when there is none with this id."""
        query = select(job).where(self._scope.mine(job), job.c.id == job_id)
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise InputError(f"没有任务「{job_id[:60]}」。")
        return _job(row)

    def latest(self, kind: str) -> Job | None:
        """Return the newest job of this kind, or None."""
        query = select(job).where(self._scope.mine(job), job.c.kind == kind).order_by(job.c.created_at.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        return _job(row) if row else None

    def is_alive(self, item: Job) -> bool:
        """Tell whether a process still works on this job."""
        return not item.is_over and item.heartbeat > self._scope.clock() - STALE

    def advance(self, job_id: str, done: int, message: str = "") -> bool:
        """Record progress; return False when the user asked to stop."""
        return self._record(job_id, done=done, message=storable(message))

    def beat(self, job_id: str) -> bool:
        """Record that somebody still works on a job; return False when the user asked to stop."""
        return self._record(job_id)

    def _record(self, job_id: str, **values: Any) -> bool:
        mine = self._scope.mine(job) & (job.c.id == job_id)
        with self._write() as connection:
            connection.execute(update(job).where(mine).values(heartbeat=self._scope.clock(), **values))
            state = connection.execute(select(job.c.state).where(mine)).scalar_one()
        return bool(state == JobState.RUNNING.value)

    def ask_to_stop(self, job_id: str) -> None:
        """Ask the process that works on a job to stop after the piece in hand."""
        running = self._scope.mine(job) & (job.c.id == job_id) & (job.c.state == JobState.RUNNING.value)
        with self._write() as connection:
            connection.execute(update(job).where(running).values(state=JobState.STOPPING.value))

    def finish(self, job_id: str, state: JobState, message: str = "") -> None:
        """Record how a job ended."""
        with self._write() as connection:
            connection.execute(
                update(job)
                .where(self._scope.mine(job), job.c.id == job_id)
                .values(state=state.value, message=storable(message), heartbeat=self._scope.clock())
            )


def _job(row: RowMapping) -> Job:
    return Job(
        id=row["id"],
        kind=row["kind"],
        payload=row["payload"],
        state=JobState(row["state"]),
        done=row["done"],
        total=row["total"],
        message=row["message"],
        heartbeat=row["heartbeat"],
        created_at=row["created_at"],
    )
