"""What the client asks for and makes of the answers; bytes and connections are in ``test_horde_wire``."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from yarl import URL

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import (
    BadAnswer,
    InvalidKey,
    LinkDead,
    NoAnswer,
    NotAnImage,
    RateLimited,
    RequestNotFound,
    ServerTrouble,
    TooManyPrompts,
    Unreachable,
)
from krita_AIhorde.horde.messages import Generation, GenerationParams, GenerationRequest, Heartbeat, Modes
from krita_AIhorde.horde.pacing import Bucket, Governor

HORDE = "https://horde.example/api/v2"
KEY = "my-own-key"
ID = "66d3ca28-57f0-4624-9e77-f1f89f342a67"
REQUEST = GenerationRequest(prompt="a fox", models=("Deliberate",), params=GenerationParams(seed="42"))


class NotedGovernor(Governor):
    def __init__(self) -> None:
        super().__init__()
        self.turns: list[tuple[Bucket, str | None]] = []
        self.spare_turns: list[tuple[Bucket, str | None]] = []
        self.pauses: list[tuple[Bucket, float, str | None]] = []
        self.forgotten: list[str] = []

    @contextlib.asynccontextmanager
    async def call(
        self, bucket: Bucket, key: str | None = None, *, spare: bool = False
    ) -> AsyncIterator[None]:
        (self.spare_turns if spare else self.turns).append((bucket, key))
        yield

    def pause(self, bucket: Bucket, seconds: float, key: str | None = None) -> None:
        self.pauses.append((bucket, seconds, key))

    def forget(self, key: str) -> None:
        self.forgotten.append(key)


@pytest.fixture
def governor() -> NotedGovernor:
    return NotedGovernor()


@pytest.fixture
async def client(governor: NotedGovernor) -> AsyncIterator[HordeClient]:
    client = HordeClient(Endpoint(HORDE, KEY, "name:1:contact"), governor=governor)
    yield client
    await client.close()


def sent(horde_answers: Any, method: str, path: str) -> Any:
    """The arguments of the one call that was made."""
    (call,) = horde_answers.requests[method, URL(f"{HORDE}/{path}")]
    return call.kwargs


async def test_submit(client: HordeClient, horde_answers: Any, answers: Any, governor: NotedGovernor) -> None:
    horde_answers.post(f"{HORDE}/generate/async", status=202, payload=answers["01_submit_txt2img"])
    submitted = await client.submit(REQUEST)
    assert submitted.id == ID
    call = sent(horde_answers, "POST", "generate/async")
    assert call["headers"]["apikey"] == KEY
    assert call["headers"]["Client-Agent"] == "name:1:contact"
    assert json.loads(call["data"])["params"]["seed"] == "42"
    assert governor.turns == [(Bucket.SUBMIT, "generate/async")]


async def test_a_request_is_on_the_wire_only_once_its_turn_has_come(
    client: HordeClient, horde_answers: Any, answers: Any, governor: NotedGovernor
) -> None:
    horde_answers.post(f"{HORDE}/generate/async", status=202, payload=answers["01_submit_txt2img"])
    seen: list[Any] = []

    async def on_wire() -> None:
        seen.append((list(governor.turns), len(horde_answers.requests)))

    await client.submit(REQUEST, on_wire=on_wire)
    assert seen == [([(Bucket.SUBMIT, "generate/async")], 0)]


async def test_price_asks_without_submitting_or_holding_up_who_submits(
    client: HordeClient, horde_answers: Any, answers: Any, governor: NotedGovernor
) -> None:
    horde_answers.post(f"{HORDE}/generate/async", payload=answers["86_dry_run"])
    assert await client.price(REQUEST) == 8.0
    assert (governor.turns, governor.spare_turns) == ([], [(Bucket.SUBMIT, "generate/async")])
    assert json.loads(sent(horde_answers, "POST", "generate/async")["data"])["dry_run"] is True


async def test_a_dry_run_is_not_submitted_by_mistake(client: HordeClient) -> None:
    with pytest.raises(ValueError, match="price"):
        await client.submit(GenerationRequest(prompt="a fox", dry_run=True))


async def test_check_status_and_cancel_need_no_key_and_send_none(
    client: HordeClient, horde_answers: Any, answers: Any, governor: NotedGovernor
) -> None:
    horde_answers.get(f"{HORDE}/generate/check/{ID}", payload=answers["02_check_queued"])
    horde_answers.get(f"{HORDE}/generate/status/{ID}", payload=answers["05_status_done_r2"])
    horde_answers.delete(f"{HORDE}/generate/status/{ID}", payload=answers["12_cancel_partial"])
    assert (await client.check(ID)).queue_position == 1
    assert len((await client.status(ID)).generations) == 2
    before = await client.cancel(ID)
    assert (before.done, len(before.generations)) == (False, 1)
    for calls in horde_answers.requests.values():
        assert [name for name in calls[0].kwargs["headers"] if name.lower() == "apikey"] == []
        assert calls[0].kwargs["headers"]["Client-Agent"] == "name:1:contact"
    assert governor.turns == [(Bucket.CHECK, ID), (Bucket.STATUS, ID), (Bucket.CANCEL, ID)]


async def test_models_come_with_the_best_served_first(client: HordeClient, horde_answers: Any) -> None:
    listed = [
        {"name": "orphan", "count": 0, "type": "image"},
        {"name": "a text model", "count": 99, "type": "text"},
        {"name": "Zebra", "count": 3, "type": "image"},
        {"name": "apple", "count": 3, "type": "image"},
        {"name": "busy", "count": 30, "type": "image"},
    ]
    horde_answers.get(f"{HORDE}/status/models?type=image", payload=listed)
    assert [m.name for m in await client.models()] == ["busy", "apple", "Zebra", "orphan"]


async def test_the_account_of_a_key(client: HordeClient, horde_answers: Any, answers: Any) -> None:
    client.use_key("another")
    horde_answers.get(f"{HORDE}/find_user", payload=answers["147_find_user"])
    assert (await client.find_user()).username == "rich_user#3"
    assert sent(horde_answers, "GET", "find_user")["headers"]["apikey"] == "another"


async def test_the_hordes_health(
    client: HordeClient, horde_answers: Any, answers: Any, governor: NotedGovernor
) -> None:
    horde_answers.get(f"{HORDE}/status/modes", payload=answers["145_status_modes"])
    horde_answers.get(f"{HORDE}/status/heartbeat", payload=answers["144_status_heartbeat"])
    assert await client.modes() == Modes()
    assert await client.heartbeat() == Heartbeat(message="OK", version="5.1.5")
    assert governor.turns == [(Bucket.OTHER, "status/modes")]


async def test_the_limiters_429_pauses_and_the_concurrency_429_does_not(
    client: HordeClient, horde_answers: Any, governor: NotedGovernor
) -> None:
    path = f"{HORDE}/generate/async"
    horde_answers.post(path, status=429, payload={"message": "2 per 1 second"}, headers={"Retry-After": "6"})
    with pytest.raises(RateLimited):
        await client.submit(REQUEST)
    assert governor.pauses == [(Bucket.SUBMIT, 6.0, "generate/async")]
    horde_answers.post(path, status=429, payload={"message": "31 exceeded", "rc": "TooManyPrompts"})
    with pytest.raises(TooManyPrompts):
        await client.submit(REQUEST)
    assert len(governor.pauses) == 1


async def test_an_expired_request_is_forgotten(
    client: HordeClient, horde_answers: Any, governor: NotedGovernor
) -> None:
    horde_answers.get(f"{HORDE}/generate/check/{ID}", status=404, payload={"rc": "RequestNotFound"})
    with pytest.raises(RequestNotFound):
        await client.check(ID)
    assert governor.forgotten == [ID]


@pytest.mark.parametrize(
    ("answer", "expected", "ambiguous"),
    [
        ({"status": 500, "payload": {"message": "Internal Server Error"}}, ServerTrouble, False),
        ({"status": 502, "body": "<html>bad gateway</html>"}, ServerTrouble, False),
        ({"status": 504, "body": "<html>gave up</html>"}, NoAnswer, True),
        ({"status": 524, "body": "<html>gave up</html>"}, NoAnswer, True),
        ({"status": 200, "body": "<html>please log in</html>"}, ServerTrouble, False),
        ({"status": 202, "body": '{"id": "66d3'}, NoAnswer, True),
        ({"status": 202, "body": ""}, BadAnswer, True),
        ({"status": 202, "payload": {"kudos": 3}}, BadAnswer, True),
        ({"status": 202, "payload": ["what"]}, BadAnswer, True),
        ({"exception": aiohttp.ServerDisconnectedError()}, NoAnswer, True),
        ({"exception": aiohttp.ClientOSError(104, "reset")}, NoAnswer, True),
        ({"exception": aiohttp.SocketTimeoutError()}, NoAnswer, True),
        ({"exception": TimeoutError()}, NoAnswer, True),
        ({"exception": aiohttp.ConnectionTimeoutError()}, Unreachable, False),
    ],
)
async def test_a_failed_submit_says_whether_it_may_have_been_accepted(
    client: HordeClient, horde_answers: Any, answer: dict[str, Any], expected: type, ambiguous: bool
) -> None:
    horde_answers.post(f"{HORDE}/generate/async", **answer)
    with pytest.raises(expected) as raised:
        await client.submit(REQUEST)
    assert raised.value.ambiguous is ambiguous
    assert raised.value.repeatable is not ambiguous


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 504, "body": "<html>gave up</html>"},
        {"status": 200, "body": '{"done": tr'},
        {"status": 200, "payload": {}},
        {"exception": aiohttp.ServerDisconnectedError()},
        {"exception": TimeoutError()},
    ],
)
async def test_a_failed_check_can_always_be_repeated(
    client: HordeClient, horde_answers: Any, answer: dict[str, Any]
) -> None:
    horde_answers.get(f"{HORDE}/generate/check/{ID}", **answer)
    with pytest.raises((NoAnswer, BadAnswer)) as raised:
        await client.check(ID)
    assert raised.value.repeatable


async def test_neither_key_nor_prompt_nor_picture_is_ever_logged(
    client: HordeClient, horde_answers: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    words = f"User with api_key '{KEY}' not found."
    horde_answers.post(
        f"{HORDE}/generate/async", status=401, payload={"rc": "InvalidAPIKey", "message": words}
    )
    horde_answers.get(f"{HORDE}/find_user", exception=aiohttp.ClientError(f"apikey: {KEY}"))
    with pytest.raises(InvalidKey) as invalid:
        await client.submit(GenerationRequest(prompt="a secret fox", source_image="cGljdHVyZQ=="))
    with pytest.raises(NoAnswer) as lost:
        await client.find_user()
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("krita_AIhorde")]
    assert ours[0].startswith("POST /generate/async: 401 in ")
    for text in (*ours, str(invalid.value), str(lost.value)):
        for secret in (KEY, "secret fox", "cGljdHVyZQ"):
            assert secret not in text


@pytest.mark.parametrize("img", ["N/A", ""])
async def test_an_image_that_never_arrived_is_a_dead_link(client: HordeClient, img: str) -> None:
    with pytest.raises(LinkDead):
        await client.image_bytes(Generation(id="g", img=img))


async def test_an_image_can_come_inside_the_status(client: HordeClient, answers: Any) -> None:
    with pytest.raises(LinkDead):
        await client.image_bytes(
            Generation(id="g", img=answers["115b_status_no_upload_r2_false"]["generations"][0]["img"])
        )
    assert await client.image_bytes(Generation(id="g", img="iVBORw0KGgo=")) == b"\x89PNG\r\n\x1a\n"
    for garbage in ("no base64!", "Z2FyYmFnZQ=="):
        with pytest.raises(NotAnImage):
            await client.image_bytes(Generation(id="g", img=garbage))


async def test_a_client_can_be_made_without_a_loop_and_closed_unused() -> None:
    await HordeClient(Endpoint(HORDE)).close()
