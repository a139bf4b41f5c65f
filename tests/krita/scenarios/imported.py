"""Krita with the imported plugin: one picture, and where everything came from."""

from __future__ import annotations

import sys
from pathlib import Path

from aihorde_driver.artist import Artist, layers

PACKAGES = (
    "certifi",
    "attr",
    "cattrs",
    "tenacity",
    "aiolimiter",
    "filelock",
    "aiohttp",
    "yarl",
    "PIL",
    "qasync",
)


def scenario(h):
    from krita_AIhorde import about

    h.krita.setBatchmode(True)
    artist = Artist(h)
    yield h.wait(lambda: artist.control("model").count() > 1, 30, "the list of models")
    h.data["version"] = about.version()
    h.data["prompt"] = artist.control("prompt").toPlainText()
    h.data["rows"] = [row.property("state") for row in artist.rows()]
    document = artist.new_document("after the import", 512, 512)
    yield 0.5
    job = artist.send("with what travels along", "generateButton")
    yield artist.until(job, "done")
    h.data["layers"] = [name for name, _, _ in layers(document)]
    h.data["from"] = {name: sys.modules[name].__file__ for name in PACKAGES}
    lib = Path(h.krita.getAppDataLocation()) / "krita_AIhorde_data" / "lib"
    yield h.wait(lambda: len(list(lib.iterdir())) == 1, 20, "the old Pillow to be cleaned up")
    h.data["builds"] = [entry.name for entry in lib.iterdir()]
    h.data["shortcut"] = h.krita.action("aihorde_generate").shortcut().toString()
