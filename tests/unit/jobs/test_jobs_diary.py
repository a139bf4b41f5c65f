"""The journal's file in bad days: a full disk, no folder, damage, another version, a lock."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from jobs_bench import FakeCanvas
from jobs_restarts import start

from krita_AIhorde.jobs import database, diary, sender
from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.store import Store
from krita_AIhorde.practice.server import PracticeHorde


@pytest.fixture
async def horde() -> AsyncIterator[PracticeHorde]:
    async with PracticeHorde(pace=0.2) as horde:
        yield horde


@pytest.fixture(autouse=True)
def _soon_without_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "DISK_PATIENCE", 0.3)
    monkeypatch.setattr(sender, "DISK_PAUSE", 0.1)


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def test_a_full_disk_stops_no_job_and_is_told(
    tmp_path: Path, horde: PracticeHorde, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures land from memory; a document that is closed meanwhile has them kept there."""
    krita = await start(tmp_path, horde, FakeCanvas())
    with monkeypatch.context() as patch:
        patch.setattr("krita_AIhorde.jobs.results.os.fsync", full)
        landed = await krita.bench.ended(krita.bench.send("a fox"))
        assert (landed.state, landed.unsafe) == (JobState.DONE, True)
        krita.bench.canvas.closed = True
        kept = await krita.bench.ended(krita.bench.send("a cat"))
        assert (kept.state, kept.unsafe) == (JobState.KEPT, True)
        (said,) = krita.said
        assert "No space left on device" in said
        assert "crash" in said
    await krita.diary._run(krita.diary._flush)  # as ``keep_trying`` does: the disk has room again
    assert krita.diary.is_safe(kept.id)
    await krita.die()
    canvas = FakeCanvas()
    krita = await start(tmp_path, horde, canvas)
    jobs = {job.prompt: job for job in await krita.resume()}
    assert (jobs["a fox"].state, jobs["a cat"].state) == (JobState.DONE, JobState.KEPT)
    krita.bench.queue.insert(jobs["a cat"].id)
    assert (await krita.bench.ended(jobs["a cat"].id)).state is JobState.DONE
    await krita.die()


