"""Documents that were closed are known again: by our mark in the file, or by their path.

With AIHORDE_TEST_AGAIN it is the next Krita, which finds the job and the documents that the first one left.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from aihorde_driver.artist import Artist, layer_named, layers
from aihorde_driver.qt import QtWidgets

FOLDER = Path(os.environ["AIHORDE_TEST_FOLDER"])


def scenario(h):
    h.krita.setBatchmode(True)
    artist = Artist(h)
    yield from (second(h, artist) if os.environ.get("AIHORDE_TEST_AGAIN") else first(h, artist))


def saved(artist, name):
    document = artist.new_document(name, 400, 300)
    document.setFileName(str(FOLDER / name))
    document.save()
    document.waitForDone()
    return document


def opened(h, name):
    document = h.krita.openDocument(str(FOLDER / name))
    h.krita.activeWindow().addView(document)
    return document


def insert_button(artist, job):
    return artist.row(job).findChild(QtWidgets.QAbstractButton, "insertButton")


def first(h, artist):
    document = saved(artist, "marked.kra")
    yield 0.5
    artist.select(document, 20, 20, 100, 100)
    yield 0.5
    artist.krita.action("deselect").trigger()
    document.save()
    yield 0.5
    assert not document.modified()
    job = artist.send("[practice delay=2] for later", "generateButton")
    h.data["modified by the click"] = document.modified()
    yield 0.5
    h.data["modified a little later"] = document.modified()
    document.save()
    document.close()
    yield artist.until(job, "kept")
    h.data["kept"] = artist.status(job)

    # Its copy is open too, and another document is active: the picture goes to neither.
    shutil.copy(FOLDER / "marked.kra", FOLDER / "copy.kra")
    document = opened(h, "marked.kra")
    other = saved(artist, "other.kra")
    copy = opened(h, "copy.kra")
    artist.activate(other)
    yield h.wait(
        lambda: "marked.kra" in insert_button(artist, job).text(), 5, "the button to name the document"
    )
    insert_button(artist, job).click()
    yield artist.until(job, "done")
    h.data["landed in"] = [
        name for name, where in (("marked", document), ("copy", copy), ("other", other)) if landed(where)
    ]
    document.setModified(False)
    document.close()
    copy.close()

    # Never saved after the click: known by its path. Closed and opened again while the job runs: it lands.
    plain = saved(artist, "plain.kra")
    artist.activate(plain)
    running = artist.send("[practice delay=3] while away", "generateButton")
    plain.setModified(False)
    plain.close()
    yield 0.3
    again = opened(h, "plain.kra")
    yield artist.until(running, "done")
    h.data["while away"] = layer_named(again, "[practice delay=3] while") is not None

    # For the next Krita: one job that runs, and one whose layer is in a document that was saved.
    artist.activate(other)
    done = artist.send("in the saved file", "generateButton")
    yield artist.until(done, "done")
    other.save()
    artist.send("[practice delay=4] for the next", "generateButton")
    other.save()
    yield 1.0
    h.data["left"] = layers(other)


def landed(document):
    return layer_named(document, "[practice delay=2] for later") is not None


def second(h, artist):
    yield h.wait(artist.rows, 10, "the rows of the first Krita")
    job = next(row.property("jobId") for row in artist.rows() if row.property("state") not in ("done",))
    unrelated = artist.new_document("unrelated", 400, 300)
    yield artist.until(job, "kept")
    assert [name for name, _, _ in layers(unrelated)] == ["Background"]
    other = opened(h, "other.kra")
    artist.activate(unrelated)
    yield h.wait(
        lambda: "other.kra" in insert_button(artist, job).text(), 5, "the button to name the document"
    )
    insert_button(artist, job).click()
    yield artist.until(job, "done")
    h.data["layers"] = [name for name, _, _ in layers(other)]
    h.data["unrelated"] = [name for name, _, _ in layers(unrelated)]
    h.data["states"] = sorted(row.property("state") for row in artist.rows())
