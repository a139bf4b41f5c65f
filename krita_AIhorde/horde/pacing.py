"""One governor keeps the Horde's limits for any number of jobs; one schedule says when to look at each."""

from __future__ import annotations

import asyncio
import contextlib
import enum
from collections import Counter
from collections.abc import AsyncIterator, Mapping

from aiolimiter import AsyncLimiter
from attrs import frozen

from krita_AIhorde.horde.messages import Check
from krita_AIhorde.horde.slots import free_slots

SPARE_LOOK = 0.2  # seconds


class Bucket(enum.Enum):
    """Calls that share a limit. The Horde counts by network address, path and (for most) the request's id."""

    SUBMIT = "submit"
    CHECK = "check"
    STATUS = "status"
    CANCEL = "cancel"
    TRANSFER = "transfer"
    OTHER = "other"


@frozen
class Rate:
    """A leaky bucket: ``burst`` calls at once, refilled over ``period`` seconds.

    It lets through ``burst + burst * W / period`` calls in a window of W seconds at most, and the Horde
    counts in moving windows: that sum, with W lengthened by what the network adds, is what has to stay
    within the Horde's limit.
    """

    burst: float
    period: float

    def limiter(self) -> AsyncLimiter:
        return AsyncLimiter(self.burst, self.period)


@frozen
class Slots:
    """``count`` calls at most are on their way, or were answered less than ``seconds`` ago.

    The Horde counts a call somewhere between its turn and its answer, and nobody knows when: encoding,
    writing the journal, a stall of Krita and the upload of a picture all come in between, for one call
    longer than for the next. But two calls that follow each other in the same slot are counted at least
    ``seconds`` apart, so no window of that length ever holds more than ``count``.
    """

    count: int
    seconds: float


@frozen
class Rule:
    each: Rate | None = None  # for every key (request id, path) by itself
    all: Rate | None = None  # for all of the bucket together
    slots: Slots | None = None  # the same, however long calls take


RULES: Mapping[Bucket, Rule] = {
    # 2 per second: a rate alone can't promise that, as uploads differ by seconds. And 90 per minute: 86 by
    # the rate, and at most two more that were on their way for long. (Qt's timers may come 5 % early.)
    Bucket.SUBMIT: Rule(all=Rate(1, 0.7), slots=Slots(2, 1.1)),
    # 10 per second and id. Of all together no more either: 30 jobs need 6 a second to be seen to every 5 s,
    # and more would burden Horde and Krita for nothing. An answer is cached for a second.
    Bucket.CHECK: Rule(each=Rate(1, 1.0), all=Rate(1, 1 / 7)),
    # 10 per minute and id (exactly 10 here, 11 in 67 s).
    Bucket.STATUS: Rule(each=Rate(2, 15.0)),
    Bucket.CANCEL: Rule(each=Rate(2, 15.0)),
    # 1 per second; 90 per hour too, but nobody gives so often, and a wait of 40 s would look like a fault.
    Bucket.TRANSFER: Rule(all=Rate(1, 1.4)),
    # 90 per minute and path (85 here).
    Bucket.OTHER: Rule(each=Rate(10, 8.0)),
}


