"""Finding layers again, and pixels as raw bytes."""

from __future__ import annotations

from collections.abc import Iterator

import krita

from krita_AIhorde.imaging.geometry import Bounds, Extent
from krita_AIhorde.imaging.raster import Coverage, Raster
from krita_AIhorde.qt import QtCore, QtGui

SRGB = ("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
# libkis counts a layer's opacity from 0 to this.
FULL_OPACITY = 255


def node_id(node: krita.Node | None) -> str:
    return "" if node is None else node.uniqueId().toString()


def find_node(document: krita.Document, unique_id: str) -> krita.Node | None:
    """The layer with this id, if it is (still, or by undo again) in the document.

    Not by ``nodeByUniqueID``: what that returns in Krita 5.1.5 is no Node but a bare QObject.
    """
    if not unique_id:
        return None
    return next((node for node in walk(document.rootNode()) if node_id(node) == unique_id), None)


def walk(node: krita.Node) -> Iterator[krita.Node]:
    """All nodes below ``node``, the topmost first."""
    for child in reversed(node.childNodes()):
        yield child
        yield from walk(child)


def extent_of(document: krita.Document) -> Extent:
    return Extent(document.width(), document.height())


def bounds_of(rectangle: QtCore.QRect) -> Bounds | None:
    """Krita's rectangle as Bounds; None where it is empty."""
    if rectangle.isEmpty():
        return None
    return Bounds(rectangle.x(), rectangle.y(), rectangle.width(), rectangle.height())


def read_projection(document: krita.Document, bounds: Bounds) -> Raster:
    """What the artist sees in ``bounds`` (inside of the canvas), in sRGB, whatever the document's model."""
    image = document.projection(bounds.x, bounds.y, bounds.width, bounds.height)
    image = image.convertToFormat(QtGui.QImage.Format.Format_ARGB32)  # itself, where it is that already
    pixels = image.constBits()
    pixels.setsize(image.sizeInBytes())
    return Raster(bounds.extent, bytes(pixels))


def read_selection(selection: krita.Selection, bounds: Bounds) -> Coverage:
    """How much each pixel of ``bounds`` is selected. Pixels beyond the selection's own bounds are 0."""
    return Coverage(
        bounds.extent,
        bytes(selection.pixelData(bounds.x, bounds.y, bounds.width, bounds.height)),
    )


def read_paint(node: krita.Node, bounds: Bounds) -> Raster:
    """A paint layer's own pixels in sRGB, with the layer's opacity in their alpha."""
    if (node.colorModel(), node.colorDepth()) != SRGB[:2]:
        node = node.duplicate()  # detached: its conversion changes nothing in the document
        node.setColorSpace(*SRGB)
    data = bytes(node.pixelData(bounds.x, bounds.y, bounds.width, bounds.height))
    return Raster(bounds.extent, data)
