"""Hundreds of jobs: what happens with one of them does not ask the others, nor Krita or the disk for each."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path
from typing import Any

import attrs
import pytest
from jobs_bench import Bench, FakeCanvas
from jobs_restarts import Krita, start

from krita_AIhorde.horde.messages import Generation, GenerationRequest, Submitted
from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs import sender
from krita_AIhorde.jobs.earlier import AT_A_TIME
from krita_AIhorde.jobs.images import Fate, Image
from krita_AIhorde.jobs.job import Job
from krita_AIhorde.jobs.queue import AT_ONCE
from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.spec import DocumentRef, JobSpec, Operation
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.store import Folders, Store
from krita_AIhorde.jobs.trouble import NO_REASON
from krita_AIhorde.jobs.turns import Turns
from krita_AIhorde.practice.server import PracticeHorde

MANY = 3 * AT_A_TIME + 7
DOCUMENTS = 3


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a Krita that has ended; its jobs brought a picture each, but for every fifth."""
    folder = tmp_path_factory.mktemp("journal")
    store = Store(Folders(folder), "https://example.org/api/v2")
    for number in range(MANY):
        spec = spec_of(number)
        store.created(spec)
        store.submitted(spec.id, Submitted(id=f"request {number}", kudos=10.0))
        if number % 5:
            image = Image(Generation(f"generation-{number}", seed=str(number)), "a fox")
            store.announced(spec.id, image)
            store.saved(spec.id, image.id, b"RIFF....WEBP", {})
            store.settled(spec.id, image.id, Fate.LANDED)
        store.ended(spec.id, JobState.DONE if number % 5 else JobState.FAILED, NO_REASON)
    store.close()
    return folder


def spec_of(number: int, **params: Any) -> JobSpec:
    return attrs.evolve(
        Bench.spec(operation=Operation.INPAINT, mask=Coverage.uniform(Extent(512, 512)), **params),
        id=f"job {number}",
        source=None,
        document=DocumentRef(f"document {number % DOCUMENTS}", "picture.kra"),
        clicked_at=time.time() - 86400 + number,
    )


@attrs.define
class Asked(FakeCanvas):
    """Remembers which documents it was asked for."""

    documents: list[str] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        super().__init__()

    def is_open(self, document: DocumentRef) -> bool:
        self.documents.append(document.id)
        return super().is_open(document)


@attrs.define
class Restart:
    krita: Krita
    canvas: Asked
    listed: list[int]
    turns: int  # of the event loop, while the jobs were taken up


@pytest.fixture
async def restarted(tmp_path: Path, journal: Path, horde: PracticeHorde) -> Restart:
    shutil.copytree(journal, tmp_path, dirs_exist_ok=True)
    canvas = Asked()
    krita = await start(tmp_path, horde, canvas)
    listed: list[int] = []
    krita.bench.queue.listed.subscribe(lambda: listed.append(len(krita.bench.queue.snapshots())))
    resuming = asyncio.ensure_future(krita.resume())
    turns = 0
    while not resuming.done():
        await asyncio.sleep(0)
        turns += 1
    return Restart(krita, canvas, listed, turns)


@pytest.fixture
async def horde() -> Any:
    async with PracticeHorde(pace=0.2) as made:
        yield made


async def test_they_are_all_there_again_the_newest_first(restarted: Restart) -> None:
    rows = restarted.krita.bench.queue.snapshots()
    assert [row.id for row in rows] == [f"job {number}" for number in reversed(range(MANY))]
    landed, failed = rows[0], rows[MANY - 1]
    assert landed.actions == {RowAction.DISMISS, RowAction.INSERT_AGAIN}
    assert landed.in_reach
    assert RowAction.SEND_AGAIN in failed.actions


async def test_rows_are_told_of_once_and_krita_goes_on_meanwhile(restarted: Restart) -> None:
    assert restarted.listed == [MANY]
    assert restarted.turns > MANY / AT_A_TIME


async def test_nothing_is_asked_or_written_for_each_of_them(restarted: Restart) -> None:
    asked = restarted.canvas.documents
    assert sorted(set(asked)) == [f"document {number}" for number in range(DOCUMENTS)]
    assert len(asked) <= 2 * DOCUMENTS
    assert restarted.krita.bench.tasks == []


async def test_closed_documents_are_asked_for_once_and_told_to_every_row(
    restarted: Restart,
) -> None:
    restarted.canvas.documents.clear()
    restarted.canvas.closed = True
    queue = restarted.krita.bench.queue
    queue.documents_changed()
    assert len(restarted.canvas.documents) == DOCUMENTS
    assert sum(row.in_reach for row in queue.snapshots()) <= MANY - AT_ONCE
    await asyncio.gather(*restarted.krita.bench.tasks)
    assert not any(row.in_reach for row in queue.snapshots())


async def test_no_pixels_are_held_for_what_has_ended_until_it_is_sent_again(restarted: Restart) -> None:
    bench = restarted.krita.bench
    assert all(job.spec.source is None and job.spec.mask is None for job in bench.queue._jobs)
    bench.queue.send_again("job 5")
    bench.queue.send_again("job 5")  # a button can be pressed twice
    await asyncio.gather(*bench.tasks)
    rows = bench.queue.snapshots()
    assert len(rows) == MANY
    again = next(job for job in bench.queue._jobs if job.id == rows[0].id)
    assert rows[0].operation is Operation.INPAINT
    assert again.spec.mask == Coverage.uniform(Extent(512, 512))
    assert "job 5" not in {row.id for row in rows}


