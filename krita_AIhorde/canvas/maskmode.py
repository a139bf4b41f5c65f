"""Mask mode: a layer to paint the mask on, a white brush to paint it with, and all given back afterwards."""

from __future__ import annotations

import krita
from attrs import frozen

from krita_AIhorde.canvas import masklayer, tools
from krita_AIhorde.canvas.documents import Documents
from krita_AIhorde.canvas.nodes import SRGB, find_node, node_id
from krita_AIhorde.jobs.landing import NotReady
from krita_AIhorde.jobs.readiness import Obstacle
from krita_AIhorde.qt import QtWidgets


@frozen
class _Session:
    window: QtWidgets.QWidget
    document: krita.Document
    layer: str
    active: str  # what was active before
    hands: tools.Hands


class MaskMode:
    """At most one document of a window is in mask mode: each of Krita's windows has one brush."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._sessions: list[_Session] = []

    @property
    def on(self) -> bool:
        """Whether the active document is in mask mode."""
        return self._here() is not None

    def _here(self) -> _Session | None:
        session = self._of(self._documents.windows.current())
        return session if session is not None and session.document == self._documents.active() else None

    def _of(self, window: krita.Window | None) -> _Session | None:
        own = None if window is None else window.qwindow()
        return next((session for session in self._sessions if session.window is own), None)

    def toggle(self) -> None:
        """Enter, or leave. Raises NotReady."""
        document, window = self._documents.active(), self._documents.windows.current()
        if document is None or window is None:
            raise NotReady(Obstacle.NO_DOCUMENT)
        if self.on:
            self.leave()
        else:
            self._enter(document, window)

    def _enter(self, document: krita.Document, window: krita.Window) -> None:
        active = node_id(document.activeNode())
        layer = masklayer.mask_layer(document)
        if layer is None:
            layer = document.createNode(masklayer.NAME, "paintlayer")
            layer.setColorSpace(*SRGB)  # white is white in any document
            document.rootNode().addChildNode(layer, None)
        document.setActiveNode(layer)
        before = self._of(window)
        if before is not None:  # of another document, and forgotten: but not what the artist painted with
            self._sessions.remove(before)
            tools.give_back(before.hands, window)
        hands = tools.take_white_brush(window)
        self._sessions.append(_Session(window.qwindow(), document, node_id(layer), active, hands))

    def leave(self) -> None:
        """Give back tool, colour and active layer. An empty mask layer goes; a painted one stays."""
        session, window = self._here(), self._documents.windows.current()
        if session is None or window is None:
            return
        self._sessions.remove(session)
        tools.give_back(session.hands, window)
        document, layer = session.document, find_node(session.document, session.layer)
        before = find_node(document, session.active)
        if before is not None and (layer is None or node_id(document.activeNode()) == session.layer):
            document.setActiveNode(before)
        if layer is not None and layer.bounds().isEmpty():
            layer.remove()

    def active_before(self) -> str:
        """The layer that was active before mask mode, or ""."""
        session = self._here()
        return "" if session is None else session.active
