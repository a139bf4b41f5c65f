"""A proxy, and TLS in front of a server that has none: both real, both on the loopback address.

The proxy knows where names lead (``ways``), so that a test calls ``https://horde.example`` and reaches a
practice horde; and it remembers every byte that it was given, to be searched for what it must not see.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """Speaks CONNECT, to those with ``login`` ("name:password") if there is one. ``refuse``: a status."""

    ways: dict[str, int] = field(default_factory=dict)  # "host:port" -> port on this machine
    login: str = ""
    refuse: int = 0
    heads: list[str] = field(default_factory=list)
    seen: bytearray = field(default_factory=bytearray)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def targets(self) -> list[str]:
        return [head.split(" ")[1] for head in self.heads]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError), contextlib.closing(writer):
            head = await reader.readuntil(b"\r\n\r\n")
            self.seen += head
            self.heads.append(head.decode("latin-1"))
            method, target, _ = self.heads[-1].split(" ", 2)
            if status := self._refusal(method, target):
                writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
                return
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _join(reader, writer, self.ways[target], self.seen)

    def _refusal(self, method: str, target: str) -> int:
        if method != "CONNECT":
            return 405
        wanted = base64.b64encode(self.login.encode()).decode()
        if self.login and f"Proxy-Authorization: Basic {wanted}\r\n" not in self.heads[-1]:
            return 407
        return self.refuse or (0 if target in self.ways else 502)


@contextlib.asynccontextmanager
async def proxy(
    ways: dict[str, int], *, tls: ssl.SSLContext | None = None, **options: object
) -> AsyncIterator[Proxy]:
    here = Proxy(ways, **options)  # type: ignore[arg-type]
    async with _serving(here.serve, tls) as here.port:
        yield here


@contextlib.asynccontextmanager
async def tls_in_front_of(port: int, context: ssl.SSLContext) -> AsyncIterator[int]:
    """The port at which what is served at ``port`` is served with TLS."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ssl.SSLError), contextlib.closing(writer):
            await _join(reader, writer, port, bytearray())

    async with _serving(serve, context) as secure:
        yield secure


@contextlib.asynccontextmanager
async def _serving(serve: object, tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    tasks: set[asyncio.Task[None]] = set()

    async def tracked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)  # type: ignore[operator]
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(tracked, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _join(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, seen: bytearray
) -> None:
    there, to_there = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.closing(to_there):
        pipes = [
            asyncio.ensure_future(_pipe(reader, to_there, seen)),
            asyncio.ensure_future(_pipe(there, writer, bytearray())),
        ]
        try:
            await asyncio.wait(pipes, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pipe in pipes:
                pipe.cancel()
            await asyncio.gather(*pipes, return_exceptions=True)


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter, seen: bytearray) -> None:
    while data := await source.read(65536):
        seen += data
        target.write(data)
        await target.drain()
