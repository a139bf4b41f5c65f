"""The practice horde's ports: they can go dark for a time, and come back under the same numbers."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from dataclasses import dataclass

from aiohttp import web


@dataclass
class _Port:
    """One of a runner's ports. While it is dark `site` is None, and `held` keeps its number, refusing
    connections."""

    runner: web.AppRunner
    number: int
    tls: ssl.SSLContext | None
    site: web.SockSite | None = None
    held: socket.socket | None = None


class Ports:
    """Ports by name, on `host` only."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._ports: dict[str, _Port] = {}
        self._runners: list[web.AppRunner] = []
        self._returning: asyncio.Task[None] | None = None

    async def open(self, name: str, app: web.Application, number: int) -> None:
        """Raises OSError where the port is taken. 0 is any that is free."""
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        self._runners.append(runner)
        await runner.setup()
        await self._open(name, runner, number, None)

    async def open_beside(self, name: str, other: str, tls: ssl.SSLContext) -> None:
        """One more port for what is served at `other`."""
        await self._open(name, self._ports[other].runner, 0, tls)

    async def _open(self, name: str, runner: web.AppRunner, number: int, tls: ssl.SSLContext | None) -> None:
        held = self._bound(number)
        port = _Port(runner, held.getsockname()[1], tls, held=held)
        self._ports[name] = port
        if self._returning is None:  # else it comes up with the others
            await _listen(port)

    def address(self, name: str) -> str:
        """Without a slash at the end. Raises KeyError for what is not open."""
        port = self._ports[name]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if port.tls else 'http'}://{host}:{port.number}"

    def _bound(self, number: int) -> socket.socket:
        """A socket that has the port, but does not listen: whoever knocks is refused."""
        bound = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        try:
            if os.name == "posix":  # on Windows this option would share the port with anybody
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((self.host, number))
            bound.setblocking(False)
        except OSError as error:
            bound.close()
            reason = f"cannot listen on {self.host}:{number}: {error.strerror}"
            raise OSError(error.errno, reason) from None
        return bound

    async def go_dark(self, seconds: float, spared: asyncio.BaseTransport | None = None) -> None:
        """Stops listening and cuts every connection (but the `spared` one, which may be answered), now;
        listens again after so many seconds."""
        if self._returning is not None:
            self._returning.cancel()
        for port in self._ports.values():
            if port.site is not None:
                await port.site.stop()
                port.site, port.held = None, self._bound(port.number)
        for runner in self._runners:
            for connection in runner.server.connections if runner.server else ():
                if connection.transport is not None and connection.transport is not spared:
                    connection.transport.abort()
        self._returning = asyncio.create_task(self._come_back(seconds))

    async def _come_back(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        for port in self._ports.values():
            await _listen(port)
        self._returning = None

    async def close(self) -> None:
        """For good. May be called again."""
        if self._returning is not None:
            self._returning.cancel()
            await asyncio.gather(self._returning, return_exceptions=True)
            self._returning = None
        for runner in self._runners:
            await runner.cleanup()
        for port in self._ports.values():
            if port.held is not None:
                port.held.close()
        self._runners, self._ports = [], {}


async def _listen(port: _Port) -> None:
    if port.held is None:
        return
    port.site = web.SockSite(port.runner, port.held, ssl_context=port.tls)
    await port.site.start()
    port.held = None  # it is the site's now, which closes it
