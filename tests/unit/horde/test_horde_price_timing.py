"""When prices are asked for: seldom, of the newest only, and after every real request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from price_bench import Bench, Horde, images, now

from krita_AIhorde.horde.errors import (
    HordeError,
    InvalidKey,
    KudosUpfront,
    RateLimited,
    ServerTrouble,
    TooManyPrompts,
)
from krita_AIhorde.horde.messages import GenerationRequest, Price
from krita_AIhorde.horde.pacing import Bucket, Governor

Run = Callable[[Any], Any]


def test_a_price_is_asked_for_after_a_moment_and_then_known(in_virtual_time: Run) -> None:
    async def main() -> Bench:
        bench = Bench(Horde())
        assert bench.watch.price_of(images(2)) is None
        assert not bench.watch.is_asking
        bench.watch.ask(images(2))
        assert bench.watch.is_asking
        await bench.settled()
        assert bench.watch.price_of(images(2)) == Price(20)
        assert bench.watch.price_of(images(3)) is None
        assert not bench.watch.is_asking
        return bench

    bench = in_virtual_time(main())
    assert [time for time, _ in bench.horde.asked] == pytest.approx([0.6], abs=0.01)
    assert len(bench.told) == 1


def test_while_a_slider_moves_nobody_is_asked_and_then_only_for_where_it_stopped(
    in_virtual_time: Run,
) -> None:
    async def main() -> Bench:
        bench = Bench(Horde())
        for n in range(1, 20):
            bench.watch.ask(images(n))
            await asyncio.sleep(0.2)
        await bench.settled()
        return bench

    bench = in_virtual_time(main())
    assert bench.horde.counts == [19]
    assert bench.horde.asked[0][0] == pytest.approx(18 * 0.2 + 0.6, abs=0.05)


def test_one_question_at_a_time_and_the_newest_next(in_virtual_time: Run) -> None:
    async def main() -> Bench:
        bench = Bench(Horde(takes=5))
        bench.watch.ask(images(1))
        await asyncio.sleep(1)
        for n in (2, 3, 4):
            bench.watch.ask(images(n))
        await bench.settled()
        assert bench.watch.price_of(images(1)) == Price(10), "what was on its way is worth knowing"
        assert bench.watch.price_of(images(4)) == Price(40)
        return bench

    assert in_virtual_time(main()).horde.counts == [1, 4]


def test_back_to_a_question_that_is_under_way_it_is_not_asked_twice(in_virtual_time: Run) -> None:
    async def main() -> Bench:
        bench = Bench(Horde(takes=5))
        bench.watch.ask(images(1))
        await asyncio.sleep(1)
        bench.watch.ask(images(2))
        bench.watch.ask(images(1))
        await bench.settled()
        return bench

    assert in_virtual_time(main()).horde.counts == [1]


def test_a_question_that_waits_for_its_turn_makes_way_for_a_newer_one(in_virtual_time: Run) -> None:
    async def main() -> Bench:
        bench = Bench(Horde())
        bench.horde.turn = asyncio.Event()
        bench.watch.ask(images(1))
        await asyncio.sleep(10)
        bench.watch.ask(images(2))
        bench.horde.turn.set()
        await bench.settled()
        return bench

    assert in_virtual_time(main()).horde.counts == [2]


@pytest.mark.parametrize("error", [RateLimited(retry_after=20), TooManyPrompts()])
def test_asked_too_much_means_later(in_virtual_time: Run, error: HordeError) -> None:
    async def main() -> Bench:
        bench = Bench(Horde(error))
        assert await bench.priced(images(1)) == Price(10)
        return bench

    bench = in_virtual_time(main())
    assert len(bench.told) == 1
    first, second = (time for time, _ in bench.horde.asked)
    assert second - first >= (error.retry_after or 1.0)


def test_while_it_waits_for_later_the_newest_wins(in_virtual_time: Run) -> None:
    async def main() -> Bench:
        bench = Bench(Horde(TooManyPrompts(), TooManyPrompts(), TooManyPrompts()))
        bench.watch.ask(images(1))
        await asyncio.sleep(1)
        bench.watch.ask(images(2))
        await bench.settled()
        return bench

    assert in_virtual_time(main()).horde.counts == [1, 2, 2, 2]


def test_a_real_request_goes_first(in_virtual_time: Run) -> None:
    """The same watch with the real governor: ten submits are in line when the price is asked for."""

    class Paced(Horde):
        def __init__(self) -> None:
            super().__init__()
            self.governor = Governor()

        async def price(self, request: GenerationRequest, *, on_wire: Any) -> float:
            async with self.governor.call(Bucket.SUBMIT, spare=True):
                return await super().price(request, on_wire=on_wire)

    async def main() -> tuple[float, float]:
        horde = Paced()
        bench = Bench(horde)
        bench.watch.ask(images(1))
        submits: list[float] = []

        async def submit() -> None:
            async with horde.governor.call(Bucket.SUBMIT):
                submits.append(now())

        await asyncio.gather(*(submit() for _ in range(10)))
        await bench.settled()
        return submits[-1], horde.asked[0][0]

    last_submit, price = in_virtual_time(main())
    assert last_submit == pytest.approx(6.3, abs=0.05)
    assert last_submit < price


@given(
    st.lists(st.tuples(st.floats(0, 3), st.integers(1, 4)), max_size=20),
    st.lists(st.sampled_from([ServerTrouble(), TooManyPrompts(), InvalidKey(), KudosUpfront()]), max_size=5),
    st.floats(0, 2),
)
def test_whatever_is_asked_in_the_end_there_is_an_answer_to_it_or_nobody_knows(
    in_virtual_time: Run, wishes: list[tuple[float, int]], fails: list[HordeError], takes: float
) -> None:
    async def main() -> None:
        bench = Bench(Horde(*fails, takes=takes))
        for pause, n in wishes:
            bench.watch.ask(images(n))
            await asyncio.sleep(pause)
        await bench.settled()
        assert not bench.watch.is_asking
        bench.horde.fails.clear()
        await asyncio.sleep(61)
        if wishes:
            assert await bench.priced(images(wishes[-1][1])) == Price(10.0 * wishes[-1][1])

    in_virtual_time(main())
