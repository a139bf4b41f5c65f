"""Mask mode: a layer to paint the mask on, a white brush to paint it with, and all given back afterwards."""

from __future__ import annotations

import krita
from attrs import frozen

from krita_AIhorde.canvas import masklayer, tools
from krita_AIhorde.canvas.documents import Documents
from krita_AIhorde.canvas.nodes import SRGB, find_node, node_id
from krita_AIhorde.jobs.landing import NotReady
from krita_AIhorde.jobs.readiness import Obstacle


@frozen
class _Session:
    document: krita.Document
    layer: str
    active: str  # what was active before
    hands: tools.Hands


class MaskMode:
    """At most one document is in mask mode: there is one brush."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._session: _Session | None = None

    @property
    def on(self) -> bool:
        """Whether the active document is in mask mode."""
        session = self._session
        return session is not None and session.document == self._documents.active()

    def toggle(self) -> None:
        """Enter, or leave. Raises NotReady."""
        document = self._documents.active()
        if document is None:
            raise NotReady(Obstacle.NO_DOCUMENT)
        if self.on:
            self.leave()
        else:
            self._enter(document)

    def _enter(self, document: krita.Document) -> None:
        active = node_id(document.activeNode())
        layer = masklayer.mask_layer(document)
        if layer is None:
            layer = document.createNode(masklayer.NAME, "paintlayer")
            layer.setColorSpace(*SRGB)  # white is white in any document
            document.rootNode().addChildNode(layer, None)
        document.setActiveNode(layer)
        self._session = _Session(document, node_id(layer), active, tools.take_white_brush())

    def leave(self) -> None:
        """Give back tool, colour and active layer. An empty mask layer goes; a painted one stays."""
        session, self._session = self._session, None
        if session is None or self._documents.active() != session.document:
            return
        tools.give_back(session.hands)
        document, layer = session.document, find_node(session.document, session.layer)
        before = find_node(document, session.active)
        if before is not None and (layer is None or node_id(document.activeNode()) == session.layer):
            document.setActiveNode(before)
        if layer is not None and layer.bounds().isEmpty():
            layer.remove()

    def active_before(self) -> str:
        """The layer that was active before mask mode, or ""."""
        return self._session.active if self._session is not None and self.on else ""
