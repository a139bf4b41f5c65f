"""Live state for the docker: whether the Horde is well, how busy it is, and what it has to say."""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Awaitable
from typing import TypeVar

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import (
    HordeError,
    Maintenance,
    NoAnswer,
    RateLimited,
    ServerTrouble,
    TlsFailure,
    Unreachable,
)
from krita_AIhorde.horde.live import LiveState, seconds_until
from krita_AIhorde.horde.messages import Heartbeat, Modes, Newspiece, Performance

T = TypeVar("T")
LOOK_INTERVAL = 300.0  # seconds
CLOSEST_LOOKS = 60.0  # seconds between two looks at least, and while something is wrong
CLOSEST_TRIES = 10.0  # seconds, where the last look reached nobody: that bothers nobody, and may be over now
NEWS_INTERVAL = 3600.0  # seconds
BUSY_AFTER = 180.0  # seconds that the queue takes; about one is usual
_log = logging.getLogger(__name__)


class HealthLevel(enum.Enum):
    OK = "ok"
    BUSY = "busy"  # it works, but expect to wait
    MAINTENANCE = "maintenance"  # no new requests; what is queued goes on
    DOWN = "down"  # something answers, but not as a Horde that works
    UNREACHABLE = "unreachable"  # nothing answers: its network or ours


class HealthState(LiveState):
    """``level`` is None before the first look; ``problem`` says more of DOWN and UNREACHABLE.

    ``performance``, ``modes`` and ``news`` are the last that could be had, None or empty before.
    """

    def __init__(self, client: HordeClient) -> None:
        super().__init__()
        self._client = client
        self._looked_at: float | None = None  # by the loop's clock
        self._news_at: float | None = None
        self.level: HealthLevel | None = None
        self.heartbeat: Heartbeat | None = None
        self.performance: Performance | None = None
        self.modes: Modes | None = None
        self.news: tuple[Newspiece, ...] = ()
        client.failures.subscribe(self._call_failed)

    def _call_failed(self, error: HordeError) -> None:
        """A call of ours failed: look soon, if it was one that speaks of the Horde's health."""
        if isinstance(error, Unreachable | TlsFailure | NoAnswer | ServerTrouble | Maintenance):
            self._wake()

    async def _load(self) -> None:
        now = asyncio.get_running_loop().time()
        self._looked_at = now
        try:
            self.heartbeat = await self._client.heartbeat()
        except HordeError as error:
            self.heartbeat = None
            self.level = _level_of(error)
            raise
        # The heartbeat said that the Horde is there; what of the rest cannot be had now stays as it was.
        self.modes = await _tried(self._client.modes()) or self.modes
        self.performance = await _tried(self._client.performance()) or self.performance
        if self._news_at is None or now - self._news_at >= NEWS_INTERVAL:
            news = await _tried(self._client.news())
            if news is not None:
                self.news, self._news_at = news, now
        self.level = _level(self.heartbeat, self.modes, self.performance)
        self._succeed()

    def _calm(self) -> float:
        return LOOK_INTERVAL if self.level in (HealthLevel.OK, HealthLevel.BUSY) else CLOSEST_LOOKS

    def _too_soon(self) -> float:
        if self._looked_at is None:
            return 0.0
        closest = CLOSEST_TRIES if isinstance(self.problem, Unreachable) else CLOSEST_LOOKS
        return seconds_until(self._looked_at + closest)


async def _tried(call: Awaitable[T]) -> T | None:
    try:
        return await call
    except HordeError as error:
        _log.debug("a part of the Horde's health is not known: %s", type(error).__name__)
        return None


def _level(heartbeat: Heartbeat, modes: Modes | None, performance: Performance | None) -> HealthLevel:
    if heartbeat.message == "DOWN":
        return HealthLevel.DOWN
    if modes is not None and modes.maintenance_mode:
        return HealthLevel.MAINTENANCE
    if heartbeat.message == "OVERLOADED" or (performance is not None and _is_busy(performance)):
        return HealthLevel.BUSY
    return HealthLevel.OK


def _is_busy(performance: Performance) -> bool:
    seconds = performance.seconds_queued
    return seconds is None or seconds > BUSY_AFTER or performance.worker_count == 0


def _level_of(error: HordeError) -> HealthLevel:
    """Of a heartbeat that failed."""
    if isinstance(error, RateLimited):
        return HealthLevel.BUSY
    # Without a status nothing came; a page with a good status is that of a network in between.
    in_between = isinstance(error, ServerTrouble) and (error.status or 0) < 500
    return HealthLevel.UNREACHABLE if error.status is None or in_between else HealthLevel.DOWN
