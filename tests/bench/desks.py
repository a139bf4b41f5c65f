"""Desks: the plugin's whole way from a spec to a landed picture, without Krita, so that many can be at work.

A desk has a client, a governor and a queue of its own, and a canvas that notes when a picture came.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Coroutine, Sequence
from typing import Any

import aiohttp
from attrs import define, field, frozen

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.pacing import RULES, Bucket, CheckSchedule, Governor, Rate, Rule
from krita_AIhorde.imaging.geometry import Bounds, Extent, plan_frame
from krita_AIhorde.jobs.journal import MemoryJournal
from krita_AIhorde.jobs.landing import BeforeLanding, Landed, Picture
from krita_AIhorde.jobs.queue import JobQueue, new_id
from krita_AIhorde.jobs.spec import DocumentRef, JobSpec, Operation, Params

KEY = "practice-user"
GUESSES = ("noisy_wait", "wrong_wait", "zero_wait", "")
SIDE = 128  # pixels: what is painted is of no matter here
PATIENCE = 300.0


@frozen
class Policy:
    """How a desk looks at its jobs."""

    name: str
    schedule: CheckSchedule
    rules: Any = RULES


OURS = Policy("ours", CheckSchedule())


def fixed(seconds: float) -> Policy:
    """A poll every so many seconds for each job by itself, as simple clients do it."""
    schedule = CheckSchedule(first=seconds, generating=seconds, queued=seconds, growth=0.0, jitter=0.0)
    rules = {**RULES, Bucket.CHECK: Rule(each=Rate(1, 1.0))}
    return Policy(f"a poll every {seconds:.0f} s", schedule, rules)


def marks(chance: random.Random, index: int, longest: float) -> str:
    """A prompt for the practice horde: a third is taken at once, an image takes 3 to ``longest`` s, and the
    wait times are noisy, wrong, zero and right in turn.
    """
    queue = 0.0 if chance.random() < 1 / 3 else min(chance.expovariate(3 / longest), longest)
    delay = math.exp(chance.uniform(math.log(3.0), math.log(longest)))
    fault = GUESSES[index % len(GUESSES)]
    told = f" fault={fault}" if fault else ""
    return f"[practice queue={queue:.2f} delay={delay:.2f}{told}] job {index} of {chance.random()}"


@frozen
class Fared:
    """One job: seconds from its end at the Horde to its landing, and the requests that it took by kind."""

    waited: float
    checks: int
    others: int


class _Canvas:
    """Notes when the picture of each job landed (wall clock, as the practice horde's)."""

    def __init__(self) -> None:
        self.landed: dict[str, float] = {}

    async def land(
        self, picture: Picture, *, into_active: bool = False, before: BeforeLanding | None = None
    ) -> Landed:
        landed = Landed(f"layer of {picture.spec.id}", "")
        if before is not None:
            await before(landed)
        self.landed[picture.spec.params.prompt] = time.time()
        return landed

    def is_open(self, document: DocumentRef) -> bool:
        return True

    def has_layer(self, document: DocumentRef, layer: str) -> bool:
        return False

    def settle_mask(self, spec: JobSpec, *, landed: bool) -> None:
        pass


@define
class Desk:
    """``prompts`` are sent at once, one job each, to the practice horde at ``url``."""

    url: str
    policy: Policy
    prompts: Sequence[str]
    _canvas: _Canvas = field(factory=_Canvas)

    async def work(self) -> None:
        """Until all have landed. Raises RuntimeError for what did not."""
        endpoint = Endpoint(self.url, KEY, client_agent="krita_AIhorde:bench:https://example.org")
        client = HordeClient(endpoint, governor=Governor(self.policy.rules))
        tasks: list[asyncio.Task[None]] = []

        def spawn(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
            tasks.append(asyncio.get_running_loop().create_task(work, name=name))
            return tasks[-1]

        queue = JobQueue(client, self._canvas, MemoryJournal(), spawn, schedule=self.policy.schedule)
        for prompt in self.prompts:
            queue.submit(_spec(prompt))
        try:
            await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)
        finally:
            await client.close()
        if missing := set(self.prompts) - self._canvas.landed.keys():
            raise RuntimeError(f"{self.policy.name}: {len(missing)} jobs brought nothing: {missing}")

    def fared(self, books: Books) -> list[Fared]:
        return [books.fared(prompt, self._canvas.landed[prompt]) for prompt in self.prompts]


class Books:
    """What a practice horde says of itself: its ledger and its log."""

    def __init__(self, ledger: list[dict[str, Any]], log: list[dict[str, Any]]) -> None:
        self._by_prompt = {entry["prompt"]: entry for entry in ledger}
        self.log = log

    @classmethod
    async def of(cls, url: str) -> Books:
        host = url.replace("/api/v2", "/practice")
        async with aiohttp.ClientSession() as session:
            answers = []
            for name in ("ledger", "log"):
                async with session.get(f"{host}/{name}") as answer:
                    answers.append(await answer.json())
        return cls(*answers)

    def fared(self, prompt: str, landed: float) -> Fared:
        entry = self._by_prompt[prompt]
        (image,) = (image for image in entry["images"] if image["fate"] == "done")
        asked = [row["path"] for row in self.log if entry["id"] in row["path"] or image["id"] in row["path"]]
        checks = sum("/check/" in path for path in asked)
        return Fared(landed - image["delivered"], checks, 1 + len(asked) - checks)  # 1: its submit

    @property
    def refused(self) -> int:
        return sum(row["status"] == 429 for row in self.log)


def _spec(prompt: str) -> JobSpec:
    canvas = Extent(SIDE, SIDE)
    return JobSpec(
        id=new_id(),
        operation=Operation.GENERATE,
        params=Params(prompt=prompt, model="Deliberate", steps=10),
        seed=4000,
        seed_drawn=False,
        document=DocumentRef("doc", "picture.kra"),
        canvas=canvas,
        frame=plan_frame(Bounds(0, 0, SIDE, SIDE), canvas, smallest=SIDE, largest=SIDE),
        source=None,
        mask=None,
        clicked_at=time.time(),
    )
