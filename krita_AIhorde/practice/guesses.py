"""What a check's ``wait_time`` claims. The real server guesses it: its whole queue against the average
worker, so that it jumps as others come and go and is far off for a model that few host; then the worker's
own average, which leaves out its own queue and uploads, and 0 from the moment it is slower than that."""

from __future__ import annotations

import math
import random
from collections.abc import Collection

_SPREAD = 0.6  # a factor of 1.8 is usual
_SAYS_NOTHING = 0.2  # of a noisy estimate's answers are 0
_FARTHEST = 7.0  # times too long or too short


def guessed(seconds: float, faults: Collection[str], chance: random.Random, factor: float) -> int:
    """What is said of a wait of `seconds`. `factor`: how far off a request's estimates are, all of them."""
    if "zero_wait" in faults:
        return 0
    if "wrong_wait" in faults:
        seconds *= factor
    if "noisy_wait" in faults:
        seconds *= math.exp(chance.gauss(0.0, _SPREAD)) if chance.random() >= _SAYS_NOTHING else 0.0
    return round(seconds)


def factor_of(chance: random.Random) -> float:
    return math.exp(chance.uniform(-1.0, 1.0) * math.log(_FARTHEST))
