"""What each click means: without a selection, beyond the canvas, with the Mask button, in other models."""

from __future__ import annotations

import os

from aihorde_driver.artist import Artist, layer_named, layers
from aihorde_driver.qt import QtCore, QtWidgets

MODELS = (("RGBA", "U16"), ("RGBA", "F32"), ("CMYKA", "U8"), ("GRAYA", "U8"))


def scenario(h):
    artist = Artist(h)
    h.data["saved key"] = artist.control("apiKey", QtWidgets.QLineEdit).text()
    h.data["saved steps"] = artist.control("steps").value()
    if os.environ.get("AIHORDE_TEST_AGAIN"):
        return
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
    artist.type_prompt("beside the canvas")
    artist.select(document, 900, 700, 50, 50)
    yield 0.3
    for button in ("generateButton", "img2imgButton", "inpaintButton"):
        artist.press(button)
        h.data[f"outside: {button}"] = artist.message()
    artist.krita.action("deselect").trigger()
    yield 0.3
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
    mask = layer_named(document, "Inpaint Mask")
    artist.select(document, 10, 10, 50, 50)
    yield 0.3
    before = len(artist.rows())
    artist.press("inpaintButton")
    h.data["mask outside the selection"] = artist.message()
    assert len(artist.rows()) == before
    assert mask.visible()
    artist.krita.action("deselect").trigger()
    yield 0.3
    failing = artist.send("[practice fault=worker_fails_twice] mask")
    assert not mask.visible()
    yield artist.until(failing, "failed")
    h.data["mask shown again"] = mask.visible()

    # Other colour models: the layer looks as it came, and what is sent is what is seen.
    artist.control("denoisingStrength").setValue(1.0)  # nothing of the source shows through
    # Its pictures have an orange middle: four inks do not make every colour of a screen, but that one.
    artist.control("seed", QtWidgets.QLineEdit).setText("39")
    h.data["models"] = {}
    for model, depth in MODELS:
        name = f"{model} {depth}"
        other = artist.new_document(name, 600, 600, model, depth)
        yield 1.0
        paint_over(other)
        yield 0.3
        before = middle(other)
        job = artist.send(f"in {name}, all of it", "img2imgButton")
        yield artist.until(job, "done")
        h.data["models"][name] = {"before": before, "after": middle(other)}
    artist.control("seed", QtWidgets.QLineEdit).clear()

    artist.control("apiKey", QtWidgets.QLineEdit).setText("practice-trusted")
    artist.control("apiKey", QtWidgets.QLineEdit).editingFinished.emit()
    artist.control("steps").setValue(33)
    artist.send("with the new key", "generateButton")
    yield artist.until(artist.newest(), "done")
    yield 1.5  # settings are written a second after the last change


def paint_over(document):
    """A layer in a colour that every model has something of."""
    layer = document.createNode("paint", "paintlayer")
    layer.setColorSpace("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
    layer.setPixelData(QtCore.QByteArray(bytes((90, 140, 180, 255)) * 360000), 0, 0, 600, 600)
    document.rootNode().addChildNode(layer, None)
    document.setActiveNode(layer)
    document.refreshProjection()


def middle(document):
    """Red, green and blue of the middle, as the artist sees it."""
    document.waitForDone()
    return list(document.projection(300, 300, 1, 1).pixelColor(0, 0).getRgb()[:3])
