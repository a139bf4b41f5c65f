"""The plugin's packages are still being loaded: what the docker shows, and what becomes of a click."""

from __future__ import annotations

import os
from pathlib import Path

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtWidgets


def scenario(h):
    docker = h.docker("AIHorde")
    starting = h.find(QtWidgets.QLabel, "starting", docker)
    h.data["shown meanwhile"] = starting.text()
    if os.environ.get("AIHORDE_TEST_LEAVE"):
        return
    document = h.krita.createDocument(640, 512, "early", "RGBA", "U8", "", 72.0)
    h.krita.activeWindow().addView(document)
    yield h.wait(lambda: h.krita.activeDocument() is not None, 10, "the document to be shown")
    h.krita.action("aihorde_generate").trigger()
    yield 0.3
    assert not h.has_started()
    Path(os.environ["AIHORDE_TEST_LOAD"]).touch()
    yield h.wait(h.has_started, 60, "the plugin to start")
    artist = Artist(h)
    yield h.wait(artist.message, 10, "what the early click came to")
    h.data["said of the early click"] = artist.message()
    artist.type_prompt("at last")
