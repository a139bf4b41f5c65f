"""Text fields of several lines: another text without losing the way back, and where Qt counts characters."""

from __future__ import annotations

from krita_AIhorde.qt import QtWidgets


def characters(text: str, position: int) -> int:
    """Qt counts in units of UTF-16, of which some characters are two."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * position].decode("utf-16-le", "ignore"))


def qt_units(text: str, position: int) -> int:
    return len(text[:position].encode("utf-16-le", "surrogatepass")) // 2


def change_text(edit: QtWidgets.QPlainTextEdit, text: str) -> None:
    """Another text, in one step of undo. Only what differs is replaced, so the cursor stays at its words.

    What is typed right behind an insertion is one step with it to Qt (QTextUndoCommand::tryMerge, Qt 5.15),
    but what is typed behind a removal is not: so a character too many is inserted, and removed.
    """
    old = edit.toPlainText()
    start = _common(old, text)
    tail = _common(old[start:][::-1], text[start:][::-1])
    cursor = edit.textCursor()
    cursor.beginEditBlock()
    cursor.setPosition(qt_units(old, start))
    cursor.setPosition(qt_units(old, len(old) - tail), cursor.MoveMode.KeepAnchor)
    cursor.insertText(text[start : len(text) - tail] + "+")
    cursor.deletePreviousChar()
    cursor.endEditBlock()


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def start_text(edit: QtWidgets.QPlainTextEdit, text: str) -> None:
    """Another document's text; the cursor where it was, as far as the text reaches. No undo leads back."""
    before = edit.textCursor().position()
    edit.setPlainText(text)
    cursor = edit.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    cursor.setPosition(min(before, cursor.position()))
    edit.setTextCursor(cursor)


def forget_steps(edit: QtWidgets.QPlainTextEdit) -> None:
    """No undo leads to what this field held before."""
    document = edit.document()
    if document is not None:
        document.clearUndoRedoStacks()
