"""What the artist does to the document while a job of two images runs, between the first and the second."""

from __future__ import annotations

from aihorde_driver.artist import Artist, layer_named, layers
from aihorde_driver.qt import QtWidgets


def scenario(h):
    artist = Artist(h)
    artist.control("imageCount").setValue(2)
    for name, act in MISCHIEF.items():
        document = artist.new_document(name, 500, 400)
        yield 0.7
        artist.select(document, 100, 100, 200, 200)
        yield 0.2
        job = artist.send(f"[practice delay=4] {name}", "generateButton")
        yield h.wait(lambda document=document: len(seeds(document)) == 1, 40, "the first image")
        yield 0.3
        (first,) = seeds(document)
        act(h, document)
        document.waitForDone()
        yield artist.until(job, "done")
        yield 0.3
        document.waitForDone()
        last = next(seed for seed in seeds(document) if seed != first)
        show_one(document, last)
        yield 0.3
        row = artist.row(job)
        h.data[name] = {
            "finished": row.property("finished"),
            "notes": [label.text() for label in row.findChildren(QtWidgets.QLabel) if label.isVisible()],
            "layers": layers(document),
            "colour": list(document.projection(200, 200, 1, 1).pixelColor(0, 0).getRgb()[:3]),
            "last": last,
            "model": [document.colorModel(), document.colorDepth()],
        }
        document.setModified(False)


def seeds(document):
    """Those of the images that have landed, from the names of their layers."""
    images = [image for group in document.rootNode().childNodes() for image in group.childNodes()]
    return [int(image.name().rsplit("· ", 1)[1]) for image in images if "· " in image.name()]


def show_one(document, seed):
    """Leave that image's layer visible only, so that the projection's colour is known."""
    for group in document.rootNode().childNodes():
        for image in group.childNodes():
            image.setVisible(image.name().endswith(f"· {seed}"))
    document.refreshProjection()
    document.waitForDone()


def resize(h, document):
    document.resizeImage(0, 0, 560, 460)


def crop(h, document):
    document.crop(50, 50, 400, 300)


def scale(h, document):
    document.scaleImage(1000, 800, 120, 120, "Bicubic")


def flatten(h, document):
    document.flatten()


def convert(h, document):
    document.setColorSpace("LABA", "U16", h.krita.profiles("LABA", "U16")[0])


def delete_group(h, document):
    layer_named(document, "[practice delay=4]").remove()


def undo(h, document):
    h.krita.action("edit_undo").trigger()


MISCHIEF = {
    "resize": resize,
    "crop": crop,
    "scale": scale,
    "flatten": flatten,
    "convert": convert,
    "delete the group": delete_group,
    "undo": undo,
}
