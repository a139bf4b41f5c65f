"""What a button would cost: what is asked, which says nothing of the artist, and what is kept."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Callable
from typing import Any, cast

import aiohttp
import pytest
from PIL import Image
from price_bench import Bench, Horde, images

from krita_AIhorde.horde.errors import (
    HordeError,
    InvalidKey,
    KudosUpfront,
    Refused,
    ServerTrouble,
    Unreachable,
)
from krita_AIhorde.horde.messages import GenerationParams, GenerationRequest, Price, SourceProcessing, to_body
from krita_AIhorde.horde.price import MOST_KEPT, WHITE_DOT, Refusal, RefusalReason
from krita_AIhorde.practice.server import PracticeHorde

Run = Callable[[Any], Any]


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
