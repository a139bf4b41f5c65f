"""Pictures that have landed can be put into a document again: theirs may have been lost unsaved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from jobs_bench import FakeCanvas
from jobs_restarts import Krita, start

from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.practice.server import PracticeHorde

MASK = Coverage(Extent(512, 512), bytes(512 * 256) + b"\xff" * (512 * 256))


@pytest.fixture
async def horde() -> AsyncIterator[PracticeHorde]:
    async with PracticeHorde(pace=0.2) as horde:
        yield horde


def offered(krita: Krita, job: str) -> bool:
    return RowAction.INSERT_AGAIN in krita.bench.snapshot(job).actions


async def again(krita: Krita, job: str, times: int = 1) -> None:
    for _ in range(times):
        krita.bench.queue.insert_again(job)
    await asyncio.gather(*krita.bench.tasks)


async def after_a_crash(tmp_path: Path, horde: PracticeHorde, **params: object) -> tuple[Krita, str]:
    """A job that landed in a document which was never saved, and the next Krita."""
    krita = await start(tmp_path, horde, FakeCanvas())
    job = krita.bench.send("a fox", operation=Operation.INPAINT, mask=MASK, **params)
    await krita.bench.ended(job)
    await krita.die()
    canvas = FakeCanvas()
    canvas.closed = True
    krita = await start(tmp_path, horde, canvas)
    await krita.resume()
    await asyncio.gather(*krita.bench.tasks)
    return krita, job


async def test_what_was_lost_with_its_document_is_inserted_into_the_active_one(
    tmp_path: Path, horde: PracticeHorde
) -> None:
    krita, job = await after_a_crash(tmp_path, horde)
    found = krita.bench.snapshot(job)
    assert (found.state, found.in_reach, offered(krita, job)) == (JobState.DONE, False, True)
    sent = len(await krita.bench.requests("POST", "/async"))
    krita.bench.changes.clear()
    await again(krita, job, times=2)  # a menu can be used twice, too
    (picture,) = krita.bench.canvas.landed
    assert picture.spec.mask == MASK, "outside of it the artist's picture must not change"
    assert picture.spec.lands_on == krita.bench.spec(operation=Operation.INPAINT).lands_on
    assert picture.first
    assert {change.state for change in krita.bench.changes} == {JobState.DONE}
    assert len(await krita.bench.requests("POST", "/async")) == sent
    assert offered(krita, job), "that document may be lost, too"
    await krita.die()

    krita = await start(tmp_path, horde, FakeCanvas())
    (found,) = await krita.resume()
    assert (found.state, found.kept) == (JobState.DONE, 0)
    await krita.die()


async def test_all_of_a_job_land_in_one_group_in_their_order(tmp_path: Path, horde: PracticeHorde) -> None:
    krita, job = await after_a_crash(tmp_path, horde, image_count=3)
    await again(krita, job)
    landed = krita.bench.canvas.landed
    assert [picture.first for picture in landed] == [True, False, False]
    assert len({picture.name for picture in landed}) == 3
    assert {picture.group_name for picture in landed} == {"a fox"}
    assert [picture.group for picture in landed[1:]] == ["the group"] * 2
    await krita.die()


async def test_an_open_document_gets_it_in_the_same_krita_too(tmp_path: Path, horde: PracticeHorde) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    job = krita.bench.send("a fox")
    end = await krita.bench.ended(job)
    assert (end.in_reach, offered(krita, job)) == (True, True)
    await again(krita, job)
    assert len(krita.bench.canvas.landed) == 2
    krita.bench.canvas.closed = True
    krita.bench.queue.documents_changed()
    assert krita.bench.snapshot(job).in_reach is False
    await krita.die()


@pytest.mark.parametrize("how", ["pruned", "removed by hand"])
async def test_nothing_is_offered_where_the_file_is_gone(
    tmp_path: Path, horde: PracticeHorde, how: str
) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    job = krita.bench.send("a fox")
    await krita.bench.ended(job)
    if how == "pruned":
        pruning = asyncio.ensure_future(krita.bench.queue.keep_pruning(lambda: 0))
        await krita.bench.until(job, lambda now: RowAction.INSERT_AGAIN not in now.actions)
        pruning.cancel()
    else:
        for file in (tmp_path / "results").rglob("*.*"):
            file.unlink()
        await again(krita, job)
    assert not offered(krita, job)
    assert len(krita.bench.canvas.landed) == 1
    await krita.die()


async def test_a_job_that_brought_nothing_offers_nothing(tmp_path: Path, horde: PracticeHorde) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    job = krita.bench.send("[practice fault=nsfw] a fox")
    await krita.bench.ended(job)
    assert not offered(krita, job)
    await krita.die()


async def test_what_hinders_it_is_said_and_forgotten_when_it_works(
    tmp_path: Path, horde: PracticeHorde
) -> None:
    krita, job = await after_a_crash(tmp_path, horde)
    krita.bench.canvas.broken = True
    await again(krita, job)
    hindered = krita.bench.snapshot(job)
    assert (hindered.state, hindered.trouble, hindered.kept) == (JobState.DONE, Trouble.LANDING, 0)
    krita.bench.canvas.broken = False
    await again(krita, job)
    assert krita.bench.snapshot(job).trouble is Trouble.NONE
    assert len(krita.bench.canvas.landed) == 1
    await krita.die()


async def test_a_crash_while_it_lands_again_keeps_it_for_the_artist(
    tmp_path: Path, horde: PracticeHorde
) -> None:
    krita, job = await after_a_crash(tmp_path, horde)
    krita.journal._left, krita.journal._written = 0, True  # dies once it is written that it is landing
    krita.bench.queue.insert_again(job)
    await asyncio.wait_for(krita.journal.dead.wait(), 20)
    assert krita.journal.killed_at == "landing"
    await krita.die()
    canvas = FakeCanvas()
    krita = await start(tmp_path, horde, canvas)
    (found,) = await krita.resume()
    assert (found.state, found.kept) == (JobState.KEPT, 1)
    krita.bench.queue.insert(job)
    await krita.bench.until(job, lambda now: now.state is JobState.DONE)
    assert canvas.landed[0].spec.mask == MASK
    await krita.die()


async def test_a_mask_that_is_gone_lets_nothing_land(tmp_path: Path, horde: PracticeHorde) -> None:
    krita, job = await after_a_crash(tmp_path, horde)
    store = krita.diary._opened
    await krita.diary._run(lambda: store()._change(job, mask=None))
    await again(krita, job)
    assert krita.bench.canvas.landed == []
    assert krita.bench.snapshot(job).trouble is Trouble.LANDING
    await krita.die()
