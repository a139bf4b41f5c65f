"""Buttons whose signs are painted, because fonts lack them."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets


class GlyphButton(QtWidgets.QToolButton):
    """A flat button, as large as one with a letter; `draw` paints its sign into a square of ``side`` around
    (0, 0).
    """

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QtCore.QSize:
        letter = QtWidgets.QToolButton()
        letter.setFont(self.font())
        letter.setText("↻")
        return letter.sizeHint()

    def paintEvent(self, event: QtGui.QPaintEvent | None) -> None:
        super().paintEvent(event)
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.translate(QtCore.QRectF(self.rect()).center())
        side = float(self.fontMetrics().ascent())
        group = QtGui.QPalette.ColorGroup.Active if self.isEnabled() else QtGui.QPalette.ColorGroup.Disabled
        ink = self.palette().color(group, QtGui.QPalette.ColorRole.ButtonText)
        painter.setPen(QtGui.QPen(ink, max(1.0, side / 11)))
        self.draw(painter, side)

    def draw(self, painter: QtGui.QPainter, side: float) -> None:
        raise NotImplementedError


class InfoButton(GlyphButton):
    """An "i" in a circle."""

    def draw(self, painter: QtGui.QPainter, side: float) -> None:
        painter.drawEllipse(QtCore.QPointF(0, 0), side / 2, side / 2)
        ink = painter.pen().color()
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        stem = side / 8
        painter.drawRect(QtCore.QRectF(-stem / 2, -side * 0.08, stem, side * 0.36))
        painter.drawEllipse(QtCore.QPointF(0, -side * 0.22), stem * 0.65, stem * 0.65)


class Eye(GlyphButton):
    """An eye, crossed out until it is pressed in."""

    def draw(self, painter: QtGui.QPainter, side: float) -> None:
        width, height = side * 1.1, side * 0.65
        lids = QtGui.QPainterPath(QtCore.QPointF(-width / 2, 0))
        lids.quadTo(0, -height, width / 2, 0)
        lids.quadTo(0, height, -width / 2, 0)
        painter.drawPath(lids)
        if self.isChecked():
            painter.setBrush(painter.pen().color())
        painter.drawEllipse(QtCore.QPointF(0, 0), width / 7, width / 7)
        if not self.isChecked():
            painter.drawLine(
                QtCore.QPointF(-width / 2, height * 0.7), QtCore.QPointF(width / 2, -height * 0.7)
            )
