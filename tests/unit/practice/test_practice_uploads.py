"""What workers upload, and where links lead."""

from __future__ import annotations

import asyncio
import ssl

import aiohttp
import pytest
from PIL import UnidentifiedImageError
from practice_kit import Answer, Visitor, order
from yarl import URL

from krita_AIhorde.practice.server import PracticeHorde


async def _download(visitor: Visitor, fault: str) -> Answer:
    (generation,) = await visitor.generated(order(f"[practice fault={fault}]"))
    return await visitor.ask("GET", generation["img"])


async def test_a_gif_is_an_image_of_another_kind(unlimited: Visitor) -> None:
    answer = await _download(unlimited, "gif_image")
    assert answer.image().format == "GIF"


async def test_html_in_place_of_an_image(unlimited: Visitor) -> None:
    answer = await _download(unlimited, "html_image")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html")
    assert answer.raw.startswith(b"<!DOCTYPE html>")


async def test_random_bytes_in_place_of_an_image(unlimited: Visitor) -> None:
    answer = await _download(unlimited, "garbage_image")
    assert len(answer.raw) == 1500
    with pytest.raises(UnidentifiedImageError):
        answer.image()


async def test_an_upload_that_broke_off_is_a_complete_download(unlimited: Visitor) -> None:
    answer = await _download(unlimited, "truncated_image")
    assert answer.raw.startswith(b"RIFF")
    with pytest.raises(OSError, match="decoder"):
        answer.image().load()


async def test_a_link_that_moved_leads_to_the_image_on_the_same_host(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated(order("[practice fault=redirected_link]"))
    link = URL(generation["img"], encoded=True)
    async with unlimited.session.get(link, allow_redirects=False) as answer:
        assert answer.status == 302
        moved = URL(answer.headers["Location"], encoded=True)
    assert (moved.host, moved.port) == (link.host, link.port)
    assert (await unlimited.ask("GET", str(moved))).image().size == (128, 128)


async def test_a_link_that_nobody_vouches_for(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated(order("[practice fault=untrusted_link]"))
    assert generation["img"].startswith("https://127.0.0.1:")
    with pytest.raises(aiohttp.ClientConnectorCertificateError, match="self-signed certificate"):
        await unlimited.ask("GET", generation["img"])
    answer = await unlimited.ask("GET", generation["img"], ssl=False)
    assert answer.image().size == (128, 128)


async def test_trust_is_all_that_the_certificate_lacks(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated(order("[practice fault=untrusted_link]"))
    link = URL(generation["img"], encoded=True)
    pem = await asyncio.to_thread(ssl.get_server_certificate, (link.host, link.port))
    trusting = ssl.create_default_context(cadata=pem)
    assert (await unlimited.ask("GET", str(link), ssl=trusting)).image().size == (128, 128)


async def test_several_untrusted_links_share_a_port() -> None:
    async with PracticeHorde(pace=0.02) as horde, aiohttp.ClientSession() as session:
        visitor = Visitor(horde, session)
        await visitor.control(limits=False, workers=3)
        bodies = [order(f"[practice fault=untrusted_link] {n}") for n in range(3)]
        made = await asyncio.gather(*map(visitor.generated, bodies))
        assert len({URL(generation["img"], encoded=True).port for (generation,) in made}) == 1


async def test_an_order_that_is_impossible_at_first(unlimited: Visitor) -> None:
    answer = await unlimited.submit(order("[practice fault=impossible_at_first~0.4]"))
    assert [warning["code"] for warning in answer.body["warnings"]] == ["NoAvailableWorker"]
    request_id = answer.body["id"]
    report = await unlimited.check(request_id)
    assert (report["is_possible"], report["waiting"], report["queue_position"]) == (False, 1, 0)
    status = await unlimited.finished(request_id)
    assert (status["is_possible"], len(status["generations"])) == (True, 1)
