"""Several pictures wait to land; while Krita is busy with one of them, the artist moves the pen."""

from __future__ import annotations

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtCore, QtGui, QtWidgets
from krita import Node

JOBS = 4
SUBMIT_EVERY = 1.0  # seconds


class Input(QtCore.QObject):
    """Notes when what was posted to the canvas' window arrives there."""

    def __init__(self, events):
        super().__init__()
        self._events = events

    def eventFilter(self, watched, event):
        if event.type() == QtCore.QEvent.Type.HoverMove and event.oldPos() == QtCore.QPoint(7, 7):
            self._events.append("input")
            return True
        return False


def scenario(h):
    artist = Artist(h)
    document = artist.new_document("between", 1024, 1024)
    yield 0.5
    events = h.data["events"] = []
    waiting = h.data["waiting"] = []
    canvas = h.window.findChild(QtWidgets.QMdiArea)
    watcher = Input(events)
    canvas.installEventFilter(watcher)
    original = Node.addChildNode
    root = document.rootNode().uniqueId()

    def insert(node, child, above):
        into_document = node.uniqueId() == root
        if into_document:
            waiting.append(sum(row.property("state") == "landing" for row in artist.rows()))
            events.append("insert")
            moved = QtGui.QHoverEvent(
                QtCore.QEvent.Type.HoverMove, QtCore.QPointF(9, 9), QtCore.QPointF(7, 7)
            )
            QtWidgets.QApplication.postEvent(canvas, moved)
        result = original(node, child, above)
        if into_document:
            events.append("inserted")
        return result

    Node.addChildNode = insert
    try:
        for number in range(JOBS):
            artist.select(document, 100 * number, 100, 512, 512)
            held = 8 - SUBMIT_EVERY * number
            artist.send(f"[practice queue={held} delay=0.1] picture {number}", "generateButton")
        yield h.wait(
            lambda: all(row.property("state") == "done" for row in artist.rows()), 60, "all to be landed"
        )
    finally:
        Node.addChildNode = original
        canvas.removeEventFilter(watcher)
    h.data["layers"] = sum(node.type() == "paintlayer" for node in document.rootNode().childNodes())
