"""What each click means: without a selection, beyond the canvas, with the Mask button, in other models."""

from __future__ import annotations

from aihorde_driver.artist import Artist, layer_named, layers
from PyQt5 import QtCore, QtWidgets


def scenario(h):
    artist = Artist(h)
    h.data["saved key"] = artist.control("apiKey", QtWidgets.QLineEdit).text()
    h.data["saved steps"] = artist.control("steps").value()
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    before = len(artist.rows())
    artist.type_prompt("nothing is open")
    artist.press("generateButton")
    h.data["no document"] = artist.message()
    document = artist.new_document("clicks", 700, 500)
    yield 1.0
    artist.press("inpaintButton")
    h.data["nothing selected"] = artist.message()
    artist.type_prompt("")
    artist.press("generateButton")
    h.data["no prompt"] = artist.message()
    assert len(artist.rows()) == before

    jobs = [artist.send("square", "generateButton"), artist.send("whole", "img2imgButton")]
    artist.select(document, 600, 400, 300, 300)
    jobs.append(artist.send("beyond", "img2imgButton"))
    artist.krita.action("deselect").trigger()
    yield 0.3
    for job in jobs:
        yield artist.until(job, "done")
    for name in ("square", "whole", "beyond"):
        bounds = layer_named(document, name).bounds()
        masks = [child.type() for child in layer_named(document, name).childNodes()]
        h.data[name] = [bounds.x(), bounds.y(), bounds.width(), bounds.height(), *masks]

    # Mask mode, entered and left again with nothing painted.
    artist.krita.action("KisToolSelectRectangular").trigger()
    background = document.rootNode().childNodes()[0]
    document.setActiveNode(background)
    yield 0.3
    view = artist.krita.activeWindow().activeView()
    colour = view.foregroundColor().components()
    artist.press("maskButton")
    yield 0.5
    assert document.activeNode().name() == "Inpaint Mask"
    assert view.foregroundColor().components() != colour
    artist.press("maskButton")
    yield 0.5
    assert "Inpaint Mask" not in str(layers(document))
    assert document.activeNode().name() == background.name()
    assert view.foregroundColor().components() == colour
    toolbox = h.find(QtWidgets.QDockWidget, "ToolBox")
    h.data["tool"] = next(
        b.objectName() for b in toolbox.findChildren(QtWidgets.QToolButton) if b.isChecked()
    )

    # A painted mask whose job fails is shown again.
    artist.press("maskButton")
    yield 0.5
    white = QtCore.QByteArray(b"\xff\xff\xff\xff" * 10000)
    document.activeNode().setPixelData(white, 300, 200, 100, 100)
    document.refreshProjection()
    document.waitForDone()
    failing = artist.send("[practice fault=worker_fails_twice] mask")
    mask = layer_named(document, "Inpaint Mask")
    assert not mask.visible()
    yield artist.until(failing, "failed")
    h.data["mask shown again"] = mask.visible()

    # Other colour models: the layer looks as it came.
    h.data["models"] = {}
    for model, depth in (("RGBA", "U16"), ("CMYKA", "U8")):
        other = artist.new_document(f"{model} {depth}", 600, 600, model, depth)
        yield 1.0
        job = artist.send(f"in {model} {depth}", "generateButton")
        yield artist.until(job, "done")
        other.waitForDone()
        seen = other.projection(300, 300, 1, 1).pixelColor(0, 0).getRgb()
        seed = layer_named(other, f"in {model}").name().rsplit("· ", 1)[1]
        h.data["models"][f"{model} {depth}"] = [int(seed), *seen]

    artist.control("apiKey", QtWidgets.QLineEdit).setText("practice-trusted")
    artist.control("apiKey", QtWidgets.QLineEdit).editingFinished.emit()
    artist.control("steps").setValue(33)
    artist.send("with the new key", "generateButton")
    yield artist.until(artist.newest(), "done")
    yield 1.5  # settings are written a second after the last change
