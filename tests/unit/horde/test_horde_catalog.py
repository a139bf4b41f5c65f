from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast

import pytest

from krita_AIhorde.horde.catalog import ModelCatalog
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import Refused, ServerTrouble
from krita_AIhorde.horde.messages import ActiveModel

Run = Callable[[Any], Any]
MODELS = (ActiveModel("Deliberate", count=3),)


class Horde:
    """Answers ``models()`` with each of ``script`` in turn, then with the last for ever."""

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.asked: list[float] = []

    async def models(self) -> Any:
        self.asked.append(asyncio.get_running_loop().time())
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def catalog_of(*script: Any) -> tuple[ModelCatalog, Horde]:
    horde = Horde(*script)
    return ModelCatalog(cast(HordeClient, horde)), horde


async def fresh_for(catalog: ModelCatalog, seconds: float) -> None:
    task = asyncio.ensure_future(catalog.keep_fresh(interval=120))
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_a_list_is_told_to_those_who_listen() -> None:
    catalog, _ = catalog_of(MODELS)
    seen: list[Any] = []
    unsubscribe = catalog.subscribe(lambda: seen.append(catalog.models))
    await catalog.refresh()
    unsubscribe()
    unsubscribe()
    await catalog.refresh()
    assert seen == [MODELS]
    assert catalog.problem is None
    assert catalog.updated_at is not None


async def test_an_old_list_stays_usable_beside_a_problem() -> None:
    trouble = ServerTrouble()
    catalog, _ = catalog_of(MODELS, trouble, MODELS)
    await catalog.refresh()
    first = catalog.updated_at
    await catalog.refresh()
    assert (catalog.models, catalog.problem, catalog.updated_at) == (MODELS, trouble, first)
    await catalog.refresh()
    assert catalog.problem is None


@pytest.mark.parametrize("trouble", [ServerTrouble(), Refused()])
def test_a_list_that_cannot_be_had_is_asked_for_again(in_virtual_time: Run, trouble: Exception) -> None:
    catalog, _ = catalog_of(trouble, trouble, MODELS)
    problems: list[Any] = []
    catalog.subscribe(lambda: problems.append(catalog.problem))
    in_virtual_time(fresh_for(catalog, 300))
    assert problems[:3] == [trouble, trouble, None]
    assert catalog.models == MODELS


def test_a_list_is_renewed_at_its_interval_and_sooner_in_trouble(in_virtual_time: Run) -> None:
    catalog, horde = catalog_of(MODELS, ServerTrouble(), MODELS)
    in_virtual_time(fresh_for(catalog, 250))
    assert horde.asked[:2] == pytest.approx([0, 120], abs=0.1)
    assert 121 <= horde.asked[2] <= 123
    assert len(horde.asked) == 4


async def test_a_listener_that_fails_spoils_nothing_for_the_others(caplog: pytest.LogCaptureFixture) -> None:
    catalog, _ = catalog_of(MODELS)
    seen: list[Any] = []

    def broken() -> None:
        raise RuntimeError("wrapped C++ object has been deleted")

    catalog.subscribe(broken)
    catalog.subscribe(lambda: seen.append(catalog.models))
    with caplog.at_level(logging.ERROR):
        await catalog.refresh()
    assert seen == [MODELS]
    assert "deleted" in caplog.text
