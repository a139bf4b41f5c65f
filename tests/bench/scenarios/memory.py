"""Memory while 500 pictures land, 100 to a document, which is closed then and its rows cleared.

Of 100 jobs: with one picture each it would be the Horde's pace and the list that takes the time.

Without the plugin: as many layers by the same calls of Krita.
"""

from __future__ import annotations

import gc
import json
import os
import re
import time
import tracemalloc
import urllib.request
from collections import Counter
from pathlib import Path

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtCore
from krita import Krita

SIDE = 256
ROUNDS, EACH = 5, 100
OF_A_JOB = 5
WATCHED = ("Job", "Collector", "JobRow", "Task", "_Handle", "JobSpec", "Raster", "Image", "AsyncLimiter")


def scenario(h):
    rounds = h.data["rounds"] = []
    plugin = h.docker("AIHorde") is not None
    artist = Artist(h) if plugin else None
    if plugin:
        make_quick()
        artist.control("minSize").setValue(SIDE)
        artist.control("imageCount").setValue(OF_A_JOB)
    host = Krita.instance()
    for number in range(ROUNDS):
        document = host.createDocument(2 * SIDE, 2 * SIDE, f"memory {number}", "RGBA", "U8", "", 120.0)
        host.activeWindow().addView(document)
        yield 0.5
        yield from (land(artist, document) if plugin else insert(document))
        assert layers(document) == 1 + EACH, layers(document)
        if plugin:
            artist.press("clearEndedButton")
        document.setModified(False)
        document.close()
        yield 2.0
        rounds.append({"memory": memory(), **(python() if plugin else {})})
        if plugin and not tracemalloc.is_tracing():
            tracemalloc.start()
            rounds[-1] |= python()
    if plugin:
        h.data["grown most"] = [str(one) for one in tracemalloc.take_snapshot().statistics("lineno")[:25]]


def make_quick():
    """Neither the Horde's limits nor looks at the active layer have to do with memory; time they take."""
    from krita_AIhorde.canvas import activelayers, landing
    from krita_AIhorde.horde import pacing

    activelayers.FIRST_LOOKS, activelayers.LATER_LOOKS, landing.BREATH = (0.0, 0.01), (), 0.0
    governor = next(one for one in gc.get_objects() if isinstance(one, pacing.Governor))
    governor._rules = {bucket: pacing.Rule() for bucket in pacing.Bucket}
    control = os.environ["AIHORDE_API_URL"].replace("/api/v2", "/practice/faults")
    told = json.dumps({"limits": False, "pace": 0.02, "check_cache": 0, "workers": 8}).encode()
    request = urllib.request.Request(control, told, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).read()


def land(artist, document):
    for number in range(EACH // OF_A_JOB):
        artist.select(document, number, number, SIDE, SIDE)
        artist.send(f"picture {number}", "generateButton")
        yield 0.0
    deadline = time.monotonic() + 120
    while not all(row.property("state") == "done" for row in artist.rows()):
        assert time.monotonic() < deadline, [row.property("state") for row in artist.rows()]
        yield 0.5


def layers(document):
    nodes = list(document.rootNode().childNodes())
    for node in nodes:
        nodes += node.childNodes()
    return sum(node.type() == "paintlayer" for node in nodes)


def insert(document):
    group = active = document.activeNode()
    for number in range(EACH):
        layer = document.createNode(f"picture {number}", "paintlayer")
        layer.setColorSpace("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
        pixels = QtCore.QByteArray(os.urandom(4) * (SIDE * SIDE))
        layer.setPixelData(pixels, number // OF_A_JOB, number // OF_A_JOB, SIDE, SIDE)
        yield 0.02
        if number % OF_A_JOB == 0:
            group = document.createGroupLayer(f"pictures {number}")
            group.addChildNode(layer, None)
            document.rootNode().addChildNode(group, active)
        else:
            layer.setVisible(False)
            group.addChildNode(layer, None)
        yield 0.02
        document.setActiveNode(active)
        yield 0.03


def memory():
    """Megabytes that this process holds."""
    return int(re.search(r"^VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(), re.M)[1]) / 1024


def python():
    """What Python holds, in kilobytes, and how many of which objects."""
    gc.collect()
    kinds = Counter(type(one).__name__ for one in gc.get_objects())
    return {
        "python": tracemalloc.get_traced_memory()[0] / 1024 if tracemalloc.is_tracing() else 0.0,
        "objects": {name: kinds[name] for name in WATCHED},
        "all objects": sum(kinds.values()),
    }
