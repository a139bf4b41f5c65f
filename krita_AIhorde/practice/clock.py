"""The practice horde's own clock: the machine's, which a test may put forward."""

from __future__ import annotations

import time


class Clock:
    """Seconds since the epoch. Whatever expires here (requests, links, limits, caches) expires by this
    clock."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def put_forward(self, seconds: float) -> None:
        """Raises ValueError for a negative number: what has expired stays expired."""
        if not seconds >= 0:
            raise ValueError("the clock only goes forward")
        self._ahead += seconds

    def reset(self) -> None:
        self._ahead = 0.0

    @property
    def ahead(self) -> float:
        return self._ahead
