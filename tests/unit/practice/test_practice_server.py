"""Links, log, start and stop, the command line."""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
import sys
import threading
from pathlib import Path

import aiohttp
import pytest
from PIL import Image
from practice_kit import AGENT, USER, Visitor, encoded, order
from yarl import URL

from krita_AIhorde.practice.server import PracticeHorde

ROOT = Path(__file__).parents[3]


async def _link(visitor: Visitor) -> str:
    (generation,) = await visitor.generated(order())
    return str(generation["img"])


async def test_a_link_answers_to_exactly_its_own_characters(unlimited: Visitor) -> None:
    link = await _link(unlimited)
    assert (await unlimited.ask("GET", link)).status == 200
    normalised = str(URL(link))
    assert normalised != link  # %2F has become a slash
    for wrong in (normalised, link[:-1] + ("0" if link[-1] != "0" else "1"), link.partition("?")[0]):
        answer = await unlimited.ask("GET", wrong)
        assert (answer.status, answer.raw[:5]) == (403, b"<?xml")


async def test_a_link_lives_half_an_hour_an_image_two(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order())
    (first,) = (await unlimited.finished(request_id))["generations"]
    await unlimited.control(clock=1150)
    (second,) = (await unlimited.status(request_id))["generations"]
    assert second["img"] != first["img"]
    await unlimited.control(clock=655)
    assert (await unlimited.ask("GET", first["img"])).status == 403
    assert (await unlimited.ask("GET", second["img"])).status == 200
    await unlimited.control(clock=7200)
    assert (await unlimited.ask("GET", second["img"])).status in (403, 404)


async def test_the_log_holds_every_request_in_order(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order("a fox"))
    (generation,) = (await unlimited.finished(request_id))["generations"]
    await unlimited.ask("GET", generation["img"], headers={"apikey": "leaked"})
    await unlimited.ask("GET", "/api/v2/generate/nothing")
    log = await unlimited.log()
    assert [(entry["port"], entry["method"], entry["status"]) for entry in log] == [
        ("api", "POST", 202),
        ("api", "GET", 200),
        ("image", "GET", 200),
        ("api", "GET", 404),
    ]
    assert log[0]["path"] == "/api/v2/generate/async"
    assert log[0]["body"] == order("a fox")
    assert log[0]["headers"]["apikey"] == USER
    assert log[0]["headers"]["Client-Agent"] == AGENT
    assert log[2]["path"] == generation["img"].removeprefix(unlimited.horde.image_url)
    assert log[2]["headers"]["apikey"] == "leaked"  # which is how a test finds it
    assert [entry["time"] for entry in log] == sorted(entry["time"] for entry in log)
    assert log[0]["asked"] > len(json.dumps(order("a fox")))
    assert log[2]["answered"] > 1000  # a picture


async def test_the_log_shortens_pictures_unless_asked(unlimited: Visitor) -> None:
    picture = encoded(Image.new("RGB", (64, 64)))
    await unlimited.accepted({**order(denoising_strength=0.5), "source_image": picture})
    (short,) = await unlimited.log()
    digest = hashlib.sha256(picture.encode()).hexdigest()
    assert short["body"]["source_image"] == {"length": len(picture), "sha256": digest}
    (full,) = await unlimited.log(full=True)
    assert full["body"]["source_image"] == picture


async def test_a_downgrade_does_not_rewrite_the_log(unlimited: Visitor) -> None:
    body = {**order(width=1536, height=1280), "allow_downgrade": True}
    await unlimited.accepted(body, key="practice-poor")
    assert (await unlimited.log())[0]["body"] == body


async def test_unknown_fields_are_refused_in_strict_mode_only(unlimited: Visitor) -> None:
    body = order(stepz=20) | {"prompts": "typo"}
    refused = await unlimited.submit(body)
    assert (refused.status, set(refused.body["errors"])) == (400, {"params.stepz", "prompts"})
    await unlimited.control(strict=False)
    assert (await unlimited.submit(body)).status == 202


async def test_drawing_does_not_hold_up_answers(unlimited: Visitor) -> None:
    """While a large image is encoded, no heartbeat takes as long as that does."""
    body = order(width=1024, height=1024, post_processing=["RealESRGAN_x4plus"])
    request_id = await unlimited.accepted(body)
    await unlimited.until(request_id, lambda state: state["processing"] == 1)
    loop = asyncio.get_running_loop()
    began, slowest = loop.time(), 0.0
    while (await unlimited.seen(request_id))["processing"]:
        before = loop.time()
        await unlimited.ask("GET", "/api/v2/status/heartbeat")
        slowest = max(slowest, loop.time() - before)
    assert slowest < (loop.time() - began) / 2


async def test_stopping_leaves_nothing() -> None:
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    horde = PracticeHorde(pace=60)
    await horde.start()
    url = horde.url
    async with aiohttp.ClientSession() as session:
        visitor = Visitor(horde, session)
        await visitor.accepted(order("[practice delay=0]"))
        drawing = await visitor.accepted(order(width=1024, height=1024))
        await visitor.until(drawing, lambda state: state["processing"] == 1)
        await visitor.control(workers=3)  # the former workers are still drawing
    await horde.stop()
    await horde.stop()
    assert asyncio.all_tasks() == tasks
    assert set(threading.enumerate()) == threads
    with pytest.raises(aiohttp.ClientConnectionError):
        async with aiohttp.ClientSession() as session:
            await session.get(url + "/status/heartbeat")


async def test_a_stopped_horde_can_be_started_again() -> None:
    horde = PracticeHorde()
    for _ in range(2):
        async with horde, aiohttp.ClientSession() as session:
            assert (await Visitor(horde, session).ask("GET", "/api/v2/status/heartbeat")).status == 200


async def test_a_taken_port_is_an_error_and_leaves_nothing(unlimited: Visitor) -> None:
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    taken = URL(unlimited.horde.url).port
    assert taken is not None
    with pytest.raises(OSError, match=str(taken)):
        await PracticeHorde(image_port=taken).start()
    assert asyncio.all_tasks() == tasks
    assert set(threading.enumerate()) == threads


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_command_prints_its_url_and_ends_when_told(number: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "krita_AIhorde.practice",
        "--pace",
        "0.1",
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(url + "/status/heartbeat") as response:
        assert response.status == 200
    process.send_signal(number)
    assert await process.wait() == 0
