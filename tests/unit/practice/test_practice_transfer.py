"""Kudos go from one account to another, by the real server's rules and in its words."""

from __future__ import annotations

from typing import Any

import pytest
from practice_kit import AGENT, ANONYMOUS, POOR, TRUSTED, USER, Answer, Visitor, order

NAMES = {USER: "practice_user#1", POOR: "practice_poor#2", TRUSTED: "practice_trusted#3"}


async def give(
    visitor: Visitor, to: Any, amount: Any = 100, key: str | None = USER, retry_key: str | None = None
) -> Answer:
    headers = {"Client-Agent": AGENT, "apikey": key, "Idempotency-Key": retry_key}
    sent = {name: value for name, value in headers.items() if value is not None}
    body = {"username": to, "amount": amount}
    return await visitor.ask("POST", "/api/v2/kudos/transfer", json=body, headers=sent)


async def kudos(visitor: Visitor, key: str) -> float:
    return float((await visitor.find_user(key))["kudos"])


@pytest.fixture
async def horde(unlimited: Visitor) -> Visitor:
    await unlimited.control(user_cache=0)
    return unlimited


@pytest.mark.parametrize("to", ["practice_poor#2", "2", "whatever they are called#2"])
async def test_kudos_change_hands_and_none_are_lost(horde: Visitor, to: str) -> None:
    answer = await give(horde, to, 100)
    assert (answer.status, answer.body) == (200, {"transferred": 100.0})
    sender, recipient = await horde.find_user(USER), await horde.find_user(POOR)
    assert (sender["kudos"], recipient["kudos"]) == (1100, 100)
    assert (sender["kudos_details"]["gifted"], recipient["kudos_details"]["received"]) == (-100, 100)


@pytest.mark.parametrize(
    ("key", "to", "amount", "rc", "message"),
    [
        (USER, "practice_user#1", 1, "KudosTransferToSelf", "Cannot send kudos to yourself, ya monkey!"),
        (USER, "nobody#99", 1, "InvalidTargetUsername", "Invalid target username."),
        (USER, "practice_poor", 1, "InvalidTargetUsername", "Invalid target username."),
        (USER, "", 1, "InvalidTargetUsername", "Invalid target username."),
        (USER, NAMES[POOR], 1176, "KudosTransferNotEnough", "Not enough kudos."),
        (POOR, NAMES[USER], 1, "KudosTransferNotEnough", "Not enough kudos."),
        (USER, NAMES[POOR], -1, "NegativeKudosTransfer", "Nice try..."),
        (USER, NAMES[POOR], 0, "InvalidKudosTransferAmount", "Transfer amount must be positive."),
        (
            USER, "Anonymous#0", 1, "KudosTransferToAnon",
            "Tried to burn kudos via sending to Anonymous. Assuming PEBKAC and aborting.",
        ),
        (
            ANONYMOUS, NAMES[POOR], 1, "KudosTransferFromAnon",
            "You cannot transfer Kudos from Anonymous, smart-ass.",
        ),
    ],
)  # fmt: skip
async def test_what_is_refused_moves_nothing(
    horde: Visitor, key: str, to: str, amount: int, rc: str, message: str
) -> None:
    before = [await kudos(horde, owner) for owner in NAMES]
    answer = await give(horde, to, amount, key)
    assert (answer.status, answer.body) == (400, {"message": message, "rc": rc})
    assert [await kudos(horde, owner) for owner in NAMES] == before


async def test_all_but_the_floor_can_be_given(horde: Visitor) -> None:
    assert (await give(horde, NAMES[POOR], 1175)).status == 200
    assert await kudos(horde, USER) == 25


async def test_a_gift_is_not_given_back_within_a_minute(horde: Visitor) -> None:
    await give(horde, NAMES[POOR], 100)
    back = await give(horde, NAMES[USER], 10, POOR)
    assert (back.status, back.body["rc"]) == (400, "TooFastKudosTransfers")
    await horde.control(clock=60)
    assert (await give(horde, NAMES[USER], 10, POOR)).status == 200


async def test_with_the_same_retry_key_kudos_are_given_once(horde: Visitor) -> None:
    answers = [await give(horde, NAMES[POOR], 100, retry_key="once") for _ in range(3)]
    assert [(answer.status, answer.body["transferred"]) for answer in answers] == [(200, 100.0)] * 3
    assert await kudos(horde, POOR) == 100
    other = await give(horde, NAMES[POOR], 50, retry_key="once")
    assert (other.status, other.body["rc"]) == (400, "IdempotencyKeyConflict")
    await give(horde, NAMES[POOR], 100, retry_key="twice")
    assert await kudos(horde, POOR) == 200


async def test_a_refusal_does_not_use_up_the_retry_key(horde: Visitor) -> None:
    assert (await give(horde, NAMES[POOR], 5000, retry_key="x")).status == 400
    assert (await give(horde, NAMES[POOR], 50, retry_key="x")).status == 200


async def test_an_answer_that_is_lost_gave_all_the_same(horde: Visitor) -> None:
    await horde.control(faults=["garbage@transfer*1"])
    await give(horde, NAMES[POOR], 100, retry_key="x")
    assert await kudos(horde, POOR) == 100
    assert (await give(horde, NAMES[POOR], 100, retry_key="x")).body == {"transferred": 100.0}
    assert await kudos(horde, POOR) == 100


async def test_what_is_given_can_be_spent_at_once(horde: Visitor) -> None:
    big = order(width=1280, height=1280)
    assert (await horde.submit(big, POOR)).body["rc"] == "KudosUpfront"
    await give(horde, NAMES[POOR], 500)
    assert (await horde.submit(big, POOR)).status == 202


async def test_who_gives_must_be_known(horde: Visitor) -> None:
    assert (await give(horde, NAMES[POOR], 1, "nope")).body["rc"] == "InvalidAPIKey"
    unknown = await give(horde, NAMES[POOR], 1, None)
    assert (unknown.status, set(unknown.body["errors"])) == (400, {"apikey"})


@pytest.mark.parametrize(
    ("body", "wrong"),
    [({}, "username"), ({"username": "2", "amount": "many"}, "amount"), ({"username": None}, "username")],
)
async def test_what_is_no_transfer(horde: Visitor, body: dict[str, Any], wrong: str) -> None:
    answer = await horde.ask("POST", "/api/v2/kudos/transfer", json=body, headers={"apikey": USER})
    assert (answer.status, set(answer.body["errors"])) == (400, {wrong})


async def test_without_an_amount_it_is_a_hundred(horde: Visitor) -> None:
    await horde.ask("POST", "/api/v2/kudos/transfer", json={"username": "2"}, headers={"apikey": USER})
    assert await kudos(horde, POOR) == 100


async def test_a_reset_restores_every_balance(horde: Visitor) -> None:
    await give(horde, NAMES[POOR], 100, retry_key="x")
    await horde.ask("POST", "/practice/reset")
    assert (await kudos(horde, USER), await kudos(horde, POOR)) == (1200, 0)


async def test_one_transfer_a_second(visitor: Visitor) -> None:
    assert (await give(visitor, NAMES[POOR], 1)).status == 200
    refused = await give(visitor, NAMES[POOR], 1)
    assert (refused.status, refused.body) == (429, {"message": "1 per 1 second"})
    assert (await give(visitor, NAMES[USER], 1, TRUSTED)).status == 200, "each key for itself"
    await visitor.control(clock=1)
    assert (await give(visitor, NAMES[POOR], 1)).status == 200
