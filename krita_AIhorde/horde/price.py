"""Live state for the docker: what the request that a button would send costs.

The Horde is asked by a dry run, which passes through the same filter as a real request: a half-typed prompt
could bar our address. So the prompt is a dash, and the picture a white dot where there would be one; that
there is one is all that counts.
"""

from __future__ import annotations

import asyncio
import enum
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from attrs import evolve, field, frozen

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import HordeError, InvalidKey, KudosUpfront, RateLimited, TooManyPrompts
from krita_AIhorde.horde.live import Listeners, happens
from krita_AIhorde.horde.messages import GenerationRequest, Price, to_body
from krita_AIhorde.horde.retry import backoff

Spawn = Callable[[Coroutine[Any, Any, None], str], "asyncio.Task[None]"]
QUIET = 0.6  # seconds without a change, before anybody is asked
MOST_KEPT = 256
REFUSAL_LASTS = 60.0  # seconds; what is refused depends on the account's kudos and the Horde's load
NEUTRAL_PROMPT = "-"
WHITE_DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4//8/AAX+Av4zEpUUAAAAAElFTkSuQmCC"


class RefusalReason(enum.Enum):
    KUDOS = "kudos"  # so large a request needs its kudos beforehand
    KEY = "key"  # nobody has the artist's API key


@frozen
class Refusal:
    """The Horde would refuse the request. ``needed``: kudos that must be there, None if it did not say."""

    reason: RefusalReason
    needed: float | None = None


@frozen
class _Question:
    """A request, stripped to what is priced; ``key`` is the same for all that cost the same."""

    request: GenerationRequest = field(repr=False)
    key: str = field(repr=False)

    @classmethod
    def of(cls, request: GenerationRequest) -> _Question:
        asked = evolve(
            request,
            prompt=NEUTRAL_PROMPT,
            params=evolve(
                request.params, seed="", seed_variation=None
            ),  # a seed would defeat the Horde's cache
            source_image=WHITE_DOT if request.source_image else None,
            source_mask=WHITE_DOT if request.source_image and request.source_mask else None,
            dry_run=True,
        )
        return cls(asked, json.dumps(to_body(asked), sort_keys=True))


@frozen
class _Entry:
    answer: Price | Refusal
    api_key: str = field(repr=False)  # of whom a refusal holds
    at: float  # by the watch's clock


class _Outdated(Exception):
    """The artist has changed something while the question waited for its turn."""


class PriceWatch:
    """``ask`` at every change, ``price_of`` to show what is known; listeners are told when that may be more.

    Both are plain calls. Pictures of the request are not sent: any text in their place will do. At most one
    question is under way, the newest; it goes out when nothing was asked for a moment, and never before a
    real request that waits for its turn.
    """

    def __init__(
        self, client: HordeClient, spawn: Spawn, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._spawn, self._clock = client, spawn, clock
        self._listeners = Listeners()
        self._kept: OrderedDict[str, _Entry] = OrderedDict()
        self._wanted: _Question | None = None
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback()`` after every answer; returns what ends that."""
        return self._listeners.subscribe(callback)

    @property
    def is_asking(self) -> bool:
        """Whether an answer is to be expected."""
        return self._wanted is not None

    def price_of(self, request: GenerationRequest) -> Price | Refusal | None:
        """What is known: None if nothing is, because it was not asked yet, or could not be had."""
        entry = self._entry(_Question.of(request))
        return entry.answer if entry is not None else None

    def ask(self, request: GenerationRequest) -> None:
        """Find out what ``request`` costs, unless that is known; whatever was asked before is dropped."""
        question = _Question.of(request)
        if self._still_wants(question):
            return
        self._wanted = None if self._is_known(question) else question
        self._changed.set()
        if self._wanted is not None and (self._task is None or self._task.done()):
            self._task = self._spawn(self._work(), "price")

    def _still_wants(self, question: _Question) -> bool:
        return self._wanted is not None and self._wanted.key == question.key

    def _entry(self, question: _Question) -> _Entry | None:
        entry = self._kept.get(question.key)
        if entry is None:
            return None
        if isinstance(entry.answer, Refusal) and entry.api_key != self._client.endpoint.api_key:
            return None
        self._kept.move_to_end(question.key)
        return entry

    def _is_known(self, question: _Question) -> bool:
        entry = self._entry(question)
        if entry is None:
            return False
        return isinstance(entry.answer, Price) or self._clock() - entry.at < REFUSAL_LASTS

    async def _work(self) -> None:
        failures = 0
        while (question := self._wanted) is not None:
            self._changed.clear()
            if await happens(self._changed, QUIET):
                continue
            try:
                answer = await self._answer(question)
            except _Outdated:
                continue
            except (RateLimited, TooManyPrompts) as error:  # later, then
                failures += 1
                await happens(self._changed, backoff(failures, error.retry_after))
                continue
            failures = 0
            if answer is None:
                self._kept.pop(question.key, None)
            if self._still_wants(question):
                self._wanted = None
            self._listeners.tell()

    async def _answer(self, question: _Question) -> Price | Refusal | None:
        """Ask, and keep the answer; None for a failure that says nothing of the request."""
        api_key = self._client.endpoint.api_key

        async def on_wire() -> None:
            if not self._still_wants(question):
                raise _Outdated

        answer: Price | Refusal
        try:
            answer = Price(await self._client.price(question.request, on_wire=on_wire))
        except KudosUpfront as error:
            answer = Refusal(RefusalReason.KUDOS, error.needed)
        except InvalidKey:
            answer = Refusal(RefusalReason.KEY)
        except (RateLimited, TooManyPrompts):
            raise
        except HordeError:
            return None
        self._kept[question.key] = _Entry(answer, api_key, self._clock())
        self._kept.move_to_end(question.key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return answer
