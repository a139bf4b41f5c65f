"""The docker where numbers have a comma: typed with it, shown with it, sent with a point."""

from __future__ import annotations

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtCore, QtGui, QtWidgets


def scenario(h):
    h.krita.setBatchmode(True)
    artist = Artist(h)
    h.data["point"] = QtCore.QLocale().decimalPoint()
    artist.new_document("Bild", 400, 300)
    yield 0.5
    spin = artist.control("denoisingStrength").findChild(QtWidgets.QDoubleSpinBox)
    for text in ("0,65", "0.35"):
        spin.setFocus()
        spin.selectAll()
        for letter in text:
            press(spin, letter)
        spin.interpretText()
        h.data[text] = [spin.text(), artist.control("denoisingStrength").value()]
    artist.control("cfgScale").setValue(6.5)
    artist.control("maxWait").setValue(1.5)
    job = artist.send("ein Fuchs", "img2imgButton")
    yield artist.until(job, "done")
    h.data["status"] = artist.status(job)
    h.data["price"] = artist.control("img2imgButton", QtWidgets.QAbstractButton).toolTip()


def press(widget, letter):
    kind, plain = QtCore.QEvent.Type.KeyPress, QtCore.Qt.KeyboardModifier.NoModifier
    QtWidgets.QApplication.sendEvent(widget, QtGui.QKeyEvent(kind, ord(letter), plain, letter))
