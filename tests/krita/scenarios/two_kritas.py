"""Two Kritas on one data folder: the first is killed, the second brings its job home.

Which one this is, says AIHORDE_TEST_ROLE.
"""

from __future__ import annotations

import os
from pathlib import Path

from aihorde_driver.artist import Artist, layers

FOLDER = Path(os.environ["AIHORDE_TEST_FOLDER"])


def scenario(h):
    h.krita.setBatchmode(True)
    artist = Artist(h)
    yield from (first if os.environ["AIHORDE_TEST_ROLE"] == "first" else second)(h, artist)


def first(h, artist):
    document = artist.new_document("shared.kra", 400, 300)
    document.setFileName(str(FOLDER / "shared.kra"))
    artist.select(document, 20, 20, 100, 100)
    yield 0.3
    # Long enough for the second to come up and be done with its own, or the picture lands here.
    job = artist.send("[practice delay=20] of the first")
    document.save()
    yield artist.until(job, "queued", "generating")
    (FOLDER / "sent").write_text(str(os.getpid()), "utf-8")
    yield h.wait(lambda: False, 200, "to be killed")


def second(h, artist):
    yield h.wait((FOLDER / "sent").exists, 90, "the first Krita to send its job")
    own = artist.new_document("own", 400, 300)
    yield 0.5
    mine = artist.send("of the second", "generateButton")
    yield artist.until(mine, "done")
    h.data["rows beside the living first"] = len(artist.rows())
    (FOLDER / "kill").touch()
    document = h.krita.openDocument(str(FOLDER / "shared.kra"))
    h.krita.activeWindow().addView(document)
    yield h.wait(lambda: len(artist.rows()) == 2, 60, "the first one's job to be taken up")
    job = next(row.property("jobId") for row in artist.rows() if row.property("jobId") != mine)
    yield artist.until(job, "done")
    h.data["shared"] = [name for name, _, _ in layers(document)]
    h.data["own"] = [name for name, _, _ in layers(own)]
    h.data["rows"] = sorted(row.property("state") for row in artist.rows())