async def test_a_job_is_not_sent_before_it_is_written_down(
    tmp_path: Path, horde: PracticeHorde, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed then, the next Krita would not know that it was sent, and send it twice."""
    monkeypatch.setattr(sender, "DISK_PATIENCE", 30.0)
    krita = await start(tmp_path, horde, FakeCanvas())
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_change", lambda *_, **__: full())
        job = krita.bench.send("a fox")
        held = await krita.bench.until(job, lambda row: row.trouble is Trouble.DISK)
        assert (held.state, held.unsafe) == (JobState.WAITING, True)
        await krita.die()
    assert await krita.bench.requests("POST", "/async") == []
    krita = await start(tmp_path, horde, FakeCanvas())
    (again,) = await krita.resume()
    assert (await krita.bench.ended(again.id)).state is JobState.DONE
    assert len(await krita.bench.requests("POST", "/async")) == 1
    await krita.die()


async def test_a_full_database_is_no_end(tmp_path: Path, horde: PracticeHorde) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    await krita.bench.ended(krita.bench.send("first"))
    pages = await krita.diary._ask(lambda store: store._db.execute("PRAGMA page_count").fetchone()[0])
    await krita.diary._ask(lambda store: store._db.execute(f"PRAGMA max_page_count = {pages}"))
    long = "x" * 40_000
    end = await krita.bench.ended(krita.bench.send(long))
    assert (end.state, end.unsafe) == (JobState.DONE, True)
    assert "full" in krita.said[-1]
    await krita.diary._ask(lambda store: store._db.execute("PRAGMA max_page_count = 100000"))
    await krita.diary._run(krita.diary._flush)
    assert krita.diary.is_safe(end.id)
    await krita.die()
    krita = await start(tmp_path, horde, FakeCanvas())
    assert {job.prompt for job in await krita.resume()} == {"first", long}
    await krita.die()


async def test_a_folder_that_cannot_be_written(tmp_path: Path, horde: PracticeHorde) -> None:
    """A file where the folder should be: as root, a read-only folder can be written."""
    folder = tmp_path / "data"
    folder.write_text("not a folder")
    krita = await start(folder, horde, FakeCanvas())
    assert await krita.resume() == []
    end = await krita.bench.ended(krita.bench.send())
    assert (end.state, end.unsafe) == (JobState.DONE, True)
    assert len(krita.said) == 1, "told once, not at every step"
    await krita.die()


@pytest.mark.parametrize("damage", ["garbage", "cut", "newer"])
async def test_a_damaged_journal_is_kept_aside(tmp_path: Path, horde: PracticeHorde, damage: str) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    await krita.bench.ended(krita.bench.send())
    await krita.die()
    file = tmp_path / database.FILE
    if damage == "garbage":
        file.write_bytes(b"nothing that could be read" * 500)
    elif damage == "cut":
        data = bytearray(file.read_bytes())
        data[4096:] = b"\xff" * (len(data) - 4096)
        file.write_bytes(data)
    else:
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
    before = file.read_bytes()

    krita = await start(tmp_path, horde, FakeCanvas())
    assert await krita.resume() == []
    (said,) = krita.said
    (aside,) = kept_aside(tmp_path)
    assert aside.name in said
    assert aside.read_bytes() == before
    assert (await krita.bench.ended(krita.bench.send())).unsafe is False
    assert len(list((tmp_path / "results").rglob("*.webp"))) == 2, "pictures stay"
    await krita.die()


async def test_a_journal_that_breaks_while_it_is_in_use(tmp_path: Path, horde: PracticeHorde) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    await krita.bench.ended(krita.bench.send())
    file = tmp_path / database.FILE
    file.write_bytes(b"\xff" * file.stat().st_size)
    end = await krita.bench.ended(krita.bench.send())
    assert (end.state, end.finished) == (JobState.DONE, 1)
    assert any("kept as" in said for said in krita.said)
    await krita.die()


async def test_a_journal_locked_by_another_program_is_written_later(
    tmp_path: Path, horde: PracticeHorde, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    monkeypatch.setattr(diary, "RETRY", 0.05)
    krita = await start(tmp_path, horde, FakeCanvas())
    await krita.bench.ended(krita.bench.send())
    backup = sqlite3.connect(tmp_path / database.FILE, isolation_level=None)
    backup.execute("BEGIN EXCLUSIVE")
    end = await krita.bench.ended(krita.bench.send())
    assert (end.state, end.unsafe) == (JobState.DONE, True)
    backup.execute("ROLLBACK")
    backup.close()
    trying = asyncio.ensure_future(krita.diary.keep_trying())
    await krita.bench.until(end.id, lambda snapshot: not snapshot.unsafe)
    trying.cancel()
    await krita.die()


async def test_a_step_that_can_never_be_written_holds_up_no_other(
    tmp_path: Path, horde: PracticeHorde
) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    await krita.diary.landing("no such job", "no such image", "layer", "")
    spec = krita.bench.spec()
    await krita.diary.created(spec)
    broken: Any = spec.document
    await krita.diary.announced("no such job", broken_image(broken))
    end = await krita.bench.ended(krita.bench.send())
    assert (end.state, end.unsafe) == (JobState.DONE, False)
    await krita.die()


def broken_image(_: Any) -> Any:
    from krita_AIhorde.horde.messages import Generation
    from krita_AIhorde.jobs.images import Image

    return Image(Generation("no such job's"), "name")


async def test_a_file_that_somebody_deleted_is_fetched_again_or_told(
    tmp_path: Path, horde: PracticeHorde
) -> None:
    canvas = FakeCanvas()
    canvas.closed = True
    krita = await start(tmp_path, horde, canvas)
    job = krita.bench.send()
    assert (await krita.bench.ended(job)).state is JobState.KEPT
    (file,) = (tmp_path / "results").rglob("*.webp")
    file.unlink()
    krita.bench.queue.insert(job)
    lost = await krita.bench.until(job, lambda snapshot: snapshot.lost)
    lost = await krita.bench.ended(job)
    assert (lost.state, lost.trouble) == (JobState.FAILED, Trouble.IMAGE_LOST)
    assert RowAction.FETCH_AGAIN in lost.actions
    canvas.closed = False
    krita.bench.queue.fetch_again(job)
    end = await krita.bench.until(job, lambda snapshot: snapshot.state is JobState.DONE)
    assert (end.finished, end.lost, end.trouble) == (1, 0, Trouble.NONE)
    await krita.die()


async def test_old_pictures_make_room_but_never_one_that_waits(tmp_path: Path, horde: PracticeHorde) -> None:
    canvas = FakeCanvas()
    krita = await start(tmp_path, horde, canvas)
    old = krita.bench.send("old")
    await krita.bench.ended(old)
    canvas.closed = True
    waiting = krita.bench.send("waiting")
    await krita.bench.ended(waiting)
    await krita.diary.prune(0)
    assert len(list((tmp_path / "results").rglob("*.webp"))) == 1
    canvas.closed = False
    krita.bench.queue.insert(waiting)
    assert (await krita.bench.ended(waiting)).state is JobState.DONE
    await krita.diary.prune(0)
    assert list((tmp_path / "results").rglob("*.webp")) == []
    await krita.die()


async def test_a_favourite_s_file_is_kept_whatever_room_it_takes_and_known_again(
    tmp_path: Path, horde: PracticeHorde
) -> None:
    krita = await start(tmp_path, horde, FakeCanvas())
    loved, plain = krita.bench.send("loved"), krita.bench.send("plain")
    for job in (loved, plain):
        await krita.bench.ended(job)
    krita.bench.queue.favour(loved, True)
    await asyncio.gather(*krita.bench.tasks)
    await krita.diary.prune(0)
    (file,) = (tmp_path / "results").rglob("*.webp")
    await krita.die()

    krita = await start(tmp_path, horde, FakeCanvas())
    found = {job.prompt: job.favourite for job in await krita.resume()}
    assert found == {"loved": True, "plain": False}
    krita.bench.queue.favour(loved, False)
    await asyncio.gather(*krita.bench.tasks)
    await krita.diary.prune(0)
    assert not file.exists()
    await krita.die()


def test_tables_of_the_first_version_are_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a later version of ours will find them."""
    connection, _ = database.open_database(tmp_path)
    connection.execute(
        "INSERT INTO jobs (id, clicked_at, server, owner, spec, state) VALUES ('a', 1, '', '', '{}', 'done')"
    )
    connection.close()
    more = (*database.MIGRATIONS, ("ALTER TABLE jobs ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'",))
    monkeypatch.setattr(database, "MIGRATIONS", more)
    for _ in range(2):
        connection, remark = database.open_database(tmp_path)
        assert remark == ""
        assert connection.execute("SELECT id, mood FROM jobs").fetchall() == [("a", "good")]
        connection.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database.open_database(tmp_path)[0].close()
    before = (tmp_path / database.FILE).read_bytes()
    broken = (*database.MIGRATIONS, ("ALTER TABLE jobs ADD COLUMN mood TEXT", "NO SUCH STATEMENT"))
    monkeypatch.setattr(database, "MIGRATIONS", broken)
    with pytest.raises(sqlite3.OperationalError):
        database.open_database(tmp_path)
    assert (tmp_path / database.FILE).read_bytes() == before


def kept_aside(folder: Path) -> list[Path]:
    return list(folder.glob("journal.sqlite3.broken-*"))
