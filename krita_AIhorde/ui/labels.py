"""Labels that fit into a narrow docker whatever they say."""

from __future__ import annotations

import unicodedata

from krita_AIhorde.jobs.characters import beginning
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets

from .words import breakable

Policy = QtWidgets.QSizePolicy.Policy
Align = QtCore.Qt.AlignmentFlag


class LeadingLabel(QtWidgets.QLabel):
    """Begins where the docker's lines begin: to the right, where they run from right to left.

    Qt goes by the words instead: English ones (or a number) would lie at the other end of a mirrored docker.
    """

    def __init__(self, text: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(text, parent)
        self._align()

    def changeEvent(self, event: QtCore.QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QtCore.QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        side = Align.AlignRight if self.isRightToLeft() else Align.AlignLeft
        self.setAlignment(side | Align.AlignAbsolute | Align.AlignVCenter)  # type: ignore[arg-type]


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
        painter.setPen(self.palette().color(self.foregroundRole()))
        draw_line(painter, self.rect(), self.text(), self.layoutDirection())


def draw_line(
    painter: QtGui.QPainter, room: QtCore.QRect, text: str, direction: QtCore.Qt.LayoutDirection
) -> None:
    """``text`` on one line in ``room``, cut with "…" where it ends.

    It begins where lines run from in ``direction``, and reads as it would by itself: English words keep their
    "…" at the right in a mirrored docker.
    """
    short = painter.fontMetrics().elidedText(text, QtCore.Qt.TextElideMode.ElideRight, room.width())
    mirrored = direction == QtCore.Qt.LayoutDirection.RightToLeft
    painter.setLayoutDirection(reading_direction(text))
    side = Align.AlignRight if mirrored else Align.AlignLeft
    painter.drawText(room, int(side | Align.AlignAbsolute | Align.AlignVCenter), short)


def reading_direction(text: str) -> QtCore.Qt.LayoutDirection:
    """By the first letter that has a direction."""
    direction = QtCore.Qt.LayoutDirection
    first = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return direction.LeftToRight if first == "L" else direction.RightToLeft


class Sentence(LeadingLabel):
    """Some words on as many lines as they need; hidden while there are none.

    Never rich text: the words may come from a server.
    """

    def __init__(self, parent: QtWidgets.QWidget, *, selectable: bool = False) -> None:
        super().__init__("", parent)
        self.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(Policy.Ignored, Policy.Minimum)
        if selectable:
            self.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
            self.setCursor(QtCore.Qt.CursorShape.IBeamCursor)

    def say(self, text: str, longest: int = 600) -> None:
        """Show ``text``, at most ``longest`` characters of it (all of it is in the tooltip then)."""
        shown = text if len(text) <= longest else beginning(text, longest - 1) + "…"
        self.setText(breakable(shown))
        self.setToolTip(text if shown != text else "")
        self.setVisible(bool(text))


class LinkLabel(LeadingLabel):
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
