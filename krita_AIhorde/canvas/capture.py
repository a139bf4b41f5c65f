"""Reading the active document at the click: all that a job must know, and nothing later."""

from __future__ import annotations

import krita

from krita_AIhorde.canvas import masklayer
from krita_AIhorde.canvas.documents import Documents
from krita_AIhorde.canvas.nodes import extent_of, node_id, read_projection, read_selection
from krita_AIhorde.imaging.geometry import Bounds, Extent, default_region
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs.landing import Capture, NotReady, Sizes
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.spec import Operation


def capture(documents: Documents, operation: Operation, sizes: Sizes, anchor: str = "") -> Capture:
    """What ``operation`` would work on now. Hides the mask layer if it uses it. Raises NotReady.

    ``anchor``: the id of the layer to land above, where that is not the active one.
    """
    document = documents.active()
    if document is None:
        raise NotReady(Obstacle.NO_DOCUMENT)
    canvas = extent_of(document)
    # First: what comes later may let other events in (Krita 5.3), and the layer may be another by then.
    anchor = anchor or _anchor(document)
    painted = masklayer.painted_mask(document) if operation is Operation.INPAINT else None
    if painted is not None:
        region, shape = _cut_by_selection(document, painted)
    else:
        region = _region(document, operation, sizes)
        shape = _selected_shape(document, region)
    frame = sizes.frame_for(operation, region, canvas)
    if painted is not None:
        masklayer.hide(document, painted.node)
    mask = _mask(shape, frame.visible(canvas), always=operation is Operation.INPAINT)
    source = None
    if operation is not Operation.GENERATE:
        source = read_projection(document, frame.visible(canvas))
    return Capture(
        document=documents.refer(document),
        canvas=canvas,
        frame=frame,
        source=source,
        mask=None if mask is None else sizes.mask_for(operation, mask),
        anchor=anchor,
        mask_layer="" if painted is None else node_id(painted.node),
    )


def readiness(documents: Documents, sizes: Sizes, masking: bool) -> Readiness:
    """What each button would do now; reads no pixels."""
    document = documents.active()
    if document is None:
        return Readiness()
    canvas = extent_of(document)
    outcome: dict[Operation, Obstacle | None] = {}
    wanted: dict[Operation, Extent | None] = {}
    for operation in Operation:
        try:
            painted = masklayer.painted_bounds(document) if operation is Operation.INPAINT else None
            region = painted or _region(document, operation, sizes)
            frame = sizes.frame_for(operation, region, canvas)
            outcome[operation], wanted[operation] = None, frame.requested
        except NotReady as reason:
            outcome[operation], wanted[operation] = reason.obstacle, None
    return Readiness(
        generate=outcome[Operation.GENERATE],
        img2img=outcome[Operation.IMG2IMG],
        inpaint=outcome[Operation.INPAINT],
        mask=None,
        masking=masking,
        generate_size=wanted[Operation.GENERATE],
        img2img_size=wanted[Operation.IMG2IMG],
        inpaint_size=wanted[Operation.INPAINT],
    )


def _region(document: krita.Document, operation: Operation, sizes: Sizes) -> Bounds:
    """The selection's bounds, cut to the canvas; without one, what the operation does then."""
    canvas = extent_of(document)
    selected = _selection_bounds(document.selection())
    if selected is not None:
        region = selected.intersection(Bounds.of_extent(canvas))
        if region is None:
            raise NotReady(Obstacle.OUTSIDE)
        return region
    if operation is Operation.INPAINT:
        raise NotReady(Obstacle.NO_SELECTION)
    if operation is Operation.IMG2IMG:
        return Bounds.of_extent(canvas)
    return default_region(canvas, sizes.smallest)


def _selection_bounds(selection: krita.Selection | None) -> Bounds | None:
    if selection is None or selection.width() <= 0 or selection.height() <= 0:
        return None
    return Bounds(selection.x(), selection.y(), selection.width(), selection.height())


def _selected_shape(document: krita.Document, region: Bounds) -> tuple[Bounds, Coverage]:
    selection = document.selection()
    if _selection_bounds(selection) is None:
        return region, Coverage.uniform(region.extent)
    return region, read_selection(selection, region)


def _cut_by_selection(
    document: krita.Document, painted: masklayer.PaintedMask
) -> tuple[Bounds, tuple[Bounds, Coverage]]:
    """The painted bounds and mask, where there is a selection only inside of it."""
    bounds, coverage = painted.bounds, painted.coverage
    selected = _selection_bounds(document.selection())
    if selected is not None:
        inside = selected.intersection(bounds)
        if inside is None:
            raise NotReady(Obstacle.MASK_OUTSIDE)
        cut = coverage.cropped(inside.relative_to(bounds))
        bounds, coverage = inside, cut.multiply(read_selection(document.selection(), inside))
    return bounds, (bounds, coverage)


def _mask(shape: tuple[Bounds, Coverage], ground: Bounds, *, always: bool) -> Coverage | None:
    """The shape over all of ``ground``; None for a plain unfeathered rectangle, unless ``always``."""
    bounds, coverage = shape
    if coverage.is_full and not always:
        return None
    place = bounds.relative_to(ground)
    return coverage.within(ground.extent, place.x, place.y)


def _anchor(document: krita.Document) -> str:
    """The layer that results land above: the active one, or what lies below the mask layer."""
    node = document.activeNode()
    while node is not None and node.type().endswith("mask"):
        node = node.parentNode()
    if node is None:
        return ""
    if node.name() == masklayer.NAME:
        return masklayer.below(node)
    return node_id(node)
