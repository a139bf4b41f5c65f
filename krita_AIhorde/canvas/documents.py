"""Krita's open documents under ids of ours.

``Krita.documents()`` makes new wrappers at every call; wrappers of the same document are equal, and one whose
document was closed is equal to none.
"""

from __future__ import annotations

import uuid
from pathlib import Path

import krita

from krita_AIhorde.jobs.spec import DocumentRef
from krita_AIhorde.qt import tr


class Documents:
    """Remembers the documents that jobs were started in, as long as they are open."""

    def __init__(self) -> None:
        self._known: dict[str, krita.Document] = {}

    @staticmethod
    def active() -> krita.Document | None:
        """The active document, or None; ``activeDocument`` alone may still name one that was closed."""
        document = krita.Krita.instance().activeDocument()
        return document if document is not None and document in open_documents() else None

    def refer(self, document: krita.Document) -> DocumentRef:
        name = Path(document.fileName()).name or document.name() or tr("Unnamed")
        for known_id, known in self._known.items():
            if known == document:
                return DocumentRef(known_id, name)
        new = DocumentRef(uuid.uuid4().hex, name)
        self._known[new.id] = document
        return new

    def find(self, document_id: str) -> krita.Document | None:
        """The document if it is still open."""
        document = self._known.get(document_id)
        if document is None or document in open_documents():
            return document
        del self._known[document_id]
        return None


def open_documents() -> list[krita.Document]:
    return list(krita.Krita.instance().documents())
