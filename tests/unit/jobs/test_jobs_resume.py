"""Krita killed between any two steps of a job, and started again: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from jobs_bench import KEY, FakeCanvas
from jobs_restarts import Krita, start

from krita_AIhorde.imaging import recipe
from krita_AIhorde.jobs import database
from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.practice.server import PracticeHorde

# An Inpaint of one image: created, sending, submitted, announced, saved, landing, settled, ended (and spent).
STEPS = ("created", "sending", "submitted", "announced", "saved", "landing", "settled", "ended")


@pytest.fixture
async def horde() -> AsyncIterator[PracticeHorde]:
    async with PracticeHorde(pace=0.2) as horde:
        yield horde


async def posts(krita: Krita) -> int:
    return len(await krita.bench.requests("POST", "/async"))


@pytest.mark.parametrize("written", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
async def test_killed_at_any_step(tmp_path: Path, horde: PracticeHorde, step: int, written: bool) -> None:
    """The document outlives Krita here (it was saved), so a layer that landed must not land again."""
    canvas = FakeCanvas()
    krita = await start(tmp_path, horde, canvas, last=step, written=written)
    await krita.bench.ask("/practice/faults", {"user_cache": 0})
    krita.bench.send("a fox", operation=Operation.INPAINT, seed=123456, seed_drawn=True)
    await asyncio.wait_for(krita.journal.dead.wait(), 20)
    assert krita.journal.killed_at == STEPS[step]
    await krita.die()

    krita = await start(tmp_path, horde, canvas)
    found = await krita.resume()
    if (step, written) == (0, False):
        assert found == [], "nothing of it was written, and nothing of it was sent"
        assert await posts(krita) == 0
    else:
        (job,) = await krita.all_at_rest()
        sent = await posts(krita)
        if not sent:
            assert STEPS[step] == "sending", "the only step after which nobody knows"
            assert (job.state, RowAction.SEND_AGAIN in job.actions) == (JobState.UNCERTAIN, True)
        else:
            # One whose id was not written yet is uncertain first, and found by its seed.
            job = await krita.bench.until(job.id, lambda now: now.state.ended)
            assert (job.state, job.finished, job.trouble) == (JobState.DONE, 1, Trouble.NONE)
            assert [picture.name for picture in canvas.landed] == ["a fox · 123456"]
            assert canvas.landed[0].spec.mask is not None, "the mask came through"
            assert sent == 1
    await krita.die()


@pytest.mark.parametrize("key", [KEY, ""], ids=["account", "anonymous"])
async def test_killed_while_the_answer_is_on_its_way(tmp_path: Path, horde: PracticeHorde, key: str) -> None:
    canvas = FakeCanvas()
    krita = await start(tmp_path, horde, canvas, key=key)
    await krita.bench.ask(
        "/practice/faults", {"user_cache": 0, "faults": [{"name": "hang", "endpoint": "submit"}]}
    )
    job = krita.bench.send(seed=123456, seed_drawn=True)
    await krita.bench.until(job, lambda snapshot: snapshot.state is JobState.SUBMITTING)
    await krita.die()

    krita = await start(tmp_path, horde, canvas, key=key)
    (found,) = await krita.resume()
    assert found.state is JobState.UNCERTAIN
    assert RowAction.SEND_AGAIN in found.actions
    await krita.die()


async def test_the_anonymous_account_s_requests_are_never_taken_for_ours(
    tmp_path: Path, horde: PracticeHorde
) -> None:
    krita = await start(tmp_path, horde, FakeCanvas(), key="")
    job = krita.bench.send("[practice fault=reset_after_submit] a fox", seed=123456, seed_drawn=True)
    end = await krita.bench.ended(job)
    assert (end.state, end.trouble) == (JobState.UNCERTAIN, Trouble.NO_ANSWER)
    assert await krita.bench.requests("GET", "/find_user") == []
    await krita.die()


async def test_another_key_s_uncertain_job_is_left_alone(tmp_path: Path, horde: PracticeHorde) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    job = krita.bench.send("[practice fault=reset_after_submit] a fox", seed=7)
    await krita.bench.ended(job)
    await krita.die()

    krita = await start(tmp_path, horde, FakeCanvas(), key="practice-trusted")
    (found,) = await krita.resume()
    await asyncio.gather(*krita.bench.tasks)
    assert found.state is JobState.UNCERTAIN
    assert await krita.bench.requests("GET", "/find_user") == []
    await krita.die()


async def test_pictures_wait_for_their_document(tmp_path: Path, horde: PracticeHorde) -> None:
    """It is not open in the next Krita; the row offers to insert, and does it when it is open again."""
    canvas = FakeCanvas()
    krita = await start(tmp_path, horde, canvas)
    krita.bench.send("[practice delay=2] a fox", image_count=2)
    await krita.bench.until(krita.bench.queue.snapshots()[0].id, lambda job: job.state is JobState.GENERATING)
    await krita.die()

    canvas.closed = True
    krita = await start(tmp_path, horde, canvas)
    (job,) = await krita.resume()
    kept = await krita.bench.ended(job.id)
    assert (kept.state, kept.kept, kept.trouble) == (JobState.KEPT, 2, Trouble.DOCUMENT_CLOSED)
    assert (RowAction.INSERT in kept.actions, kept.in_reach) == (True, False)
    await krita.die()

    krita = await start(tmp_path, horde, canvas)
    (job,) = await krita.resume()
    assert (job.state, job.kept) == (JobState.KEPT, 2)
    canvas.closed = False
    krita.bench.queue.documents_changed()
    assert krita.bench.snapshot(job.id).in_reach
    krita.bench.queue.insert(job.id)
    krita.bench.queue.insert(job.id)  # an impatient artist
    end = await krita.bench.until(job.id, lambda now: now.state.ended)
    assert (end.state, len(canvas.landed)) == (JobState.DONE, 2)
    await krita.die()


async def test_what_a_cancel_was_collecting_is_collected_by_the_next_krita(
    tmp_path: Path, horde: PracticeHorde
) -> None:
    canvas = FakeCanvas()
    krita = await start(tmp_path, horde, canvas)
    job = krita.bench.send("[practice delay=2] foxes", image_count=1)
    await krita.bench.until(job, lambda snapshot: snapshot.state is JobState.GENERATING)
    krita.bench.queue.cancel(job)
    await krita.bench.until(job, lambda snapshot: snapshot.state is JobState.CANCELLING)
    await krita.die()

    krita = await start(tmp_path, horde, canvas)
    await krita.resume()
    (end,) = await krita.all_at_rest()
    assert (end.state, end.finished) == (JobState.CANCELLED, 1)
    await krita.die()


async def test_an_expired_job_says_so_and_can_be_sent_again(tmp_path: Path, horde: PracticeHorde) -> None:
    """A laptop asleep for half an hour: by then the Horde has forgotten a request that nobody took."""
    canvas = FakeCanvas()
    krita = await start(tmp_path, horde, canvas)
    krita.bench.send("[practice queue=300] a fox", operation=Operation.INPAINT, max_wait=3600.0)
    job = krita.bench.queue.snapshots()[0].id
    await krita.bench.until(job, lambda snapshot: snapshot.state is JobState.QUEUED)
    await krita.die()

    krita = await start(tmp_path, horde, canvas)
    await krita.bench.ask("/practice/faults", {"clock": 1800})
    await krita.resume()
    (end,) = await krita.all_at_rest()
    assert (end.state, end.trouble) == (JobState.EXPIRED, Trouble.EXPIRED)
    krita.bench.queue.send_again(end.id)
    (again,) = krita.bench.queue.snapshots()
    await krita.bench.until(again.id, lambda snapshot: snapshot.state is JobState.QUEUED)
    first, second = await krita.bench.requests("POST", "/async")
    for name in ("source_image", "source_mask"):
        assert first["body"][name] == second["body"][name], f"the {name} came through"
    await krita.die()


async def test_max_wait_counts_on_while_krita_is_closed(
    tmp_path: Path, horde: PracticeHorde, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = FakeCanvas()
    krita = await start(tmp_path, horde, canvas)
    job = krita.bench.send("[practice queue=300] a fox", max_wait=60.0)
    await krita.bench.until(job, lambda snapshot: snapshot.state is JobState.QUEUED)
    await krita.die()

    real = __import__("time").time
    monkeypatch.setattr("krita_AIhorde.jobs.runner.time.time", lambda: real() + 61)
    krita = await start(tmp_path, horde, canvas)
    await krita.resume()
    (end,) = await krita.all_at_rest()
    assert end.state is JobState.TIMED_OUT
    assert RowAction.SEND_AGAIN in end.actions
    await krita.die()


async def test_two_kritas_share_the_folder(tmp_path: Path, horde: PracticeHorde) -> None:
    """Each has its own jobs; those of one that has died are taken up by exactly one other."""
    canvases = FakeCanvas(), FakeCanvas(), FakeCanvas()
    first, second, third = [await start(tmp_path, horde, canvas) for canvas in canvases]
    job = first.bench.send("[practice delay=3] a fox")
    await first.bench.until(job, lambda snapshot: snapshot.state is JobState.GENERATING)
    assert await second.resume() == [], "its Krita runs"
    own = second.bench.send("a cat")
    await first.die()
    rows = await asyncio.gather(second.resume(), third.resume())
    taken = [any(row.id == job for row in listed) for listed in rows]
    assert sorted(taken) == [False, True]
    taker = second if taken[0] else third
    assert (await taker.bench.ended(job)).finished == 1
    assert (await second.bench.ended(own)).finished == 1
    assert sum(len(canvas.landed) for canvas in canvases) == 2
    await second.die()
    await third.die()


async def test_jobs_of_another_horde_are_left_alone(tmp_path: Path, horde: PracticeHorde) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    job = krita.bench.send("[practice queue=300] a fox")
    await krita.bench.until(job, lambda snapshot: snapshot.state is JobState.QUEUED)
    await krita.die()
    other = await start(tmp_path, horde, FakeCanvas(), server="https://example.org/api/v2")
    assert await other.resume() == []
    await other.die()
    again = await start(tmp_path, horde, FakeCanvas())
    assert [snapshot.id for snapshot in await again.resume()] == [job]
    await again.die()


async def test_ended_rows_stay_until_they_are_dismissed(tmp_path: Path, horde: PracticeHorde) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    job = krita.bench.send()
    await krita.bench.ended(job)
    await krita.die()
    krita = await start(tmp_path, horde, FakeCanvas())
    (found,) = await krita.resume()
    assert (found.id, found.state, found.finished) == (job, JobState.DONE, 1)
    krita.bench.queue.dismiss(job)
    await asyncio.gather(*krita.bench.tasks)
    await krita.die()
    krita = await start(tmp_path, horde, FakeCanvas())
    assert await krita.resume() == []
    await krita.die()


async def test_the_result_s_file_says_how_it_was_made(tmp_path: Path, horde: PracticeHorde) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    await krita.bench.ended(krita.bench.send("a fox ### rain", operation=Operation.IMG2IMG))
    await krita.die()
    (file,) = (tmp_path / "results").rglob("*.webp")
    made = recipe.read(file.read_bytes())
    assert made is not None
    (sent,) = await krita.bench.requests("POST", "/async")
    pictures = {"source_image", "source_mask"}
    assert {name: value for name, value in made["request"].items() if name not in pictures} == {
        name: value for name, value in sent["body"].items() if name not in pictures
    }
    assert made["request"]["source_image"].startswith("sha256:")
    assert made["seed"] == "4000"
    assert made["worker"]["name"]
    assert made["model"] == "Deliberate"
    assert made["kudos"] > 0
    assert KEY.encode() not in file.read_bytes()


async def test_everything_is_its_owner_s_alone_and_without_the_key(
    tmp_path: Path, horde: PracticeHorde
) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    krita = await start(folder, horde, FakeCanvas())
    await krita.bench.ended(krita.bench.send())
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    await krita.die()
    for path in folder.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes(), path


def rows(folder: Path, question: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / database.FILE)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


async def test_ended_jobs_let_go_of_their_pictures(tmp_path: Path, horde: PracticeHorde) -> None:
    """A source is megabytes; the file of the result stays, and until its row is dismissed a packed mask."""
    krita = await start(tmp_path, horde, FakeCanvas())
    job = krita.bench.send(operation=Operation.INPAINT)
    await krita.bench.ended(job)
    ((source, mask),) = rows(tmp_path, "SELECT source, length(mask) FROM jobs")
    assert source is None
    assert isinstance(mask, int)
    assert mask < 512 * 512 / 100
    krita.bench.queue.dismiss(job)
    await asyncio.gather(*krita.bench.tasks)
    await krita.die()
    assert rows(tmp_path, "SELECT source, mask FROM jobs") == [(None, None)]
    assert len(rows(tmp_path, "SELECT file FROM images WHERE file != ''")) == 1
