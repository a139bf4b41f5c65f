"""Answers that arrive badly, at the API and at the image host alike."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
from practice_kit import Visitor, order
from yarl import URL

from krita_AIhorde.practice.faults import parse

HEARTBEAT = "/api/v2/status/heartbeat"


async def _path(visitor: Visitor, port: str, fault: str) -> str:
    """Something to ask of that port, where this fault will be met."""
    name, tilde, seconds = fault.partition("~")
    if port == "api":
        await visitor.control(faults=[f"{name}@heartbeat{tilde}{seconds}"])
        return HEARTBEAT
    (generation,) = await visitor.generated(order(f"[practice fault={name}@image{tilde}{seconds}]"))
    return str(generation["img"])


@pytest.mark.parametrize("port", ["api", "image"])
@pytest.mark.parametrize(
    ("fault", "status"),
    [("html_502", 502), ("html_520", 520), ("html_524", 524), ("html_200", 200), ("server_error", 500)],
)
async def test_what_stands_between_answers_instead(
    unlimited: Visitor, fault: str, status: int, port: str
) -> None:
    answer = await unlimited.ask("GET", await _path(unlimited, port, fault))
    assert answer.status == status
    assert answer.raw.startswith(b"{" if fault == "server_error" else b"<!DOCTYPE html>")


@pytest.mark.parametrize("port", ["api", "image"])
@pytest.mark.parametrize("fault", ["garbage", "wrong_shape", "empty"])
async def test_a_200_without_any_sense(unlimited: Visitor, fault: str, port: str) -> None:
    answer = await unlimited.ask("GET", await _path(unlimited, port, fault))
    assert answer.status == 200
    if fault == "wrong_shape":
        assert answer.body == [1, 2, 3]
    elif fault == "empty":
        assert answer.raw == b""
    else:
        with pytest.raises(UnicodeDecodeError):
            json.loads(answer.raw)


@pytest.mark.parametrize("port", ["api", "image"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", aiohttp.ServerDisconnectedError),
        ("reset_in_headers", aiohttp.ServerDisconnectedError),
        ("reset_in_body", aiohttp.ClientPayloadError),
        ("hang~0.05", aiohttp.ServerDisconnectedError),
    ],
)
async def test_a_connection_that_breaks_off(
    unlimited: Visitor, fault: str, error: type[Exception], port: str
) -> None:
    path = await _path(unlimited, port, fault)
    with pytest.raises((error, ConnectionResetError)):
        await unlimited.ask("GET", path)
    assert (await unlimited.log())[-1]["status"] is None


async def _raw(visitor: Visitor, path: str) -> bytes:
    """All that comes before the connection ends."""
    host, _, number = visitor.root.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(number))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    try:
        return await reader.read()
    finally:
        writer.close()


async def test_a_few_bytes_of_the_head_arrive(unlimited: Visitor) -> None:
    await unlimited.control(faults=["reset_in_headers"])
    assert await _raw(unlimited, HEARTBEAT) == b"HTTP/1.1 200 OK\r\nContent-Ty"


async def test_half_of_the_body_arrives(unlimited: Visitor) -> None:
    whole = (await unlimited.ask("GET", HEARTBEAT)).raw
    await unlimited.control(faults=["reset_in_body"])
    head, _, body = (await _raw(unlimited, HEARTBEAT)).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(whole)}".encode() in head
    assert body == whole[: len(whole) // 2]


@pytest.mark.parametrize("port", ["api", "image"])
async def test_a_dripping_answer_is_whole_in_the_end(unlimited: Visitor, port: str) -> None:
    path = await _path(unlimited, port, "drip~0.3")
    url = URL(path if path.startswith("http") else unlimited.root + path, encoded=True)
    loop = asyncio.get_running_loop()
    began = loop.time()
    pieces: list[float] = []
    async with unlimited.session.get(url) as answer:
        async for piece in answer.content.iter_any():
            assert len(piece) < (answer.content_length or 0)
            pieces.append(loop.time() - began)
    assert pieces[-1] >= 0.29
    assert len(pieces) >= 2


@pytest.mark.parametrize(
    "fault", ["reset_in_headers", "reset_in_body", "garbage", "wrong_shape", "empty", "reset_after_submit"]
)
async def test_a_submission_takes_effect_though_its_answer_is_spoiled(unlimited: Visitor, fault: str) -> None:
    await unlimited.control(user_cache=0)
    try:
        answer = await unlimited.submit(order(f"[practice fault={fault}@submit]"))
        assert answer.status == 200
    except aiohttp.ClientError:
        pass
    assert len((await unlimited.find_user())["active_generations"]["image"]) == 1


@pytest.mark.parametrize(
    "fault", ["html_520@submit", "html_200@submit", "reset@submit", "hang@submit~0.05", "server_error@submit"]
)
async def test_a_submission_that_is_not_served_has_no_effect(unlimited: Visitor, fault: str) -> None:
    await unlimited.control(user_cache=0)
    try:
        answer = await unlimited.submit(order(f"[practice fault={fault}]"))
        assert answer.status != 202
    except (aiohttp.ClientError, ConnectionResetError):
        pass
    assert (await unlimited.find_user())["active_generations"] == {}


@pytest.mark.parametrize(
    ("fault", "status", "rc", "after"),
    [
        ("rate_limited_bare", 429, None, None),
        ("too_many_prompts_wait", 429, "TooManyPrompts", "1"),
        ("kudos_upfront", 403, "KudosUpfront", None),
    ],
)
async def test_more_refusals(
    unlimited: Visitor, fault: str, status: int, rc: str | None, after: str | None
) -> None:
    answer = await unlimited.submit(order(f"a fox [practice fault={fault}]"))
    assert (answer.status, answer.body.get("rc")) == (status, rc)
    assert answer.headers.get("Retry-After") == after


async def test_a_bare_refusal_is_bare_although_the_limiter_is_on(visitor: Visitor) -> None:
    answer = await visitor.submit(order("a fox [practice fault=rate_limited_bare]"))
    assert "Retry-After" not in answer.headers
    assert "X-RateLimit-Limit" in answer.headers


async def test_a_time_out_names_its_seconds(unlimited: Visitor) -> None:
    answer = await unlimited.submit(order("a fox [practice fault=timeout_ip~42]"))
    assert "into timeout for 42 more seconds" in answer.body["message"]
    answer = await unlimited.submit(order("a fox [practice fault=timeout_ip]"))
    assert "into timeout for 180 more seconds" in answer.body["message"]


async def test_a_submission_sent_again_finds_its_count_where_it_left_it(unlimited: Visitor) -> None:
    body = order("[practice fault=server_error@submit*2]")
    assert [(await unlimited.submit(body)).status for _ in range(3)] == [500, 500, 202]
    assert (await unlimited.submit(body)).status == 500  # another job, which begins anew


async def test_a_submission_whose_answer_was_spoiled_once_is_answered_the_second_time(
    unlimited: Visitor,
) -> None:
    body = order("[practice fault=empty@submit*1]")
    assert [(await unlimited.submit(body)).status for _ in range(2)] == [200, 202]
    assert len((await unlimited.ask("GET", "/practice/ledger")).body) == 2


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("slow@check~3*2", ("slow", "check", 3.0, 2)),
        ("drip~0.5", ("drip", None, 0.5, None)),
        ("slow", ("slow", None, 2.0, None)),
        ("hang*1", ("hang", None, None, 1)),
        ("impossible_at_first", ("impossible_at_first", None, 3.0, None)),
    ],
)
def test_the_written_form(written: str, parts: tuple[object, ...]) -> None:
    fault = parse(written)
    assert (fault.name, fault.endpoint, fault.seconds, fault.times) == parts


@pytest.mark.parametrize("written", ["slow~", "slow~x", "slow*2~3", "slow~1e3", "slow@", "slow@check@status"])
def test_what_is_not_the_written_form(written: str) -> None:
    with pytest.raises(ValueError, match="is no fault"):
        parse(written)