async def test_all_that_has_ended_is_cleared_at_once_and_for_good(restarted: Restart) -> None:
    krita = restarted.krita
    krita.bench.queue.clear_ended()
    assert restarted.listed == [MANY, 0]
    await asyncio.gather(*krita.bench.tasks)
    assert len(krita.bench.tasks) == 1
    assert await krita.resume() == []


async def test_the_last_seed_is_that_of_the_newest_picture(restarted: Restart) -> None:
    queue = restarted.krita.bench.queue
    assert queue.last_seed() == str(MANY - 1)
    queue.dismiss(f"job {MANY - 1}")
    assert queue.last_seed() == str(MANY - 3), "the one before it brought none"
    queue.clear_ended()
    assert queue.last_seed() == ""


# Who goes next


class Line:
    """Jobs that come to the Horde, which has room for some images."""

    def __init__(self, room: int) -> None:
        self.turns = Turns(room)
        self.went: list[str] = []

    async def come(self, number: int, images: int = 1) -> tuple[Job, asyncio.Task[None]]:
        job = Job(spec_of(number, image_count=images), self.turns.saw)
        task = asyncio.ensure_future(self._wait(job))
        await asyncio.sleep(0)
        return job, task

    async def _wait(self, job: Job) -> None:
        await self.turns.come(job)
        self.went.append(job.id)

    async def settle(self) -> list[str]:
        for _ in range(3):
            await asyncio.sleep(0)
        return self.went


async def test_they_go_in_the_order_of_their_clicks_as_soon_as_there_is_room() -> None:
    line = Line(2)
    jobs = [(await line.come(number))[0] for number in range(4)]
    assert await line.settle() == ["job 0", "job 1"]
    jobs[0].go(JobState.SUBMITTING)
    jobs[0].go(JobState.QUEUED)
    assert await line.settle() == ["job 0", "job 1"]
    jobs[0].go(JobState.GENERATING)
    assert await line.settle() == ["job 0", "job 1", "job 2"]
    line.turns.room = 3
    assert await line.settle() == ["job 0", "job 1", "job 2", "job 3"]


async def test_one_that_is_alone_goes_however_large_and_a_large_one_holds_up_no_small_one() -> None:
    line = Line(4)
    huge, _ = await line.come(0, images=20)
    assert await line.settle() == ["job 0"]
    huge.go(JobState.CANCELLED)
    await line.come(1, images=3)
    await line.come(2, images=2)
    await line.come(3, images=1)
    assert await line.settle() == ["job 0", "job 1", "job 3"]


async def test_one_that_was_refused_stands_in_front_again() -> None:
    line = Line(1)
    refused, _ = await line.come(0)
    await line.settle()
    refused.go(JobState.SUBMITTING)
    taken, _ = await line.come(1)
    await line.come(2)
    refused.go(JobState.WAITING)
    assert await line.settle() == ["job 0", "job 1"]
    again = asyncio.ensure_future(line.turns.come(refused))
    await line.settle()
    taken.go(JobState.CANCELLED)
    await line.settle()
    assert again.done()
    assert line.went == ["job 0", "job 1"]


async def test_who_gives_up_waiting_leaves_the_room_to_others() -> None:
    line = Line(1)
    first, _ = await line.come(0)
    _, impatient = await line.come(1)
    _, called = await line.come(2)
    impatient.cancel()
    await line.settle()
    first.go(JobState.CANCELLED)
    assert not called.cancelled()
    called.cancel()  # just when it was called
    await line.come(3)
    assert await line.settle() == ["job 0", "job 3"]


async def test_a_request_is_made_when_its_turn_came(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a source and a mask in it, it is megabytes."""
    made: list[str] = []
    really = sender.request_of

    def request_of(spec: JobSpec) -> GenerationRequest:
        made.append(spec.id)
        return really(spec)

    monkeypatch.setattr(sender, "request_of", request_of)
    bench.queue.concurrency = 1
    first = bench.send("[practice queue=300]")
    await bench.until(first, lambda row: row.state is JobState.QUEUED)
    others = [bench.send("a fox", operation=Operation.INPAINT) for _ in range(3)]
    await asyncio.sleep(0.5)  # nothing happens that could be awaited: that is the point
    assert made == [first]
    bench.queue.cancel(first)
    for job_id in others:
        assert (await bench.ended(job_id)).state is JobState.DONE
    assert made == [first, *others]


async def test_a_row_says_so_when_its_source_cannot_be_read(
    restarted: Restart, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(store: Store, job_id: str) -> Any:
        raise KeyError(job_id)

    monkeypatch.setattr(Store, "pixels", unreadable)
    bench = restarted.krita.bench
    bench.queue.send_again("job 5")
    await asyncio.gather(*bench.tasks)
    assert len(bench.queue.snapshots()) == MANY
    assert bench.snapshot("job 5").trouble is Trouble.DISK
    assert RowAction.SEND_AGAIN in bench.snapshot("job 5").actions
