"""Whose key it is: asked for calmly, forgotten with the key, never asked for the anonymous."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import aiohttp
import pytest

from krita_AIhorde.horde.account import AccountState
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import (
    InvalidKey,
    NoAnswer,
    NotEnoughKudos,
    ServerTrouble,
    TransferTooSoon,
    TransferToSelf,
    Unreachable,
)
from krita_AIhorde.horde.messages import User
from krita_AIhorde.practice.server import PracticeHorde

Run = Callable[[Any], Any]


class Horde:
    """Knows the keys "a" and "b"; takes ``takes`` seconds to answer, and ``fails`` so often first."""

    def __init__(self, key: str = "a", *, takes: float = 0.0, fails: list[Exception] | None = None) -> None:
        self.endpoint = Endpoint("https://horde.example/api/v2", key)
        self.takes, self.fails = takes, fails or []
        self.asked: list[tuple[float, str]] = []

    def use_key(self, key: str) -> None:
        self.endpoint = self.endpoint.with_key(key)

    async def find_user(self) -> User:
        key = self.endpoint.api_key
        self.asked.append((asyncio.get_running_loop().time(), key))
        await asyncio.sleep(self.takes)
        if self.fails:
            raise self.fails.pop(0)
        if key not in ("a", "b"):
            raise InvalidKey
        return User(f"{key}#1", kudos=float(len(self.asked)))


def account_of(horde: Horde) -> AccountState:
    return AccountState(cast(HordeClient, horde))


async def watched(
    account: AccountState, seconds: float, *actions: tuple[float, Callable[[], None]]
) -> list[Any]:
    """What listeners saw in so many seconds of ``keep_fresh``: (user's name, type of the problem)."""
    seen: list[Any] = []

    def look() -> None:
        problem = type(account.problem) if account.problem else None
        seen.append((account.user.username if account.user else None, problem))

    account.subscribe(look)
    task = asyncio.ensure_future(account.keep_fresh())
    for at, action in actions:
        asyncio.get_running_loop().call_later(at, action)
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.wait([task])
    return seen


def change(horde: Horde, account: AccountState, key: str) -> Callable[[], None]:
    def act() -> None:
        horde.use_key(key)
        account.key_changed()

    return act


def times(horde: Horde) -> list[float]:
    return [time for time, _ in horde.asked]


def test_the_anonymous_are_known_without_asking(in_virtual_time: Run) -> None:
    horde = Horde("")
    account = account_of(horde)
    assert account.is_anonymous
    assert in_virtual_time(watched(account, 1000)) == []
    assert (horde.asked, account.user, account.problem) == ([], None, None)


def test_an_account_is_known_and_kept_fresh(in_virtual_time: Run) -> None:
    horde = Horde()
    account = account_of(horde)
    assert in_virtual_time(watched(account, 700)) == [("a#1", None)] * 3
    assert times(horde) == pytest.approx([0, 300, 600], abs=0.1)
    assert account.user is not None
    assert account.user.kudos == 3


def test_with_another_key_the_old_account_is_forgotten_at_once(in_virtual_time: Run) -> None:
    horde = Horde(takes=1)
    account = account_of(horde)
    seen = in_virtual_time(watched(account, 100, (10, change(horde, account, "b"))))
    assert seen == [("a#1", None), (None, None), ("b#1", None)]
    assert times(horde) == pytest.approx([0, 10], abs=0.1), "the cache is of no use for another key"


def test_an_answer_for_a_key_that_was_changed_meanwhile_is_not_believed(in_virtual_time: Run) -> None:
    horde = Horde(takes=5)
    account = account_of(horde)
    seen = in_virtual_time(watched(account, 100, (2, change(horde, account, "b"))))
    assert seen == [(None, None), ("b#1", None)]


def test_nor_is_a_failure_with_the_old_key(in_virtual_time: Run) -> None:
    horde = Horde("wrong", takes=5)
    account = account_of(horde)
    seen = in_virtual_time(watched(account, 100, (2, change(horde, account, "b"))))
    assert seen == [(None, None), ("b#1", None)]


def test_leaving_for_the_anonymous_asks_nothing(in_virtual_time: Run) -> None:
    horde = Horde()
    account = account_of(horde)
    assert in_virtual_time(watched(account, 100, (10, change(horde, account, "")))) == [
        ("a#1", None),
        (None, None),
    ]
    assert len(horde.asked) == 1


def test_a_key_that_nobody_has_is_said_and_asked_for_seldom(in_virtual_time: Run) -> None:
    horde = Horde("wrong")
    assert in_virtual_time(watched(account_of(horde), 250)) == [(None, InvalidKey)]


def test_trouble_passes(in_virtual_time: Run) -> None:
    horde = Horde(fails=[Unreachable(), ServerTrouble()])
    seen = in_virtual_time(watched(account_of(horde), 20))
    assert seen == [(None, Unreachable), (None, ServerTrouble), ("a#1", None)]


def test_it_is_not_asked_again_before_the_hordes_cache_can_know_more(in_virtual_time: Run) -> None:
    horde = Horde()

    async def main() -> None:
        account = account_of(horde)
        for _ in range(65):
            await account.refresh()
            await asyncio.sleep(1)

    in_virtual_time(main())
    assert times(horde) == pytest.approx([0, 31, 62], abs=0.1)


def test_a_change_that_is_expected_is_seen_as_soon_as_it_can_be(in_virtual_time: Run) -> None:
    horde = Horde()
    account = account_of(horde)
    soon, late = account.expect_change, account.expect_change
    in_virtual_time(watched(account, 200, (5, soon), (6, soon), (100, late)))
    assert times(horde) == pytest.approx([0, 31, 100], abs=0.1)


async def test_kudos_given_at_the_practice_horde(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("krita_AIhorde.horde.account.CACHED", 0.0)

    async def control(change: dict[str, Any]) -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{root}/practice/faults", json=change) as done,
        ):
            assert done.status == 200

    async def balance(key: str) -> float:
        client.use_key(key)
        await account.refresh()
        assert account.user is not None
        return account.user.kudos

    async with PracticeHorde() as horde:
        root = horde.url.removesuffix("/api/v2")
        await control({"user_cache": 0, "limits": False})
        client = connect(root)
        account = AccountState(client)
        assert await balance("practice-poor") == 0
        with pytest.raises(NotEnoughKudos):
            await client.transfer_kudos("practice_user#1", 1)
        assert await balance("practice-user") == 1200
        with pytest.raises(TransferToSelf) as raised:
            await client.transfer_kudos("practice_user#1", 1)
        assert "yourself" in raised.value.message
        assert await client.transfer_kudos("practice_poor#2", 200) == 200
        assert (await balance("practice-user"), await balance("practice-poor")) == (1000, 200)
        with pytest.raises(TransferTooSoon):
            await client.transfer_kudos("practice_user#1", 1)
        client.use_key("practice-user")
        await control({"faults": ["reset_after_submit@transfer*1"]})
        with pytest.raises(NoAnswer) as lost:
            await client.transfer_kudos("practice_poor#2", 100, retry_key="this wish")
        assert lost.value.ambiguous
        assert await client.transfer_kudos("practice_poor#2", 100, retry_key="this wish") == 100
        assert (await balance("practice-user"), await balance("practice-poor")) == (900, 300)
        client.use_key("nobody's")
        await account.refresh()
        assert isinstance(account.problem, InvalidKey)
        assert account.user is None
