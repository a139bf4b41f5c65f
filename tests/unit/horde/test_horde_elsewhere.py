"""Texts from hosts other than the Horde: the models' reference, our own versions."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

import pytest

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.elsewhere import Text
from krita_AIhorde.horde.errors import (
    AnswerTooLong,
    BadAnswer,
    HordeError,
    LinkRefused,
    NoAnswer,
    RateLimited,
    ServerTrouble,
    TlsFailure,
    Unreachable,
)
from krita_AIhorde.horde.sessions import Timeouts

KEY = "my-own-key"
Connect = Callable[..., HordeClient]


async def test_a_text_and_the_name_of_its_version(raw_host: Any, wire: Any, connect: Connect) -> None:
    host = await raw_host(lambda _: wire.reply("füchse".encode(), headers={"ETag": '"v1"'}))
    assert await connect(host.url).fetch_text(f"{host.url}/a%2Fb?c=%20", max_bytes=100) == Text(
        "füchse", '"v1"'
    )
    (request,) = host.received
    assert request.target == "/a%2Fb?c=%20"
    learned = {"apikey", "client-agent", "authorization", "cookie", "referer", "if-none-match"}
    assert learned.isdisjoint(request.headers)
    assert KEY not in str(request)


async def test_a_version_that_we_have_is_not_sent_again(raw_host: Any, wire: Any, connect: Connect) -> None:
    host = await raw_host(
        lambda r: wire.reply(b"", 304) if r.headers.get("if-none-match") == '"v1"' else wire.reply(b"new")
    )
    client = connect(host.url)
    assert await client.fetch_text(f"{host.url}/x", max_bytes=100, etag='"v1"') is None
    assert await client.fetch_text(f"{host.url}/x", max_bytes=100, etag='"v0"') == Text("new")


async def test_who_sends_us_on_gets_no_key_to_pass_on(raw_host: Any, wire: Any, connect: Connect) -> None:
    other = await raw_host(lambda _: wire.reply(b"moved"))
    host = await raw_host(lambda _: wire.reply(b"", 301, {"Location": f"{other.url}/x"}))
    text = await connect(host.url).fetch_text(f"{host.url}/x", max_bytes=100)
    assert text == Text("moved")
    assert KEY not in str(other.received)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(lambda wire: wire.reply(b"<h1>no</h1>", 404), ServerTrouble, id="not there"),
        pytest.param(lambda wire: wire.reply(b"", 503), ServerTrouble, id="in trouble"),
        pytest.param(
            lambda wire: wire.reply(b"", 429, {"Retry-After": "7"}), RateLimited, id="asked too often"
        ),
        pytest.param(lambda wire: wire.reply(b"", 304), ServerTrouble, id="as we have it, but we have none"),
        pytest.param(
            lambda wire: wire.reply(b"<html>", headers={"Content-Type": "text/html; charset=utf-8"}),
            ServerTrouble,
            id="a login page",
        ),
        pytest.param(lambda wire: wire.reply(b"\xff\xfe"), BadAnswer, id="no text"),
        pytest.param(lambda wire: wire.reply(b"", length=10**9), AnswerTooLong, id="announced too long"),
        pytest.param(
            lambda wire: b"HTTP/1.1 200 OK\r\n\r\n" + bytes(2000), AnswerTooLong, id="grows too long"
        ),
        pytest.param(lambda wire: wire.reply(b"half", length=99), NoAnswer, id="half a text"),
        pytest.param(lambda wire: wire.reply(b"", 302, {"Location": "/again"}), LinkRefused, id="in circles"),
    ],
)
async def test_what_comes_instead_of_a_text(
    raw_host: Any, wire: Any, connect: Connect, answer: Any, expected: type[HordeError]
) -> None:
    host = await raw_host(lambda _: answer(wire))
    with pytest.raises(expected):
        await connect(host.url).fetch_text(f"{host.url}/x", max_bytes=1000)


@pytest.mark.parametrize(
    "link",
    [
        "http://elsewhere.example/x",
        "http://localhost.evil.example/",
        "file:///etc/passwd",
        "https://",
        "http://[",
        "x",
    ],
)
async def test_addresses_that_are_not_asked(connect: Connect, link: str) -> None:
    with pytest.raises(LinkRefused):
        await connect("https://horde.example").fetch_text(link, max_bytes=1000)


async def test_plain_http_on_this_machine_leads_nowhere_else(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    host = await raw_host(lambda _: wire.reply(b"", 302, {"Location": "http://elsewhere.example/x"}))
    with pytest.raises(LinkRefused):
        await connect(host.url).fetch_text(f"{host.url}/x", max_bytes=1000)
    assert len(host.received) == 1


async def test_a_certificate_that_nobody_vouches_for_is_no_reference(
    raw_host: Any, wire: Any, connect: Connect, self_signed: ssl.SSLContext
) -> None:
    host = await raw_host(lambda _: wire.reply(b"text"), ssl=self_signed)
    with pytest.raises(TlsFailure):
        await connect(host.url).fetch_text(f"{host.url}/x", max_bytes=1000)
    assert host.received == []


async def test_a_host_that_says_nothing_is_given_up(raw_host: Any, wire: Any, connect: Connect) -> None:
    host = await raw_host(wire.silence)
    with pytest.raises(NoAnswer):
        await connect(host.url, timeouts=Timeouts(image_stall=0.2)).fetch_text(f"{host.url}/x", max_bytes=9)


async def test_a_host_that_is_not_there(unused_tcp_port: int, connect: Connect) -> None:
    with pytest.raises(Unreachable):
        await connect("https://horde.example").fetch_text(f"http://127.0.0.1:{unused_tcp_port}/", max_bytes=9)
