"""How things stand: what the client asks for, and what it makes of the answers; kudos that are given away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.messages import Performance, User, WorkerInfo, structure

Connect = Callable[..., HordeClient]


async def asked(raw_host: Any, wire: Any, connect: Connect, answer: Any) -> tuple[HordeClient, Any]:
    host = await raw_host(lambda _: wire.reply(answer))
    return connect(host.url), host


async def test_workers_as_they_were_recorded(
    raw_host: Any, wire: Any, connect: Connect, answers: dict[str, Any]
) -> None:
    client, host = await asked(raw_host, wire, connect, answers["151_workers"])
    (worker,) = await client.workers()
    assert (worker.name, worker.id) == ("fake dreamer", "dabd37a7-2190-4282-a237-e005a3d39255")
    assert worker.online
    assert worker.trusted
    assert worker.nsfw
    assert not worker.maintenance_mode
    assert worker.img2img
    assert worker.painting
    assert worker.lora
    assert worker.controlnet
    assert worker.post_processing
    assert worker.max_pixels == 2048 * 2048
    assert worker.performance == "4.7 megapixelsteps per second"
    assert len(worker.models) == 13
    assert host.received[0].target == "/api/v2/workers?type=image"
    assert "apikey" not in host.received[0].headers


async def test_workers_of_other_kinds_are_left_out_and_the_rest_sorted(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    listed = [
        {"id": "1", "name": "zebra", "type": "image"},
        {"id": "2", "name": "writer", "type": "text"},
        {"name": "without an id"},
        {"id": "3", "name": "Ant", "models": None, "max_pixels": "many"},
    ]
    client, _ = await asked(raw_host, wire, connect, listed)
    assert await client.workers() == (WorkerInfo("3", "Ant"), WorkerInfo("1", "zebra"))


async def test_performance_as_it_was_recorded(
    raw_host: Any, wire: Any, connect: Connect, answers: dict[str, Any]
) -> None:
    client, _ = await asked(raw_host, wire, connect, answers["143_status_performance"])
    assert await client.performance() == Performance(0, 0.0, 5.24, 1, 2)


@pytest.mark.parametrize(
    ("queued", "made", "seconds"),
    [(0, 0, 0), (0, 90, 0), (90, 90, 60), (45, 90, 30), (45, 0, None), (-1, 0, 0)],
)
def test_how_long_the_queue_takes(queued: float, made: float, seconds: float | None) -> None:
    performance = Performance(queued_megapixelsteps=queued, past_minute_megapixelsteps=made)
    assert performance.seconds_queued == seconds


async def test_news_come_newest_first(
    raw_host: Any, wire: Any, connect: Connect, answers: dict[str, Any]
) -> None:
    client, _ = await asked(raw_host, wire, connect, list(reversed(answers["146_status_news"])))
    dates = [piece.date for piece in await client.news()]
    assert dates == sorted(dates, reverse=True)
    assert dates[0] == "2025-12-16"


def test_an_account_as_it_was_recorded(answers: dict[str, Any]) -> None:
    user = structure(User, answers["147_find_user"])
    assert (user.requests, user.contributions, user.worker_ids) == (85, 0, ())
    assert (user.trusted, user.pseudonymous) == (False, False)
    bare = structure(User, {"username": "x#1", "records": None, "worker_ids": ["a", 5, None, ["b"]]})
    assert (bare.requests, bare.contributions, bare.worker_ids) == (0, 0, ("a", "5"))


# Kudos


async def test_kudos_are_given_with_the_key_and_a_name_for_the_attempt(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    client, host = await asked(raw_host, wire, connect, {"transferred": 25})
    assert await client.transfer_kudos(" someone#12 ", 25) == 25
    assert await client.transfer_kudos("someone#12", 25, retry_key="again") == 25
    await client.transfer_kudos("someone#12", 25)
    for request in host.received:
        assert (request.method, request.target) == ("POST", "/api/v2/kudos/transfer")
        assert request.headers["apikey"] == "my-own-key"
        assert request.body == b'{"username":"someone#12","amount":25}'
    keys = [request.headers["idempotency-key"] for request in host.received]
    assert keys[1] == "again"
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("key", "to", "amount", "expected"),
    [
        ("", "someone#12", 5, errors.AnonymousTransfer),
        ("a-key", " ", 5, errors.UnknownRecipient),
        ("a-key", "someone#12", 0, errors.BadAmount),
        ("a-key", "someone#12", -5, errors.BadAmount),
    ],
)
async def test_what_is_clear_beforehand_is_not_asked(
    raw_host: Any,
    wire: Any,
    connect: Connect,
    key: str,
    to: str,
    amount: int,
    expected: type[errors.HordeError],
) -> None:
    client, host = await asked(raw_host, wire, connect, {"transferred": 25})
    client.use_key(key)
    with pytest.raises(expected):
        await client.transfer_kudos(to, amount)
    assert host.received == []


@pytest.mark.parametrize(
    ("rc", "expected"),
    [
        ("InvalidTargetUsername", errors.UnknownRecipient),
        ("KudosTransferToSelf", errors.TransferToSelf),
        ("KudosTransferToAnon", errors.AnonymousTransfer),
        ("KudosTransferFromAnon", errors.AnonymousTransfer),
        ("KudosTransferNotEnough", errors.NotEnoughKudos),
        ("NegativeKudosTransfer", errors.BadAmount),
        ("InvalidKudosTransferAmount", errors.BadAmount),
        ("TooFastKudosTransfers", errors.TransferTooSoon),
        ("TargetAccountFlagged", errors.TransferRefused),
        ("IdempotencyKeyConflict", errors.TransferRefused),
        ("SomethingNew", errors.Refused),
        ("InvalidAPIKey", errors.InvalidKey),
    ],
)
async def test_every_refusal_is_what_it_is_in_the_hordes_own_words(
    raw_host: Any, wire: Any, connect: Connect, rc: str, expected: type[errors.HordeError]
) -> None:
    host = await raw_host(lambda _: wire.reply({"message": "No.", "rc": rc}, 400))
    with pytest.raises(errors.HordeError) as raised:
        await connect(host.url).transfer_kudos("someone#12", 5)
    assert type(raised.value) is expected
    assert (raised.value.message, raised.value.rc, raised.value.repeatable) == ("No.", rc, False)


@pytest.mark.parametrize(
    "answer", [lambda wire: b"", lambda wire: wire.reply({"what": 1}), lambda wire: wire.reply(b"", 504)]
)
async def test_without_an_answer_nobody_knows_whether_the_kudos_are_gone(
    raw_host: Any, wire: Any, connect: Connect, answer: Any
) -> None:
    host = await raw_host(lambda _: answer(wire))
    with pytest.raises(errors.HordeError) as raised:
        await connect(host.url).transfer_kudos("someone#12", 5)
    assert raised.value.ambiguous
    assert len(host.received) == 1


# Failures


async def test_every_failed_call_is_told_to_those_who_watch(
    raw_host: Any, wire: Any, connect: Connect
) -> None:
    host = await raw_host(lambda r: wire.reply({}, 503 if "news" in r.target else 200))
    client = connect(host.url)
    seen: list[errors.HordeError] = []
    stop = client.failures.subscribe(seen.append)
    await client.modes()
    with pytest.raises(errors.ServerTrouble):
        await client.news()
    stop()
    with pytest.raises(errors.ServerTrouble):
        await client.news()
    assert [type(error) for error in seen] == [errors.ServerTrouble]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "name", "models", "max_pixels", "type"]), st.integers() | st.text()
        )
    )
)
def test_no_list_of_workers_breaks_us(listed: Any) -> None:
    for item in listed:
        if "id" in item:
            assert isinstance(structure(WorkerInfo, item).models, tuple)
