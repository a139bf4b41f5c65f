"""Patience: a call is repeated for as long as its failure is one that passes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from krita_AIhorde.horde.errors import HordeError

T = TypeVar("T")
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds
OnTrouble = Callable[[HordeError, float], None]


async def persist(
    call: Callable[[], Awaitable[T]],
    *,
    on_trouble: OnTrouble | None = None,
    give_up_after: float | None = None,
    passes: Callable[[HordeError], bool] = lambda error: error.repeatable,
) -> T:
    """``await call()``, repeated while it raises a HordeError that ``passes``; returns its result.

    Waits grow from 1 to 30 s with jitter, and are never shorter than what the server asked for
    (``retry_after``). ``on_trouble(error, seconds)`` is told before every wait. Raises the last error once
    a wait would end later than ``give_up_after`` seconds from now (None: never), and any other error at
    once.
    """
    now = asyncio.get_running_loop().time
    deadline = None if give_up_after is None else now() + give_up_after

    async def attempt() -> T:
        return await call()  # tenacity would not await what a lambda or a partial returns

    def too_late(state: RetryCallState) -> bool:
        return deadline is not None and now() + state.upcoming_sleep > deadline

    def tell(state: RetryCallState) -> None:
        error = _error(state)
        if on_trouble is not None and error is not None:
            on_trouble(error, state.upcoming_sleep)

    attempts = AsyncRetrying(
        sleep=asyncio.sleep,
        retry=retry_if_exception(lambda error: isinstance(error, HordeError) and passes(error)),
        wait=_wait,
        stop=too_late,
        before_sleep=tell,
        reraise=True,
    )
    return await attempts(attempt)


def backoff(failures: int, retry_after: float | None = None) -> float:
    """Seconds to wait after so many failures in a row (from 1): 1 to 30 s, and never less than asked for."""
    doubled = FIRST_WAIT * 2 ** min(max(failures - 1, 0), 10)
    grown = min(doubled + random.uniform(0.0, FIRST_WAIT), LONGEST_WAIT)
    if retry_after is None:
        return grown
    # Whoever was told the same number of seconds must not come back in the same instant.
    return max(grown, retry_after + random.uniform(0.0, 0.5))


def _wait(state: RetryCallState) -> float:
    error = _error(state)
    return backoff(state.attempt_number, error.retry_after if error is not None else None)


def _error(state: RetryCallState) -> HordeError | None:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, HordeError) else None
