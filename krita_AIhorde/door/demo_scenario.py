"""What the demo does inside Krita: three inpaints of three regions of a picture, all at once.

The environment says where: ``AIHORDE_DEMO_PICTURE`` (to open) and ``AIHORDE_DEMO_OUTPUT`` (a folder for the
screenshots and the document).
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

DOCKER_WIDTH = 340  # pixels
BOAT = (120, 540, 210, 150)  # x, y, width, height in the picture
CASTLE = (330, 210, 200, 190)
BIRDS = (610, 60, 240, 120)


def scenario(h: Any) -> Generator[Any, Any, None]:
    from aihorde_driver.artist import Artist, ellipse, layer_named

    output = Path(os.environ["AIHORDE_DEMO_OUTPUT"])
    document = h.krita.openDocument(os.environ["AIHORDE_DEMO_PICTURE"])
    h.krita.activeWindow().addView(document)
    yield h.wait(lambda: h.krita.activeDocument() is not None, 20, "the picture to be shown")
    artist = Artist(h)
    artist.arrange(DOCKER_WIDTH)
    yield h.wait(lambda: artist.control("model").count() > 1, 30, "the list of models")
    picture = document.activeNode()

    artist.select_ellipse(document, BIRDS, 8)
    jobs = {"a flock of birds": artist.send("a flock of birds")}
    artist.select(document, *CASTLE)
    jobs["a castle on the hill"] = artist.send("a castle on the hill")
    h.krita.action("deselect").trigger()
    yield 0.3
    artist.press("maskButton")
    yield h.wait(lambda: document.activeNode().name() == "Inpaint Mask", 10, "the mask layer")
    x, y, width, height = BOAT
    shape = b"".join(bytes((255, 255, 255, value)) for value in ellipse(width, height))
    document.activeNode().setPixelData(shape, x, y, width, height)
    document.refreshProjection()
    document.waitForDone()
    jobs["a small sailing boat"] = artist.send("a small sailing boat")

    def all_sent() -> bool:
        return all(artist.state(job) not in ("waiting", "submitting") for job in jobs.values())

    yield h.wait(all_sent, 30, "three jobs to be under way at once")
    yield 2.5  # by then each has been asked about, and its row says more
    h.screenshot(output / "demo-in-flight.png")
    for job in jobs.values():
        yield artist.until(job, "done")
    document.setActiveNode(picture)
    yield 0.5
    document.waitForDone()
    for prompt in jobs:
        layer = layer_named(document, prompt)
        assert layer is not None, f"{prompt}: no layer landed"
        assert [child.type() for child in layer.childNodes()] == ["transparencymask"], prompt
    yield 0.5
    h.screenshot(output / "demo.png")
    document.setBatchmode(True)
    assert document.saveAs(str(output / "demo.kra")), "the document could not be saved"
