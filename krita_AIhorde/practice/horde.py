"""Everything that the handlers of the practice horde share."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .accounts import Accounts
from .certificate import untrusted_context
from .clock import Clock
from .images import Gallery
from .ledger import Ledger
from .limits import Limiter
from .log import RequestLog
from .marks import Pending
from .ports import Ports
from .queue import Cluster
from .settings import Settings
from .transfer import Transfers

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

    def __init__(self, pace: float, pool: ThreadPoolExecutor, ports: Ports) -> None:
        self.ports = ports
        self._securing = asyncio.Lock()
        self._pace = pace
        self._pool = pool
        self.clock = Clock()
        self.settings = Settings(pace=pace)
        self.log = RequestLog()
        self.gallery = Gallery(self.clock)
        self.ledger = Ledger(self.gallery)
        self.cluster = Cluster(self.settings, self.clock, self.gallery, self.ledger, self.compute)
        self.stopping = asyncio.Event()
        self._forget()

    def _forget(self) -> None:
        self.limiter = Limiter(self.clock)
        self.accounts = Accounts()
        self.transfers = Transfers(self.accounts, self.clock)
        self.timeouts = Timeouts(self.clock)
        self.cached: dict[tuple[str, str], tuple[float, Any]] = {}
        self.pending = Pending()

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
        self.ledger.clear()
        self.log.clear()
        self.clock.reset()
        for name, value in vars(Settings(pace=self._pace)).items():
            setattr(self.settings, name, value)
        self._forget()
        await self.cluster.start()

    async def compute(self, function: Any, *arguments: Any) -> Any:
        """Runs `function` in one of the practice horde's own threads."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *arguments)

    async def pause(self, seconds: float | None) -> None:
        """For so long (None: for ever), but not longer than the server runs."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)

    async def open_untrusted_images(self) -> None:
        """The images' https port, from when it is first needed."""
        async with self._securing:
            if not self.gallery.untrusted_url:
                context = await self.compute(untrusted_context, self.ports.host)
                await self.ports.open_beside("untrusted", "image", context)
                self.gallery.untrusted_url = self.ports.address("untrusted")

    def remembered(self, kind: str, name: str, seconds: float) -> Any:
        """A cached answer that is no older than that, or None."""
        when, answer = self.cached.get((kind, name), (float("-inf"), None))
        return answer if self.clock.now() - when < seconds else None

    def remember(self, kind: str, name: str, answer: Any) -> None:
        self.cached[kind, name] = (self.clock.now(), answer)
