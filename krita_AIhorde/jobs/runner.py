"""Takes one job from the click to its end: submit, check, collect, stop."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.messages import Check
from krita_AIhorde.horde.pacing import CheckSchedule
from krita_AIhorde.horde.retry import backoff, persist
from krita_AIhorde.jobs.collector import Collector, note_trouble
from krita_AIhorde.jobs.images import Fate
from krita_AIhorde.jobs.job import Ended, Job, outcome
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.sender import Sender
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.trouble import NO_REASON, Reason, reason_of

log = logging.getLogger(__name__)
# A worker may have at least 150 s for an image; "done" can be said while one is still at work.
DONE_GRACE = 300.0
STOP_GRACE = 60.0  # how long images that workers are at are waited for after a cancel or past max wait
STOP_CHECK = 2.0
STOP_PATIENCE = 300.0  # seconds of network trouble for the DELETE


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
        self._client, self._journal = client, journal
        self._sender = Sender(client, journal, admit)
        self._schedule = schedule or CheckSchedule()

    async def run(self, job: Job, collector: Collector) -> None:
        """The life of ``job`` from where it is to its end, which is then in its state.

        Only cancellation of the task is raised; then the journal still has the job as it was.
        """
        # The wall clock may have been set back or forward since; from here on the loop's own clock counts.
        left = job.spec.clicked_at + job.spec.params.max_wait - time.time()
        left = min(max(left, 0.0), job.spec.params.max_wait)
        alarm = asyncio.get_running_loop().call_later(left, job.stop, JobState.TIMED_OUT)
        try:
            end = await self._live(job, collector)
        except errors.HordeError as error:
            job.say(reason_of(error))
            end = JobState.FAILED
        except Exception as error:
            log.exception("job %s: an unexpected fault", job.id)
            await collector.finish()
            job.say(Reason(Trouble.UNEXPECTED, f"{type(error).__name__}: {error}"))
            end = JobState.FAILED
        finally:
            alarm.cancel()
            collector.abandon()
            self._client.forget(job.horde_id)
        if end is JobState.FAILED and job.count(Fate.KEPT):
            end = JobState.KEPT
        await self._end(job, collector, end)

    async def _end(self, job: Job, collector: Collector, end: JobState) -> None:
        if end is JobState.KEPT and job.state in (JobState.QUEUED, JobState.GENERATING):
            job.go(JobState.DOWNLOADING)
        job.go(end)
        trouble = job.reason.trouble.value or "no trouble"
        log.info(
            "job %s: %s (%s), %d of %d images", job.id, end.value, trouble, job.count(Fate.LANDED), job.total
        )
        collector.settle_mask()
        await self._journal.ended(job.id, end, job.reason)

    async def _live(self, job: Job, collector: Collector) -> JobState:
        try:
            if not job.horde_id:
                await self._sender.send(job)
            job.go(JobState.QUEUED)
            collector.go_on()
            if len(job.images) < job.total:
                await self._watch(job, collector)
        except Ended as over:
            await collector.finish()
            if over.state is JobState.EXPIRED and len(job.images) >= job.total:
                return outcome(job)  # all was there already
            return JobState.KEPT if job.count(Fate.KEPT) else over.state
        job.go(JobState.DOWNLOADING)
        await collector.finish()
        return outcome(job)

    async def _watch(self, job: Job, collector: Collector) -> None:
        """Check until all is done. Raises Ended for a stop or an expired request."""
        loop = asyncio.get_running_loop()
        news_at = loop.time()
        done_at: float | None = None
        failures, pause = 0, 0.0
        while True:
            if not failures:
                pause = self._schedule.next_delay(job.check, loop.time() - news_at, random.random())
            await job.pause(pause)
            if job.stopping is not None:
                await self._stop(job, collector)
                raise Ended(job.stopping)
            try:
                check = await self._client.check(job.horde_id)
                failures = 0
                if job.check is None or check.counts != job.check.counts:
                    news_at = loop.time()
                await self._heed(job, check, collector)
            except Ended:
                continue
            except errors.RequestNotFound as error:
                job.say(reason_of(error))
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

    async def _heed(self, job: Job, check: Check, collector: Collector) -> None:
        """Show what the Horde said, and fetch the images that are new. Raises Ended, HordeError."""
        if not (check.finished > collector.seen or check.done):
            self._saw(job, check)
            return
        # On its way before the row is told: to paint that takes as long as the Horde's answer.
        asked = asyncio.ensure_future(self._client.status(job.horde_id))
        try:
            await asyncio.sleep(0)
            self._saw(job, check)
            # The Horde allows few of these: the wait for a turn must not hold up a cancel.
            status = await job.unless_stopped(asked)
        finally:
            asked.cancel()
        collector.take(status.generations)

    @staticmethod
    def _saw(job: Job, check: Check) -> None:
        job.check = check
        impossible = not check.is_possible and not check.done
        job.say(Reason(Trouble.NO_WORKER) if impossible else NO_REASON)
        job.go(JobState.GENERATING if check.processing or check.finished else JobState.QUEUED)

    async def _stop(self, job: Job, collector: Collector) -> None:
        """Cancel at the Horde and collect what is finished, or being finished: it is paid for."""
        reason = job.stopping or JobState.CANCELLED
        log.info("job %s: stopping (%s)", job.id, reason.value)
        await self._journal.stopping(job.id, reason)
        job.go(JobState.CANCELLING)  # a row that says so is one whose cancel outlives Krita
        loop = asyncio.get_running_loop()
        try:
            status = await persist(
                lambda: self._client.cancel(job.horde_id),
                on_trouble=note_trouble(job),
                give_up_after=STOP_PATIENCE,
                passes=_may_pass,
            )
            collector.take(status.generations)
            until = loop.time() + STOP_GRACE
            running = status.processing
            while running and loop.time() < until:
                await asyncio.sleep(STOP_CHECK)
                left = max(until - loop.time(), STOP_CHECK)
                check = await persist(
                    lambda: self._client.check(job.horde_id), give_up_after=left, passes=_may_pass
                )
                running = check.processing
                if check.finished > collector.seen:
                    status = await persist(
                        lambda: self._client.status(job.horde_id), give_up_after=STOP_GRACE, passes=_may_pass
                    )
                    collector.take(status.generations)
        except errors.RequestNotFound:
            job.say()  # expired: there is nothing left to cancel
        except errors.HordeError as error:
            log.warning("job %s: the Horde could not be told to stop: %s", job.id, error)
            job.say(reason_of(error))
        else:
            # That nobody could do it is why it was stopped; trouble on the way to the Horde is over.
            if job.reason.trouble is not Trouble.NO_WORKER:
                job.say()


def _may_pass(error: errors.HordeError) -> bool:
    """The calls about a request that exists can be repeated, and whatever was said against them may pass (an
    address in time-out, maintenance), unless it is that the request exists no more.
    """
    return not isinstance(error, errors.RequestNotFound)
