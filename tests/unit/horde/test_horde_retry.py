from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from krita_AIhorde.horde.errors import (
    HordeError,
    NoAnswer,
    RateLimited,
    Refused,
    ServerTrouble,
    TooManyPrompts,
    Unreachable,
)
from krita_AIhorde.horde.retry import backoff, persist

Run = Callable[[Any], Any]


class Flaky:
    """Fails with each of ``failures`` in turn, then answers; notes when it was called."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls: list[float] = []

    async def __call__(self) -> str:
        self.calls.append(asyncio.get_running_loop().time())
        if self.failures:
            raise self.failures.pop(0)
        return "answer"

    @property
    def waits(self) -> list[float]:
        return [after - before for before, after in zip(self.calls, self.calls[1:], strict=False)]


def test_what_passes_is_waited_out(in_virtual_time: Run) -> None:
    call = Flaky(Unreachable(), NoAnswer(), ServerTrouble("", status=502))
    assert in_virtual_time(persist(call)) == "answer"
    assert len(call.calls) == 4


def test_a_call_may_be_anything_that_gives_an_awaitable(in_virtual_time: Run) -> None:
    call = Flaky(Unreachable())
    assert in_virtual_time(persist(lambda: Flaky.__call__(call))) == "answer"
    assert len(call.calls) == 2


def test_waits_grow_to_half_a_minute_and_no_further(in_virtual_time: Run) -> None:
    call = Flaky(*(ServerTrouble() for _ in range(12)))
    in_virtual_time(persist(call))
    assert 1 <= call.waits[0] <= 2.01
    assert call.waits[:4] == sorted(call.waits[:4])
    assert all(29.9 < wait <= 30.1 for wait in call.waits[6:])


def test_the_servers_own_wish_is_a_least(in_virtual_time: Run) -> None:
    call = Flaky(RateLimited(retry_after=53))
    in_virtual_time(persist(call))
    assert 53 <= call.waits[0] <= 54


@pytest.mark.parametrize("lasting", [Refused("no"), TooManyPrompts(), KeyError("a mistake of ours")])
def test_what_does_not_pass_is_raised_at_once(in_virtual_time: Run, lasting: Exception) -> None:
    call = Flaky(lasting)
    with pytest.raises(type(lasting)):
        in_virtual_time(persist(call))
    assert len(call.calls) == 1


def test_a_loop_of_ones_own_can_wait_as_patiently() -> None:
    waits = [backoff(failures) for failures in range(1, 12)]
    assert 1 <= waits[0] <= 2
    assert waits[:4] == sorted(waits[:4])
    assert waits[-1] == 30
    assert 53 <= backoff(1, 53.0) <= 54
    assert backoff(0) >= 1


def test_a_post_that_may_have_been_accepted_is_not_repeated(in_virtual_time: Run) -> None:
    call = Flaky(NoAnswer(ambiguous=True))
    with pytest.raises(NoAnswer):
        in_virtual_time(persist(call))
    assert len(call.calls) == 1


def test_every_trouble_is_told_before_its_wait(in_virtual_time: Run) -> None:
    told: list[tuple[HordeError, float]] = []
    first, second = Unreachable(), ServerTrouble()
    call = Flaky(first, second)
    in_virtual_time(persist(call, on_trouble=lambda error, seconds: told.append((error, seconds))))
    assert [error for error, _ in told] == [first, second]
    assert [seconds for _, seconds in told] == pytest.approx(call.waits, abs=0.01)


def test_patience_can_end_and_then_the_last_trouble_is_raised(in_virtual_time: Run) -> None:
    call = Flaky(*(ServerTrouble(str(i)) for i in range(99)))
    with pytest.raises(ServerTrouble) as raised:
        in_virtual_time(persist(call, give_up_after=20))
    assert call.calls[-1] <= 20
    assert raised.value.message == str(len(call.calls) - 1)


def test_no_wait_is_begun_that_would_end_too_late(in_virtual_time: Run) -> None:
    call = Flaky(RateLimited(retry_after=60))
    with pytest.raises(RateLimited):
        in_virtual_time(persist(call, give_up_after=20))
    assert len(call.calls) == 1
