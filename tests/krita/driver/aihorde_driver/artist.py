"""What an artist does with Krita and the docker, for scenarios: through the real widgets only."""

from __future__ import annotations

import math

from krita import Krita, Selection

from .qt import QtCore, QtWidgets


class Artist:
    """One artist at one Krita window with the docker open."""

    def __init__(self, helper):
        self.h = helper
        self.krita = Krita.instance()
        self.docker = helper.docker("AIHorde")
        assert self.docker is not None, "the docker is not there"
        self.docker.show()
        self.docker.raise_()

    def arrange(self, width):
        """Give the docker ``width`` pixels, and its column to it alone: what a screenshot should show."""
        self.h.docker("ToolBox").hide()
        self.h.window.resizeDocks([self.docker], [width], QtCore.Qt.Orientation.Horizontal)

    # The docker

    def control(self, name, kind=QtWidgets.QWidget):
        widget = self.docker.findChild(kind, name)
        assert widget is not None, f"no {name} in the docker"
        return widget

    def type_prompt(self, text):
        self.control("prompt", QtWidgets.QPlainTextEdit).setPlainText(text)

    def press(self, name):
        self.control(name, QtWidgets.QAbstractButton).click()

    def rows(self):
        """The job rows, newest first."""
        return self.control("jobs").findChildren(QtWidgets.QWidget, "job")

    def row(self, job_id):
        return next(row for row in self.rows() if row.property("jobId") == job_id)

    def state(self, job_id):
        return self.row(job_id).property("state")

    def newest(self):
        """The job id of the newest row."""
        return self.rows()[0].property("jobId")

    def status(self, job_id):
        return self.row(job_id).findChild(QtWidgets.QLabel, "jobStatus").text().replace("\u00a0", " ")

    def cancel(self, job_id):
        self.row(job_id).findChild(QtWidgets.QAbstractButton, "jobCancelButton").click()

    def message(self):
        return self.control("message").text().replace("\u00a0", " ")

    def send(self, prompt, button="inpaintButton"):
        """Type a prompt, press a button, and return the new job's id."""
        before = len(self.rows())
        self.type_prompt(prompt)
        self.press(button)
        assert len(self.rows()) == before + 1, f"no job was made: {self.message()}"
        return self.newest()

    def until(self, job_id, *states, seconds=40):
        """To be yielded: wait until the job is in one of ``states``."""
        wanted = ", ".join(states)
        return self.h.wait(lambda: self.state(job_id) in states, seconds, f"job {job_id} to be {wanted}")

    # Documents

    def new_document(self, name, width, height, model="RGBA", depth="U8", profile=""):
        document = self.krita.createDocument(width, height, name, model, depth, profile, 120.0)
        self.krita.activeWindow().addView(document)
        return document

    def activate(self, document):
        """Bring the document's window to the front, as a click on its tab does."""
        area = self.h.window.findChild(QtWidgets.QMdiArea)
        for tab in area.subWindowList():
            area.setActiveSubWindow(tab)
            if self.krita.activeDocument() == document:
                return
        raise AssertionError("the document has no tab")

    def select(self, document, x, y, width, height):
        selection = Selection()
        selection.select(x, y, width, height, 255)
        self._use(document, selection)

    def _use(self, document, selection):
        active = document.activeNode()
        document.setSelection(selection)
        # A script's first selection makes the selection's own node the active one; an artist's tool does not.
        if active is not None:  # as in a document that was just flattened: None would crash Krita
            document.setActiveNode(active)

    def select_ellipse(self, document, box, feather):
        selection = Selection()
        x, y, width, height = box
        selection.setPixelData(QtCore.QByteArray(ellipse(width, height)), x, y, width, height)
        selection.feather(feather)
        self._use(document, selection)

    def undo(self):
        self.krita.action("edit_undo").trigger()

    def redo(self):
        self.krita.action("edit_redo").trigger()


def ellipse(width, height):
    """Coverage of an ellipse that touches all four sides."""
    rows = bytearray()
    for y in range(height):
        half = width / 2 * math.sqrt(max(0.0, 1 - ((y + 0.5) / height * 2 - 1) ** 2))
        left = round(width / 2 - half)
        inside = width - 2 * left
        rows += bytes(left) + b"\xff" * inside + bytes(width - left - inside)
    return bytes(rows)


def known_pixels(width, height):
    """BGRA in which every neighbourhood looks different."""
    data = bytearray()
    for y in range(height):
        for x in range(width):
            data += bytes((x & 255, y & 255, (x * 7 + y * 13) & 255, 255))
    return bytes(data)


def paint_known(document):
    """Fill the bottom layer with the known pixels, and return them."""
    data = known_pixels(document.width(), document.height())
    background = document.rootNode().childNodes()[0]
    background.setPixelData(QtCore.QByteArray(data), 0, 0, document.width(), document.height())
    document.refreshProjection()
    document.waitForDone()
    return data


def projection(document):
    return bytes(document.pixelData(0, 0, document.width(), document.height()))


def changed_outside(before, after, covered):
    """How many pixels differ where ``covered`` (one byte a pixel) is 0."""
    if before == after:
        return 0
    return sum(
        1
        for i, value in enumerate(covered)
        if not value and before[4 * i : 4 * i + 4] != after[4 * i : 4 * i + 4]
    )


def layers(document):
    """Names of all layers, the topmost first, with their children's."""

    def tree(node):
        return [(child.name(), child.type(), tree(child)) for child in reversed(node.childNodes())]

    return tree(document.rootNode())


def layer_named(document, start):
    """The topmost layer whose name starts so."""

    def find(node):
        for child in reversed(node.childNodes()):
            if child.name().startswith(start):
                return child
            if (inner := find(child)) is not None:
                return inner
        return None

    return find(document.rootNode())
