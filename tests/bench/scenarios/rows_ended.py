"""The docker with 0, 100 and 1,000 jobs of an earlier Krita, which has just ended."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
from pathlib import Path

import docker_meter as meter
from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtWidgets

JOURNAL = Path(os.environ["AIHORDE_BENCH_JOURNAL"])  # a data folder with 1,000 ended jobs
DATA = Path(os.environ["AIHORDE_DATA_DIR"])
COUNTS = (0, 100, 1000)


def scenario(h):
    artist = Artist(h)
    artist.new_document("picture", 1024, 1024)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    studio = artist.docker.widget()._studio  # to ask a thousand widgets would be measured, too
    yield 4.0
    shutil.copytree(JOURNAL / "results", DATA / "results", dirs_exist_ok=True)
    before = 0
    for count in COUNTS:
        figures = h.data[str(count)] = {}
        if count:
            # It looks for jobs of Kritas that have ended every 20 s.
            sys.modules["krita_AIhorde.jobs.queue"].ADOPT_EVERY = 1.0
            yield 20.0 if before == 0 else 0.0
            inject(before, count)
            beat = meter.Heartbeat()
            yield h.wait(lambda count=count: len(studio.jobs()) == count, 60, "the jobs to be taken up")
            sys.modules["krita_AIhorde.jobs.queue"].ADOPT_EVERY = 20.0
            yield 3.0
            figures["taking up"] = beat.stop()
            assert len(artist.rows()) == count
        else:
            beat = meter.Heartbeat()
            yield 3.0
            figures["beat"] = beat.stop()
        before = count
        yield 1.0
        figures["rss"] = meter.rss()
        figures["at rest"] = yield from meter.cpu_per_minute(h, 4.0)
        figures |= yield from meter.everything(artist, themes=count != COUNTS[1])
        figures |= yield from some_jobs(h, artist, studio)
        if "AIHORDE_BENCH_SHOT" in os.environ:
            h.screenshot(f"{os.environ['AIHORDE_BENCH_SHOT']}-{count}.png")


def inject(first, end):
    with contextlib.closing(sqlite3.connect(DATA / "journal.sqlite3", timeout=10)) as db:
        db.execute("ATTACH ? AS others", (str(JOURNAL / "journal.sqlite3"),))
        with db:
            chosen = f"SELECT id FROM others.jobs ORDER BY id LIMIT {end - first} OFFSET {first}"
            db.execute(f"INSERT INTO jobs SELECT * FROM others.jobs WHERE id IN ({chosen})")
            db.execute(f"INSERT INTO images SELECT * FROM others.images WHERE job_id IN ({chosen})")


def some_jobs(h, artist, studio):
    """What clicks cost, a job in the Horde's queue, and to dismiss rows."""
    artist.type_prompt("[practice queue=600] a boat")
    yield 0.5
    before = len(studio.jobs())
    figures = {"adding": [meter.painted(lambda: artist.press("generateButton"))]}
    assert len(studio.jobs()) == before + 1, artist.message()
    yield h.wait(lambda: studio.jobs()[0].queue_position > 0, 30, "a queue position")
    changes = []
    stop = studio.on_job(changes.append)
    figures["polled"] = yield from meter.cpu_per_minute(h, 6.0)
    stop()
    figures["changes"] = len(changes)
    for _ in range(4):
        figures["adding"].append(meter.painted(lambda: artist.press("generateButton")))
        yield 0.1
    artist.press("cancelAllButton")
    ours = [job.id for job in studio.jobs()[:5]]
    yield h.wait(lambda: not any(job.state.running for job in studio.jobs()), 60, "all to be cancelled")
    yield 1.0
    figures["removing"] = []
    for job in ours:
        row = artist.row(job)
        cross = row.findChild(QtWidgets.QAbstractButton, "jobCancelButton")
        figures["removing"].append(meter.painted(cross.click))
        yield 0.1
    assert len(studio.jobs()) == before
    return figures
