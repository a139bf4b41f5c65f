"""Krita is left while jobs run, the Horde does not answer, and every worker thread is busy."""

from __future__ import annotations

import time

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtWidgets

from krita_AIhorde.eventloop import WORKERS, Host


def scenario(h):
    artist = Artist(h)
    document = artist.new_document("left", 600, 400)
    yield 1.0
    artist.select(document, 50, 50, 200, 200)
    running = [artist.send(f"[practice delay=60] running {i}", "generateButton") for i in range(3)]
    yield artist.until(running[-1], "queued", "generating")
    host = Host(QtWidgets.QApplication.instance(), lambda what, error: None)
    QtWidgets.QApplication.instance().aboutToQuit.connect(host.shutdown)

    async def busy():
        await host.loop.run_in_executor(None, time.sleep, 20)

    for number in range(WORKERS + 2):
        host.spawn(busy(), f"busy {number}")
    hanging = artist.send("[practice fault=hang] never answered", "generateButton")
    yield artist.until(hanging, "submitting")
    h.data["states"] = [row.property("state") for row in artist.rows()]
