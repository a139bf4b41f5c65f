"""Live state for the docker: what is known of every image model, from the Horde's public reference.

It lies at a host of its own, is asked for once a day at most, and is kept on disk for days without a network.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.daily import is_due
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.horde.live import LiveState, seconds_until
from krita_AIhorde.horde.modelinfo import ModelInfo, read_reference, unlisted
from krita_AIhorde.horde.referencecache import MAX_BYTES, ReferenceCache

REFERENCE_URL = (
    "https://raw.githubusercontent.com/Haidra-Org/AI-Horde-image-model-reference/main/stable_diffusion.json"
)
LOOK_INTERVAL = 1800.0  # seconds; how often to look whether a day has passed
RETRY_WITH, RETRY_WITHOUT = 1800.0, 120.0  # seconds after a failure, with an older reference at hand or none


def reference_url(endpoint: Endpoint) -> str:
    """Where the reference of a Horde lies. One on this machine is a practice horde, which has its own: who
    practises without a network asks nobody else.
    """
    if endpoint.is_loopback:
        return f"{endpoint.base_url.removesuffix('/api/v2')}/practice/reference.json"
    return REFERENCE_URL


class ModelReference(LiveState):
    """``models`` by name; empty until it is known, and with it a ``problem`` if it cannot be had.

    ``updated_at`` is when it was last known to be the newest. ``url`` is https (plain http: this machine).
    ``folder`` is where it is kept.
    """

    def __init__(
        self,
        client: HordeClient,
        folder: Path,
        url: str = REFERENCE_URL,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._client = client
        self._cache = ReferenceCache(folder, url)
        self._url = url
        self._clock = clock
        self._cache_read = False
        self._etag = ""
        self._retry_at: float | None = None  # by the loop's clock
        self.models: Mapping[str, ModelInfo] = MappingProxyType({})

    def info(self, name: str) -> ModelInfo:
        """What is known of a model; of one that is not listed, what its name says."""
        return self.models.get(name) or unlisted(name)

    async def _load(self) -> None:
        if not self._cache_read:
            await self._read_cache()
        if not is_due(self.updated_at, self._clock()):
            return
        try:
            await self._fetch()
        except HordeError:
            wait = RETRY_WITH if self.models else RETRY_WITHOUT
            self._retry_at = asyncio.get_running_loop().time() + wait
            raise
        self._retry_at = None
        self.problem = None
        self.updated_at = self._clock()
        self._tell()

    async def _read_cache(self) -> None:
        kept = await asyncio.to_thread(self._cache.read)
        self._cache_read = True
        if kept is not None:
            self.models, self._etag = MappingProxyType(dict(kept.models)), kept.etag
            self.updated_at = kept.checked_at
            self._tell()

    async def _fetch(self) -> None:
        answer = await self._client.fetch_text(self._url, max_bytes=MAX_BYTES, etag=self._etag)
        now = self._clock()
        if answer is None:
            await asyncio.to_thread(self._cache.confirm, now)
            return
        models = await asyncio.to_thread(read_reference, answer.text)
        self.models, self._etag = MappingProxyType(models), answer.etag
        await asyncio.to_thread(self._cache.write, answer.text, answer.etag, now)

    def _calm(self) -> float:
        return LOOK_INTERVAL

    def _too_soon(self) -> float:
        if self._retry_at is not None:
            return seconds_until(self._retry_at)
        return 0.0 if is_due(self.updated_at, self._clock()) else LOOK_INTERVAL
