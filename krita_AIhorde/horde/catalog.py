"""Live state for the docker: which models are served at present."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.horde.messages import ActiveModel
from krita_AIhorde.horde.retry import persist

REFRESH_INTERVAL = 120.0  # seconds
_log = logging.getLogger(__name__)


class ModelCatalog:
    """The last list of models that came, and why no newer one did.

    ``problem`` is None while the list is fresh; an older list stays usable beside it. ``updated_at`` is in
    seconds since the epoch, None before the first list.
    """

    def __init__(self, client: HordeClient) -> None:
        self._client = client
        self._listeners: list[Callable[[], None]] = []
        self.models: tuple[ActiveModel, ...] = ()
        self.problem: HordeError | None = None
        self.updated_at: float | None = None

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback()`` after every change; returns what ends that."""
        self._listeners.append(callback)

        def unsubscribe() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return unsubscribe

    async def refresh(self) -> None:
        """Ask once. A failure is not raised: it is the new ``problem``."""
        try:
            await self._load()
        except HordeError as error:
            self._fail(error)

    async def keep_fresh(self, interval: float = REFRESH_INTERVAL) -> None:
        """Refresh for ever (until cancelled), every ``interval`` seconds, sooner while the list cannot be
        had.
        """
        while True:
            try:
                await persist(self._load, on_trouble=lambda error, _seconds: self._fail(error))
            except HordeError as error:  # one that does not pass by itself; still, the next hour may differ
                self._fail(error)
            await asyncio.sleep(interval)

    async def _load(self) -> None:
        self.models = await self._client.models()
        self.problem = None
        self.updated_at = time.time()
        self._tell()

    def _fail(self, error: HordeError) -> None:
        self.problem = error
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            try:
                listener()
            except Exception:  # noqa: BLE001  a boundary: a widget's mistake must not end the refreshing
                _log.exception("a listener to the list of models failed")
