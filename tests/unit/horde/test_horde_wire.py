"""The client against hosts whose every byte is ours: resets, redirects, certificates, images."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any

import pytest

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import (
    HordeError,
    NoAnswer,
    ServerTrouble,
    TlsFailure,
    Unreachable,
)
from krita_AIhorde.horde.messages import GenerationRequest
from krita_AIhorde.horde.sessions import Timeouts

KEY = "my-own-key"
ID = "66d3ca28-57f0-4624-9e77-f1f89f342a67"
REQUEST = GenerationRequest(prompt="a fox")
CHECK = {"done": True, "finished": 1}
Connect = Callable[..., HordeClient]


async def test_a_call_on_the_wire(raw_host: Any, wire: Any, connect: Connect) -> None:
    host = await raw_host(lambda _: wire.reply({"id": ID, "kudos": 6.0}, 202))
    assert (await connect(host.url).submit(REQUEST)).id == ID
    (request,) = host.received
    assert (request.method, request.target) == ("POST", "/api/v2/generate/async")
    assert request.headers["apikey"] == KEY
    assert request.headers["content-type"] == "application/json"
    assert b'"prompt":"a fox"' in request.body


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(lambda wire: lambda _: b"", id="closed without a word"),
        pytest.param(lambda wire: lambda _: b"HTTP/1.1 202", id="closed in the status line"),
        pytest.param(lambda wire: lambda _: b"SSH-2.0-hello\r\n\r\n", id="not HTTP"),
        pytest.param(lambda wire: lambda _: wire.reply(b'{"id": "66', 202, length=99), id="half an answer"),
        pytest.param(lambda wire: wire.silence, id="never an answer"),
    ],
)
async def test_without_a_whole_answer_a_post_is_sent_once_and_its_fate_is_open(
    raw_host: Any, wire: Any, connect: Connect, failure: Any
) -> None:
    host = await raw_host(failure(wire))
    client = connect(host.url, timeouts=Timeouts(post=0.5, get=0.5))
    with pytest.raises(NoAnswer) as post:
        await client.submit(REQUEST)
    assert post.value.ambiguous
    assert len(host.received) == 1
    with pytest.raises(NoAnswer) as get:
        await client.check(ID)
    assert get.value.repeatable


async def test_where_nobody_listens_nothing_was_sent(unused_tcp_port: int, connect: Connect) -> None:
    with pytest.raises(Unreachable) as raised:
        await connect(f"http://127.0.0.1:{unused_tcp_port}").submit(REQUEST)
    assert raised.value.repeatable


async def test_a_name_that_does_not_resolve_is_unreachable(connect: Connect) -> None:
    with pytest.raises(Unreachable):
        await connect("https://no-such-host.invalid").check(ID)


async def test_a_post_never_trusts_a_connection_kept_from_before(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    host = await raw_host(lambda _: wire.reply({"id": ID, **CHECK}), keep_alive=True)
    client = connect(host.url)
    await client.check(ID)
    await client.check(ID)
    await client.submit(REQUEST)
    await client.submit(REQUEST)
    assert [r.connection for r in host.received] == [1, 1, 2, 3]


async def test_a_redirect_does_not_carry_the_key_away(raw_host: Any, wire: Any, connect: Connect) -> None:
    thief = await raw_host(lambda _: wire.reply({"username": "x"}))
    host = await raw_host(lambda _: wire.reply(b"", 302, {"Location": f"{thief.url}/find_user"}))
    with pytest.raises(ServerTrouble) as raised:
        await connect(host.url).find_user()
    assert raised.value.status == 302
    assert thief.received == []


async def test_a_proxy_of_the_system_does_not_see_calls_to_this_machine(
    raw_host: Any, wire: Any, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await raw_host(lambda _: wire.reply({"username": "from the proxy"}))
    host = await raw_host(lambda _: wire.reply({"username": "from the Horde"}))
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    assert (await connect(host.url).find_user()).username == "from the Horde"
    assert proxy.received == []


async def test_another_machine_is_reached_through_the_systems_proxy_which_sees_no_key(
    raw_host: Any, wire: Any, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = await raw_host(lambda _: wire.reply(b"", 403))
    monkeypatch.setenv("https_proxy", proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(Unreachable):
        await connect("https://horde.example").find_user()
    (request,) = proxy.received
    assert (request.method, request.target) == ("CONNECT", "horde.example:443")
    assert KEY not in str(request.headers)


async def test_a_certificate_that_nobody_vouches_for_gets_neither_key_nor_trust(
    raw_host: Any, wire: Any, connect: Connect, self_signed: ssl.SSLContext
) -> None:
    host = await raw_host(lambda _: wire.reply({"username": "x"}), ssl=self_signed)
    client = connect(host.url)
    with pytest.raises(TlsFailure) as raised:
        await client.find_user()
    assert not raised.value.repeatable
    assert "certificate" in str(raised.value)
    with pytest.raises(TlsFailure):
        await client.submit(REQUEST)
    with pytest.raises(TlsFailure):
        await client.fetch_image(f"{host.url}/image.webp")
    assert host.received == []


async def test_a_handshake_that_breaks_off_is_no_verdict_on_the_certificate(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    host = await raw_host(lambda _: wire.reply({}))  # speaks no TLS at all
    with pytest.raises(HordeError) as raised:
        await connect(host.url.replace("http:", "https:"), timeouts=Timeouts(connect=1.0)).check(ID)
    assert raised.value.repeatable


async def test_a_call_given_up_half_way_leaves_nothing_open(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    arrived = asyncio.Event()

    def half(_: Any) -> bytes:
        arrived.set()
        return wire.reply(b'{"done"', length=99)

    host = await raw_host(half, keep_alive=True)
    client = connect(host.url)
    call = asyncio.ensure_future(client.check(ID))
    await arrived.wait()
    call.cancel()
    await asyncio.wait([call])
    assert call.cancelled()
    await client.close()
    with pytest.raises(RuntimeError, match="closed"):
        await client.check(ID)


async def test_who_waits_for_the_network_is_told_once_that_it_is_back(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    host = await raw_host(lambda _: wire.reply({"username": "x"}))
    client = connect(host.url)
    told: list[bool] = []
    client.recoveries.subscribe(lambda: told.append(True))
    await client.find_user()
    assert not told, "it was never away"
    real, endpoint = client._endpoint, Endpoint("https://no-such-host.invalid/api/v2")
    client._endpoint = endpoint
    with pytest.raises(Unreachable):
        await client.find_user()
    client._endpoint = real
    await client.find_user()
    await client.find_user()
    assert told == [True]


async def test_a_resolver_that_hangs_holds_one_thread_however_often_it_is_asked(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the name server never answers: the few worker threads are needed for pictures, too."""
    over, asked = threading.Event(), []

    def hang(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        over.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    client = connect("https://horde.example", timeouts=Timeouts(connect=0.05, get=0.1, post=0.1))
    try:
        for _ in range(10):
            with pytest.raises((Unreachable, NoAnswer)):
                await client.check(ID)
        assert asked == ["horde.example"]
    finally:
        over.set()
