"""Live state for the docker: whose key the artist uses, and what that account has."""

from __future__ import annotations

import asyncio

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.horde.live import LiveState, seconds_until
from krita_AIhorde.horde.messages import User

REFRESH_INTERVAL = 300.0  # seconds
CACHED = 31.0  # seconds; the Horde answers from a cache for 30


class AccountState(LiveState):
    """``user`` is None while nothing is known of it, and for the anonymous, of whom nothing is asked.

    A ``problem`` that is InvalidKey: nobody has this key. What was known under another key is forgotten.
    """

    def __init__(self, client: HordeClient) -> None:
        super().__init__()
        self._client = client
        self._key = client.endpoint.api_key
        self._answered_at: float | None = None  # by the loop's clock, and with this key
        self.user: User | None = None

    @property
    def is_anonymous(self) -> bool:
        return self._client.endpoint.is_anonymous

    def key_changed(self) -> None:
        """The client has another key (a plain call): forget the account, and ask for the new one."""
        self._notice_key()
        self._wake()

    def expect_change(self) -> None:
        """A job ended or kudos were given (a plain call): ask as soon as the answer can be a new one."""
        self._wake()

    def _notice_key(self) -> None:
        key = self._client.endpoint.api_key
        if key != self._key:
            self._key = key
            self.user = self.problem = self.updated_at = self._answered_at = None
            self._tell()

    async def _load(self) -> None:
        self._notice_key()
        if self.is_anonymous:
            return
        key = self._key
        try:
            user = await self._client.find_user()
        except HordeError:
            if self._client.endpoint.api_key == key:
                raise
            return  # what was wrong with another key is of no interest any more
        if self._client.endpoint.api_key == key:
            self.user = user
            self._answered_at = asyncio.get_running_loop().time()
            self._succeed()

    def _calm(self) -> float:
        return REFRESH_INTERVAL

    def _too_soon(self) -> float:
        if self._answered_at is None or self._client.endpoint.api_key != self._key:
            return 0.0
        return seconds_until(self._answered_at + CACHED)
