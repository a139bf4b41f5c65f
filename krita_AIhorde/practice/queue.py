"""The simulated horde: a queue of requests, and workers that take them in turn and draw."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import math
from collections.abc import Awaitable, Callable
from typing import Any

from .accounts import Account
from .clock import Clock
from .faults import Fault
from .guesses import guessed
from .images import Gallery
from .kudos import image_cost
from .ledger import Ledger
from .models import baseline
from .payload import seed_of_job
from .pictures import Commission, paint
from .requests import FAULTED_AFTER, GenerationRequest, Job, JobState
from .settings import Settings
from .uploads import inline, spoiled
from .workers import Worker, default_workers, threads

LISTED_AFTER = 1.0  # the real server's queue is cached: for a second a new request has position 0
CLEANED_EVERY = 60.0

_log = logging.getLogger(__name__)

# Runs a function that computes in a thread, and gives its result.
Compute = Callable[..., Awaitable[Any]]


class Cluster:
    """All requests and workers. Everything happens on the event loop; only `compute` leaves it."""

    def __init__(
        self, settings: Settings, clock: Clock, gallery: Gallery, ledger: Ledger, compute: Compute
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._gallery = gallery
        self._ledger = ledger
        self._compute = compute
        self._requests: dict[str, GenerationRequest] = {}
        self._changed = asyncio.Event()
        self._leaving: list[asyncio.Task[None]] = []
        self.workers: list[Worker] = []

    # Requests

    def submit(self, request: GenerationRequest) -> None:
        self._requests[request.id] = request
        self._ledger.accepted(request)
        request.account.requests += request.wanted
        request.account.charge(request.kudos)
        self._wake()

    def find(self, request_id: str) -> GenerationRequest | None:
        self.clean()
        return self._requests.get(request_id)

    def all(self) -> list[GenerationRequest]:
        self.clean()
        return list(self._requests.values())

    def api_faults_of(self, generation_id: str) -> list[Fault]:
        """Of the request that a generation belongs to."""
        owners = (r for r in self._requests.values() if any(job.id == generation_id for job in r.jobs))
        return next((request.api_faults for request in owners), [])

    def of(self, account: Account) -> list[str]:
        return [request.id for request in self.all() if request.account is account]

    def clear(self) -> None:
        self._requests.clear()

    def clean(self) -> None:
        """Expires requests, takes jobs from workers that vanished, gives up requests with three faulted
        jobs."""
        now = self._clock.now()
        for request in list(self._requests.values()):
            if request.expires <= now:
                del self._requests[request.id]
                request.expired = True
                self._ledger.expired(request)
                continue
            timed_out = [
                job
                for job in request.jobs
                if job.state is JobState.PROCESSING and job.deadline is not None and job.deadline <= now
            ]
            for job in timed_out:
                request.fault(job, now, timed_out=True)
            cleaned = bool(timed_out) or now - request.last_fault >= CLEANED_EVERY
            if request.restarted >= FAULTED_AFTER and cleaned:
                request.faulted = True
            if timed_out:
                self._wake()

    def waiting_images(self, account: Account, models: list[str]) -> int:
        """Images of the account that nobody works on yet; for the anonymous account those of the same
        models."""
        mine = [request for request in self.all() if request.account is account]
        if account.anonymous:
            mine = [request for request in mine if set(request.models) & set(models) or not models]
        return sum(request.counts()["waiting"] for request in mine) + account.ghost_images(self._clock.now())

    # The queue as it is reported

    def queue(self) -> list[GenerationRequest]:
        """Requests that wait for a worker, first comes first. Kudos count, and so does patience."""
        now = self._clock.now()

        def priority(request: GenerationRequest) -> tuple[float, float]:
            waited = now - request.created
            return (-(request.account.kudos + 50 * (waited // 10)), request.created)

        return sorted((r for r in self.all() if r.waiting > 0 and not r.faulted), key=priority)

    def is_possible(self, request: GenerationRequest) -> bool:
        if request.faulted and "faulted_partial" in request.faults:
            return False
        if request.count(JobState.PROCESSING) > 0 or request.waiting == 0:
            return True
        if request.faulted or "impossible" in request.faults:
            return False
        if asyncio.get_running_loop().time() < request.impossible_until:
            return False
        return any(worker.model_for(request) is not None for worker in self.workers)

    def position_and_wait(self, request: GenerationRequest) -> tuple[int, int]:
        """Queue position (0: not in the queue, or not listed yet) and seconds until all is done, as
        estimated (see `guesses`).

        A request that is held in the queue by a mark stands behind as many imaginary others as that will
        take.
        """
        loop_time = asyncio.get_running_loop().time()
        left = max(
            (job.ends - loop_time for job in request.jobs if job.state is JobState.PROCESSING), default=0
        )
        pace = max(self._pace(request), 0.001)
        held = max(0.0, request.held_until - loop_time)
        queue = self.queue()
        if request not in queue:
            return 0, self._guessed(request, max(0.0, left))
        place = queue.index(request)
        images = sum(other.waiting for other in queue[: place + 1])
        wait = held + images * pace / max(1, min(threads(self.workers), images)) + max(0.0, left)
        listed = self._clock.now() - request.queued >= LISTED_AFTER and self.is_possible(request)
        position = place + 1 + (math.ceil(held / pace) if held else 0)
        return (position if listed else 0), self._guessed(request, wait)

    @staticmethod
    def _guessed(request: GenerationRequest, seconds: float) -> int:
        return guessed(seconds, request.faults, request.chance, request.guess_factor)

    # Workers

    def employ(self, workers: list[Worker]) -> None:
        """These workers from now on. The former ones finish what they are drawing."""
        for worker in self.workers:
            worker.retired = True
            self._leaving += worker.tasks
        self._leaving = [task for task in self._leaving if not task.done()]
        self.workers = workers
        for worker in workers:
            worker.tasks = [asyncio.create_task(self._work(worker)) for _ in range(worker.threads)]
        self._wake()

    async def start(self) -> None:
        self.employ(default_workers())

    async def stop(self) -> None:
        tasks = [task for worker in self.workers for task in worker.tasks] + self._leaving
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.workers, self._leaving = [], []

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _work(self, worker: Worker) -> None:
        """One thread of a worker."""
        while not worker.retired:
            changed = self._changed
            taken = self._pop(worker)
            if taken is None:
                # The wait is bounded because marks hold requests back for a time.
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(changed.wait(), self._until_released())
                continue
            request, jobs = taken
            await self._draw(request, jobs)

    def _until_released(self) -> float | None:
        now = asyncio.get_running_loop().time()
        times = [max(request.held_until, request.impossible_until) for request in self._requests.values()]
        held = [time - now for time in times if time > now]
        return max(0.001, min(held)) if held else None

    def _pop(self, worker: Worker) -> tuple[GenerationRequest, list[Job]] | None:
        loop_time = asyncio.get_running_loop().time()
        for request in self.queue():
            if max(request.held_until, request.impossible_until) > loop_time:
                continue
            if request.faults.keys() & {"never", "impossible"}:
                continue
            if "faulted_partial" in request.faults and request.count(JobState.PROCESSING):
                continue  # one after the other, so that the first image is the only one
            model = worker.model_for(request)
            if model is not None:
                return request, self._take(request, worker, model)
        return None

    def _take(self, request: GenerationRequest, worker: Worker, model: str) -> list[Job]:
        images = 1 if request.body.get("disable_batching") else min(self._settings.batch, request.waiting)
        seed = seed_of_job(request.seed, request.seed_variation, request.waiting)
        ends = asyncio.get_running_loop().time() + self._pace(request)
        jobs = [
            Job(seed, worker.id, worker.name, model, batch_index=index if images > 1 else None, ends=ends)
            for index in range(images)
        ]
        request.jobs += jobs
        request.waiting -= images
        request.renew(self._clock.now())
        return jobs

    async def _draw(self, request: GenerationRequest, jobs: list[Job]) -> None:
        request.attempts += 1
        attempt = request.attempts
        if request.meets("worker_vanishes", attempt):
            patience = max(150.0, 30 + 2 * request.payload["ddim_steps"])
            for job in jobs:
                job.deadline = self._clock.now() + patience
            return
        fails = request.meets("worker_fails", attempt, usual=1)
        fails = fails or request.meets("worker_fails_twice", attempt, usual=2)
        pictures = await self._painted_in_time(request, jobs)
        if request.expired:
            return  # nobody can ask for it any more
        for job, picture in zip(jobs, pictures, strict=True):
            if isinstance(picture, BaseException):
                _log.error("a practice worker could not draw %s", request.commission, exc_info=picture)
            if fails or isinstance(picture, BaseException):
                request.fault(job, self._clock.now())
            else:
                await self._deliver(request, job, picture)
        self._wake()

    async def _painted_in_time(
        self, request: GenerationRequest, jobs: list[Job]
    ) -> list[bytes | BaseException]:
        """The pictures (or what went wrong), not before the time that generating takes has passed."""
        drawing = [asyncio.create_task(self._painted(request, job)) for job in jobs]
        try:
            await asyncio.sleep(self._pace(request))
            await asyncio.wait(drawing)
        finally:
            for task in drawing:
                task.cancel()  # of no effect on what is done
            await asyncio.wait(drawing)
        return [task.exception() or task.result() for task in drawing]

    async def _painted(self, request: GenerationRequest, job: Job) -> bytes:
        changes: dict[str, Any] = {"seed": job.seed, "baseline": baseline(job.model)}
        changes["censored"] = bool(request.faults.keys() & {"nsfw", "csam"})
        if "source_lost" in request.faults:
            changes.update(source=None, mask=None)
        order: Commission = dataclasses.replace(request.commission, **changes)
        picture: bytes = await self._compute(paint, order)
        return picture

    async def _deliver(self, request: GenerationRequest, job: Job, picture: bytes) -> None:
        upload = await self._compute(spoiled, picture, request.faults)
        if request.body.get("r2", True) is False:
            job.inline = await self._compute(inline, upload)
        self._gallery.keep(job.id, upload, dict(request.faults))
        job.metadata, job.censored = request.metadata(job)
        job.state = JobState.DONE
        job.delivered = self._clock.now()
        cost = 1.0 if job.censored else image_cost(request.body, job.model)
        request.kudos += cost
        request.account.charge(cost)
        request.account.megapixelsteps += request.megapixelsteps
        request.renew(self._clock.now())
        if "faulted_partial" in request.faults and not request.faulted:
            request.jobs += [job.twin_that_failed() for _ in range(FAULTED_AFTER)]
            request.faulted = True
        self._wake()

    def _pace(self, request: GenerationRequest) -> float:
        return self._settings.pace if request.delay is None else request.delay
