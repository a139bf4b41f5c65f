"""Landing an image: its own layer under its own transparency mask, at the place that was asked for.

The layer is built detached and inserted at once, so that one undo takes away one image with its mask.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import krita

from krita_AIhorde.canvas import masklayer
from krita_AIhorde.canvas.activelayers import ActiveLayers
from krita_AIhorde.canvas.calls import Calls
from krita_AIhorde.canvas.maskmaker import MaskMaker
from krita_AIhorde.canvas.nodes import SRGB, extent_of, find_node, node_id
from krita_AIhorde.imaging.geometry import Bounds
from krita_AIhorde.jobs.landing import BeforeLanding, DocumentClosed, Landed, LandingFailed, Picture
from krita_AIhorde.jobs.spec import JobSpec
from krita_AIhorde.qt import QtCore, QtGui, tr

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)
BREATH = 0.03  # seconds for the artist's input between two insertions, each of which Krita blocks for
BAND = 2**20  # bytes of pixels that are written at a time
STROKE_CHECK = 0.05  # seconds between two looks whether the stroke has ended


class Landings:
    """One landing at a time, for all jobs."""

    def __init__(self, scratch: Path, calls: Calls) -> None:
        self._turn = asyncio.Lock()
        self._calls = calls
        self._masks = MaskMaker(scratch)
        self._artist = ActiveLayers(calls)

    async def land(
        self,
        picture: Picture,
        find: Callable[[], krita.Document | None],
        before: BeforeLanding | None = None,
    ) -> Landed:
        """Insert ``picture`` into the document that ``find`` finds. Raises DocumentClosed, LandingFailed."""
        async with self._turn:
            document = await quiet(find)
            active = await self._calls.outside(self._artist.layer_of, document)
            try:
                layer = await self._build(find, document, picture)
                group = await self._calls.outside(_new_group, document, picture, layer)
                if before is not None:
                    await before(Landed(node_id(layer), node_id(group) or picture.group))
                landed, inserted = await self._in_quiet(
                    find, lambda document: self._insert(document, picture, layer, group)
                )
            except (DocumentClosed, LandingFailed):
                raise
            except Exception as error:  # whatever Krita does, the image must be kept
                log.exception("landing failed")
                raise LandingFailed(f"{type(error).__name__}: {error}") from error
            await self._artist.give_back(find, inserted, active)
            await asyncio.sleep(BREATH)
            return landed

    async def _build(
        self, find: Callable[[], krita.Document | None], document: krita.Document, picture: Picture
    ) -> krita.Node:
        """The detached paint layer, with its mask where there is one.

        In many small steps, between which Krita serves the artist.
        """
        mask, place = picture.spec.mask, picture.spec.lands_on
        layer = await self._calls.outside(_new_layer, document, picture)
        await self._write(layer, picture.raster.data, place)
        if mask is not None:
            node = await self._then_tidy(self._masks.make, document, tr("Mask"))
            await self._write(node, mask.data, place)
            # In quiet too: it waits until Krita has done all that it is doing with the image.
            if not await self._in_quiet(find, lambda _: layer.addChildNode(node, None)):
                raise LandingFailed("Krita refused the transparency mask")
        return layer

    async def _write(self, node: krita.Node, data: bytes, place: Bounds) -> None:
        """Fill ``place`` of a detached node, a band at a time: 1024 x 1024 pixels take Krita 3 to 12 ms."""
        width = len(data) // place.height  # in bytes
        rows = max(1, BAND // width)
        for top in range(0, place.height, rows):
            high = min(rows, place.height - top)
            band = data[top * width : (top + high) * width]
            await self._calls.outside(node.setPixelData, band, place.x, place.y + top, place.width, high)

    async def document_shown(self, find: Callable[[], krita.Document | None]) -> None:
        """The artist turned to another document, and does not paint yet: see ``ActiveLayers.pay``."""
        await self._then_tidy(self._make_ready, find)
        await self._artist.pay(find)

    async def _then_tidy(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Outside, and in a step of its own what `MaskMaker` has to tidy after it."""
        try:
            result = await self._calls.outside(function, *args, **kwargs)
            await self._calls.outside(self._masks.tidy)
        finally:
            self._masks.tidy()  # Krita quits in between
        return result

    def _make_ready(self, find: Callable[[], krita.Document | None]) -> None:
        document = find()
        if document is not None:
            try:
                self._masks.load(document)
            except OSError as error:  # the landing that needs it tries again
                log.warning("no masks yet: %s", error)

    async def _in_quiet(
        self, find: Callable[[], krita.Document | None], call: Callable[[krita.Document], T]
    ) -> T:
        """``call`` while nobody paints, which is looked at right before. Raises DocumentClosed."""

        def try_it() -> tuple[T] | None:
            document = find()
            if document is None:
                raise DocumentClosed
            return (call(document),) if is_quiet(document) else None

        while True:
            done = await self._calls.outside(try_it)
            if done is not None:
                return done[0]
            # Not at once: a look takes the lock of the image, and Krita may have work to do after that.
            await asyncio.sleep(STROKE_CHECK)

    @staticmethod
    def _insert(
        document: krita.Document, picture: Picture, layer: krita.Node, new_group: krita.Node | None
    ) -> tuple[Landed, str]:
        """Insert into the group, or above the anchor. Also returns the id of what Krita makes active."""
        group = find_node(document, picture.group)
        if group is not None:
            layer.setVisible(picture.first)
            added = group.addChildNode(layer, None)
            inserted = layer
        else:
            if picture.first:
                masklayer.remove_served(document, picture.spec)  # before: undo's first step is the image
            # The artist may have removed the group in this very moment.
            group = new_group or _new_group(document, picture, layer)
            inserted = layer if group is None else group
            parent, above = _place(document, picture.spec)
            borrowed = picture.spec.mask is not None and _borrows_projection(parent)
            added = parent.addChildNode(inserted, above)
            if borrowed:
                document.refreshProjection()
        if not added:
            raise LandingFailed("Krita refused the layer")
        resized = extent_of(document) != picture.spec.canvas
        return Landed(node_id(layer), node_id(group), resized), node_id(inserted)


