"""Krita's open documents under ids of ours, which outlast their being closed, and Krita.

``Krita.documents()`` makes new wrappers at every call; wrappers of the same document are equal, and one whose
document was closed is equal to none.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import krita

from krita_AIhorde.canvas.marks import mark_of, put_mark
from krita_AIhorde.canvas.windows import Windows
from krita_AIhorde.jobs.spec import DocumentRef
from krita_AIhorde.qt import tr


class Documents:
    """Remembers which open document is whose."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        self._known: dict[str, krita.Document] = {}
        self._given: dict[str, str] = {}  # marks that were put here, and the document's path then

    def active(self) -> krita.Document | None:
        """The document in the window in hand, or None; Krita alone may still name one that was closed."""
        document = self.windows.document()
        return document if document is not None and document in open_documents() else None

    def refer(self, document: krita.Document) -> DocumentRef:
        """The document's identity: its mark, which it gets here if it has none of its own."""
        path = document.fileName()
        name = Path(path).name or document.name() or tr("Unnamed")
        mark = self.key_of(document)
        if mark_of(document) != mark:
            put_mark(document, mark)
            self._given[mark] = path
        return DocumentRef(mark, name, path)

    def key_of(self, document: krita.Document) -> str:
        """The mark that the document has, or will have: nothing is written to it."""
        for known_id, known in self._known.items():
            if known == document:
                return known_id
        mark = mark_of(document)
        # A copy of a file brings the original's mark along: of two that are open, one needs another.
        if not mark or self._is_taken(mark, document):
            mark = uuid.uuid4().hex
        self._known[mark] = document
        return mark

    def _is_taken(self, mark: str, document: krita.Document) -> bool:
        return any(other != document and self._mark_of(other) == mark for other in open_documents())

    def _mark_of(self, document: krita.Document) -> str:
        for known_id, known in self._known.items():
            if known == document:
                return known_id
        return mark_of(document)

    def find(self, ref: DocumentRef) -> krita.Document | None:
        """The document if it is open: the very same, or the same file opened again.

        A file is the same if it has our mark (of several copies, the one at the path of then); or if it is at
        the same path and came without a mark, since it was never saved after the click.
        """
        opened = open_documents()
        document = self._known.get(ref.id)
        if document is not None and document in opened:
            return document
        self._known.pop(ref.id, None)
        found = _same(ref, [other for other in opened if self._mark_of(other) == ref.id])
        if found is None:
            found = _at_path(ref, [other for other in opened if self._came_unmarked(other, ref.path)])
        if found is not None:
            self._known[ref.id] = found
        return found

    def _came_unmarked(self, document: krita.Document, path: str) -> bool:
        """Whether the document at ``path`` had no mark in its file, only (perhaps) one that it got there."""
        mark = mark_of(document)
        return not mark or same_file(self._given.get(mark, ""), path)


def open_documents() -> list[krita.Document]:
    return list(krita.Krita.instance().documents())


def _same(ref: DocumentRef, marked: list[krita.Document]) -> krita.Document | None:
    return marked[0] if len(marked) == 1 else _at_path(ref, marked)


def _at_path(ref: DocumentRef, documents: list[krita.Document]) -> krita.Document | None:
    return next((document for document in documents if same_file(document.fileName(), ref.path)), None)


def same_file(one: str, other: str) -> bool:
    """Whether two paths lead to one file; a document that was never saved has none."""
    if not one or not other:
        return False
    try:
        return os.path.samefile(one, other)
    except OSError:
        return os.path.normcase(os.path.abspath(one)) == os.path.normcase(os.path.abspath(other))
