"""Takes one job from the click to its end: submit, check, collect, stop."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.messages import Check, GenerationRequest, Submitted
from krita_AIhorde.horde.pacing import CheckSchedule
from krita_AIhorde.horde.retry import backoff, persist
from krita_AIhorde.imaging.source import encode_mask, encode_source, to_base64
from krita_AIhorde.jobs.collector import Collector, note_trouble
from krita_AIhorde.jobs.job import Fate, Job
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.request import build_request, sends_mask
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.spec import JobSpec
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.trouble import trouble_of

T = TypeVar("T")
log = logging.getLogger(__name__)
# A worker may have at least 150 s for an image; "done" can be said while one is still at work.
DONE_GRACE = 300.0
STOP_GRACE = 60.0  # how long images that workers are at are waited for after a cancel or past max wait
STOP_CHECK = 2.0
STOP_PATIENCE = 60.0  # seconds of network trouble for the DELETE
FULL_HORDE_PAUSE = 15.0  # after TooManyPrompts


class Ended(Exception):
    """The job is over before its images are: carries the end's state."""

    def __init__(self, state: JobState) -> None:
        super().__init__(state.value)
        self.state = state


class Runner:
    """What all jobs share. ``admit(job)`` waits for the job's place in the Horde's concurrency."""

    def __init__(
        self,
        client: HordeClient,
        journal: Journal,
        *,
        admit: Callable[[Job], Awaitable[None]],
        schedule: CheckSchedule | None = None,
    ) -> None:
        self._client, self._journal, self._admit = client, journal, admit
        self._schedule = schedule or CheckSchedule()

    async def run(self, job: Job, collector: Collector) -> None:
        """The whole life of ``job``. Its end is in its state; only cancellation of the task is raised."""
        # The wall clock may have been set back or forward since; from here on the loop's own clock counts.
        left = job.spec.clicked_at + job.spec.params.max_wait - time.time()
        left = min(max(left, 0.0), job.spec.params.max_wait)
        alarm = asyncio.get_running_loop().call_later(left, job.stop, JobState.TIMED_OUT)
        try:
            await self._journal.created(job.spec)
            end = await self._live(job, collector)
        except errors.HordeError as error:
            end = self._failed(job, *trouble_of(error))
        except Exception as error:
            log.exception("job %s: an unexpected fault", job.id)
            end = self._failed(job, Trouble.UNEXPECTED, f"{type(error).__name__}: {error}")
        finally:
            alarm.cancel()
            collector.abandon()
            self._client.forget(job.horde_id)
        job.go(end)
        log.info("job %s: %s, %d of %d images", job.id, end.value, job.count(Fate.LANDED), len(job.images))
        collector.settle_mask()
        await self._journal.ended(job.id, end)

    @staticmethod
    def _failed(job: Job, trouble: Trouble, detail: str) -> JobState:
        job.say(trouble, detail)
        return JobState.FAILED

    async def _live(self, job: Job, collector: Collector) -> JobState:
        try:
            submitted = await self._submit(job, await asyncio.to_thread(encode, job.spec))
            job.horde_id = submitted.id
            job.warnings = tuple(warning.message for warning in submitted.warnings)
            log.info("job %s: accepted as %s", job.id, submitted.id)
            await self._journal.submitted(job.id, submitted.id)
            job.go(JobState.QUEUED)
            await self._watch(job, collector)
        except Ended as over:
            await collector.finish()
            if over.state is JobState.EXPIRED and job.count(Fate.KEPT):
                job.go(JobState.DOWNLOADING)
            return JobState.KEPT if job.count(Fate.KEPT) else over.state
        job.go(JobState.DOWNLOADING)
        await collector.finish()
        return outcome(job)

    async def _submit(self, job: Job, request: GenerationRequest) -> Submitted:
        """Raises Ended when the job was stopped before it was sent, or nobody knows whether it was."""
        failures = 0
        while True:
            await self._until_stopped(job, self._admit(job))
            try:
                # Once the request is on the wire, a stop waits for the answer: the job may exist.
                submitted: Submitted = await self._until_stopped(
                    job,
                    self._client.submit(request, on_wire=lambda: job.go(JobState.SUBMITTING)),
                    unless=lambda: job.state is JobState.SUBMITTING,
                )
            except errors.HordeError as error:
                job.say(*trouble_of(error))
                if error.ambiguous:
                    raise Ended(JobState.UNCERTAIN) from error
                if not error.transient and not isinstance(error, errors.TooManyPrompts):
                    raise
                failures += 1
                job.go(JobState.WAITING)
                full = isinstance(error, errors.TooManyPrompts)
                await job.pause(FULL_HORDE_PAUSE if full else backoff(failures, error.retry_after))
            else:
                job.say(Trouble.NONE)
                return submitted

    @staticmethod
    async def _until_stopped(
        job: Job, work: Awaitable[T], *, unless: Callable[[], bool] = lambda: False
    ) -> T:
        """What ``work`` returns; if the job is stopped meanwhile, give it up and raise Ended."""
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(job.stopped())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done() and unless():
                await asyncio.wait({task})
            if not task.done():
                raise Ended(job.stopping or JobState.CANCELLED)
            return task.result()
        finally:
            stop.cancel()
            if not task.done():
                task.cancel()

    async def _watch(self, job: Job, collector: Collector) -> None:
        """Check until all is done. Raises Ended for a stop or an expired request."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        done_at: float | None = None
        failures, pause = 0, 0.0
        while True:
            if not failures:
                pause = self._schedule.next_delay(job.check, loop.time() - started, random.random())
            await job.pause(pause)
            if job.stopping is not None:
                await self._stop(job, collector)
                raise Ended(job.stopping)
            try:
                check = await self._client.check(job.horde_id)
                failures = 0
                self._saw(job, check)
                if check.finished > collector.seen or check.done:
                    # The Horde allows few of these: the wait for a turn must not hold up a cancel.
                    status = await self._until_stopped(job, self._client.status(job.horde_id))
                    collector.take(status.generations)
            except Ended:
                continue
            except errors.RequestNotFound as error:
                job.say(Trouble.EXPIRED, str(error))
                raise Ended(JobState.EXPIRED) from error
            except errors.HordeError as error:
                # Whatever it is (a hotel's login page, an address in time-out), the job may be alive: only
                # its own end and max wait end it.
                failures += 1
                pause = backoff(failures, error.retry_after)
                note_trouble(job)(error, pause)
                continue
            if check.done:
                done_at = loop.time() if done_at is None else done_at
                if check.settled or loop.time() - done_at > DONE_GRACE:
                    return

    @staticmethod
    def _saw(job: Job, check: Check) -> None:
        job.check = check
        impossible = not check.is_possible and not check.done
        job.say(Trouble.NO_WORKER if impossible else Trouble.NONE)
        job.go(JobState.GENERATING if check.processing or check.finished else JobState.QUEUED)

    async def _stop(self, job: Job, collector: Collector) -> None:
        """Cancel at the Horde and collect what is finished, or being finished: it is paid for."""
        job.go(JobState.CANCELLING)
        loop = asyncio.get_running_loop()
        until = loop.time() + STOP_GRACE
        try:
            status = await persist(
                lambda: self._client.cancel(job.horde_id),
                on_trouble=note_trouble(job),
                give_up_after=STOP_PATIENCE,
            )
            collector.take(status.generations)
            running = status.processing
            while running and loop.time() < until:
                await asyncio.sleep(STOP_CHECK)
                check = await persist(
                    lambda: self._client.check(job.horde_id), give_up_after=until - loop.time()
                )
                running = check.processing
                if check.finished > collector.seen:
                    collector.take((await self._client.status(job.horde_id)).generations)
        except errors.RequestNotFound:
            pass  # expired: there is nothing left to cancel
        except errors.HordeError as error:
            log.warning("job %s: the Horde could not be told to stop: %s", job.id, error)
            job.say(*trouble_of(error))
        else:
            job.say(Trouble.NONE)


def encode(spec: JobSpec) -> GenerationRequest:
    """The request with its images encoded. Takes tens of milliseconds: for a worker thread."""
    source = mask = None
    if spec.source is not None:
        source = to_base64(encode_source(spec.source, spec.frame, spec.canvas))
    if spec.mask is not None and sends_mask(spec):
        mask = to_base64(encode_mask(spec.mask, spec.frame, spec.lands_on))
    return build_request(spec, source, mask)


def outcome(job: Job) -> JobState:
    """How a job ended whose request is done at the Horde. "done" there does not mean that images came."""
    total = job.spec.params.image_count
    usable = job.count(Fate.LANDED, Fate.KEPT)
    censored, lost = job.count(Fate.CENSORED), job.count(Fate.LOST)
    if job.count(Fate.KEPT):
        return JobState.KEPT
    if usable == total:
        job.say(Trouble.NONE)
    elif censored and usable + censored + lost >= total:
        job.say(Trouble.CENSORED)
    elif lost:
        job.say(Trouble.IMAGE_LOST)
    else:
        job.say(Trouble.WORKER_FAILED)
    return JobState.DONE if usable or censored else JobState.FAILED
