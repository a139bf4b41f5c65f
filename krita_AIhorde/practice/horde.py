"""Everything that the handlers of the practice horde share."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .accounts import Accounts
from .clock import Clock
from .images import Gallery
from .limits import Limiter
from .log import RequestLog
from .queue import Cluster
from .settings import Settings

_DAY = 86400.0


class Timeouts:
    """Addresses that are shut out after a corrupt prompt: 3 minutes at first, longer each time within a
    day."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offences: dict[str, list[float]] = {}
        self._until: dict[str, float] = {}

    def punish(self, address: str) -> None:
        now = self._clock.now()
        offences = [when for when in self._offences.get(address, []) if when > now - _DAY]
        self._until[address] = now + 180 * (2 * len(offences) + 1)
        self._offences[address] = [*offences, now]

    def seconds_left(self, address: str) -> int:
        return max(0, round(self._until.get(address, 0.0) - self._clock.now()))


class Horde:
    """One practice horde's state. `pace` is in seconds per image."""

    def __init__(self, pace: float, pool: ThreadPoolExecutor) -> None:
        self._pace = pace
        self._pool = pool
        self.clock = Clock()
        self.settings = Settings(pace=pace)
        self.log = RequestLog()
        self.gallery = Gallery(self.clock)
        self.cluster = Cluster(self.settings, self.clock, self.gallery, self.compute)
        self.stopping = asyncio.Event()
        self._forget()

    def _forget(self) -> None:
        self.limiter = Limiter(self.clock)
        self.accounts = Accounts()
        self.timeouts = Timeouts(self.clock)
        self.cached: dict[tuple[str, str], tuple[float, Any]] = {}
        self.dry_runs: dict[str, float] = {}

    async def start(self) -> None:
        await self.cluster.start()

    async def stop(self) -> None:
        self.stopping.set()
        await self.cluster.stop()

    async def reset(self) -> None:
        """As new: no requests, log, faults, limits or cached answers; usual workers, clock and accounts."""
        await self.cluster.stop()
        self.cluster.clear()
        self.gallery.clear()
        self.log.clear()
        self.clock.reset()
        for name, value in vars(Settings(pace=self._pace)).items():
            setattr(self.settings, name, value)
        self._forget()
        await self.cluster.start()

    async def compute(self, function: Any, *arguments: Any) -> Any:
        """Runs `function` in one of the practice horde's own threads."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *arguments)

    def remembered(self, kind: str, name: str, seconds: float) -> Any:
        """A cached answer that is no older than that, or None."""
        when, answer = self.cached.get((kind, name), (float("-inf"), None))
        return answer if self.clock.now() - when < seconds else None

    def remember(self, kind: str, name: str, answer: Any) -> None:
        self.cached[kind, name] = (self.clock.now(), answer)
