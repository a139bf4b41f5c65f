"""From the Horde's word that a picture is finished to its layer, one picture after the other.

Without the plugin: what Krita itself takes to insert such a layer, by a script that has nothing of ours.
"""

from __future__ import annotations

import os
import time

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtCore, QtWidgets
from krita import Krita

SIDE = 2048  # of the document
PICTURE = (512, 512, 1024, 1024)


def scenario(h):
    runs = int(os.environ["AIHORDE_BENCH_RUNS"])
    if h.docker("AIHorde") is None:
        yield from by_hand(h, runs)
        return
    from krita_AIhorde.horde.client import HordeClient

    artist = Artist(h)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    document = artist.new_document("landing", SIDE, SIDE)
    yield 1.0
    said = clock_checks(HordeClient)
    layers = h.find(QtWidgets.QTreeView, "listLayers").model()
    shown = []
    # Krita adds the layer in the middle of the insertion: the event loop turns again when that is over.
    layers.rowsInserted.connect(
        lambda *_: QtCore.QTimer.singleShot(0, lambda: shown.append(time.perf_counter()))
    )
    artist.select(document, *PICTURE)
    h.data["landed"] = []
    for _ in range(1 + runs):  # the first imports what it needs
        shown.clear()
        job = artist.send("[practice delay=1] a picture", "generateButton")
        yield artist.until(job, "done")
        yield h.wait(lambda: len(shown) > 0, 5, "the layer")
        h.data["landed"].append((shown[0] - said[-1]) * 1000)
        yield 1.0
    del h.data["landed"][0]


def clock_checks(client):
    """A list that gets the time of each answer to a check that says that all is done."""
    said, check = [], client.check

    async def clocked(self, request_id):
        answer = await check(self, request_id)
        if answer.done:
            said.append(time.perf_counter())
        return answer

    client.check = clocked
    return said


def by_hand(h, runs):
    krita = Krita.instance()
    document = krita.createDocument(SIDE, SIDE, "landing", "RGBA", "U8", "", 120.0)
    krita.activeWindow().addView(document)
    pixels = QtCore.QByteArray(os.urandom(PICTURE[2] * PICTURE[3] * 4))
    h.data["inserted"] = []
    for _ in range(1 + runs):
        yield 1.0
        began = time.perf_counter()
        layer = document.createNode("by hand", "paintlayer")
        layer.setPixelData(pixels, *PICTURE)
        document.rootNode().addChildNode(layer, None)
        h.data["inserted"].append((time.perf_counter() - began) * 1000)
    del h.data["inserted"][0]
