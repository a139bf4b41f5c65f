"""So many at a time, the others in line."""

from __future__ import annotations

import asyncio


class Slots:
    """``async with`` it: the body runs in one of ``count`` slots.

    A queue of free slots: with asyncio's own semaphore nobody may get a turn any more once somebody is
    cancelled whose turn has just come (python/cpython#90155; Krita 5.2 has Python 3.10.7).
    """

    def __init__(self, count: int) -> None:
        self._free: asyncio.Queue[None] = asyncio.Queue()
        for _ in range(count):
            self._free.put_nowait(None)

    async def __aenter__(self) -> None:
        await self._free.get()

    async def __aexit__(self, *_: object) -> None:
        self._free.put_nowait(None)
