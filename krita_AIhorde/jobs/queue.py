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
from krita_AIhorde.horde.slots import free_slots
from krita_AIhorde.jobs import change as changes
from krita_AIhorde.jobs.collector import Collector
from krita_AIhorde.jobs.earlier import Earlier, Reach, Slices, earlier_jobs, is_spent
from krita_AIhorde.jobs.job import Job
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.landing import Canvas
from krita_AIhorde.jobs.observers import Observers
from krita_AIhorde.jobs.roster import Roster
from krita_AIhorde.jobs.runner import Runner
from krita_AIhorde.jobs.search import Search, can_search
from krita_AIhorde.jobs.sender import account_mark
from krita_AIhorde.jobs.snapshot import JobSnapshot, RowAction
from krita_AIhorde.jobs.spec import NO_CHANGE, Change, JobSpec
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.trouble import reason_of
from krita_AIhorde.jobs.turns import Turns
from krita_AIhorde.jobs.wishes import Wishes

log = logging.getLogger(__name__)
Spawn = Callable[[Coroutine[Any, Any, None], str], "asyncio.Task[None]"]
# The Horde lets everybody have this many images waiting; find_user tells an account's own number.
CONCURRENCY = 30
UNPACKED = 2  # pictures at a time: the one that lands, and the next
ADOPT_EVERY = 20.0  # seconds: another Krita may end at any time
PRUNE_EVERY = 900.0  # seconds
AT_ONCE = 50  # rows that are changed together


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
        self._turns = Turns(CONCURRENCY)
        self._runner = Runner(client, journal, admit=self._turns.come, schedule=schedule)
        self._search = search or Search(client, journal)
        self._jobs = Roster()
        self._collectors: dict[str, Collector] = {}
        self._searches: dict[str, asyncio.Task[None]] = {}
        self._room = free_slots(UNPACKED)
        self._wishes = Wishes(canvas, journal, collector=self._collector, start=spawn, rest=self._rest)
        journal.moved.subscribe(self._journal_moved)
        self.listed = Observers()  # called with nothing: a job came or went
        self.changed = Observers()  # called with the JobSnapshot of the job that changed

    def snapshots(self) -> list[JobSnapshot]:
        return self._jobs.snapshots()

    def submit(self, spec: JobSpec) -> None:
        job = Job(spec, self._tell)
        self._list(job, job.snapshot())
        self.listed.notify()
        self._spawn(self._run(job), f"job {job.id}")

    def _list(self, job: Job, snapshot: JobSnapshot) -> None:
        self._jobs.add(job, snapshot)
        self._turns.saw(job)

    def _collector(self, job: Job) -> Collector:
        """Most jobs of an earlier Krita never need one."""
        if job.id not in self._collectors:
            self._collectors[job.id] = Collector(job, self._client, self._canvas, self._journal, self._room)
        return self._collectors[job.id]

    async def _run(self, job: Job) -> None:
        await self._runner.run(job, self._collector(job))
        await self._rest(job, account_mark(self._client.endpoint))

    async def _rest(self, job: Job, account: str) -> None:
        """The job is at rest: look for its request, or let go of what it needs no more."""
        if job.state is JobState.UNCERTAIN and can_search(job, self._client, account):
            self._searches[job.id] = self._spawn(self._look_for(job), f"search {job.id}")
        elif is_spent(job):  # nobody will need the source again, and the journal keeps the mask, packed
            job.spec = attrs.evolve(job.spec, source=None, mask=None)
            await self._journal.spent(job.id)
        await self._look_for_files(job)

    async def _look_for_files(self, *jobs: Job) -> None:
        held = await self._journal.held([job.id for job in jobs])
        for job in jobs:
            if held.get(job.id, job.held) != job.held:
                job.held = held[job.id]
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
            await self.take_up_earlier()
            await asyncio.sleep(ADOPT_EVERY)

    async def take_up_earlier(self) -> None:
        """The same, once."""
        earlier = await earlier_jobs(self._journal, self._tell, self._canvas.is_open)
        for found in earlier:  # all at once, or a click in between would stand among them
            self._list(found.job, found.snapshot)
        if earlier:
            log.info("%d jobs: taken up again", len(earlier))
            await asyncio.sleep(0)
            self.listed.notify()
            self.documents_changed()
            await self._go_on_with(earlier)

    async def _go_on_with(self, earlier: list[Earlier]) -> None:
        slices = Slices()
        for found in earlier:
            await slices.breathe()
            job = found.job
            if job.id not in self._jobs:  # dismissed meanwhile
                continue
            if job.state.running:
                log.info("job %s: goes on, %s, %d images", job.id, job.state.value, len(job.images))
                self._spawn(self._run(job), f"job {job.id}")
            elif job.state is JobState.UNCERTAIN or (is_spent(job) and job.spec.source is not None):
                self._spawn(self._rest(job, found.account), f"rest {job.id}")

    async def keep_pruning(self, limit: Callable[[], int]) -> None:
        """Keep the pictures' files within ``limit()`` bytes, now and for as long as this Krita runs."""
        while True:
            await self._journal.prune(limit())
            await self._look_for_files(*[job for job in self._jobs if job.held])
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
        reach = Reach(self._canvas.is_open)
        changed = [job for job in self._jobs if reach.has_changed(job)]
        for job in changed[:AT_ONCE]:
            self._show(job)
        if len(changed) > AT_ONCE:
            self._spawn(self._show_all(changed[AT_ONCE:]), "documents changed")

    async def _show_all(self, jobs: list[Job]) -> None:
        slices = Slices()
        for job in jobs:
            await slices.breathe()
            if job.id in self._jobs:
                self._show(job)

    # What rows show

    def _tell(self, job: Job) -> None:
        if job.id not in self._jobs:  # not listed yet, or dismissed
            return
        self._turns.saw(job)
        job.unsafe = not self._journal.is_safe(job.id)
        if job.insertable:
            job.in_reach = self._canvas.is_open(job.spec.document)
        self._show(job)

    def _show(self, job: Job) -> None:
        self.changed.notify(self._jobs.picture(job))

    def _journal_moved(self) -> None:
        for job in self._jobs:
            if job.unsafe == self._journal.is_safe(job.id):
                job.refresh()

    @property
    def concurrency(self) -> int:
        """Images that may be waiting at the Horde at a time."""
        return self._turns.room

    @concurrency.setter
    def concurrency(self, images: int) -> None:
        self._turns.room = images

    def use_concurrency(self, images: int | None) -> None:
        """How many images this account may have waiting; None: nobody knows, or it is the anonymous one,
        whose users share a number that is much larger.
        """
        self.concurrency = images or CONCURRENCY

    def last_seed(self) -> str:
        """That of the newest image that came, "" = none did."""
        return self._jobs.last_seed()

    # What the artist asks for

    def cancel(self, job_id: str) -> None:
        if job := self._jobs.get(job_id):
            job.stop(JobState.CANCELLED)

    def cancel_all(self) -> None:
        for job in self._jobs:
            job.stop(JobState.CANCELLED)

    def insert(self, job_id: str) -> None:
        if job := self._jobs.get(job_id):
            self._wishes.insert(job)

    def insert_again(self, job_id: str) -> None:
        if job := self._jobs.get(job_id):
            self._wishes.insert_again(job)

    def fetch_again(self, job_id: str) -> None:
        if job := self._jobs.get(job_id):
            self._wishes.fetch_again(job)

    def send_again(self, job_id: str, change: Change = NO_CHANGE) -> None:
        """A new job with the same spec, but for ``change``, in place of one that did not bring all."""
        job = self._jobs.get(job_id)
        if job is None:
            return
        mends = change != NO_CHANGE and job.state.running
        if not mends and not self._wishes.allows(job, RowAction.SEND_AGAIN):
            return
        if job.stored:
            work = self._wishes.recall_pixels(job)
            self._wishes.attend(job, work, lambda: self._send_recalled_again(job, change))
            return
        if mends:
            self.cancel(job_id)
        else:
            self.dismiss(job_id)
        again = attrs.evolve(job.spec, id=new_id(), clicked_at=time.time())
        self.submit(changes.changed(again, change))

    async def _send_recalled_again(self, job: Job, change: Change) -> None:
        if not job.stored:  # else its row says what was wrong
            self.send_again(job.id, change)

    def dismiss(self, job_id: str) -> None:
        """Forget an ended job's row. Layers that landed stay."""
        job = self._jobs.get(job_id)
        if job is None or job.state.running or self._wishes.is_attended(job):
            return
        self._drop(job_id)
        self.listed.notify()
        self._spawn(self._journal.forgotten(job_id), f"forget {job_id}")

    def _drop(self, job_id: str) -> None:
        self._jobs.remove(job_id)
        self._collectors.pop(job_id, None)
        if search := self._searches.pop(job_id, None):
            search.cancel()

    def clear_ended(self) -> None:
        ended = [job.id for job in self._jobs if job.state.ended and not self._wishes.is_attended(job)]
        for job_id in ended:
            self._drop(job_id)
        if ended:
            self.listed.notify()
            self._spawn(self._journal.forgotten(*ended), "forget what has ended")


def new_id() -> str:
    return uuid.uuid4().hex[:12]
