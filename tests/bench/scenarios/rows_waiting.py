"""The docker with 0, 100 and 1,000 jobs that wait here, because one at the Horde leaves them no room."""

from __future__ import annotations

import docker_meter as meter
from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtWidgets

COUNTS = (0, 100, 1000)
IMAGES = 20  # of each job: the Horde lets an account have 30 of them waiting


def scenario(h):
    artist = Artist(h)
    artist.new_document("picture", 1024, 1024)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    studio = artist.docker.widget()._studio  # to ask a thousand widgets would be measured, too
    artist.control("imageCount").setValue(IMAGES)
    artist.type_prompt("[practice queue=600] a lighthouse in a storm")
    yield 2.0
    artist.press("generateButton")
    yield h.wait(lambda: studio.jobs()[0].queue_position > 0, 30, "a queue position")
    for count in COUNTS:
        beat = meter.Heartbeat()
        while len(studio.jobs()) <= count:
            artist.press("generateButton")
            yield 0.0
        figures = h.data[str(count)] = {"clicking": beat.stop()}
        yield h.wait(lambda: not unwritten(studio), 60, "the jobs to be written down")
        yield 1.0
        figures["rss"] = meter.rss()
        changes = []
        stop = studio.on_job(changes.append)
        figures["polled"] = yield from meter.cpu_per_minute(h, 6.0)
        stop()
        figures["changes"] = len(changes)
        figures |= yield from meter.everything(artist, themes=count != COUNTS[1])
        figures["adding"], figures["removing"] = [], []
        for _ in range(5):
            figures["adding"].append(meter.painted(lambda: artist.press("generateButton")))
            job = studio.jobs()[0].id
            yield 0.1
            cross = artist.row(job).findChild(QtWidgets.QAbstractButton, "jobCancelButton")
            cross.click()
            yield artist.until(job, "cancelled")
            figures["removing"].append(meter.painted(cross.click))
            yield 0.1
    artist.press("cancelAllButton")
    beat = meter.Heartbeat()
    yield h.wait(lambda: not any(job.state.value == "waiting" for job in studio.jobs()), 60, "all to end")
    h.data["cancelling all"] = beat.stop()


def unwritten(studio):
    """Whether a job is still on its way into the journal."""
    return studio._queue._journal._backlog
