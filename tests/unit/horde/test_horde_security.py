"""What a hostile host, network or address gets out of us: no key, and no more memory than we choose to give.

Which test proves which point of security is said in core/test_security.py.
"""

from __future__ import annotations

import gzip
import ipaddress
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from krita_AIhorde.horde import transport
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import (
    EndpointError,
    ImageTooLarge,
    ImageUnreachable,
    LinkDead,
    NoAnswer,
    ServerTrouble,
    Unreachable,
)
from krita_AIhorde.horde.messages import GenerationRequest

KEY = "my-own-key"
ID = "66d3ca28-57f0-4624-9e77-f1f89f342a67"
SIGNATURE = "5ec4e7"
IMAGE = f"https://r2.example/x.webp?X-Amz-Signature={SIGNATURE}"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 rest of it"
Connect = Callable[..., HordeClient]


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost.evil.example/api/v2",
        "http://127.0.0.1.evil.example/api/v2",
        "http://localhost./api/v2",
        "http://localhost@evil.example/api/v2",
        "http://127.0.0.1:80@evil.example/api/v2",
        "http://[::1]@evil.example/api/v2",
        "http://evil.example\\@localhost/api/v2",
        "http://localhost\\@evil.example/api/v2",
        "http://evil.example#@localhost/api/v2",
        "http://evil.example?@localhost/api/v2",
        "http://localhost%00.evil.example/api/v2",
        "http://localhost%2eevil.example/api/v2",
        "http://localhost\t.evil.example/api/v2",
        "http://localhost。evil.example/api/v2",
        "http://[::1].evil.example/api/v2",
        "http://[::]/api/v2",
        "http://[fe80::1]/api/v2",
        "http://[2001:db8::1]/api/v2",
        "http://[::ffff:8.8.8.8]/api/v2",
        "http://0/api/v2",
        "http:///localhost/api/v2",
        "http:localhost/api/v2",
    ],
)
def test_no_address_passes_plain_http_off_as_this_machine(url: str) -> None:
    with pytest.raises(EndpointError):
        Endpoint(url, KEY)


PIECES = (
    "localhost", "127.0.0.1", "[::1]", "127.1", "evil.example", "[::ffff:8.8.8.8]", "@", ":", "80", "/", "\\",
    "#", "?", "%00", "%2e", "%40", ".", ";", "\t", "\n", "\0", " ", "。", "ⓛ", "０", "api/v2",
)  # fmt: skip


@given(
    st.sampled_from(["http://", "https://", "HTTP://", "http:", "//", ""]), st.lists(st.sampled_from(PIECES))
)
@example("http://", ["[::1]", ".", "evil.example"])
@example("http://", ["@", "localhost", "/", "@", "evil.example"])
def test_who_is_called_is_who_was_checked(scheme: str, pieces: list[str]) -> None:
    """The address is checked by Python's parser and called by yarl's: both have to see the same host."""
    try:
        endpoint = Endpoint(scheme + "".join(pieces), KEY)
        called = URL(endpoint.url("find_user"), encoded=True)
    except ValueError:  # refused by either
        return
    if called.scheme != "https":
        assert called.scheme == "http"
        host = called.host or ""
        assert host == "localhost" or ipaddress.ip_address(host).is_loopback


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_takes_a_request_and_its_key_elsewhere(
    raw_host: Any, wire: Any, connect: Connect, status: int
) -> None:
    thief = await raw_host(lambda _: wire.reply({"id": ID}, 202))
    host = await raw_host(lambda _: wire.reply(b"", status, {"Location": f"{thief.url}/generate/async"}))
    with pytest.raises(ServerTrouble):
        await connect(host.url).submit(GenerationRequest(prompt="a fox"))
    assert thief.received == []


