"""The list of workers is asked for when somebody wants to see it, and then not again for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import HordeError, ServerTrouble
from krita_AIhorde.horde.messages import WorkerInfo
from krita_AIhorde.horde.workers import WorkerList
from krita_AIhorde.practice.server import PracticeHorde

Run = Callable[[Any], Any]
WORKERS = (WorkerInfo("1", "Ant"), WorkerInfo("2", "Bee"))


class Horde:
    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.asked: list[float] = []

    async def workers(self) -> Any:
        self.asked.append(asyncio.get_running_loop().time())
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, HordeError):
            raise answer
        return answer


def list_of(*script: Any) -> tuple[WorkerList, Horde]:
    horde = Horde(*script)
    return WorkerList(cast(HordeClient, horde)), horde


async def test_it_is_known_when_it_was_asked_for() -> None:
    workers, horde = list_of(WORKERS)
    seen: list[Any] = []
    workers.subscribe(lambda: seen.append(workers.workers))
    assert (workers.workers, horde.asked) == ((), [])
    await workers.refresh()
    assert seen == [WORKERS]
    assert workers.named("2") == WORKERS[1]
    assert workers.named("3") is None


def test_opened_again_and_again_it_is_asked_for_every_five_minutes(in_virtual_time: Run) -> None:
    workers, horde = list_of(WORKERS)

    async def main() -> None:
        for _ in range(100):
            await workers.refresh()
            await asyncio.sleep(7)

    in_virtual_time(main())
    assert horde.asked == pytest.approx([0, 301, 602], abs=0.1)


async def test_one_that_could_not_be_had_is_asked_for_at_the_next_opening() -> None:
    trouble = ServerTrouble()
    workers, horde = list_of(trouble, WORKERS)
    await workers.refresh()
    assert (workers.workers, workers.problem) == ((), trouble)
    await workers.refresh()
    assert (workers.workers, workers.problem, len(horde.asked)) == (WORKERS, None, 2)


async def test_the_practice_hordes_workers(connect: Any) -> None:
    async with PracticeHorde() as horde:
        client = connect(horde.url.removesuffix("/api/v2"))
        workers = WorkerList(client)
        await workers.refresh()
        assert [worker.name for worker in workers.workers] == ["practice worker 1", "practice worker 2"]
        hosted = {name for worker in workers.workers for name in worker.models}
        assert hosted == {model.name for model in await client.models() if model.count}
        assert all(worker.online and worker.post_processing for worker in workers.workers)
        client.use_key("practice-trusted")
        user = await client.find_user()
        assert set(user.worker_ids) == {worker.id for worker in workers.workers}
