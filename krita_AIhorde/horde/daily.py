"""What is done once a day, by a clock that may be wrong."""

from __future__ import annotations

import math

DAY = 86400.0  # seconds
_DRIFT = 3600.0  # seconds by which a clock may be put back without our noticing


def is_due(last: float | None, now: float, every: float = DAY) -> bool:
    """Whether what was last done at ``last`` (seconds since the epoch; None: never) is to be done again.

    A ``last`` that lies ahead comes from a clock gone wrong: it is done again, which puts it right.
    """
    if last is None or not math.isfinite(last):
        return True
    return not -_DRIFT <= now - last < every
