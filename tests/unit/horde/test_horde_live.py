"""What all live states have in common: when they ask, and whom they tell."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from krita_AIhorde.horde.errors import Refused, ServerTrouble
from krita_AIhorde.horde.live import LiveState, happens

Run = Callable[[Any], Any]


class Answers(LiveState):
    """Follows a script of answers and errors; there is no news within ``cache`` seconds of an answer."""

    def __init__(self, *script: Any, cache: float = 0.0, takes: float = 0.0) -> None:
        super().__init__()
        self.script, self.cache, self.takes = list(script), cache, takes
        self.asked: list[float] = []
        self.answered: float | None = None

    async def _load(self) -> None:
        self.asked.append(now())
        await asyncio.sleep(self.takes)
        answer = self.script.pop(0) if self.script else True
        if isinstance(answer, Exception):
            raise answer
        self.answered = now()
        self._succeed()

    def _calm(self) -> float:
        return 100.0

    def _too_soon(self) -> float:
        return 0.0 if self.answered is None else max(0.0, self.answered + self.cache - now())

    def wake(self) -> None:
        self._wake()


def now() -> float:
    return asyncio.get_running_loop().time()


async def kept_fresh(state: LiveState, seconds: float) -> None:
    task = asyncio.ensure_future(state.keep_fresh())
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


def test_it_asks_calmly(in_virtual_time: Run) -> None:
    state = Answers()
    in_virtual_time(kept_fresh(state, 250))
    assert state.asked == pytest.approx([0, 100, 200], abs=0.1)


def test_a_wake_up_is_heeded_at_once_and_one_that_comes_while_asking_is_not_lost(
    in_virtual_time: Run,
) -> None:
    async def main() -> Answers:
        state = Answers(takes=1.0)
        asyncio.get_running_loop().call_later(30, state.wake)
        asyncio.get_running_loop().call_later(30.5, state.wake)
        await kept_fresh(state, 90)
        return state

    assert in_virtual_time(main()).asked == pytest.approx([0, 30, 31], abs=0.1)


def test_woken_too_often_it_waits_until_there_can_be_news(in_virtual_time: Run) -> None:
    async def main() -> Answers:
        state = Answers(cache=20)
        for second in range(1, 15):
            asyncio.get_running_loop().call_later(second, state.wake)
        await kept_fresh(state, 90)
        return state

    assert in_virtual_time(main()).asked == pytest.approx([0, 20], abs=0.1)


@pytest.mark.parametrize(
    ("trouble", "second"),
    [(ServerTrouble(), (1, 2)), (ServerTrouble(retry_after=40), (40, 41)), (Refused(), (100, 101))],
)
def test_after_a_failure_that_passes_it_asks_sooner(
    in_virtual_time: Run, trouble: Exception, second: tuple[float, float]
) -> None:
    state = Answers(trouble)
    in_virtual_time(kept_fresh(state, 150))
    assert second[0] <= state.asked[1] <= second[1] + 0.1


def test_failures_in_a_row_are_met_with_growing_patience(in_virtual_time: Run) -> None:
    state = Answers(*[ServerTrouble()] * 9)
    in_virtual_time(kept_fresh(state, 170))
    gaps = [later - sooner for sooner, later in itertools.pairwise(state.asked)]
    assert gaps[0] < 3
    assert max(gaps) <= 30.1
    assert gaps[5] > 29


def test_who_asks_while_another_asks_shares_the_answer(in_virtual_time: Run) -> None:
    async def main() -> Answers:
        state = Answers(cache=20, takes=2)
        await asyncio.gather(*(state.refresh() for _ in range(5)))
        return state

    assert len(in_virtual_time(main()).asked) == 1


def test_one_who_gives_up_asking_does_not_hold_up_the_next(in_virtual_time: Run) -> None:
    async def main() -> Answers:
        state = Answers(takes=2)
        task = asyncio.ensure_future(state.refresh())
        await asyncio.sleep(1)
        task.cancel()
        await state.refresh()
        return state

    assert in_virtual_time(main()).problem is None


def test_waiting_for_an_event_ends_in_time(in_virtual_time: Run) -> None:
    async def main() -> None:
        event = asyncio.Event()
        assert not await happens(event, 5)
        assert now() == pytest.approx(5, abs=0.01)
        asyncio.get_running_loop().call_later(1, event.set)
        assert await happens(event, 5)
        assert now() == pytest.approx(6, abs=0.01)

    in_virtual_time(main())
