"""Places of which only so many are free at a time."""

from __future__ import annotations

import asyncio


def free_slots(count: int) -> asyncio.Queue[None]:
    """``await slots.get()`` takes one of ``count``, ``slots.put_nowait(None)`` gives it back.

    Not asyncio's semaphore: with that of Krita 5.2's Python 3.10.7 nobody may get a turn any more once
    somebody is cancelled whose turn has just come (python/cpython#90155).
    """
    free: asyncio.Queue[None] = asyncio.Queue()
    for _ in range(count):
        free.put_nowait(None)
    return free
