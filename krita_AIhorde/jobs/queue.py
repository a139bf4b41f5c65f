"""All jobs of all documents: newest first, each on its own task."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import attrs

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.pacing import CheckSchedule
from krita_AIhorde.horde.retry import persist
from krita_AIhorde.jobs.collector import Collector
from krita_AIhorde.jobs.job import Fate, Job
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.landing import Canvas
from krita_AIhorde.jobs.observers import Observers
from krita_AIhorde.jobs.runner import Runner, outcome
from krita_AIhorde.jobs.snapshot import JobSnapshot, RowAction, Trouble
from krita_AIhorde.jobs.spec import NO_CHANGE, Change, JobSpec
from krita_AIhorde.jobs.states import JobState

Spawn = Callable[[Coroutine[Any, Any, None], str], "asyncio.Task[None]"]
# The Horde lets everybody have this many images waiting; find_user tells an account's own number.
CONCURRENCY = 30
ACCOUNT_PATIENCE = 120.0  # seconds
_AT_THE_HORDE = (JobState.SUBMITTING, JobState.QUEUED)


class JobQueue:
    """Methods are plain calls from the main thread; whatever waits runs on tasks made by ``spawn``."""

    def __init__(
        self,
        client: HordeClient,
        canvas: Canvas,
        journal: Journal,
        spawn: Spawn,
        *,
        schedule: CheckSchedule | None = None,
    ) -> None:
        self._client, self._canvas, self._journal, self._spawn = client, canvas, journal, spawn
        self._runner = Runner(client, journal, admit=self._admit, schedule=schedule)
        self._jobs: dict[str, Job] = {}
        self._collectors: dict[str, Collector] = {}
        self._moved = asyncio.Event()
        self.concurrency = CONCURRENCY
        self.listed = Observers()  # called with nothing: a job came or went
        self.changed = Observers()  # called with the JobSnapshot of the job that changed

    def snapshots(self) -> list[JobSnapshot]:
        return [job.snapshot() for job in reversed(self._jobs.values())]

    def submit(self, spec: JobSpec) -> None:
        job = Job(spec, self._tell)
        collector = Collector(job, self._client, self._canvas, self._journal)
        self._jobs[job.id], self._collectors[job.id] = job, collector
        self.listed.notify()
        self._spawn(self._run(job, collector), f"job {job.id}")

    async def _run(self, job: Job, collector: Collector) -> None:
        await self._runner.run(job, collector)
        if RowAction.SEND_AGAIN not in job.snapshot().actions and job.state is not JobState.KEPT:
            # Its source and mask are megabytes that nobody will need again.
            job.spec = attrs.evolve(job.spec, source=None, mask=None)

    def _tell(self, job: Job) -> None:
        self._moved.set()
        self.changed.notify(job.snapshot())

    async def _admit(self, job: Job) -> None:
        """Wait until the Horde's concurrency has room for the job's images (a job alone always has)."""
        while True:
            others = [other for other in self._jobs.values() if other.state in _AT_THE_HORDE]
            waiting = sum(other.spec.params.image_count for other in others)
            if not others or waiting + job.spec.params.image_count <= self.concurrency:
                return
            self._moved.clear()
            await self._moved.wait()

    async def learn_concurrency(self) -> None:
        """Ask how many images this account may have waiting. Raises HordeError (InvalidKey …)."""
        if self._client.endpoint.is_anonymous:
            self.concurrency = CONCURRENCY  # the anonymous share one that is much larger
            return
        user = await persist(self._client.find_user, give_up_after=ACCOUNT_PATIENCE)
        self.concurrency = user.concurrency or CONCURRENCY
        self._moved.set()

    def cancel(self, job_id: str) -> None:
        if job := self._jobs.get(job_id):
            job.stop(JobState.CANCELLED)

    def cancel_all(self) -> None:
        for job_id in list(self._jobs):
            self.cancel(job_id)

    def insert(self, job_id: str) -> None:
        """Put a kept job's images into the active document."""
        job = self._jobs.get(job_id)
        if job is not None and job.state is JobState.KEPT:
            self._spawn(self._insert(job, self._collectors[job_id]), f"insert {job_id}")

    async def _insert(self, job: Job, collector: Collector) -> None:
        await collector.insert_kept()
        if not job.count(Fate.KEPT):
            job.go(JobState.LANDING)
            job.say(Trouble.NONE)
            job.go(job.stopping or outcome(job))

    def fetch_again(self, job_id: str) -> None:
        """Try once more to download the images that count as lost."""

    def send_again(self, job_id: str, change: Change = NO_CHANGE) -> None:
        """A new job with the same spec in place of one that brought nothing."""
        job = self._jobs.get(job_id)
        if job is None or RowAction.SEND_AGAIN not in job.snapshot().actions:
            return
        self.dismiss(job_id)
        self.submit(attrs.evolve(job.spec, id=new_id(), clicked_at=time.time()))

    def dismiss(self, job_id: str) -> None:
        """Forget an ended job's row. Layers that landed stay."""
        job = self._jobs.get(job_id)
        if job is None or job.state.running:
            return
        del self._jobs[job_id], self._collectors[job_id]
        self.listed.notify()
        self._spawn(self._journal.forgotten(job_id), f"forget {job_id}")

    def clear_ended(self) -> None:
        for job in list(self._jobs.values()):
            if job.state.ended:
                self.dismiss(job.id)


def new_id() -> str:
    return uuid.uuid4().hex[:12]
