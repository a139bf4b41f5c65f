"""What an artist asks of a job that is at rest: one thing at a time, for a button can be pressed twice."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import attrs

from krita_AIhorde.jobs.again import insert_again
from krita_AIhorde.jobs.collector import Collector
from krita_AIhorde.jobs.images import Fate
from krita_AIhorde.jobs.job import Job, outcome
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.landing import Canvas
from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.trouble import Reason

Work = Coroutine[Any, Any, None]


class Wishes:
    """``collector(job)`` is the job's, ``start(work, name)`` begins a task, and ``rest(job, account)`` is how
    a job comes to rest.
    """

    def __init__(
        self,
        canvas: Canvas,
        journal: Journal,
        *,
        collector: Callable[[Job], Collector],
        start: Callable[[Work, str], object],
        rest: Callable[[Job, str], Work],
    ) -> None:
        self._canvas, self._journal = canvas, journal
        self._collector, self._start, self._rest = collector, start, rest
        self._attended: set[str] = set()

    def is_attended(self, job: Job) -> bool:
        """Whether the artist's last wish is still being attended to."""
        return job.id in self._attended

    def allows(self, job: Job, action: RowAction) -> bool:
        return not self.is_attended(job) and action in job.snapshot().actions

    def insert(self, job: Job) -> None:
        """Put a kept job's images into its document if that is open, else into the active one."""
        if self.allows(job, RowAction.INSERT):
            into_active = not self._canvas.is_open(job.spec.document)
            work = self._collector(job).insert_kept(into_active=into_active)
            self.attend(job, work, lambda: self._settle(job))

    def insert_again(self, job: Job) -> None:
        """The same with the images of a job that has ended, which have landed before."""
        if self.allows(job, RowAction.INSERT_AGAIN):
            into_active = not self._canvas.is_open(job.spec.document)
            work = insert_again(job, self._canvas, self._journal, into_active=into_active)
            self.attend(job, work, lambda: self._rest(job, ""))

    def fetch_again(self, job: Job) -> None:
        """Try once more to download the images that count as lost."""
        if self.allows(job, RowAction.FETCH_AGAIN):
            self.attend(job, self._fetch_again(job), lambda: self._settle(job))

    async def _fetch_again(self, job: Job) -> None:
        job.go(JobState.DOWNLOADING)
        self._collector(job).fetch_again()
        await self._collector(job).finish()

    async def recall_pixels(self, job: Job) -> None:
        """Get a job's source and mask back from the journal."""
        try:
            source, mask = await self._journal.pixels(job.id)
        except KeyError:
            job.say(Reason(Trouble.DISK, "the journal cannot be read"))
        else:
            job.spec = attrs.evolve(job.spec, source=source, mask=mask)
            job.stored = False

    def attend(self, job: Job, work: Work, then: Callable[[], Work]) -> None:
        """Have ``work`` done, then ``then``."""
        self._attended.add(job.id)
        self._start(self._attended_to(job, work, then), f"attend {job.id}")

    async def _attended_to(self, job: Job, work: Work, then: Callable[[], Work]) -> None:
        try:
            await work
        finally:
            self._attended.discard(job.id)
        await then()

    async def _settle(self, job: Job) -> None:
        """The artist asked for more of a job that had ended: it ends anew, as it would have ended."""
        if job.count(Fate.KEPT):
            job.go(JobState.KEPT)
        else:
            if job.state is JobState.KEPT:
                job.go(JobState.LANDING)
            job.go(job.stopping or outcome(job))
        await self._journal.ended(job.id, job.state, job.reason)
        await self._rest(job, "")
