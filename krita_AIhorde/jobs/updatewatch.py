"""Whether there is a newer version of the plugin: looked for quietly, and only if the artist wants it."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit

from krita_AIhorde import settings as s
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import is_loopback
from krita_AIhorde.horde.updates import Update, check_for_update, is_due
from krita_AIhorde.jobs.observers import Observers

DELAY = 30.0  # seconds; Krita's start has other things to do
INTERVAL = 6 * 3600.0  # seconds between two looks whether a day has passed


class UpdateWatch:
    """``found`` is the newer version, None while none is known; ``changed`` is told after each look."""

    def __init__(self, settings: s.Settings) -> None:
        self._settings = settings
        self.found: Update | None = None
        self.changed = Observers()

    async def keep_looking(self, client: HordeClient, address: str, current: str) -> None:
        """Once a day, for as long as Krita runs, and never at its start. ``address`` "" = never."""
        if client.endpoint.is_loopback and not is_loopback(urlsplit(address).hostname):
            return  # who practises on this machine asks nobody else
        while address:
            await asyncio.sleep(DELAY)
            get = self._settings.get
            if get(s.UPDATE_CHECK) and is_due(get(s.UPDATE_CHECKED), time.time()):
                self._settings.set(s.UPDATE_CHECKED, time.time())
                self.found = await check_for_update(client, address, current) or self.found
                self.changed.notify()
            await asyncio.sleep(INTERVAL)
