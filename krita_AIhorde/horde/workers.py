"""Live state for the docker: who works at the Horde. Asked for only when somebody wants to see it."""

from __future__ import annotations

import asyncio

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.live import LiveState, seconds_until
from krita_AIhorde.horde.messages import WorkerInfo

CACHED = 300.0  # seconds; the Horde makes its own list anew about as often


class WorkerList(LiveState):
    """The last list of workers that came, by name. ``refresh`` when it is to be shown; younger than five
    minutes, it is good enough.
    """

    def __init__(self, client: HordeClient) -> None:
        super().__init__()
        self._client = client
        self._answered_at: float | None = None  # by the loop's clock
        self.workers: tuple[WorkerInfo, ...] = ()

    def named(self, worker_id: str) -> WorkerInfo | None:
        return next((worker for worker in self.workers if worker.id == worker_id), None)

    async def _load(self) -> None:
        self.workers = await self._client.workers()
        self._answered_at = asyncio.get_running_loop().time()
        self._succeed()

    def _calm(self) -> float:
        return CACHED

    def _too_soon(self) -> float:
        return 0.0 if self._answered_at is None else seconds_until(self._answered_at + CACHED)
