"""A picture made, kept, saved and found again where every path is full of spaces and letters of any script.

With AIHORDE_TEST_AGAIN it is the next Krita, which finds all that again.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from aihorde_driver.artist import Artist, layers
from aihorde_driver.qt import QtCore, QtWidgets

FOLDER = Path(os.environ["AIHORDE_TEST_FOLDER"])
DOCUMENT = FOLDER / "Bild für 画.kra"
SETTINGS = "Einstellungen für 画.json"


def scenario(h):
    os.environ["TMPDIR"] = os.environ["AIHORDE_TEST_TEMPORARY"]  # read whenever a file is made, by Qt, too
    tempfile.tempdir = None
    assert QtCore.QDir.tempPath() == tempfile.gettempdir() == os.environ["TMPDIR"]
    h.krita.setBatchmode(True)
    artist = Artist(h)
    yield from (second(h, artist) if os.environ.get("AIHORDE_TEST_AGAIN") else first(h, artist))


def first(h, artist):
    document = artist.new_document("Bild für 画", 400, 300)
    document.setFileName(str(DOCUMENT))
    document.save()
    yield 0.5
    artist.select(document, 20, 20, 100, 100)
    yield 0.3
    job = artist.send("une été 画", "generateButton")
    yield artist.until(job, "done")
    document.save()
    artist.control("steps").setValue(23)
    yield from choose(h, artist, "export")
    h.data["exported"] = said(artist)
    artist.control("steps").setValue(24)
    artist.send("[practice delay=3] später", "generateButton")
    yield 1.0  # it is sent
    document.save()


def second(h, artist):
    h.data["locale"] = QtCore.QLocale.system().name()
    yield h.wait(artist.rows, 15, "the rows of the first Krita")
    document = h.krita.openDocument(str(DOCUMENT))
    h.krita.activeWindow().addView(document)
    h.data["in the file"] = [name for name, _, _ in layers(document)]
    yield h.wait(
        lambda: all(row.property("state") == "done" for row in artist.rows()), 20, "the other job to land"
    )
    h.data["landed"] = [name for name, _, _ in layers(document)]
    h.data["states"] = [row.property("state") for row in artist.rows()]
    yield from choose(h, artist, "import")
    h.data["imported"] = said(artist)
    h.data["steps"] = artist.control("steps").value()


def said(artist):
    return artist.control("filesMessage").text().replace("\u00a0", " ")


def choose(h, artist, what):
    """As an artist does it in the dialog."""
    artist.press(f"{what}SettingsButton")
    dialog = artist.control(f"{what}Dialog", QtWidgets.QFileDialog)
    dialog.setDirectory(str(FOLDER))
    dialog.selectFile(SETTINGS)
    before = said(artist)
    dialog.accept()
    yield h.wait(lambda: said(artist) != before, 5, f"{what} to say something")
