"""Jobs against the practice horde, with a canvas that only remembers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import attrs
import pytest

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.pacing import CheckSchedule
from krita_AIhorde.imaging.geometry import Bounds, Extent, plan_frame
from krita_AIhorde.imaging.raster import Coverage, Raster
from krita_AIhorde.jobs.journal import MemoryJournal
from krita_AIhorde.jobs.landing import BeforeLanding, DocumentClosed, Landed, LandingFailed, Picture
from krita_AIhorde.jobs.queue import JobQueue, new_id
from krita_AIhorde.jobs.search import Search
from krita_AIhorde.jobs.snapshot import JobSnapshot
from krita_AIhorde.jobs.spec import DocumentRef, JobSpec, Operation, Params
from krita_AIhorde.practice.server import PracticeHorde

KEY = "practice-user"
CANVAS = Extent(800, 600)


class FakeCanvas:
    """Takes every picture; ``closed`` and ``broken`` make it refuse."""

    def __init__(self) -> None:
        self.landed: list[Picture] = []
        self.settled: list[tuple[str, bool]] = []
        self.closed = self.broken = False

    async def land(
        self, picture: Picture, *, into_active: bool = False, before: BeforeLanding | None = None
    ) -> Landed:
        await asyncio.sleep(0)
        if self.broken:
            raise LandingFailed("no more memory")
        if self.closed and not into_active:
            raise DocumentClosed
        landed = Landed(f"layer {len(self.landed) + 1}", "the group" if picture.group_name else "")
        if before is not None:
            await before(landed)
        for _ in range(3):
            await asyncio.sleep(0)  # Krita takes its time, and the artist may press a button twice
        self.landed.append(picture)
        return landed

    def is_open(self, document: DocumentRef) -> bool:
        return not self.closed

    def has_layer(self, document: DocumentRef, layer: str) -> bool:
        return not self.closed and layer in {f"layer {i + 1}" for i in range(len(self.landed))}

    def settle_mask(self, spec: JobSpec, *, landed: bool) -> None:
        self.settled.append((spec.id, landed))


@attrs.define
class Bench:
    """A queue of jobs at work on a practice horde."""

    horde: PracticeHorde
    client: HordeClient
    canvas: FakeCanvas
    queue: JobQueue
    tasks: list[asyncio.Task[None]]
    changes: list[JobSnapshot]

    @staticmethod
    def spec(prompt: str = "a fox", *, operation: Operation = Operation.GENERATE, **params: Any) -> JobSpec:
        mask = params.pop("mask", None)
        seed, seed_drawn = params.pop("seed", 4000), params.pop("seed_drawn", False)
        frame = plan_frame(Bounds(100, 100, 512, 512), CANVAS, smallest=512, largest=512)
        source = None
        if operation is not Operation.GENERATE:
            source = Raster(Extent(512, 512), bytes([40, 90, 160, 255]) * (512 * 512))
        if operation is Operation.INPAINT and mask is None:
            mask = Coverage.uniform(Extent(512, 512))
        return JobSpec(
            id=new_id(),
            operation=operation,
            params=Params(prompt=prompt, **{"model": "Deliberate", "steps": 10, **params}),
            seed=seed,
            seed_drawn=seed_drawn,
            document=DocumentRef("doc", "picture.kra"),
            canvas=CANVAS,
            frame=frame,
            source=source,
            mask=mask,
            clicked_at=time.time(),
        )

    def send(self, prompt: str = "a fox", **params: Any) -> str:
        """Start a job and return its id."""
        spec = self.spec(prompt, **params)
        self.queue.submit(spec)
        return spec.id

    def snapshot(self, job_id: str) -> JobSnapshot:
        return next(snapshot for snapshot in self.queue.snapshots() if snapshot.id == job_id)

    async def until(
        self, job_id: str, reached: Callable[[JobSnapshot], object], seconds: float = 20
    ) -> JobSnapshot:
        """The job's first snapshot for which ``reached`` is true."""
        event = asyncio.Event()
        stop = self.queue.changed.subscribe(lambda _: event.set())
        try:
            while not reached(now := self.snapshot(job_id)):
                event.clear()
                try:
                    await asyncio.wait_for(event.wait(), seconds)
                except asyncio.TimeoutError:
                    raise AssertionError(f"still {now}") from None
            return now
        finally:
            stop()

    async def ended(self, job_id: str, seconds: float = 30) -> JobSnapshot:
        await self.until(job_id, lambda snapshot: not snapshot.state.running, seconds)
        await asyncio.gather(*self.tasks)
        return self.snapshot(job_id)

    async def ask(self, path: str, body: object = None) -> Any:
        import aiohttp

        url = self.horde.url.replace("/api/v2", path)
        async with (
            aiohttp.ClientSession() as session,
            session.request("GET" if body is None else "POST", url, json=body) as answer,
        ):
            return await answer.json()

    async def requests(self, method: str, part: str) -> list[dict[str, Any]]:
        """What the practice horde was asked: the requests with ``part`` in their path."""
        log = await self.ask("/practice/log")
        return [entry for entry in log if entry["method"] == method and part in entry["path"]]


@pytest.fixture
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Parametrised indirectly with a function that gives options for the client."""
    options = getattr(request, "param", dict)()
    async with PracticeHorde(pace=0.2) as horde:
        endpoint = Endpoint(horde.url, KEY, client_agent="krita_AIhorde:test:https://example.org")
        client = HordeClient(endpoint, **options)
        canvas, tasks = FakeCanvas(), list[asyncio.Task[None]]()

        def spawn(coroutine: Any, name: str) -> asyncio.Task[None]:
            tasks.append(asyncio.get_running_loop().create_task(coroutine, name=name))
            return tasks[-1]

        quick = CheckSchedule(first=0.1, generating=0.2, queued=0.2, grown=0.3, cached=0.0)
        journal = MemoryJournal()
        search = Search(client, journal, pause=0.2)
        queue = JobQueue(client, canvas, journal, spawn, schedule=quick, search=search)
        made = Bench(horde, client, canvas, queue, tasks, [])
        queue.changed.subscribe(made.changes.append)
        yield made
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.close()
