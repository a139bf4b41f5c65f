"""The canvas as jobs and docker know it: fulfils ``jobs.landing.Canvas`` in Krita."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import krita

from krita_AIhorde.canvas import capture as capturing
from krita_AIhorde.canvas import masklayer
from krita_AIhorde.canvas.calls import Calls
from krita_AIhorde.canvas.documents import Documents, open_documents
from krita_AIhorde.canvas.landing import Landings
from krita_AIhorde.canvas.maskmode import MaskMode
from krita_AIhorde.canvas.nodes import find_node
from krita_AIhorde.canvas.windows import Windows
from krita_AIhorde.jobs.landing import BeforeLanding, Capture, Landed, Picture, Sizes
from krita_AIhorde.jobs.readiness import Readiness
from krita_AIhorde.jobs.spec import DocumentRef, JobSpec, Operation


class Easel:
    """Main thread only, as all of Krita's API."""

    def __init__(self, scratch: Path, windows: Windows) -> None:
        """``scratch``: a folder of ours, for a file that lives for a moment."""
        self._calls = Calls()
        self._documents = Documents(windows)
        self._mask_mode = MaskMode(self._documents)
        self._landings = Landings(scratch, self._calls)

    def readiness(self, sizes: Sizes) -> Readiness:
        return capturing.readiness(self._documents, sizes, self._mask_mode.on)

    def document_key(self) -> str:
        document = self._documents.active()
        return "" if document is None else self._documents.key_of(document)

    def capture(self, operation: Operation, sizes: Sizes) -> Capture:
        with self._calls.at_once():
            anchor = self._mask_mode.active_before()
            taken = capturing.capture(self._documents, operation, sizes, anchor)
            if taken.mask_layer:
                self._mask_mode.leave()
            return taken

    def toggle_mask(self) -> None:
        with self._calls.at_once():
            self._mask_mode.toggle()

    def when_free(self, act: Callable[[], None]) -> None:
        self._calls.when_free(act)

    async def land(
        self, picture: Picture, *, into_active: bool = False, before: BeforeLanding | None = None
    ) -> Landed:
        ref = picture.spec.document
        # That of now: the artist may turn to another one while the picture waits for the end of a stroke.
        chosen = self._documents.active() if into_active else None

        def find() -> krita.Document | None:
            if into_active:
                return chosen if chosen in open_documents() else None
            return self._documents.find(ref)

        return await self._landings.land(picture, find, before)

    def is_open(self, document: DocumentRef) -> bool:
        return self._documents.find(document) is not None

    def has_layer(self, document: DocumentRef, layer: str) -> bool:
        found = self._documents.find(document)
        return found is not None and find_node(found, layer) is not None

    async def document_shown(self) -> None:
        """Krita shows another document, or the same one again."""
        await self._landings.document_shown(self._documents.active)

    def settle_mask(self, spec: JobSpec, *, landed: bool) -> None:
        if spec.mask_layer and not landed:
            self._calls.soon(self._show_mask_again, spec)

    def _show_mask_again(self, spec: JobSpec) -> None:
        document = self._documents.find(spec.document)
        if document is not None:
            masklayer.show_again(document, spec)
