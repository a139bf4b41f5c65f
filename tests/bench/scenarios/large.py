"""A large document, as a digital painter's: 8192 x 8192 pixels, 40 layers, each painted on in four places."""

from __future__ import annotations

import random

from aihorde_driver.qt import QtCore, QtGui
from krita import Krita

SIDE, LAYERS = 8192, 40
PATCH = 2048
PLACES = ((0, 0), (3072, 3072), (6144, 6144), (3072, 0))
MASK = (3584, 3584, 700, 700)
MASK_NAME = "Inpaint Mask"


def document():
    """Returns the document and its layer for a mask, which is hidden."""
    # Made small, then enlarged: each insertion refreshes the whole picture.
    made = Krita.instance().createDocument(64, 64, "large", "RGBA", "U8", "", 300.0)
    Krita.instance().activeWindow().addView(made)
    paint = strokes()
    first = made.createNode("0", "paintlayer")
    for x, y in PLACES:
        first.setPixelData(paint, x, y, PATCH, PATCH)
    for number in range(1, LAYERS - 1):
        layer = first.duplicate()
        layer.setName(str(number))
        layer.setOpacity(100)
        made.rootNode().addChildNode(layer, None)
    mask = made.createNode(MASK_NAME, "paintlayer")
    x, y, width, height = MASK
    mask.setPixelData(QtCore.QByteArray(b"\xff" * (width * height * 4)), x, y, width, height)
    mask.setVisible(False)
    made.rootNode().addChildNode(mask, None)
    made.resizeImage(0, 0, SIDE, SIDE)
    made.waitForDone()
    made.refreshProjection()
    made.waitForDone()
    made.setActiveNode(made.rootNode().childNodes()[3])
    return made, mask


def strokes():
    """Pixels of PATCH x PATCH full of soft strokes, as packed by WebP about like a painting."""
    image = QtGui.QImage(PATCH, PATCH, QtGui.QImage.Format.Format_ARGB32)
    image.fill(QtGui.QColor(200, 180, 150))
    chance = random.Random(6)
    painter = QtGui.QPainter(image)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    for _ in range(3000):
        colour = QtGui.QColor.fromHsv(chance.randrange(360), 150, chance.randrange(60, 250), 90)
        painter.setPen(QtGui.QPen(colour, chance.randrange(3, 60)))
        start = QtCore.QPoint(chance.randrange(PATCH), chance.randrange(PATCH))
        painter.drawLine(
            start, start + QtCore.QPoint(chance.randrange(-200, 200), chance.randrange(-200, 200))
        )
    painter.end()
    pixels = image.constBits()
    pixels.setsize(image.sizeInBytes())
    return QtCore.QByteArray(bytes(pixels))


def show(made, mask):
    mask.setVisible(True)
    made.refreshProjection()
    made.waitForDone()
