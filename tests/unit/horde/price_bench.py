"""A Horde that only knows prices, and a watch of them on a bench."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, cast

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.horde.messages import GenerationParams, GenerationRequest, Price
from krita_AIhorde.horde.price import PriceWatch, Refusal


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
