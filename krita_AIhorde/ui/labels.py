"""Labels that fit into a narrow docker whatever they say."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets

from .words import breakable

Policy = QtWidgets.QSizePolicy.Policy


class ElidedLabel(QtWidgets.QLabel):
    """One line, cut with "…" where it ends; its whole text is in the tooltip."""

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.setSizePolicy(Policy.Expanding, Policy.Fixed)

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(self.fontMetrics().averageCharWidth() * 8, self.fontMetrics().height())

    def sizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(self.fontMetrics().horizontalAdvance(self.text()), self.fontMetrics().height())

    def paintEvent(self, event: QtGui.QPaintEvent | None) -> None:
        painter = QtGui.QPainter(self)
        elide = QtCore.Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.text(), elide, self.width())
        vertically_centred = QtCore.Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(vertically_centred), text)


class Sentence(QtWidgets.QLabel):
    """Some words on as many lines as they need; hidden while there are none.

    Never rich text: the words may come from a server.
    """

    def __init__(self, parent: QtWidgets.QWidget, *, selectable: bool = False) -> None:
        super().__init__(parent)
        self.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(Policy.Ignored, Policy.Minimum)
        if selectable:
            self.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
            self.setCursor(QtCore.Qt.CursorShape.IBeamCursor)

    def say(self, text: str, longest: int = 600) -> None:
        """Show ``text``, at most ``longest`` characters of it (all of it is in the tooltip then)."""
        shown = text if len(text) <= longest else text[: longest - 1] + "…"
        self.setText(breakable(shown))
        self.setToolTip(text if shown != text else "")
        self.setVisible(bool(text))


class LinkLabel(QtWidgets.QLabel):
    """Rich text of our own whose links open in the browser."""

    def __init__(self, html: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(html, parent)
        self._html = html
        self.setWordWrap(True)
        self.setOpenExternalLinks(True)
        self.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextBrowserInteraction)

    def show_html(self, html: str) -> None:
        self._html = html
        self.setText(html)

    def changeEvent(self, event: QtCore.QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QtCore.QEvent.Type.PaletteChange:
            self.setText("")  # Qt fixes a link's colour when the text is set
            self.setText(self._html)
