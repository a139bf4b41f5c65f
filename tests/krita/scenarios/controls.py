"""Every control, set through its widget; what arrives at the practice horde is compared by the test.

``AIHORDE_TEST_PLAN`` is a list of rounds: the widgets' values by name, and the button to press.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtWidgets

PLAN = json.loads(Path(os.environ["AIHORDE_TEST_PLAN"]).read_text("utf-8"))


def scenario(h):
    artist = Artist(h)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    h.data["missing"] = [
        name for name in PLAN["widgets"] if artist.docker.findChild(QtWidgets.QWidget, name) is None
    ]
    for number, step in enumerate(PLAN["rounds"]):
        document = artist.new_document(f"round {number}", 600, 500)
        yield 0.6
        artist.select(document, 100, 100, 320, 256)
        yield 0.3
        for name, value in {**PLAN["plain"], **step["values"]}.items():
            put(artist, name, value)
        yield 0.3
        before = len(artist.rows())
        artist.press(step["button"])
        assert len(artist.rows()) == before + 1, artist.message()
        job = artist.newest()
        yield artist.until(job, *(["waiting", "failed"] if step.get("refused") else ["queued", "generating"]))
        artist.cancel(job)
        yield artist.until(job, "cancelled", "failed", "done", seconds=90)
        document.setModified(False)


def put(artist, name, value):
    control = artist.control(name)
    if isinstance(control, QtWidgets.QComboBox):
        index = control.findData(value)
        assert index >= 0, f"{name} does not offer {value!r}"
        control.setCurrentIndex(index)
    elif isinstance(control, QtWidgets.QPlainTextEdit):
        control.setPlainText(value)
    elif isinstance(control, QtWidgets.QLineEdit):
        control.setText(value)
        control.editingFinished.emit()
    elif isinstance(control, QtWidgets.QAbstractButton):
        control.setChecked(value)
    else:
        control.setValue(tuple(value) if isinstance(value, list) else value)