class Governor:
    """Grants calls their turn, and sees when they end.

    One per client; made without a running loop, used inside one.
    """

    def __init__(self, rules: Mapping[Bucket, Rule] = RULES) -> None:
        self._rules = rules
        self._limiters: dict[tuple[Bucket, str | None], AsyncLimiter] = {}
        self._slots: dict[Bucket, asyncio.Queue[None]] = {}
        self._paused_until: dict[tuple[Bucket, str | None], float] = {}
        self._in_line: Counter[Bucket] = Counter()

    @contextlib.asynccontextmanager
    async def call(
        self, bucket: Bucket, key: str | None = None, *, spare: bool = False
    ) -> AsyncIterator[None]:
        """Around one call of ``bucket`` about ``key`` (a request id, a path), answer included.

        Entered when the call may go out. One that is ``spare``, as nobody waits for it, takes its turn
        only where nobody else is in line.
        """
        await (self._spare_turn(bucket, key) if spare else self._turn_in_line(bucket, key))
        try:
            yield
        finally:
            if slots := self._rules[bucket].slots:
                free = self._free_slots(bucket, slots)
                asyncio.get_running_loop().call_later(slots.seconds, free.put_nowait, None)

    async def _turn_in_line(self, bucket: Bucket, key: str | None) -> None:
        self._in_line[bucket] += 1
        try:
            await self._turn(bucket, key)
        finally:
            self._in_line[bucket] -= 1

    async def _spare_turn(self, bucket: Bucket, key: str | None) -> None:
        while True:
            if left := self._pause_left(bucket, key):
                await asyncio.sleep(left)
                continue
            if self._is_free(bucket, key) and not self._in_line[bucket]:
                return await self._turn(bucket, key)  # at once
            await asyncio.sleep(SPARE_LOOK)

    def _is_free(self, bucket: Bucket, key: str | None) -> bool:
        slots = self._rules[bucket].slots
        if slots and self._free_slots(bucket, slots).empty():
            return False
        return all(limiter.has_capacity() for limiter in self._limiters_of(bucket, key))

    async def _turn(self, bucket: Bucket, key: str | None) -> None:
        """Takes a slot, where the bucket has some."""
        while True:
            if left := self._pause_left(bucket, key):
                await asyncio.sleep(left)
                continue  # a Qt timer may come early, and a pause may have grown
            with contextlib.ExitStack() as given_up:
                if slots := self._rules[bucket].slots:
                    free = self._free_slots(bucket, slots)
                    await free.get()
                    given_up.callback(free.put_nowait, None)  # at once: nothing was sent
                for limiter in self._limiters_of(bucket, key):
                    await limiter.acquire()
                # A pause that began while we stood in line holds for us too; after it, everybody queues anew.
                if not self._pause_left(bucket, key):
                    given_up.pop_all()
                    return

    def pause(self, bucket: Bucket, seconds: float, key: str | None = None) -> None:
        """The limiter refused a call: grant none before ``seconds`` have passed (needs a running loop).

        Where the Horde limits each id or path by itself, the others go on.
        """
        place = (bucket, None if self._rules[bucket].all else key)
        until = asyncio.get_running_loop().time() + seconds
        self._paused_until[place] = max(until, self._paused_until.get(place, until))

    def forget(self, key: str) -> None:
        """A request id has ended: drop what is kept about it."""
        for bucket in Bucket:
            self._limiters.pop((bucket, key), None)
            self._paused_until.pop((bucket, key), None)

    def _limiters_of(self, bucket: Bucket, key: str | None) -> list[AsyncLimiter]:
        rule = self._rules[bucket]
        # The limit of all comes last: it is the one whose turns must not bunch up behind another.
        places = [((bucket, key), rule.each), ((bucket, None), rule.all)]
        return [self._limiter(place, rate) for place, rate in places if rate]

    def _limiter(self, place: tuple[Bucket, str | None], rate: Rate) -> AsyncLimiter:
        if place not in self._limiters:
            self._limiters[place] = rate.limiter()
        return self._limiters[place]

    def _free_slots(self, bucket: Bucket, slots: Slots) -> asyncio.Queue[None]:
        if bucket not in self._slots:
            self._slots[bucket] = free_slots(slots.count)
        return self._slots[bucket]

    def _pause_left(self, bucket: Bucket, key: str | None) -> float:
        now = asyncio.get_running_loop().time()
        ends = [self._paused_until.get((bucket, None), now), self._paused_until.get((bucket, key), now)]
        return max(max(ends) - now, 0.0)


@frozen
class CheckSchedule:
    """When to check a request next; all in seconds.

    Nothing here believes the Horde's ``wait_time``: it counts its whole queue against the average worker,
    a worker's own estimate leaves out whatever it does besides, and 0 is said often. What counts is how
    long there has been no news, as most of what will come soon comes at first: a request that ends within
    a minute costs at most 22 checks, however wrong the estimates are.
    """

    first: float = 2.0  # after the submit; in its first second the Horde does not know the place in its queue
    generating: float = 2.0
    queued: float = 4.0  # there will be time to see that a worker has it
    growth: float = 0.05  # longer by so much for every second without news ...
    grown: float = 2.0  # ... but by no more than this
    jitter: float = 0.1
    cached: float = 1.0  # the Horde answers from a cache for so long

    def next_delay(self, check: Check | None, quiet: float, random: float) -> float:
        """Seconds to the next check. ``check``: the last answer, None before the first; ``quiet``: seconds
        since its counts were news.
        """
        spread = 1 + self.jitter * (2 * random - 1)
        return max(self._calm_delay(check, quiet) * spread, self.cached)

    def _calm_delay(self, check: Check | None, quiet: float) -> float:
        if check is None:
            return self.first
        start = self.generating if check.processing > 0 else self.queued
        return start + min(self.growth * max(quiet, 0.0), self.grown)
