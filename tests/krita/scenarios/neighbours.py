"""One picture beside a plugin with packages of its own, or the sentence that says why there is none."""

from __future__ import annotations

import importlib
import os
import sys

from aihorde_driver.artist import Artist, layers
from aihorde_driver.qt import QtWidgets

PACKAGES = ("aiohttp", "PIL", "qasync", "attr")


def scenario(h):
    h.krita.setBatchmode(True)
    docker = h.docker("AIHorde")
    docker.show()
    notice = docker.findChild(QtWidgets.QLabel, "notice")
    if notice is not None:
        h.data["notice"] = notice.text()
    else:
        artist = Artist(h)
        yield h.wait(lambda: artist.control("model").count() > 1, 30, "the list of models")
        document = artist.new_document("beside others", 512, 512)
        yield 0.5
        job = artist.send("a good neighbour", "generateButton")
        yield artist.until(job, "done")
        h.data["layers"] = [name for name, _, _ in layers(document)]
    if late := os.environ.get("AIHORDE_TEST_LATE"):
        # What the neighbour imports only now, in a folder that it puts behind everybody else's.
        h.data["late"] = importlib.import_module("decoy").late(late.split())
    h.data["from"] = {name: sys.modules[name].__file__ for name in PACKAGES if name in sys.modules}
    h.data["decoy"] = importlib.import_module("decoy").works()
    h.data["path"] = list(sys.path)
    yield 0.3