async def test_an_image_host_that_sends_us_on_to_another_passes_nothing_on(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    other = await raw_host(lambda _: wire.reply(WEBP))
    host = await raw_host(
        lambda _: wire.reply(b"", 302, {"Location": f"{other.url}/x.webp", "Set-Cookie": "a=b"})
    )
    assert await connect(host.url).fetch_image(f"{host.url}/x.webp") == WEBP
    (request,) = other.received
    assert {"apikey", "client-agent", "authorization", "cookie", "referer"}.isdisjoint(request.headers)
    assert KEY not in str(request)


@pytest.mark.parametrize(
    "location",
    [
        "http://images.example/x.webp",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "http://[",
    ],
)
async def test_an_image_host_cannot_send_us_where_we_would_not_go_ourselves(
    raw_host: Any, wire: Any, connect: Connect, location: str
) -> None:
    host = await raw_host(lambda _: wire.reply(b"", 302, {"Location": location}))
    with pytest.raises(LinkDead):
        await connect(host.url).fetch_image(f"{host.url}/x.webp")
    assert len(host.received) == 1


# Surroundings


async def test_passwords_kept_for_other_programs_are_not_sent(
    raw_host: Any, wire: Any, connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password their-own\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    host = await raw_host(lambda _: wire.reply({"username": "x", "id": ID}))
    client = connect(host.url)
    await client.find_user()
    await client.submit(GenerationRequest(prompt="a fox"))
    assert len(host.received) == 2
    assert all("authorization" not in request.headers for request in host.received)


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        pytest.param(lambda client: client.find_user(), Unreachable, id="the API"),
        pytest.param(lambda client: client.fetch_image(IMAGE), ImageUnreachable, id="an image"),
    ],
)
async def test_a_proxy_gets_its_own_password_and_no_key_and_no_error_quotes_either(
    raw_host: Any, wire: Any, connect: Connect, monkeypatch: pytest.MonkeyPatch, ask: Any, error: Any
) -> None:
    proxy = await raw_host(lambda _: wire.reply(b"", 407))
    monkeypatch.setenv("https_proxy", proxy.url.replace("http://", "http://me:hunter2@"))
    for variable in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(error) as raised:
        await ask(connect("https://horde.example"))
    (request,) = proxy.received
    assert request.method == "CONNECT"
    assert request.headers["proxy-authorization"].startswith("Basic ")
    for secret in (KEY, SIGNATURE):
        assert secret not in str(request)
    for secret in (KEY, SIGNATURE, "hunter2"):
        assert secret not in chain(raised.value)


def chain(error: BaseException | None) -> str:
    """All that a log or a debugger could show of an exception, and of those that it came from."""
    said = ""
    while error is not None:
        said += f"{error} {error!r} {error.args!r}"
        error = error.__cause__ or error.__context__
    return said


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-hello\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad\0header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone",
        b"",
    ],
    ids=["no HTTP", "a bad header", "a bad chunk", "bad gzip", "nothing"],
)
async def test_an_answer_that_is_none_makes_no_exception_that_quotes_what_we_sent(
    raw_host: Any, connect: Connect, answer: bytes
) -> None:
    host = await raw_host(lambda _: answer)
    client = connect(host.url)
    with pytest.raises(NoAnswer) as asked:
        await client.find_user()
    with pytest.raises(ImageUnreachable) as fetched:
        await client.fetch_image(f"{host.url}/x.webp?X-Amz-Signature={SIGNATURE}")
    assert host.received[0].headers["apikey"] == KEY
    assert KEY not in chain(asked.value)
    assert SIGNATURE not in chain(fetched.value)


# Sizes


async def test_an_answer_of_any_length_is_not_read_to_its_end(
    raw_host: Any, wire: Any, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 1000)
    host = await raw_host(lambda _: wire.reply({"username": "x" * 2000}))
    with pytest.raises(NoAnswer):
        await connect(host.url).find_user()


async def test_an_image_that_unpacks_to_gigabytes_is_given_up_early(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    bomb = gzip.compress(WEBP + bytes(100_000_000))
    assert len(bomb) < 200_000
    host = await raw_host(lambda _: wire.reply(bomb, headers={"Content-Encoding": "gzip"}))
    client = connect(host.url, max_image_bytes=1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(ImageTooLarge):
            await client.fetch_image(f"{host.url}/x.webp")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
