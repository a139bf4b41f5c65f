"""Images come from hosts that learn nothing about us, and may answer anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import HordeError, ImageTooLarge, ImageUnreachable, LinkDead, NotAnImage
from krita_AIhorde.horde.sessions import Timeouts

KEY = "my-own-key"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 rest of it"
Connect = Callable[..., HordeClient]


async def test_an_image_host_gets_the_link_to_the_letter_and_learns_nothing(
    raw_host: Any, wire: Any, connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password their-own\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    host = await raw_host(lambda _: wire.reply(WEBP, headers={"Set-Cookie": "a=b"}))
    target = "/x%2Fy/%7Eimage.webp?X-Amz-Credential=a%2Fb%2faws4&sig=%E4+ +&empty=&b=2&a=1;~".replace(
        " ", "%20"
    )
    client = connect(host.url)
    assert await client.fetch_image(host.url + target) == WEBP
    await client.fetch_image(host.url + target)
    for request in host.received:
        assert request.target == target
        assert {"apikey", "client-agent", "authorization", "cookie", "referer"}.isdisjoint(request.headers)
        assert KEY not in str(request.headers)


async def test_a_redirected_image_is_followed_and_still_learns_nothing(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    target = "/real%2Fone?sig=a%2Fb"
    host = await raw_host(
        lambda r: wire.reply(WEBP) if r.target == target else wire.reply(b"", 307, {"Location": target})
    )
    assert await connect(host.url).fetch_image(f"{host.url}/first") == WEBP
    assert [r.target for r in host.received] == ["/first", target]
    assert all("apikey" not in r.headers for r in host.received)


async def test_images_going_round_in_circles_are_given_up(raw_host: Any, wire: Any, connect: Connect) -> None:
    host = await raw_host(lambda _: wire.reply(b"", 302, {"Location": "/again"}))
    with pytest.raises(LinkDead):
        await connect(host.url).fetch_image(f"{host.url}/again")
    assert len(host.received) == 4


@pytest.mark.parametrize(
    ("status", "expected"),
    [(403, LinkDead), (404, LinkDead), (400, LinkDead), (429, ImageUnreachable), (503, ImageUnreachable)],
)
async def test_why_an_image_cannot_be_had(
    raw_host: Any, wire: Any, connect: Connect, status: int, expected: type[HordeError]
) -> None:
    host = await raw_host(lambda _: wire.reply(b"<Error/>", status))
    with pytest.raises(expected) as raised:
        await connect(host.url).fetch_image(f"{host.url}/x.webp")
    assert raised.value.status == status


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(lambda wire: wire.reply(b"garbage"), NotAnImage, id="garbage"),
        pytest.param(lambda wire: wire.reply(b""), NotAnImage, id="nothing"),
        pytest.param(
            lambda wire: wire.reply(b"<html>log in</html>", headers={"Content-Type": "text/html"}),
            ImageUnreachable,
            id="a login page",
        ),
        pytest.param(lambda wire: wire.reply(WEBP, length=99), ImageUnreachable, id="half an image"),
        pytest.param(lambda wire: b"", ImageUnreachable, id="closed without a word"),
        pytest.param(lambda wire: wire.reply(WEBP, length=10**9), ImageTooLarge, id="announced too large"),
        pytest.param(
            lambda wire: b"HTTP/1.1 200 OK\r\n\r\n" + WEBP + bytes(2000), ImageTooLarge, id="grows too large"
        ),
    ],
)
async def test_what_comes_instead_of_an_image(
    raw_host: Any, wire: Any, connect: Connect, answer: Any, expected: type[HordeError]
) -> None:
    host = await raw_host(lambda _: answer(wire))
    with pytest.raises(expected):
        await connect(host.url, max_image_bytes=1000).fetch_image(f"{host.url}/x.webp")


async def test_an_image_that_stalls_is_given_up(raw_host: Any, wire: Any, connect: Connect) -> None:
    host = await raw_host(wire.silence)
    with pytest.raises(ImageUnreachable):
        await connect(host.url, timeouts=Timeouts(image_stall=0.2)).fetch_image(f"{host.url}/x.webp")


@pytest.mark.parametrize(
    "link", ["http://images.example/x.webp", "file:///etc/passwd", "https://", "http://[", "x"]
)
async def test_links_that_are_not_followed(raw_host: Any, wire: Any, connect: Connect, link: str) -> None:
    host = await raw_host(lambda _: wire.reply(WEBP))
    with pytest.raises(LinkDead):
        await connect(host.url).fetch_image(link)


async def test_a_horde_elsewhere_cannot_send_us_to_a_service_on_this_machine(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    host = await raw_host(lambda _: wire.reply(WEBP))
    with pytest.raises(LinkDead):
        await connect("https://horde.example").fetch_image(f"{host.url}/x.webp")
    assert host.received == []
