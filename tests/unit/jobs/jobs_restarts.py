"""A Krita that dies and is started again: the same folder and documents, everything else new."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from jobs_bench import KEY, Bench, FakeCanvas

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.pacing import CheckSchedule
from krita_AIhorde.jobs.diary import Diary
from krita_AIhorde.jobs.queue import JobQueue
from krita_AIhorde.jobs.search import Search
from krita_AIhorde.jobs.snapshot import JobSnapshot
from krita_AIhorde.jobs.store import Folders
from krita_AIhorde.practice.server import PracticeHorde

QUICK = CheckSchedule(first=0.1, generating=0.2, queued=0.2, grown=0.3, cached=0.0)
STEPS = frozenset({
    "created", "sending", "refused", "submitted", "found", "stopping", "announced", "saved", "landing",
    "settled", "ended", "spent",
})  # fmt: skip


ALIVE: list[Krita] = []


class MortalDiary:
    """Stops for good at its ``last`` step, before or after it is written: there Krita is killed."""

    def __init__(self, diary: Diary, last: int | None, *, written: bool) -> None:
        self._diary, self._left, self._written = diary, last, written
        self.killed_at = ""
        self.dead = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._diary, name)
        if name not in STEPS or self._left is None:
            return method

        async def step(*arguments: Any) -> Any:
            if self._left == 0:
                self.killed_at = self.killed_at or name
                if self._written and self.killed_at == name and not self.dead.is_set():
                    await method(*arguments)
                self.dead.set()
                await asyncio.Event().wait()
            self._left -= 1
            return await method(*arguments)

        return step


@attrs.define(eq=False)
class Krita:
    """One run of the jobs' room on a data folder."""

    bench: Bench
    diary: Diary
    journal: MortalDiary
    said: list[str]

    async def die(self) -> None:
        """Take everything away but files and documents."""
        if self in ALIVE:
            ALIVE.remove(self)
        for task in self.bench.tasks:
            task.cancel()
        await asyncio.gather(*self.bench.tasks, return_exceptions=True)
        await self.bench.client.close()
        self.diary.close()

    async def all_at_rest(self, seconds: float = 30) -> list[JobSnapshot]:
        """Wait until no job runs, and return their snapshots, newest first."""
        for snapshot in self.bench.queue.snapshots():
            await self.bench.until(snapshot.id, lambda now: not now.state.running, seconds)
        return self.bench.queue.snapshots()

    async def resume(self) -> list[JobSnapshot]:
        """What Krita does at its start, once."""
        await self.bench.queue.take_up_earlier()
        return self.bench.queue.snapshots()


async def start(
    folder: Path,
    horde: PracticeHorde,
    canvas: FakeCanvas,
    *,
    last: int | None = None,
    written: bool = True,
    key: str = KEY,
    server: str = "",
) -> Krita:
    client = HordeClient(Endpoint(horde.url, key, client_agent="krita_AIhorde:test:https://example.org"))
    said: list[str] = []
    diary = Diary(Folders(folder), server or horde.url, said.append)
    journal: Any = MortalDiary(diary, last, written=written)
    tasks: list[asyncio.Task[None]] = []

    def spawn(coroutine: Any, name: str) -> asyncio.Task[None]:
        tasks.append(asyncio.get_running_loop().create_task(coroutine, name=name))
        return tasks[-1]

    search = Search(client, journal, pause=0.2)
    queue = JobQueue(client, canvas, journal, spawn, schedule=QUICK, search=search)  # type: ignore[arg-type]
    bench = Bench(horde, client, canvas, queue, tasks, [])
    queue.changed.subscribe(bench.changes.append)
    ALIVE.append(Krita(bench, diary, journal, said))
    return ALIVE[-1]


@pytest.fixture(autouse=True)
async def no_krita_is_left() -> AsyncIterator[None]:
    """A test that failed half-way leaves a Krita whose connections would fail the next test."""
    yield
    for krita in list(ALIVE):
        await krita.die()
