"""aiohttp's sessions: four kinds of connections that never mix, TLS that is always verified."""

from __future__ import annotations

import asyncio
import enum
import ssl

import aiohttp
from attrs import frozen

from krita_AIhorde.horde.proxies import Proxies
from krita_AIhorde.horde.roots import tls_context


class Purpose(enum.Enum):
    API = "api"
    # A POST gets a connection of its own: on one kept alive that the server is just closing, it would fail
    # in a way that leaves open whether it was accepted.
    SUBMIT = "submit"
    IMAGES = "image"
    TEXTS = "text"


@frozen
class Timeouts:
    """Seconds. ``connect`` is part of the others, and short: what fails in it was certainly not sent."""

    connect: float = 10.0
    get: float = 20.0
    post: float = 60.0
    image_stall: float = 30.0
    image_total: float = 300.0

    def of(self, purpose: Purpose) -> aiohttp.ClientTimeout:
        if purpose in (
            Purpose.IMAGES,
            Purpose.TEXTS,
        ):  # not ``connect``: it would count the wait for a free connection too
            return aiohttp.ClientTimeout(
                total=self.image_total, sock_connect=self.connect, sock_read=self.image_stall
            )
        total = self.post if purpose is Purpose.SUBMIT else self.get
        return aiohttp.ClientTimeout(total=total, connect=min(self.connect, total / 2))


class Sessions:
    """Makes each session when it is first needed (inside a coroutine), and closes them all.

    ``proxies`` says through which proxy a request has to go.
    """

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self.proxies = Proxies()
        self._sessions: dict[Purpose, aiohttp.ClientSession] = {}
        self._context: asyncio.Task[ssl.SSLContext] | None = None
        self._closed = False

    async def get(self, purpose: Purpose) -> aiohttp.ClientSession:
        if self._context is None:
            # Reading the roots takes tens of milliseconds: once, and not on Krita's main thread.
            self._context = asyncio.get_running_loop().create_task(asyncio.to_thread(tls_context))
        context = await asyncio.shield(self._context)
        if self._closed:
            raise RuntimeError("the client is closed")
        if purpose not in self._sessions:
            self._sessions[purpose] = self._make(purpose, context)
        return self._sessions[purpose]

    def _make(self, purpose: Purpose, context: ssl.SSLContext) -> aiohttp.ClientSession:
        alone = purpose is Purpose.SUBMIT
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=context,
                limit_per_host=8,
                force_close=alone,
                # Named, for aiohttp would take aiodns where another plugin brings it: that wants a loop of
                # its own kind on Windows.
                resolver=aiohttp.ThreadedResolver(),
            ),
            timeout=self._timeouts.of(purpose),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        self._closed = True
        if self._context is not None:
            await asyncio.wait([self._context])
        while self._sessions:
            _, session = self._sessions.popitem()
            await session.close()
        await asyncio.sleep(0)  # transports say goodbye in the loop's next turn


async def read_limited(response: aiohttp.ClientResponse, limit: int) -> bytes | None:
    """The answer's body, or None if it is longer than ``limit`` bytes (of which no more is read)."""
    if (response.content_length or 0) > limit:
        return None
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)
