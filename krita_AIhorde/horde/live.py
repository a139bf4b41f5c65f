"""Live state: what was last said of something, why nothing newer came, and who wants to know."""

from __future__ import annotations

import abc
import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.horde.retry import backoff

_log = logging.getLogger(__name__)


class Listeners:
    """Those who want to be told that something changed or happened."""

    def __init__(self) -> None:
        self._listeners: list[Callable[..., None]] = []

    def subscribe(self, callback: Callable[..., None]) -> Callable[[], None]:
        """Call ``callback`` from now on; returns what ends that."""
        self._listeners.append(callback)

        def unsubscribe() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return unsubscribe

    def tell(self, *arguments: Any) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(*arguments)
            except Exception:  # noqa: BLE001  a boundary: a widget's mistake must not end what goes on here
                _log.exception("a listener failed")


class LiveState(abc.ABC):
    """What is known, asked for anew now and then. Made without a loop; other threads leave it alone.

    ``problem`` is None while it is fresh; what is older stays usable beside a problem. ``updated_at`` is in
    seconds since the epoch, None before the first answer.
    """

    def __init__(self) -> None:
        self._listeners = Listeners()
        self._asking = asyncio.Lock()
        self._woken = asyncio.Event()
        self.problem: HordeError | None = None
        self.updated_at: float | None = None

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback()`` after every change; returns what ends that."""
        return self._listeners.subscribe(callback)

    async def refresh(self) -> None:
        """Ask once, unless it is too soon to hear anything new. A failure is not raised: it is the new
        ``problem``.
        """
        await self._ask()

    async def keep_fresh(self, interval: float | None = None) -> None:
        """Ask for ever (until cancelled), every ``interval`` seconds (None: as is calm), and sooner after a
        failure that passes.
        """
        failures = 0
        while True:
            self._woken.clear()
            error = await self._ask()
            failures = failures + 1 if error is not None and error.repeatable else 0
            if error is not None and failures:
                await happens(self._woken, backoff(failures, error.retry_after))
            else:
                await happens(self._woken, interval or self._calm())
            while left := self._too_soon():
                self._woken.clear()
                await happens(self._woken, left)

    async def _ask(self) -> HordeError | None:
        async with self._asking:
            if self._too_soon():
                return None
            try:
                await self._load()
            except HordeError as error:
                self._fail(error)
                return error
            return None

    @abc.abstractmethod
    async def _load(self) -> None:
        """Ask, keep the answer, and call ``_succeed``. Raises HordeError."""

    @abc.abstractmethod
    def _calm(self) -> float:
        """Seconds from one question to the next while all is well."""

    def _too_soon(self) -> float:
        """Seconds for which the answer would be the one that we have."""
        return 0.0

    def _wake(self) -> None:
        """Let ``keep_fresh`` ask as soon as it makes sense (a plain call)."""
        self._woken.set()

    def network_is_back(self) -> None:
        """Somebody else has reached the Horde again (a plain call): what failed need not wait any longer."""
        if self.problem is not None and not self._asking.locked():
            self._wake()

    def _succeed(self) -> None:
        self.problem = None
        self.updated_at = time.time()
        self._tell()

    def _fail(self, error: HordeError) -> None:
        self.problem = error
        self._tell()

    def _tell(self) -> None:
        self._listeners.tell()


def seconds_until(moment: float) -> float:
    """From now to ``moment`` by the running loop's clock; 0 if it is past."""
    return max(0.0, moment - asyncio.get_running_loop().time())


async def happens(event: asyncio.Event, within: float) -> bool:
    """Whether ``event`` is set before so many seconds have passed; returns as soon as that is known."""
    # Not wait_for: before Python 3.12 it can swallow a cancel that comes with the event.
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait([waiting], timeout=within)
        return waiting.done()
    finally:
        waiting.cancel()
