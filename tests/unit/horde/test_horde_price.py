"""What a button would cost: asked seldom, of the newest only, and saying nothing of the artist."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Callable, Coroutine
from typing import Any, cast

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import (
    HordeError,
    InvalidKey,
    KudosUpfront,
    RateLimited,
    Refused,
    ServerTrouble,
    TooManyPrompts,
    Unreachable,
)
from krita_AIhorde.horde.messages import GenerationParams, GenerationRequest, Price, SourceProcessing, to_body
from krita_AIhorde.horde.pacing import Bucket, Governor
from krita_AIhorde.horde.price import MOST_KEPT, WHITE_DOT, PriceWatch, Refusal, RefusalReason
from krita_AIhorde.practice.server import PracticeHorde

Run = Callable[[Any], Any]


def now() -> float:
    return asyncio.get_running_loop().time()


class Horde:
    """Asks ten kudos per image, after ``takes`` seconds; first it raises what ``fails`` holds."""

    def __init__(self, *fails: HordeError, takes: float = 0.0) -> None:
        self.endpoint = Endpoint("https://horde.example/api/v2", "a-key")
        self.fails, self.takes = list(fails), takes
        self.asked: list[tuple[float, GenerationRequest]] = []
        self.under_way = 0
        self.turn: asyncio.Event | None = None  # if there is one, it is waited for

    async def price(self, request: GenerationRequest, *, on_wire: Any) -> float:
        if self.turn is not None:
            await self.turn.wait()
        await on_wire()
        self.asked.append((now(), request))
        self.under_way += 1
        assert self.under_way == 1
        await asyncio.sleep(self.takes)
        self.under_way -= 1
        if self.fails:
            raise self.fails.pop(0)
        return 10.0 * request.params.n

    @property
    def counts(self) -> list[int]:
        """The number of images of every question."""
        return [request.params.n for _, request in self.asked]


class Bench:
    def __init__(self, horde: Horde) -> None:
        self.horde = horde
        self.tasks: list[asyncio.Task[None]] = []
        self.told: list[float] = []
        self.watch = PriceWatch(cast(HordeClient, horde), self.spawn, clock=now)
        self.watch.subscribe(lambda: self.told.append(now()))

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        self.tasks.append(asyncio.get_running_loop().create_task(work, name=name))
        return self.tasks[-1]

    async def settled(self) -> None:
        while self.tasks:
            await self.tasks.pop()

    async def priced(self, request: GenerationRequest) -> Price | Refusal | None:
        self.watch.ask(request)
        await self.settled()
        return self.watch.price_of(request)


def images(n: int, **more: Any) -> GenerationRequest:
    return GenerationRequest(
        prompt="a secret fox", models=("Deliberate",), params=GenerationParams(n=n, **more)
    )


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


def test_what_is_known_is_not_asked_again_and_ends_what_was_wanted_before(in_virtual_time: Run) -> None:
    async def main() -> Bench:
        bench = Bench(Horde())
        assert await bench.priced(images(1)) == Price(10)
        bench.watch.ask(images(2))
        bench.watch.ask(images(1))
        assert not bench.watch.is_asking
        await bench.settled()
        await asyncio.sleep(10_000)
        assert await bench.priced(images(1)) == Price(10)
        return bench

    assert in_virtual_time(main()).horde.counts == [1]


SOURCE = {"source_image": "cGljdHVyZQ==" * 1000, "source_processing": SourceProcessing.IMG2IMG}


def test_the_question_says_nothing_of_the_artist(in_virtual_time: Run) -> None:
    async def main() -> Bench:
        bench = Bench(Horde())
        for more in ({}, SOURCE, {**SOURCE, "source_mask": "bWFzaw=="}):
            await bench.priced(
                GenerationRequest(
                    prompt="a secret fox", params=GenerationParams(seed="42", seed_variation=7), **more
                )
            )
        return bench

    asked = [request for _, request in in_virtual_time(main()).horde.asked]
    for request in asked:
        assert (request.prompt, request.params.seed, request.params.seed_variation) == ("-", "", None)
        assert "cGljdHVyZQ" not in str(to_body(request))
    pictures = [(request.source_image, request.source_mask) for request in asked]
    assert pictures == [(None, None), (WHITE_DOT, None), (WHITE_DOT, WHITE_DOT)]


def test_the_dot_is_a_picture() -> None:
    dot = Image.open(io.BytesIO(base64.b64decode(WHITE_DOT, validate=True)))
    dot.load()
    assert (dot.size, dot.mode) == ((1, 1), "RGB")


def test_another_prompt_seed_or_picture_costs_the_same(in_virtual_time: Run) -> None:
    async def main() -> Bench:
        bench = Bench(Horde())
        one = GenerationRequest(prompt="a fox", params=GenerationParams(seed="1"), **SOURCE)
        other = GenerationRequest(prompt="a dog", params=GenerationParams(seed="2"), source_image="eA==")
        assert await bench.priced(one) == bench.watch.price_of(other) == Price(10)
        assert await bench.priced(other) == Price(10)
        return bench

    assert in_virtual_time(main()).horde.counts == [1]


@pytest.mark.parametrize(
    "other",
    [
        GenerationRequest(prompt="-", params=GenerationParams(steps=26)),
        GenerationRequest(prompt="-", params=GenerationParams(width=576)),
        GenerationRequest(prompt="-", params=GenerationParams(post_processing=("GFPGAN",))),
        GenerationRequest(prompt="-", models=("SDXL 1.0",)),
        GenerationRequest(prompt="-", source_image="eA=="),
        GenerationRequest(prompt="-", slow_workers=False),
        GenerationRequest(prompt="-", workers=("id",)),
    ],
)
def test_what_may_cost_something_else_is_another_question(
    in_virtual_time: Run, other: GenerationRequest
) -> None:
    async def main() -> Bench:
        bench = Bench(Horde())
        await bench.priced(GenerationRequest(prompt="-"))
        assert bench.watch.price_of(other) is None
        await bench.priced(other)
        return bench

    assert len(in_virtual_time(main()).horde.asked) == 2


def kudos_upfront(needed: float | None) -> KudosUpfront:
    error = KudosUpfront("This request requires kudos.")
    error.needed = needed
    return error


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (kudos_upfront(27.09), Refusal(RefusalReason.KUDOS, 27.09)),
        (kudos_upfront(None), Refusal(RefusalReason.KUDOS)),
        (InvalidKey(), Refusal(RefusalReason.KEY)),
    ],
)
def test_a_refusal_is_an_answer_that_holds_for_a_while(
    in_virtual_time: Run, error: HordeError, refusal: Refusal
) -> None:
    async def main() -> Bench:
        bench = Bench(Horde(error))
        assert await bench.priced(images(1)) == refusal
        assert await bench.priced(images(1)) == refusal
        assert len(bench.horde.asked) == 1
        await asyncio.sleep(61)
        assert bench.watch.price_of(images(1)) == refusal, "better than nothing"
        assert await bench.priced(images(1)) == Price(10)
        return bench

    assert len(in_virtual_time(main()).told) == 2


def test_with_another_key_a_price_is_the_same_and_a_refusal_need_not_be(in_virtual_time: Run) -> None:
    async def main() -> None:
        bench = Bench(Horde())
        await bench.priced(images(1))
        bench.horde.fails = [kudos_upfront(5)]
        await bench.priced(images(2))
        bench.horde.endpoint = bench.horde.endpoint.with_key("another")
        assert bench.watch.price_of(images(1)) == Price(10)
        assert bench.watch.price_of(images(2)) is None
        assert await bench.priced(images(2)) == Price(20)

    in_virtual_time(main())


@pytest.mark.parametrize("error", [Unreachable(), ServerTrouble(), Refused()])
def test_any_other_failure_means_that_nobody_knows_and_is_not_insisted_on(
    in_virtual_time: Run, error: HordeError
) -> None:
    async def main() -> Bench:
        bench = Bench(Horde(error))
        assert await bench.priced(images(1)) is None
        assert not bench.watch.is_asking
        assert len(bench.told) == 1
        assert await bench.priced(images(1)) == Price(10)
        return bench

    assert in_virtual_time(main()).horde.counts == [1, 1]


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


def test_no_more_is_kept_than_fits(in_virtual_time: Run) -> None:
    async def main() -> None:
        bench = Bench(Horde())
        for steps in range(1, MOST_KEPT + 3):
            bench.watch.price_of(images(1, steps=1))  # whoever looks at it keeps it
            await bench.priced(images(1, steps=steps))
        known = [
            bench.watch.price_of(images(1, steps=steps)) is not None for steps in range(1, MOST_KEPT + 3)
        ]
        assert sum(known) == MOST_KEPT
        assert known[0]
        assert known[1:3] == [False, False]

    in_virtual_time(main())


def test_a_real_request_goes_first(in_virtual_time: Run) -> None:
    """The same watch with the real governor: ten submits are in line when the price is asked for."""

    class Paced(Horde):
        def __init__(self) -> None:
            super().__init__()
            self.governor = Governor()

        async def price(self, request: GenerationRequest, *, on_wire: Any) -> float:
            await self.governor.spare_turn(Bucket.SUBMIT)
            return await super().price(request, on_wire=on_wire)

    async def main() -> tuple[float, float]:
        horde = Paced()
        bench = Bench(horde)
        bench.watch.ask(images(1))
        submits: list[float] = []

        async def submit() -> None:
            await horde.governor.turn(Bucket.SUBMIT)
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


async def test_at_the_practice_horde(connect: Any) -> None:
    async with PracticeHorde() as horde:
        root = horde.url.removesuffix("/api/v2")
        client = connect(root)
        client.use_key("practice-poor")
        bench = Bench(cast(Horde, client))
        small, large = images(1), images(1, width=1280, height=1280)
        assert isinstance(await bench.priced(small), Price)
        refusal = await bench.priced(large)
        assert isinstance(refusal, Refusal)
        assert refusal.reason is RefusalReason.KUDOS
        client.use_key("practice-user")
        assert await bench.priced(large) == Price(round(refusal.needed or 0))
        client.use_key("nobody's")
        assert await bench.priced(images(2)) == Refusal(RefusalReason.KEY)
        assert await bench.priced(small) == bench.watch.price_of(small), "the price stays"
        masked = GenerationRequest(
            prompt="a secret fox",
            models=("Deliberate Inpainting",),
            params=GenerationParams(seed="7", denoising_strength=1.0),
            source_image="any text",
            source_mask="will do",
            source_processing=SourceProcessing.INPAINTING,
        )
        client.use_key("practice-user")
        assert isinstance(await bench.priced(masked), Price)
        async with aiohttp.ClientSession() as session, session.get(f"{root}/practice/log?full=1") as answer:
            sent = [entry["body"] for entry in await answer.json() if entry["method"] == "POST"]
    assert all(body["dry_run"] for body in sent)
    assert "will do" not in str(sent)
    assert {body["prompt"] for body in sent} == {"-"}
