"""A practice horde that is reached by https alone, and only through a proxy; all of it on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import trustme
import tunnel
from attrs import frozen
from yarl import URL

from krita_AIhorde.practice.server import PracticeHorde

URL_OF_IT = "https://horde.example/api/v2"
_WAYS = ("horde.example:443", "images.example:443")


@frozen
class SecureHorde:
    proxy: tunnel.Proxy
    roots: Path  # for SSL_CERT_FILE
    practice: str  # the base URL by which the test itself reaches it


@contextlib.contextmanager
def secure_horde(folder: Path) -> Iterator[SecureHorde]:
    """Runs in a thread of its own; files go into ``folder``."""
    began: list[SecureHorde] = []
    ready, loop = threading.Event(), asyncio.new_event_loop()
    over = asyncio.Event()

    async def live() -> None:
        async with contextlib.AsyncExitStack() as stack:
            began.append(await _begin(folder, stack))
            ready.set()
            await over.wait()

    def run() -> None:
        try:
            loop.run_until_complete(live())
        finally:
            ready.set()
            loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(20)
        yield began[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()


async def _begin(folder: Path, stack: contextlib.AsyncExitStack) -> SecureHorde:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("horde.example", "images.example").configure_cert(context)
    roots = folder / "roots.pem"
    authority.cert_pem.write_to_path(roots)
    practice = await stack.enter_async_context(PracticeHorde(pace=0.3))
    assert practice._horde is not None
    practice._horde.gallery.base_url = "https://images.example"
    ports = [URL(url).port or 0 for url in (practice.url, practice.image_url)]
    secure = [await stack.enter_async_context(tunnel.tls_in_front_of(port, context)) for port in ports]
    proxy = await stack.enter_async_context(tunnel.proxy(dict(zip(_WAYS, secure, strict=True))))
    return SecureHorde(proxy, roots, practice.url)
