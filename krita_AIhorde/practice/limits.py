"""The rate limiter: moving windows per address, path and key, with the headers that the real one puts on
every answer."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from .clock import Clock


@dataclass(frozen=True, order=True)
class Limit:
    seconds: int
    amount: int

    def __str__(self) -> str:
        unit = {1: "second", 60: "minute", 3600: "hour"}[self.seconds]
        return f"{self.amount} per 1 {unit}"


@dataclass(frozen=True)
class Verdict:
    """`refused` is the limit that was exceeded, if any; `headers` go onto the answer either way."""

    refused: Limit | None
    headers: dict[str, str]


PER_MINUTE = Limit(60, 90)
PER_MINUTE_TRUSTED = Limit(60, 300)
SUBMITS_PER_SECOND = Limit(1, 2)
SUBMITS_PER_SECOND_TRUSTED = Limit(1, 10)
ANONYMOUS_SUBMITS_PER_SECOND = Limit(1, 60)
CHECKS_PER_SECOND = Limit(1, 10)
STATUS_PER_MINUTE = Limit(60, 10)
TRANSFERS = (Limit(1, 1), Limit(3600, 90))


class Limiter:
    """Counts hits in moving windows. A refused hit does not count."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, Limit], deque[float]] = {}
        self._trusted_until: dict[str, float] = {}

    def trust(self, address: str) -> None:
        """A trusted account's address enjoys wider limits for a day."""
        self._trusted_until[address] = self._clock.now() + 86400

    def rules(self, endpoint: str, address: str, key: str, where: str) -> list[tuple[str, Limit]]:
        """The limits of a request to `endpoint`; `where` is its method and path."""
        if endpoint == "heartbeat":
            return []
        trusted = self._trusted_until.get(address, 0) > self._clock.now()
        by_address = f"{address}@{where}"
        if endpoint == "check":
            return [(by_address, CHECKS_PER_SECOND)]
        if endpoint in ("status", "cancel"):
            return [(by_address, STATUS_PER_MINUTE)]
        if endpoint == "transfer":
            return [(f"{key}@{where}", limit) for limit in TRANSFERS]
        if endpoint != "submit":
            return [(by_address, PER_MINUTE)]
        of_key = ANONYMOUS_SUBMITS_PER_SECOND if key == "0000000000" or trusted else SUBMITS_PER_SECOND
        return [
            (by_address, SUBMITS_PER_SECOND_TRUSTED if trusted else SUBMITS_PER_SECOND),
            (by_address, PER_MINUTE_TRUSTED if trusted else PER_MINUTE),
            (f"{key}@{where}", of_key),
        ]

    def hit(self, rules: Sequence[tuple[str, Limit]]) -> Verdict:
        now = self._clock.now()
        windows = [(limit, self._window(key, limit, now)) for key, limit in rules]
        for limit, window in windows:
            if len(window) >= limit.amount:
                return Verdict(limit, self._headers(limit, window, now))
        for _, window in windows:
            window.append(now)
        if not windows:
            return Verdict(None, {})
        limit, window = min(windows, key=lambda pair: pair[0])
        return Verdict(None, self._headers(limit, window, now))

    def _window(self, key: str, limit: Limit, now: float) -> deque[float]:
        if len(self._windows) > 5000:
            self._windows = {k: w for k, w in self._windows.items() if w and w[-1] > now - k[1].seconds}
        window = self._windows.setdefault((key, limit), deque())
        while window and window[0] <= now - limit.seconds:
            window.popleft()
        return window

    @staticmethod
    def _headers(limit: Limit, window: deque[float], now: float) -> dict[str, str]:
        reset = window[0] + limit.seconds
        return {
            "X-RateLimit-Limit": str(limit.amount),
            "X-RateLimit-Remaining": str(limit.amount - len(window)),
            "X-RateLimit-Reset": str(math.ceil(reset)),
            "Retry-After": str(max(1, math.ceil(reset - now))),
        }
