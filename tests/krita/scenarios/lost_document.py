"""Krita is killed with a document that was never saved, and the next Krita inserts its picture again.

Which one this is, says AIHORDE_TEST_AGAIN.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from aihorde_driver.artist import (
    Artist,
    changed_outside,
    layer_named,
    layers,
    paint_known,
    projection,
)
from aihorde_driver.qt import QtWidgets

FOLDER = Path(os.environ["AIHORDE_TEST_FOLDER"])
BOX = (40, 30, 200, 160)


def scenario(h):
    h.krita.setBatchmode(True)  # an autosave of the Krita that was killed must not ask anything
    artist = Artist(h)
    yield from (second if os.environ.get("AIHORDE_TEST_AGAIN") else first)(h, artist)


def first(h, artist):
    document = artist.new_document("never saved", 400, 300)
    yield 0.5
    paint_known(document)
    for name in ("maskGrow", "maskFeather"):
        artist.control(name).setValue(0)
    artist.select_ellipse(document, BOX, 6)
    (FOLDER / "covered").write_bytes(bytes(document.selection().pixelData(0, 0, 400, 300)))
    yield 0.3
    job = artist.send("of the lost document")
    yield artist.until(job, "done")
    saved = artist.new_document("saved.kra", 400, 300)
    saved.setFileName(str(FOLDER / "saved.kra"))
    yield 0.5
    artist.select(saved, 20, 20, 100, 100)
    yield 0.3
    artist.krita.action("deselect").trigger()
    saved.save()
    later = artist.send("of the saved document", "generateButton")
    yield artist.until(later, "done")
    yield 0.5  # what is written after the end
    os.kill(os.getpid(), signal.SIGKILL)


def menu(artist, job):
    return artist.row(job).findChild(QtWidgets.QToolButton, "rowMenuButton")


def second(h, artist):
    yield h.wait(artist.rows, 20, "the rows of the first Krita")
    saved_row, row = artist.rows()
    job, later = row.property("jobId"), saved_row.property("jobId")
    h.data["state"] = artist.state(job)
    yield h.wait(lambda: menu(artist, job).isVisible(), 10, "the row's menu")

    # No document is open: the row says so, and nothing is lost.
    (action,) = menu(artist, job).menu().actions()
    action.trigger()
    note = "There was no document to insert it into. Open one, then try again."
    labels = row.findChildren(QtWidgets.QLabel)
    yield h.wait(lambda: any(label.text() == note for label in labels), 10, "the row to say why not")

    document = artist.new_document("another", 400, 300)
    yield 0.5
    before = paint_known(document)
    h.data["offered"] = action.text()
    action.trigger()
    yield h.wait(lambda: layer_named(document, "of the lost") is not None, 10, "the picture to land")
    yield 0.5
    document.waitForDone()
    layer = layer_named(document, "of the lost")
    h.data["children"] = [child.type() for child in layer.childNodes()]
    x, y, width, height = BOX
    covered = (FOLDER / "covered").read_bytes()
    after = projection(document)
    h.data["changed outside"] = changed_outside(before, after, covered)
    middle = 4 * ((y + height // 2) * 400 + x + width // 2)
    h.data["changed inside"] = before[middle : middle + 4] != after[middle : middle + 4]
    h.data["states"] = artist.state(job)
    artist.undo()
    yield 0.5
    h.data["after one undo"] = [name for name, _, _ in layers(document)]

    # A document that is known again gets it, whichever is active.
    saved = h.krita.openDocument(str(FOLDER / "saved.kra"))
    h.krita.activeWindow().addView(saved)
    h.data["in the file"] = [name for name, _, _ in layers(saved)]
    artist.activate(document)
    (action,) = menu(artist, later).menu().actions()
    yield h.wait(lambda: "saved.kra" in action.text(), 10, "the menu to name the document")
    action.trigger()
    yield h.wait(lambda: layer_named(saved, "of the saved") is not None, 10, "the picture to land there")
    yield 0.5
    h.data["beside it"] = [name for name, _, _ in layers(document)]
    h.data["row count"] = len(artist.rows())