def _new_layer(document: krita.Document, picture: Picture) -> krita.Node:
    layer = document.createNode(picture.name, "paintlayer")
    layer.setColorSpace(*SRGB)
    return layer


def _new_group(document: krita.Document, picture: Picture, layer: krita.Node) -> krita.Node | None:
    """A detached group with the layer in it; None where there is one already, or none is needed."""
    if not picture.group_name or find_node(document, picture.group) is not None:
        return None
    group = document.createGroupLayer(picture.group_name)
    group.addChildNode(layer, None)
    return group


def _borrows_projection(parent: krita.Node) -> bool:
    """Whether the group has one layer, whose pixels Krita then uses as the group's own.

    With a second layer the group gets pixels of its own; after the insertion of a masked one Krita 5.1.5
    fills only those below the mask, and the rest of the projection stays empty until it is refreshed. (After
    one without a mask it is right by itself, and a refresh would cost the artist as much as the insertion.)
    """
    return sum(child.type().endswith("layer") for child in parent.childNodes()) == 1


def _place(document: krita.Document, spec: JobSpec) -> tuple[krita.Node, krita.Node | None]:
    """Where the layer goes: above the layer that was active at the click, if it still exists, else on top.

    A layer in a hidden group would land unseen: it goes above the group.
    """
    anchor = above = find_node(document, spec.anchor)
    while above is not None and (group := above.parentNode()) is not None:
        if not group.visible():
            anchor = group
        above = group
    parent = None if anchor is None else anchor.parentNode()
    return (document.rootNode(), None) if parent is None else (parent, anchor)


async def quiet(find: Callable[[], krita.Document | None]) -> krita.Document:
    """The document, once nobody is in the middle of a stroke. Raises DocumentClosed."""
    while True:
        document = find()
        if document is None:
            raise DocumentClosed
        if is_quiet(document):
            return document
        await asyncio.sleep(STROKE_CHECK)


def is_quiet(document: krita.Document) -> bool:
    """Whether nobody is in the middle of a stroke.

    A stroke of a tablet's pen shows in no mouse button: but the image's barrier lock is to be had only
    when no stroke is under way, by whatever means.
    """
    pressed = QtGui.QGuiApplication.mouseButtons() != QtCore.Qt.MouseButton.NoButton
    if not pressed and document.tryBarrierLock():
        document.unlock()
        return True
    log.debug("waiting: button pressed %s, stroke %s", pressed, not pressed)
    return False
