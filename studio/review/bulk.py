"""Very many texts: reviewed on all cores, in order, in constant memory, and taken up again where they stopped.

Results go to a part file as they come, one JSON line a text under a line that says what they belong to. Whoever
calls again with the same file and the same :class:`Job` gets only the rest done.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, BinaryIO

from studio.errors import Cancelled
from studio.review.report import Report
from studio.review.reviewer import Reviewer
from studio.review.sentences import SentenceModel
from studio.vocabulary import Channel, ProductType

ALONE = 20_000
"""Texts reviewed before other processes are worth starting."""

_CHUNK, _CHUNK_SIZE = 4000, 2_000_000

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """How to review: the rules, what is sold and where it is said, and what is kept of a report."""

    reviewer: Reviewer
    keep: Callable[[Report], Result] = Report.to_json
    channel: Channel | None = None
    product_type: ProductType | None = None

    def results(self, texts: list[str]) -> list[str]:
        """Return a JSON line for each text."""
        reports = self.reviewer.review_many(texts, channel=self.channel, product_type=self.product_type)
        return [json.dumps(self.keep(report)) for report in reports]

    def fingerprint(self, source: str) -> str:
        """Return what tells this job on this ``source`` from every other."""
        rules = self.reviewer.rules
        reader = SentenceModel.default().threshold
        basis = (source, self.keep.__qualname__, rules.version, reader, self.channel, self.product_type)
        digest = sha256("".join(f"{item}\n" for item in basis).encode())
        for model in (*rules.rules.values(), *rules.exemptions.values()):
            digest.update(model.model_dump_json().encode())
        return digest.hexdigest()


def review_rows(
    texts: Iterable[str],
    part: Path,
    job: Job,
    *,
    source: str = "",
    processes: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Review ``texts`` into the ``part`` file and return how many it holds at the end.

    ``source`` names the texts with their version: results of another source, or by other rules, are thrown away.
    ``progress`` gets the number of results so far; :class:`Cancelled` when ``stop`` says so, with all of them kept.
    """
    with _opened(part, job.fingerprint(source)) as (file, done):
        count = done
        progress(count)
        with closing(_reviewed(_chunks(islice(texts, done, None)), job, processes or _cores())) as chunks:
            for lines in chunks:
                file.writelines(f"{line}\n".encode() for line in lines)
                file.flush()
                count += len(lines)
                progress(count)
                if stop():
                    raise Cancelled("已停止。检查完的部分都留着，下次接着做。")
    return count


def results(part: Path) -> Iterator[Result]:
    """Yield the results in a part file, in the order of the texts."""
    with part.open(encoding="ascii") as file:
        yield from map(json.loads, islice(file, 1, None))


@contextmanager
def _opened(part: Path, fingerprint: str) -> Iterator[tuple[BinaryIO, int]]:
    """Yield the part file, ready for more, and how many results of this job it holds; one without any goes."""
    try:
        with part.open("a+b") as file:
            yield file, _taken_up(file, fingerprint)
    finally:
        if part.exists() and part.stat().st_size <= len(fingerprint) + 1:
            part.unlink()


def _taken_up(file: BinaryIO, fingerprint: str) -> int:
    """Return how many whole results of this job the file holds; what else is in it goes."""
    file.seek(0)
    if file.readline() != f"{fingerprint}\n".encode():
        file.truncate(0)
        file.write(f"{fingerprint}\n".encode())
        return 0
    whole, count = file.tell(), 0
    for line in file:
        if line.endswith(b"\n"):
            whole += len(line)
            count += 1
    file.truncate(whole)
    return count


def _chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for text in texts:
        chunk.append(text)
        size += len(text)
        if len(chunk) == _CHUNK or size > _CHUNK_SIZE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _reviewed(chunks: Iterator[list[str]], job: Job, processes: int) -> Generator[list[str], None, None]:
    """Yield the results chunk by chunk: the first ones made here, the rest by as many processes."""
    count = 0
    for chunk in chunks:
        yield job.results(chunk)
        count += len(chunk)
        if processes > 1 and count >= ALONE:
            yield from _shared(chunks, job, processes)


def _shared(chunks: Iterator[list[str]], job: Job, processes: int) -> Iterator[list[str]]:
    """Yield the results of ``processes`` workers in order; what they leave when they die is done here."""
    given: deque[list[str]] = deque()
    promised: deque[Future[list[str]]] = deque()
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (job,))
    try:
        for chunk in chunks:
            given.append(chunk)
            promised.append(pool.submit(_work, chunk))
            if len(promised) > 2 * processes:
                yield promised.popleft().result()
                given.popleft()
        while promised:
            yield promised.popleft().result()
            given.popleft()
    except BrokenExecutor:
        yield from map(job.results, given)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_job: Job | None = None


def _begin(job: Job) -> None:
    """Make this process a worker: it leaves the keyboard to its parent and does not outlive it."""
    global _job  # noqa: PLW0603
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent_process(),), daemon=True).start()


def _end_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(texts: list[str]) -> list[str]:
    assert _job is not None
    return _job.results(texts)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
