"""Our mark in a document: an id that is saved with it, by which it is known again."""

from __future__ import annotations

import re

import krita

from krita_AIhorde.qt import QtCore

ANNOTATION = "krita_AIhorde/document"
_DESCRIPTION = "AI Horde: where pictures that are still under way belong"
_ID = re.compile(r"[0-9a-f]{32}")


def mark_of(document: krita.Document) -> str:
    """ "" where it has none. Krita saves annotations in .kra files only (5.1.5)."""
    text = bytes(document.annotation(ANNOTATION)).decode("ascii", "replace")
    return text if _ID.fullmatch(text) else ""


def put_mark(document: krita.Document, mark: str) -> None:
    """Write ``mark`` into the document, which looks modified afterwards only if it did before.

    ``setAnnotation`` marks it modified; taking that back holds (measured in 5.1.5: also after the event loop
    has turned, and an edit with its undo leads back to unmodified).
    """
    was_modified = document.modified()
    document.setAnnotation(ANNOTATION, _DESCRIPTION, QtCore.QByteArray(mark.encode("ascii")))
    if not was_modified:
        document.setModified(False)
