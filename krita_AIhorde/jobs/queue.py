"""All jobs of all documents: newest first, each on its own task."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import attrs

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.pacing import CheckSchedule
from krita_AIhorde.jobs import change as changes
from krita_AIhorde.jobs.again import insert_again
from krita_AIhorde.jobs.collector import Collector
from krita_AIhorde.jobs.images import Fate
from krita_AIhorde.jobs.job import FETCHED, Job, outcome
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.landing import Canvas
from krita_AIhorde.jobs.observers import Observers
from krita_AIhorde.jobs.records import JobRecord
from krita_AIhorde.jobs.restore import job_of
from krita_AIhorde.jobs.runner import Runner
from krita_AIhorde.jobs.search import Search, can_search
from krita_AIhorde.jobs.sender import account_mark
from krita_AIhorde.jobs.slots import Slots
from krita_AIhorde.jobs.snapshot import JobSnapshot, RowAction
from krita_AIhorde.jobs.spec import NO_CHANGE, Change, JobSpec
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.trouble import reason_of

log = logging.getLogger(__name__)
Work = Coroutine[Any, Any, None]
Spawn = Callable[[Coroutine[Any, Any, None], str], "asyncio.Task[None]"]
# The Horde lets everybody have this many images waiting; find_user tells an account's own number.
CONCURRENCY = 30
UNPACKED = 2  # pictures at a time: the one that lands, and the next
ADOPT_EVERY = 20.0  # seconds: another Krita may end at any time
PRUNE_EVERY = 900.0  # seconds
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
        search: Search | None = None,
    ) -> None:
        self._client, self._canvas, self._journal, self._spawn = client, canvas, journal, spawn
        self._runner = Runner(client, journal, admit=self._admit, schedule=schedule)
        self._search = search or Search(client, journal)
        self._jobs: dict[str, Job] = {}
        self._collectors: dict[str, Collector] = {}
        self._attended: set[str] = set()
        self._searches: dict[str, asyncio.Task[None]] = {}
        self._unpacked = Slots(UNPACKED)
        self._moved = asyncio.Event()
        self.concurrency = CONCURRENCY
        journal.moved.subscribe(self._journal_moved)
        self.listed = Observers()  # called with nothing: a job came or went
        self.changed = Observers()  # called with the JobSnapshot of the job that changed

    def snapshots(self) -> list[JobSnapshot]:
        return [job.snapshot() for job in reversed(self._jobs.values())]

    def submit(self, spec: JobSpec) -> None:
        job = Job(spec, self._tell)
        self._list(job)
        self._spawn(self._run(job), f"job {job.id}")

    def _list(self, job: Job) -> None:
        self._jobs[job.id] = job
        self._collectors[job.id] = Collector(job, self._client, self._canvas, self._journal, self._unpacked)
        self.listed.notify()

    async def _run(self, job: Job) -> None:
        await self._runner.run(job, self._collectors[job.id])
        await self._rest(job, account_mark(self._client.endpoint))

    async def _rest(self, job: Job, account: str) -> None:
        """The job is at rest: look for its request, or let go of what it needs no more."""
        if job.state is JobState.UNCERTAIN and can_search(job, self._client, account):
            self._searches[job.id] = self._spawn(self._look_for(job), f"search {job.id}")
        elif job.state.ended and job.snapshot().actions <= {RowAction.DISMISS, RowAction.INSERT_AGAIN}:
            # They are megabytes. Nobody will need the source again, and the journal keeps the mask, packed.
            job.spec = attrs.evolve(job.spec, source=None, mask=None)
            await self._journal.spent(job.id)
        await self._look_for_files(job)

    async def _look_for_files(self, job: Job) -> None:
        held = await self._journal.held(job.id)
        if held != job.held:
            job.held = held
            job.refresh()

    async def _look_for(self, job: Job) -> None:
        try:
            horde_id = await self._search.find(job)
        except errors.HordeError as error:
            job.say(reason_of(error))
            return
        if horde_id and job.id in self._jobs:
            job.horde_id = horde_id
            await self._journal.found(job.id, horde_id)
            job.say()
            await self._run(job)

    # Jobs of an earlier Krita

    async def keep_adopting(self) -> None:
        """Take up the jobs that no Krita runs, now and for as long as this one runs."""
        while True:
            for record in await self._journal.adopt():
                self._take_up(record)
            await asyncio.sleep(ADOPT_EVERY)

    def _take_up(self, record: JobRecord) -> None:
        job = job_of(record, self._tell)
        self._list(job)
        log.info("job %s: taken up again, %s, %d images", job.id, job.state.value, len(job.images))
        if job.state.running:
            self._spawn(self._run(job), f"job {job.id}")
        else:
            self._spawn(self._rest(job, record.account), f"rest {job.id}")
        self.documents_changed()

    async def keep_pruning(self, limit: Callable[[], int]) -> None:
        """Keep the pictures' files within ``limit()`` bytes, now and for as long as this Krita runs."""
        while True:
            await self._journal.prune(limit())
            for job in [job for job in self._jobs.values() if job.held]:
                await self._look_for_files(job)
            await asyncio.sleep(PRUNE_EVERY)

    def favour(self, job_id: str, favourite: bool) -> None:
        """Keep the job's files whatever room they take, or no longer."""
        job = self._jobs.get(job_id)
        if job is not None and job.favourite != favourite:
            job.favourite = favourite
            job.refresh()
            self._spawn(self._journal.favoured(job_id, favourite), f"favour {job_id}")

    def documents_changed(self) -> None:
        """Documents were opened or closed: what can be inserted may have come into reach, or left it."""
        for job in self._jobs.values():
            if job.insertable:
                in_reach = self._canvas.is_open(job.spec.document)
                if in_reach != job.in_reach:
                    job.in_reach = in_reach
                    job.refresh()

    # What rows show

    def _tell(self, job: Job) -> None:
        self._moved.set()
        job.unsafe = not self._journal.is_safe(job.id)
        if job.insertable:
            job.in_reach = self._canvas.is_open(job.spec.document)
        self.changed.notify(job.snapshot())

    def _journal_moved(self) -> None:
        for job in self._jobs.values():
            if job.unsafe == self._journal.is_safe(job.id):
                job.refresh()

    async def _admit(self, job: Job) -> None:
        """Wait until the Horde's concurrency has room for the job's images (a job alone always has)."""
        while True:
            others = [other for other in self._jobs.values() if other.state in _AT_THE_HORDE]
            waiting = sum(other.total for other in others)
            if not others or waiting + job.total <= self.concurrency:
                return
            self._moved.clear()
            await self._moved.wait()

    def use_concurrency(self, images: int | None) -> None:
        """How many images this account may have waiting; None: nobody knows, or it is the anonymous one,
        whose users share a number that is much larger.
        """
        self.concurrency = images or CONCURRENCY
        self._moved.set()

    def last_seed(self) -> str:
        """That of the newest image that came, "" = none did."""
        for job in reversed(self._jobs.values()):
            seeds = [image.generation.seed for image in job.images.values() if image.fate in FETCHED]
            if seeds:
                return seeds[-1]
        return ""

    # What the artist asks for

    def _allows(self, job_id: str, action: RowAction) -> Job | None:
        """None also while the artist's last wish is being attended to: a button can be pressed twice."""
        job = self._jobs.get(job_id)
        if job is None or job_id in self._attended:
            return None
        return job if action in job.snapshot().actions else None

    def cancel(self, job_id: str) -> None:
        if job := self._jobs.get(job_id):
            job.stop(JobState.CANCELLED)

    def cancel_all(self) -> None:
        for job_id in list(self._jobs):
            self.cancel(job_id)

    def insert(self, job_id: str) -> None:
        """Put a kept job's images into its document if that is open, else into the active one."""
        if job := self._allows(job_id, RowAction.INSERT):
            into_active = not self._canvas.is_open(job.spec.document)
            self._attend(
                job, self._collectors[job_id].insert_kept(into_active=into_active), lambda: self._settle(job)
            )

    def insert_again(self, job_id: str) -> None:
        """The same with the images of a job that has ended, which have landed before."""
        if job := self._allows(job_id, RowAction.INSERT_AGAIN):
            into_active = not self._canvas.is_open(job.spec.document)
            work = insert_again(job, self._canvas, self._journal, into_active=into_active)
            self._attend(job, work, lambda: self._rest(job, ""))

    def fetch_again(self, job_id: str) -> None:
        """Try once more to download the images that count as lost."""
        if job := self._allows(job_id, RowAction.FETCH_AGAIN):
            self._attend(job, self._fetch_again(job), lambda: self._settle(job))

    async def _fetch_again(self, job: Job) -> None:
        job.go(JobState.DOWNLOADING)
        self._collectors[job.id].fetch_again()
        await self._collectors[job.id].finish()

    def _attend(self, job: Job, work: Work, then: Callable[[], Work]) -> None:
        self._attended.add(job.id)
        self._spawn(self._attended_to(job, work, then), f"attend {job.id}")

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

    def send_again(self, job_id: str, change: Change = NO_CHANGE) -> None:
        """A new job with the same spec, but for ``change``, in place of one that did not bring all."""
        job = self._jobs.get(job_id)
        if job is None:
            return
        mends = change != NO_CHANGE and job.state.running
        if not mends and self._allows(job_id, RowAction.SEND_AGAIN) is None:
            return
        if mends:
            self.cancel(job_id)
        else:
            self.dismiss(job_id)
        again = attrs.evolve(job.spec, id=new_id(), clicked_at=time.time())
        self.submit(changes.changed(again, change))

    def dismiss(self, job_id: str) -> None:
        """Forget an ended job's row. Layers that landed stay."""
        job = self._jobs.get(job_id)
        if job is None or job.state.running or job_id in self._attended:
            return
        if search := self._searches.pop(job_id, None):
            search.cancel()
        del self._jobs[job_id], self._collectors[job_id]
        self.listed.notify()
        self._spawn(self._journal.forgotten(job_id), f"forget {job_id}")

    def clear_ended(self) -> None:
        for job in list(self._jobs.values()):
            if job.state.ended:
                self.dismiss(job.id)


def new_id() -> str:
    return uuid.uuid4().hex[:12]
