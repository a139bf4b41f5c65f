"""Sends one job: its pictures encoded, the job written down, its request accepted by the Horde."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable

from attrs import evolve

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.messages import GenerationRequest, Submitted
from krita_AIhorde.horde.retry import backoff
from krita_AIhorde.imaging.mask import finished
from krita_AIhorde.imaging.raster import Raster
from krita_AIhorde.imaging.source import encode_mask, encode_source, refit, to_base64
from krita_AIhorde.jobs.job import Ended, Job
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.request import build_request, sends_mask
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.spec import Encoded, JobSpec, Operation
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.trouble import Reason, reason_of

log = logging.getLogger(__name__)
FULL_HORDE_PAUSE = 15.0  # seconds, after TooManyPrompts
DISK_PAUSE, DISK_PATIENCE = 1.0, 20.0  # seconds
MAINTENANCE_PAUSE = 30.0  # the Horde tells of its maintenance with a 400, and never for how long


class Sender:
    """``admit(job)`` waits for the job's place in the Horde's concurrency."""

    def __init__(
        self, client: HordeClient, journal: Journal, admit: Callable[[Job], Awaitable[None]]
    ) -> None:
        self._client, self._journal, self._admit = client, journal, admit

    async def send(self, job: Job) -> None:
        """Write the job down and submit it. Raises Ended, HordeError."""
        job.spec = await asyncio.to_thread(prepare, job.spec)
        await self._journal.created(job.spec)
        log.info("job %s: %s in %s", job.id, job.spec.operation.value, job.spec.frame)
        submitted = await self._submit(job)
        job.horde_id, job.kudos = submitted.id, submitted.kudos
        job.warnings = tuple(warning.message for warning in submitted.warnings)
        log.info("job %s: accepted as %s", job.id, submitted.id)
        await self._journal.submitted(job.id, submitted)

    async def _submit(self, job: Job) -> Submitted:
        """Raises Ended when the job was stopped before it was sent, or nobody knows whether it was."""

        async def on_wire() -> None:
            await self._journal.sending(job.id, account_mark(self._client.endpoint))
            await self._until_written(job)
            job.go(JobState.SUBMITTING)

        failures = 0
        while True:
            await job.unless_stopped(self._admit(job))
            # Made when it is needed, as it is megabytes: a thousand jobs may be waiting for their turn.
            request = await job.unless_stopped(asyncio.to_thread(request_of, job.spec))
            try:
                # Once the request is on the wire, a stop waits for the answer: the job may exist.
                submitted: Submitted = await job.unless_stopped(
                    self._client.submit(request, on_wire=on_wire),
                    but=lambda: job.state is JobState.SUBMITTING,
                )
            except errors.HordeError as error:
                failures += 1
                pause = held_up(error, failures)
                del request
                job.say(reason_of(error), 0.0 if pause is None else time.monotonic() + pause)
                if error.ambiguous:
                    log.warning("job %s: nobody knows whether it was accepted: %s", job.id, error)
                    raise Ended(JobState.UNCERTAIN) from error
                await self._journal.refused(job.id)
                if pause is None:
                    raise
                log.info("job %s: %s; again in %.0f s", job.id, error, pause)
                if job.state is JobState.SUBMITTING:
                    job.go(JobState.WAITING)
                await job.pause(pause)
            else:
                job.say()
                return submitted

    async def _until_written(self, job: Job) -> None:
        """Wait for the disk, for a while: a job of which a Krita that crashed did not know that it was sent
        would be sent twice. One that is never written is better than none.
        """
        began = time.monotonic()
        while not self._journal.is_safe(job.id) and time.monotonic() - began < DISK_PATIENCE:
            job.say(Reason(Trouble.DISK), time.monotonic() + DISK_PAUSE)
            await asyncio.sleep(DISK_PAUSE)
            await self._journal.flush()
        if job.reason.trouble is Trouble.DISK:
            job.say()


def held_up(error: errors.HordeError, failures: int) -> float | None:
    """Seconds until the same request may be accepted; None: it never will be."""
    if isinstance(error, errors.TooManyPrompts):
        return FULL_HORDE_PAUSE
    if isinstance(error, errors.TimedOutIP):
        return error.seconds + 1.0
    if isinstance(error, errors.Maintenance):
        return max(MAINTENANCE_PAUSE, backoff(failures))
    return backoff(failures, error.retry_after) if error.transient else None


def prepare(spec: JobSpec) -> JobSpec:
    """The spec with its source encoded. Takes tens of milliseconds: for a worker thread."""
    if spec.mask is not None:
        spec = evolve(spec, mask=finished(spec.mask))
    if isinstance(spec.source, Raster):
        # Inpaint paints on into what is transparent; Img2Img draws over what is there, often mere lines.
        on_paper = spec.operation is Operation.IMG2IMG
        source = encode_source(spec.source, spec.frame, spec.canvas, on_paper=on_paper)
        spec = evolve(spec, source=Encoded(source))
    elif isinstance(spec.source, Encoded):
        spec = evolve(spec, source=Encoded(refit(spec.source.data, spec.frame.requested)))
    return spec


def request_of(spec: JobSpec) -> GenerationRequest:
    """The request of a spec that was prepared; for a worker thread, too."""
    mask = None
    if spec.mask is not None and sends_mask(spec):
        mask = to_base64(encode_mask(spec.mask, spec.frame, spec.lands_on))
    packed = to_base64(spec.source.data) if isinstance(spec.source, Encoded) else None
    return build_request(spec, packed, mask)


def account_mark(endpoint: Endpoint) -> str:
    """What tells one key from another without being one; "" for the anonymous one."""
    return hashlib.sha256(endpoint.secret.encode()).hexdigest()[:16] if endpoint.secret else ""
