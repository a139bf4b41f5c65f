"""The Horde cannot be reached at first. Everything says so, and finds it by itself once it can be."""

from __future__ import annotations

import os
import time
from pathlib import Path

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtWidgets

GO = Path(os.environ["AIHORDE_TEST_GO"])  # written when the Horde may come
OFFLINE = float(os.environ.get("AIHORDE_TEST_OFFLINE", "0"))


def scenario(h):
    h.krita.setBatchmode(True)
    artist = Artist(h)
    box = artist.control("model", QtWidgets.QComboBox)
    problem = artist.control("modelsProblem")
    light = artist.control("statusLight", QtWidgets.QToolButton)
    kudos = artist.control("userKudos")
    artist.new_document("plain", 400, 300)
    began = time.monotonic()
    yield h.wait(lambda: problem.text() and artist.status, 10, "the list of models to say why it is empty")
    h.data["models say"] = problem.text().replace("\u00a0", " ")
    job = artist.send("a fox", "generateButton")
    yield h.wait(lambda: "trying again" in artist.status(job), 10, "the row to say what it waits for")
    h.data["row says"] = artist.status(job)
    h.data["light says"] = light.toolTip() or light.text()
    yield max(0.1, OFFLINE - (time.monotonic() - began))

    GO.write_text("now")
    came = time.monotonic()
    signs = {
        "models": lambda: box.count() > 1 and not problem.isVisibleTo(problem.parentWidget()),
        "account": lambda: any(letter.isdigit() for letter in kudos.text()),
        "health": lambda: (light.toolTip() or light.text()) != h.data["light says"],
        "job": lambda: artist.state(job) == "done",
    }
    seconds = h.data["seconds"] = {}

    def all_back():
        for name, sign in signs.items():
            if name not in seconds and sign():
                seconds[name] = time.monotonic() - came
        return len(seconds) == len(signs)

    yield h.wait(all_back, 60, f"everything to come back; so far {seconds}")
