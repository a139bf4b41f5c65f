from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from practice_kit import Visitor

from krita_AIhorde.practice.server import PracticeHorde


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    """A fresh practice horde that draws in next to no time, and a client of it."""
    async with PracticeHorde(pace=0.02) as horde, aiohttp.ClientSession() as session:
        yield Visitor(horde, session)


@pytest.fixture
async def unlimited(visitor: Visitor) -> Visitor:
    """The same without rate limits and without the cache of check, for tests that ask a lot."""
    await visitor.control(limits=False, check_cache=0)
    return visitor
