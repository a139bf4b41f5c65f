"""The artist brings a zip in through Krita's own importer, and answers its questions.

AIHORDE_TEST_ZIP names the zip. If AIHORDE_TEST_PICTURE is set, a picture is made first, and what lies in the
data folder is noted before and after the import.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from aihorde_driver.qt import QtCore, QtWidgets


def scenario(h):
    h.krita.setBatchmode(True)
    if os.environ.get("AIHORDE_TEST_PICTURE"):
        yield from make_picture(h)
        h.data["before"] = artists_files(h)
        h.data["open"] = open_files("/pykrita/krita_AIhorde/")
    yield from bring_in(h, os.environ["AIHORDE_TEST_ZIP"])
    h.data["after"] = artists_files(h)
    if pillow := sys.modules.get("PIL.Image"):
        # Parts that Pillow loads when they are first needed: what is loaded must not have lost its files.
        pillow.new("RGB", (8, 8)).save(os.devnull, "TIFF")
        h.data["pillow"] = pillow.__file__
        # The version that is loaded works on until Krita is left.
        yield from make_picture(h)


def make_picture(h):
    from aihorde_driver.artist import Artist

    artist = Artist(h)
    yield h.wait(lambda: artist.control("model").count() > 1, 30, "the list of models")
    artist.new_document("a picture", 512, 512)
    yield 0.5
    job = artist.send("a prompt to be kept", "generateButton")
    yield artist.until(job, "done")
    yield 1.5  # settings are written a moment after their last change


def artists_files(h):
    """What the artist has made: each file of the data folder, and its digest."""
    data = Path(h.krita.getAppDataLocation()) / "krita_AIhorde_data"
    made = [*data.glob("settings.json"), *data.glob("results/**/*")]
    return {
        str(file.relative_to(data)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in made
        if file.is_file()
    }


def open_files(folder):
    """What this process has open or loaded of a folder: Windows would not let the importer delete that."""
    opened = {os.path.realpath(entry) for entry in Path("/proc/self/fd").iterdir()}
    loaded = {line.split(maxsplit=5)[-1].strip() for line in Path("/proc/self/maps").read_text().splitlines()}
    return sorted(name for name in opened | loaded if folder in name)


def bring_in(h, zip_file):
    # From a timer: the importer's dialogs turn event loops of their own, in which this goes on.
    QtCore.QTimer.singleShot(0, h.krita.action("plugin_importer_file").trigger)
    yield h.wait(lambda: modal(QtWidgets.QFileDialog), 20, "the importer's file dialog")
    dialog = modal(QtWidgets.QFileDialog)
    dialog.findChild(QtWidgets.QLineEdit, "fileNameEdit").setText(zip_file)
    dialog.findChild(QtWidgets.QDialogButtonBox).button(
        QtWidgets.QDialogButtonBox.StandardButton.Open
    ).click()
    asked = h.data["asked"] = []
    while "enable" not in "".join(asked).lower():
        yield h.wait(lambda: modal(QtWidgets.QMessageBox), 40, "the importer's next question")
        box = modal(QtWidgets.QMessageBox)
        asked.append(box.text())
        yes = box.button(QtWidgets.QMessageBox.StandardButton.Yes)
        (yes or box.buttons()[0]).click()
        assert yes, f"the importer complains: {box.text()}"
        yield h.wait(lambda box=box: modal(QtWidgets.QMessageBox) is not box, 10, "the question to close")
    yield 0.3


def modal(kind):
    widget = QtWidgets.QApplication.activeModalWidget()
    return widget if isinstance(widget, kind) else None
