"""Rate limits and concurrency: the two kinds of 429, and the headers that go with every answer."""

from __future__ import annotations

import asyncio

import pytest
from practice_kit import ANONYMOUS, TRUSTED, USER, Visitor, order
from practice_recordings import load

from krita_AIhorde.practice.clock import Clock
from krita_AIhorde.practice.limits import Limiter

_NEVER = "[practice fault=never]"


def _same_as_recorded(name: str, answer) -> None:
    recorded = load(name)["response"]
    assert answer.status == recorded["status"]
    if recorded["status"] == 429:
        assert answer.body == recorded["body"]
    for header in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"):
        assert header in answer.headers
    assert answer.headers["X-RateLimit-Limit"] == recorded["headers"]["X-Ratelimit-Limit"]
    assert answer.headers["X-RateLimit-Remaining"] == recorded["headers"]["X-Ratelimit-Remaining"]


async def test_two_submissions_a_second(visitor: Visitor) -> None:
    _same_as_recorded("200_submit_with_ratelimit_headers", await visitor.submit(order()))
    await visitor.submit(order())
    third = await visitor.submit(order())
    _same_as_recorded("201_err_429_submit_per_second", third)
    assert third.headers["Retry-After"] == "1"
    await visitor.control(clock=1)
    assert (await visitor.submit(order())).status == 202


def test_submissions_are_counted_by_address_and_by_key() -> None:
    limiter = Limiter(Clock())

    def refused(address: str, key: str) -> bool:
        return limiter.hit(limiter.rules("submit", address, key, "POST@/async")).refused is not None

    assert not refused("here", "mine")
    assert not refused("there", "mine")
    assert refused("elsewhere", "mine"), "a third one of this key"
    assert not refused("here", "another")
    assert refused("here", "a third"), "a third one from this address"
    assert not any(refused(f"address {number}", ANONYMOUS) for number in range(60))
    assert refused("address 60", ANONYMOUS)


async def test_ninety_submissions_a_minute(visitor: Visitor) -> None:
    await visitor.control(concurrency=1000)
    for _ in range(45):
        for _ in range(2):
            assert (await visitor.submit(order(_NEVER))).status == 202
        await visitor.control(clock=1)
    refused = await visitor.submit(order(_NEVER))
    _same_as_recorded("209_err_429_submit_per_minute", refused)
    assert 1 <= int(refused.headers["Retry-After"]) <= 16  # 45 seconds have passed since the first
    await visitor.control(clock=int(refused.headers["Retry-After"]))
    assert (await visitor.submit(order(_NEVER))).status == 202


async def test_ten_checks_a_second(visitor: Visitor) -> None:
    request_id = await visitor.accepted(order(_NEVER))
    path = f"/api/v2/generate/check/{request_id}"
    _same_as_recorded("202_check_with_ratelimit_headers", await visitor.ask("GET", path))
    answers = await asyncio.gather(*(visitor.ask("GET", path) for _ in range(30)))
    refused = [answer for answer in answers if answer.status == 429]
    assert refused, "thirty at once are too many"
    _same_as_recorded("203_err_429_check", refused[-1])


async def test_ten_statuses_a_minute_and_cancel_has_its_own(visitor: Visitor) -> None:
    request_id = await visitor.accepted(order(_NEVER))
    path = f"/api/v2/generate/status/{request_id}"
    for _ in range(10):
        assert (await visitor.ask("GET", path)).status == 200
    refused = await visitor.ask("GET", path)
    _same_as_recorded("204_err_429_status_per_minute", refused)
    assert 59 <= int(refused.headers["Retry-After"]) <= 60
    _same_as_recorded("205_delete_shares_status_limit", await visitor.ask("DELETE", path))
    other = await visitor.accepted(order(_NEVER))
    assert (await visitor.ask("GET", f"/api/v2/generate/status/{other}")).status == 200


async def test_ninety_a_minute_elsewhere(visitor: Visitor) -> None:
    headers = {"apikey": USER}
    models = await visitor.ask("GET", "/api/v2/status/models?type=image")
    _same_as_recorded("207_status_models_ratelimit_headers", models)
    answers = [await visitor.ask("GET", "/api/v2/find_user", headers=headers) for _ in range(91)]
    assert {answer.status for answer in answers[:90]} == {200}
    _same_as_recorded("206_err_429_find_user_default_90_per_minute", answers[90])


async def test_the_heartbeat_is_exempt(visitor: Visitor) -> None:
    answers = [await visitor.ask("GET", "/api/v2/status/heartbeat") for _ in range(100)]
    assert {answer.status for answer in answers} == {200}
    assert "Retry-After" not in answers[0].headers
    assert answers[0].status == load("208_heartbeat_exempt")["response"]["status"]


async def test_a_trusted_account_widens_the_limits_of_its_address(visitor: Visitor) -> None:
    answers = [await visitor.submit(order(_NEVER), TRUSTED) for _ in range(6)]
    assert [answer.status for answer in answers] == [202] * 6
    assert answers[-1].headers["X-RateLimit-Limit"] == "10"


async def test_too_many_prompts_counts_waiting_images_only(unlimited: Visitor) -> None:
    drawn = await unlimited.accepted(order("[practice delay=60]", n=2))
    await unlimited.until(drawn, lambda state: state["processing"] == 2)
    await unlimited.accepted(order(_NEVER, n=20))
    assert (await unlimited.submit(order(_NEVER, n=10))).status == 202
    refused = await unlimited.submit(order(_NEVER))
    assert refused.status == 429
    assert refused.body["rc"] == "TooManyPrompts"
    assert "(31) exceeded user limit (30)" in refused.body["message"]
    assert "Retry-After" not in refused.headers


async def test_anonymous_users_share_a_wide_limit(unlimited: Visitor) -> None:
    for _ in range(5):
        await unlimited.accepted(order(_NEVER, n=20), ANONYMOUS)
    assert (await unlimited.find_user(ANONYMOUS))["concurrency"] == 500


async def test_a_cancelled_request_frees_its_places(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order(_NEVER, n=20))
    assert (await unlimited.submit(order(_NEVER, n=11))).status == 429
    await unlimited.cancel(request_id)
    assert (await unlimited.submit(order(_NEVER, n=11))).status == 202


async def test_places_of_a_refused_picture_are_freed_after_twenty_minutes(unlimited: Visitor) -> None:
    bad = {**order(n=20), "source_image": "not an image"}
    assert (await unlimited.submit(bad)).body["rc"] == "ImageValidationFailed"
    assert (await unlimited.submit(order(n=11))).body["rc"] == "TooManyPrompts"
    await unlimited.control(clock=20 * 60 + 1)
    assert (await unlimited.submit(order(n=11))).status == 202


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_steering_is_not_limited(visitor: Visitor, method: str) -> None:
    answers = [await visitor.ask(method, "/practice/faults", json={}) for _ in range(100)]
    assert {answer.status for answer in answers} == {200}
