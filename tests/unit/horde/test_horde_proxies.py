"""Proxies: a real one that does CONNECT to a practice horde behind TLS, and what systems say of theirs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import threading
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trustme
import tunnel
from attrs import frozen
from yarl import URL

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import (
    HordeError,
    ProxyLogin,
    ProxyRefused,
    ProxyUnusable,
    TlsFailure,
    Unreachable,
)
from krita_AIhorde.horde.messages import GenerationRequest
from krita_AIhorde.horde.proxies import Proxies
from krita_AIhorde.practice.server import PracticeHorde

KEY = "practice-user"
HORDE, IMAGES = "horde.example:443", "images.example:443"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "socks_proxy")


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)


@frozen
class World:
    """A Horde elsewhere, with TLS; only whoever asks a proxy gets there."""

    practice: PracticeHorde
    ways: dict[str, int]
    authority: trustme.CA

    async def log(self) -> list[dict[str, Any]]:
        client = HordeClient(Endpoint(self.practice.url, ""))
        try:
            address = self.practice.url.replace("/api/v2", "/practice/log")
            text = await client.fetch_text(address, max_bytes=10**7)
        finally:
            await client.close()
        assert text is not None
        return list(json.loads(text.text))


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("horde.example", "images.example").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "roots.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "roots.pem"))
    practice = PracticeHorde(pace=0.1)
    await practice.start()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(practice.stop)
        assert practice._horde is not None
        practice._horde.gallery.base_url = "https://images.example"
        ports = [URL(url).port for url in (practice.url, practice.image_url)]
        secure = [
            await stack.enter_async_context(tunnel.tls_in_front_of(port or 0, context)) for port in ports
        ]
        yield World(practice, dict(zip((HORDE, IMAGES), secure, strict=True)), authority)


@pytest.fixture
async def client() -> AsyncIterator[HordeClient]:
    made = HordeClient(Endpoint("https://horde.example/api/v2", KEY))
    yield made
    await made.close()


async def a_picture(client: HordeClient) -> bytes:
    submitted = await client.submit(GenerationRequest(prompt="a fox"))
    while not (await client.check(submitted.id)).done:  # noqa: ASYNC110 - a Horde has to be asked
        await asyncio.sleep(0.1)
    (generation,) = (await client.status(submitted.id)).generations
    return await client.image_bytes(generation)


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
async def test_a_picture_comes_through_a_proxy_that_sees_names_only(
    world: World, client: HordeClient, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    async with tunnel.proxy(world.ways, login="me:hunter 2@") as proxy:
        monkeypatch.setenv(variable, proxy.url.replace("//", "//me:hunter%202%40@"))
        picture = await a_picture(client)
        await client.find_user()
    assert picture[:4] == b"RIFF"
    assert set(proxy.targets) == {HORDE, IMAGES}
    for secret in (KEY, "apikey", "a fox", "krita_AIhorde"):
        assert secret.encode() not in proxy.seen
    log = await world.log()
    mine = [entry for entry in log if "practice/log" not in entry["path"]]
    for entry in mine:
        headers = {name.lower(): value for name, value in entry["headers"].items()}
        assert "proxy-authorization" not in headers, "the proxy's password is the proxy's alone"
        needs_key = entry["path"].endswith(("/async", "/find_user"))
        assert headers.get("apikey") == (KEY if needs_key else None)


async def test_a_proxy_that_is_itself_reached_by_tls(
    world: World, client: HordeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    world.authority.issue_cert("localhost").configure_cert(context)
    async with tunnel.proxy(world.ways, tls=context) as proxy:
        monkeypatch.setenv("https_proxy", f"https://localhost:{proxy.port}")
        assert (await client.find_user()).username
    assert proxy.targets == [HORDE]
    assert KEY.encode() not in proxy.seen


async def test_a_proxy_that_looks_into_tls_is_trusted_only_where_the_system_trusts_it(
    world: World, client: HordeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("horde.example").configure_cert(context)
    port = URL(world.practice.url).port
    async with tunnel.tls_in_front_of(port or 0, context) as thief, tunnel.proxy({HORDE: thief}) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with pytest.raises(TlsFailure):
            await client.find_user()
    assert all(entry["path"] != "/api/v2/find_user" for entry in await world.log())


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"login": "me:secret"}, ProxyLogin),
        ({"refuse": 403}, ProxyRefused),
        ({"refuse": 502}, Unreachable),  # the proxy itself has no network
    ],
)
async def test_a_proxy_that_does_not_let_us_through(
    world: World, client: HordeClient, monkeypatch: pytest.MonkeyPatch, options: Any, error: type[HordeError]
) -> None:
    async with tunnel.proxy(world.ways, **options) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url.replace("//", "//me:wrong@"))
        with pytest.raises(Unreachable) as raised:
            await client.submit(GenerationRequest(prompt="a fox"))
    assert type(raised.value) is error
    assert raised.value.repeatable, "the network may change, and nothing was sent"
    assert "wrong" not in f"{raised.value!r} {raised.value.__cause__!r} {raised.value.__context__!r}"
    assert (raised.value.retry_after or 0) >= (60 if error is ProxyLogin else 0), "no account gets locked"


async def test_a_wrong_password_is_not_tried_again_and_again(
    world: World, client: HordeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tunnel.proxy(world.ways, login="me:right") as proxy:
        monkeypatch.setenv("https_proxy", proxy.url.replace("//", "//me:wrong@"))
        for ask in (client.find_user, client.heartbeat, client.models) * 3:
            with pytest.raises(ProxyLogin) as raised:
                await ask()
            assert 0 < (raised.value.retry_after or 0) <= 60
        assert proxy.targets == [HORDE], "one attempt a minute, whoever asks"
        monkeypatch.setenv("https_proxy", proxy.url.replace("//", "//me:right@"))
        client._sessions.proxies._known.clear()  # half a minute later
        assert (await client.find_user()).username


async def test_a_proxy_that_is_not_there(
    client: HordeClient, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(ProxyRefused):
        await client.find_user()


@pytest.mark.parametrize(
    ("variable", "value", "kind"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9050", "socks5"),
        ("https_proxy", "SOCKS5H://me:secret@127.0.0.1:9050", "socks5h"),
        ("https_proxy", "http://me:se#cret@127.0.0.1:3128", ""),
        ("https_proxy", "http://[", ""),
        ("https_proxy", "http://", ""),
    ],
)
async def test_a_proxy_that_we_do_not_speak_is_never_gone_past(
    client: HordeClient, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, kind: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ProxyUnusable) as raised:
        await client.find_user()
    assert raised.value.message == kind
    assert "cret" not in repr(raised.value)


async def chosen(url: str = "https://horde.example/api/v2") -> str | None:
    proxy = await Proxies().of(URL(url))
    return None if proxy is None else str(proxy)


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"https_proxy": "http://p:1"}, "http://p:1"),
        ({"https_proxy": "p:3128"}, "http://p:3128"),
        ({"HTTPS_PROXY": "http://p:1", "https_proxy": "http://q:1"}, "http://q:1"),
        ({"https_proxy": "http://p:1", "ALL_PROXY": "socks5://s:1"}, "http://p:1"),
        ({"http_proxy": "http://p:1"}, None),
        ({"https_proxy": "http://p:1", "no_proxy": "horde.example"}, None),
        ({"https_proxy": "http://p:1", "NO_PROXY": "other, .example"}, None),
        ({"https_proxy": "http://p:1", "NO_PROXY": "*"}, None),
        ({"https_proxy": "http://p:1", "NO_PROXY": "horde.example:443"}, None),
        ({"https_proxy": "http://p:1", "NO_PROXY": "orde.example"}, "http://p:1"),
        ({"ALL_PROXY": "socks5://s:1", "NO_PROXY": "horde.example"}, None),
    ],
)
async def test_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], proxy: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = await chosen()
    assert (found or "").rstrip("/") == (proxy or "")


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1:1", "127.9.9.9:1", "[::1]:1"])
async def test_calls_to_this_machine_never_go_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    for variable in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(variable, "http://p:1")
    assert await chosen(f"http://{host}/api/v2") is None
    assert await chosen(f"https://{host}/api/v2") is None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"http": "http://p:1", "https": "http://p:1"}, "http://p:1"),  # Windows and macOS
        ({"https": "socks4://s:1"}, ProxyUnusable),  # Windows with SOCKS only
        ({"socks": "http://s:1"}, ProxyUnusable),  # macOS with SOCKS only
        ({"https": "http://p:1", "socks": "http://s:1"}, "http://p:1"),
    ],
)
async def test_what_windows_and_macos_say(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: Any
) -> None:
    """As urllib reports the registry and SystemConfiguration; neither system was run."""
    monkeypatch.setattr(urllib.request, "getproxies", lambda: settings)
    monkeypatch.setattr(urllib.request, "proxy_bypass", lambda host: False)
    if isinstance(expected, str):
        assert str(await chosen()).rstrip("/") == expected
    else:
        with pytest.raises(expected):
            await chosen()


async def test_the_system_is_asked_now_and_then_and_never_on_the_main_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []

    def ask() -> dict[str, str]:
        asked.append(threading.current_thread() is threading.main_thread())
        return {"https": f"http://p:{len(asked)}"}

    monkeypatch.setattr(urllib.request, "getproxies", ask)
    monkeypatch.setattr(urllib.request, "proxy_bypass", lambda host: False)
    proxies = Proxies()
    url = URL("https://horde.example/api/v2")
    assert [str((await proxies.of(url) or url).port) for _ in range(3)] == ["1", "1", "1"]
    assert asked == [False]
    proxies._known = {key: (0.0, said) for key, (_, said) in proxies._known.items()}  # half a minute later
    assert (await proxies.of(url) or url).port == 2
