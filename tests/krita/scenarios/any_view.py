"""One file opened twice, one document in two views, a copy with the original's mark, documents that close.

Krita shows its documents in sub-windows here, not in tabs.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from aihorde_driver.artist import Artist, layer_named, layers
from aihorde_driver.menus import action_called

from krita_AIhorde.canvas.marks import mark_of
from krita_AIhorde.qt import QtCore, QtWidgets

FILE = Path(os.environ["AIHORDE_OUT"]) / "opened twice.kra"


def scenario(h):
    h.krita.setBatchmode(True)
    artist = Artist(h)
    artist.control("seed", QtWidgets.QLineEdit).setText("7")
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    area = h.window.findChild(QtWidgets.QMdiArea)
    h.data["sub-windows"] = area.viewMode() == QtWidgets.QMdiArea.ViewMode.SubWindowView
    yield from opened_twice(h, artist)
    yield from two_views(h, artist, area)
    yield from copied(h, artist)
    yield from closed_while_landing(h, artist)
    yield from last_closed(h, artist, area)


def opened(h):
    document = h.krita.openDocument(str(FILE))
    h.krita.activeWindow().addView(document)
    return document


def close(document):
    document.waitForDone()
    document.setModified(False)
    document.close()


def mouse(*what):
    subprocess.run(["xdotool", *what], check=True)


def insert_button(artist, job):
    return artist.row(job).findChild(QtWidgets.QAbstractButton, "insertButton")


def names(document):
    return [name for name, _, _ in layers(document)]


def active(h, document):
    """To be yielded after bringing a document to the front."""
    return h.wait(lambda: h.krita.activeDocument() == document, 5, "the document to be active")


def opened_twice(h, artist):
    """Each of the two gets what was asked for in it, whether the file has our mark or not."""
    fresh = artist.new_document("fresh", 400, 300)
    fresh.setFileName(str(FILE))
    fresh.save()
    close(fresh)
    found = h.data["opened twice"] = {}
    for kind in ("without a mark", "with a mark"):
        one, other = opened(h), opened(h)
        assert one != other
        assert bool(mark_of(one)) is (kind == "with a mark")
        yield 0.2
        jobs = []
        for document, prompt in ((one, "in the one"), (other, "in the other")):
            artist.activate(document)
            yield active(h, document)
            jobs.append(artist.send(f"{prompt} [practice delay=1]", "generateButton"))
        # Of what they show each keeps its own prompt, too.
        prompts = []
        for document in (one, other):
            artist.activate(document)
            yield active(h, document)
            prompts.append(artist.control("prompt").toPlainText().split(" [")[0])
        for job in jobs:
            yield artist.until(job, "done")
        found[kind] = {"prompts": prompts, "layers": [names(one), names(other)]}
        one.waitForDone()
        if kind == "without a mark":
            layer_named(one, "in the one").remove()
            one.save()  # with its mark
        close(one)
        close(other)


def two_views(h, artist, area):
    """Asked for in the second view, which is closed: it lands once, in the document."""
    document = artist.new_document("viewed", 400, 300)
    yield 0.2
    menu = action_called(h.window, "New View").menu()
    menu.aboutToShow.emit()
    before = len(area.subWindowList())
    next(action for action in menu.actions() if action.text() == "viewed").trigger()
    yield h.wait(lambda: len(area.subWindowList()) == before + 1, 5, "the second view")
    artist.select(document, 20, 20, 100, 100)
    job = artist.send("seen twice [practice delay=1]")
    yield 0.2
    document.waitForDone()
    document.setModified(False)
    area.activeSubWindow().close()
    yield h.wait(lambda: len(area.subWindowList()) == before, 5, "the view to be gone")
    yield artist.until(job, "done")
    h.data["two views"] = names(document)
    close(document)


def copied(h, artist):
    """A copy brings the original's mark along; what lands knows which is which."""
    original = artist.new_document("original", 400, 300)
    yield 0.2
    first = artist.send("for the original [practice delay=1]", "generateButton")
    h.krita.action("create_copy").trigger()
    yield h.wait(lambda: h.krita.activeDocument() != original, 5, "the copy")
    copy = h.krita.activeDocument()
    assert mark_of(copy) == mark_of(original) != "", "Krita's copies have no annotations: nothing to prove"
    second = artist.send("for the copy [practice delay=1]", "generateButton")
    for job in (first, second):
        yield artist.until(job, "done")
    h.data["copied"] = [names(original), names(copy)]
    # The original goes, and its mark is left in the copy only by name: nothing lands there by itself.
    artist.activate(original)
    yield active(h, original)
    third = artist.send("for the original again [practice delay=1]", "generateButton")
    close(original)
    yield artist.until(third, "kept")
    h.data["copy afterwards"] = names(copy)
    close(copy)


def closed_while_landing(h, artist):
    """A picture waits for the end of a stroke, and its document is closed."""
    document = artist.new_document("busy", 400, 300)
    yield 0.2
    job = artist.send("too late", "generateButton")
    bar = h.window.statusBar()
    middle = bar.mapToGlobal(bar.rect().center())
    mouse("mousemove", str(middle.x()), str(middle.y()), "mousedown", "1")  # nothing lands while it is down
    yield artist.until(job, "landing")
    yield 0.7
    assert artist.state(job) == "landing"
    assert names(document) == ["Background"]
    document.setModified(False)
    document.close()  # without waiting for anything, which would turn the event loop
    mouse("mouseup", "1")
    yield artist.until(job, "kept")
    h.data["closed while landing"] = artist.status(job)

    # What is inserted goes where it was wanted, though the artist turns away before the stroke ends.
    wanted, other = artist.new_document("wanted", 400, 300), artist.new_document("other", 400, 300)
    artist.activate(wanted)
    yield active(h, wanted)
    mouse("mousedown", "1")
    yield h.wait(
        lambda: QtWidgets.QApplication.mouseButtons() != QtCore.Qt.MouseButton.NoButton,
        5,
        "the button to be down",
    )
    insert_button(artist, job).click()
    yield 0.3
    artist.activate(other)
    yield active(h, other)
    mouse("mouseup", "1")
    yield artist.until(job, "done")
    h.data["inserted where it was wanted"] = [names(wanted), names(other)]
    close(wanted)
    close(other)


def last_closed(h, artist, area):
    """The start page: the buttons say what is missing, and all goes on with the next document."""
    last = artist.new_document("last", 400, 300)
    yield 0.2
    job = artist.send("after the last [practice delay=1]", "generateButton")
    close(last)
    yield h.wait(lambda: not h.krita.documents(), 5, "no document to be left")
    yield h.wait(lambda: not area.isVisible(), 5, "the start page")
    yield h.wait(
        lambda: artist.control("generateButton").property("ready") is False, 5, "the buttons to know"
    )
    yield artist.until(job, "kept")
    before = len(artist.rows())
    artist.press("generateButton")
    h.data["start page"] = {
        "message": artist.message(),
        "prompt": artist.control("prompt").toPlainText(),
        "new rows": len(artist.rows()) - before,
    }
    fresh = artist.new_document("next", 400, 300)
    yield 0.3
    insert_button(artist, job).click()
    yield artist.until(job, "done")
    h.data["inserted"] = names(fresh)
