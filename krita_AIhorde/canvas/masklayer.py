"""The ``Inpaint Mask`` layer: which one counts, and what is painted on it."""

from __future__ import annotations

import krita
from attrs import field, frozen

from krita_AIhorde.canvas.nodes import (
    FULL_OPACITY,
    bounds_of,
    extent_of,
    find_node,
    node_id,
    read_paint,
    walk,
)
from krita_AIhorde.imaging.geometry import Bounds
from krita_AIhorde.imaging.raster import Coverage, coverage_of_paint
from krita_AIhorde.jobs.spec import JobSpec

NAME = "Inpaint Mask"


@frozen
class PaintedMask:
    """What is painted on the mask layer: ``coverage`` is over ``bounds``, in canvas pixels."""

    node: krita.Node
    bounds: Bounds
    coverage: Coverage = field(repr=False)


def mask_layer(document: krita.Document) -> krita.Node | None:
    """The topmost visible one. Hidden ones belong to jobs that are under way."""
    for node in walk(document.rootNode()):
        if node.name() == NAME and node.type() == "paintlayer" and node.visible():
            return node
    return None


def painted_bounds(document: krita.Document) -> Bounds | None:
    """Roughly where the mask is painted (black strokes count too); cheap enough for every look."""
    node = mask_layer(document)
    bounds = None if node is None else bounds_of(node.bounds())
    return None if bounds is None else bounds.intersection(Bounds.of_extent(extent_of(document)))


def painted_mask(document: krita.Document) -> PaintedMask | None:
    """What is painted inside of the canvas: opacity x luminance, so black strokes are none."""
    node, rough = mask_layer(document), painted_bounds(document)
    if node is None or rough is None:
        return None
    coverage = coverage_of_paint(read_paint(node, rough))
    if node.opacity() < FULL_OPACITY:
        coverage = coverage.multiply(Coverage.uniform(coverage.extent, node.opacity()))
    inked = coverage.bounds()
    if inked is None:
        return None
    return PaintedMask(node, inked.moved(rough.x, rough.y), coverage.cropped(inked))


def hide(document: krita.Document, node: krita.Node) -> None:
    """Hide the mask layer and wait until the projection is without it: Krita does that only on demand."""
    node.setVisible(False)
    document.refreshProjection()
    document.waitForDone()


def remove_served(document: krita.Document, spec: JobSpec) -> None:
    """Remove the mask layer of a job whose image lands now, unless the artist took it back into use."""
    node = find_node(document, spec.mask_layer)
    if node is not None and not node.visible():
        node.remove()


def show_again(document: krita.Document, spec: JobSpec) -> None:
    node = find_node(document, spec.mask_layer)
    if node is not None and not node.visible():
        node.setVisible(True)
        document.refreshProjection()


def below(node: krita.Node) -> str:
    """The id of the layer just below ``node``: what takes its place once it is gone."""
    siblings = node.parentNode().childNodes()
    index = next(i for i, sibling in enumerate(siblings) if sibling.uniqueId() == node.uniqueId())
    return node_id(siblings[index - 1]) if index else ""
