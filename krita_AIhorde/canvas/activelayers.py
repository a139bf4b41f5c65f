"""The artist's active layer, given back after each landing.

Krita makes an inserted layer active, some events later. In a document that is not the active one, removing a
layer moves its view to another one, and nothing can be done about that before the artist comes back to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import krita

from krita_AIhorde.canvas.calls import Calls
from krita_AIhorde.canvas.nodes import find_node, node_id

Find = Callable[[], "krita.Document | None"]
# Seconds between looks, one after the other. In the first moments every change is Krita's own doing.
FIRST_LOOKS = (0.0, 0.005, 0.01, 0.02)
LATER_LOOKS = (0.05, 0.1, 0.2)
SHOWN_LOOKS = (0.02, 0.1, 0.2)


class ActiveLayers:
    """Knows which layer each document's artist had in hand."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._owed: list[tuple[krita.Document, str]] = []

    def layer_of(self, document: krita.Document) -> str:
        """The id of the layer that the artist left active, whatever Krita has made of it since.

        Not from a coroutine: from Krita 5.3 on, even ``activeNode`` may let other events in.
        """
        for owed, layer in self._owed:
            if owed == document:
                return layer
        return node_id(document.activeNode())

    async def give_back(self, find: Find, inserted: str, layer: str) -> None:
        """Make ``layer`` active again, each time that Krita turns from it to the ``inserted`` one."""

        def look(first: bool) -> bool:
            document = find()
            if document is None:
                return False
            now = node_id(document.activeNode())
            if now != layer and (first or now == inserted):
                _activate(document, layer)
            return True

        for seconds in FIRST_LOOKS + LATER_LOOKS:
            await asyncio.sleep(seconds)
            if not await self._calls.outside(look, seconds in FIRST_LOOKS):
                return
        await self._calls.outside(self._owe, find, layer)

    def _owe(self, find: Find, layer: str) -> None:
        """Remember the layer where it could not be given back."""
        document = find()
        if document is None or node_id(document.activeNode()) == layer:
            return
        if document != krita.Krita.instance().activeDocument():
            self._forget(document)
            self._owed.append((document, layer))

    async def pay(self, find: Find) -> None:
        """The artist is (back) in the document that ``find`` finds: give the owed layer back there."""

        def look() -> bool:
            document = find()
            if document is None or not any(owed == document for owed, _ in self._owed):
                return False
            layer = self.layer_of(document)
            _activate(document, layer)
            if node_id(document.activeNode()) == layer or find_node(document, layer) is None:
                self._forget(document)
            return True

        for seconds in SHOWN_LOOKS:
            await asyncio.sleep(seconds)
            if not await self._calls.outside(look):
                return

    def _forget(self, document: krita.Document) -> None:
        self._owed = [(owed, layer) for owed, layer in self._owed if owed != document]


def _activate(document: krita.Document, layer: str) -> None:
    node = find_node(document, layer)
    if node is not None:
        document.setActiveNode(node)
