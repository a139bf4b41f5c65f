"""Recordings of a real Horde, a clock that costs no time, and a host whose every byte a test decides."""

from __future__ import annotations

import asyncio
import contextlib
import json
import selectors
import shutil
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import aioresponses.core
import hypothesis
import pytest
from aiohttp import ClientResponse
from attrs import define, field

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.pacing import Bucket, Governor

# How long one example takes says more about the machine than about us.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

DATA = Path(__file__).resolve().parents[2] / "data" / "horde"


@pytest.fixture(scope="session")
def answers() -> dict[str, Any]:
    """Bodies that a real Horde answered, by the recording's name."""
    recorded = json.loads((DATA / "recorded_answers.json").read_text(encoding="utf-8"))
    return {name: answer["body"] for name, answer in recorded.items()}


@pytest.fixture(scope="session")
def body_schema() -> Any:
    """The Horde's own schema of the POST, its ``allOf`` and ``$ref`` resolved, unknown keys refused."""
    return json.loads((DATA / "generation_schema.json").read_text(encoding="utf-8"))


class _NoWaiting(selectors.SelectSelector):
    """Instead of waiting for a timer, moves the loop's clock to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everything waits, and nothing will ever happen")
        if not ready:
            self.now += max(timeout or 0.0, 1e-6)
        return ready


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._virtual = _NoWaiting()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now


@pytest.fixture(scope="session")
def in_virtual_time() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Runs a coroutine on a loop of its own, on which waiting takes no time."""

    def run(main: Coroutine[Any, Any, Any]) -> Any:
        loop = _VirtualLoop()
        try:
            return loop.run_until_complete(main)
        finally:
            loop.close()

    return run


@pytest.fixture
def horde_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[aioresponses.aioresponses]:
    """aioresponses; its 0.7.9 does not know yet that a response of aiohttp 3.14 wants a ``stream_writer``."""

    class Response(ClientResponse):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{"stream_writer": Mock(output_size=0), **kwargs})

    monkeypatch.setattr(aioresponses.core, "ClientResponse", Response)
    with aioresponses.aioresponses() as mocked:
        yield mocked


@define
class Received:
    method: str
    target: str  # path and query, to the letter
    headers: dict[str, str]  # names in lower case
    body: bytes
    connection: int  # which of the host's connections it came on


Responder = Callable[[Received], bytes]


@define
class RawHost:
    """Writes what ``respond`` returns, then closes the connection (unless ``keep_alive``)."""

    respond: Responder
    received: list[Received] = field(factory=list)
    keep_alive: bool = False
    url: str = ""
    released: asyncio.Event = field(factory=asyncio.Event)
    _connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        number = self._connections
        try:
            while (request := await _read(reader, number)) is not None:
                self.received.append(request)
                writer.write(self.respond(request))
                await writer.drain()
                if self.respond is silence:
                    await self.released.wait()
                if not self.keep_alive:
                    break
        except ConnectionError:
            pass
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader, connection: int) -> Received | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, target, headers, body, connection)


def silence(_request: Received) -> bytes:
    """A responder that takes the request and never says a word."""
    return b""


def reply(
    body: Any, status: int = 200, headers: dict[str, str] | None = None, *, length: int | None = None
) -> bytes:
    """A whole HTTP answer; ``length`` promises another number of bytes than come."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Length": str(len(content) if length is None else length), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + content


@pytest.fixture
def wire() -> Any:
    """The words in which a test tells a host what to answer."""
    return type("Wire", (), {"reply": staticmethod(reply), "silence": staticmethod(silence)})


@pytest.fixture
async def raw_host() -> AsyncIterator[Callable[..., Coroutine[Any, Any, RawHost]]]:
    """Starts hosts on the loopback address: ``await raw_host(responder)``."""
    servers: list[tuple[asyncio.Server, RawHost]] = []

    async def start(respond: Responder, *, keep_alive: bool = False, ssl: Any = None) -> RawHost:
        host = RawHost(respond, keep_alive=keep_alive)
        server = await asyncio.start_server(host.serve, "127.0.0.1", 0, ssl=ssl)
        port = server.sockets[0].getsockname()[1]
        host.url = f"{'https' if ssl else 'http'}://127.0.0.1:{port}"
        servers.append((server, host))
        return host

    yield start
    for server, host in servers:
        host.released.set()
        server.close()
        await server.wait_closed()


class Unpaced(Governor):
    @contextlib.asynccontextmanager
    async def call(
        self, bucket: Bucket, key: str | None = None, *, spare: bool = False
    ) -> AsyncIterator[None]:
        yield


@pytest.fixture
async def connect() -> AsyncIterator[Callable[..., HordeClient]]:
    """Clients of a host; closed in the end, without a trace (warnings are errors)."""
    clients = []

    def make(url: str, **options: Any) -> HordeClient:
        clients.append(HordeClient(Endpoint(f"{url}/api/v2", "my-own-key"), governor=Unpaced(), **options))
        return clients[-1]

    yield make
    for client in clients:
        await client.close()


@pytest.fixture
async def self_signed(tmp_path: Path) -> ssl.SSLContext:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = (
        "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    )
    made = await asyncio.create_subprocess_exec(
        openssl,
        *options.split(),
        "-keyout",
        str(key),
        "-out",
        str(certificate),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await made.wait() == 0
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
