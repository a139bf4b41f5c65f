"""Scrolling up and down, never sideways."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtWidgets

Policy = QtWidgets.QSizePolicy.Policy


class Scrolled(QtWidgets.QWidget):
    """Content for `VerticalScroll` whose sentences wrap: its height follows from its width alone.

    The least height that Qt guesses is that of a very narrow one, and would leave gaps.
    """

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(super().minimumSizeHint().width(), 0)


class VerticalScroll(QtWidgets.QScrollArea):
    """Wide enough for ``content`` at any time, and at least ``fewest`` lines of text high.

    With ``hug`` it is never higher than ``content``; without, it takes all the height that others leave, and
    asks for no more than twice its least, or a long list would push everything else together.
    """

    def __init__(
        self, content: QtWidgets.QWidget, fewest: int, *, hug: bool, parent: QtWidgets.QWidget
    ) -> None:
        super().__init__(parent)
        self._fewest, self._hug = fewest, hug
        self.setWidgetResizable(True)
        self.setFocusPolicy(
            QtCore.Qt.FocusPolicy.NoFocus
        )  # Tab goes to the controls: they are brought in sight
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(Policy.Preferred, Policy.Maximum if hug else Policy.Expanding)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        viewport = self.viewport()
        assert viewport is not None
        viewport.setAutoFillBackground(False)  # the docker shows through: one surface, not a box in a box

    def minimumSizeHint(self) -> QtCore.QSize:
        bar, content = self.verticalScrollBar(), self.widget()
        assert bar is not None
        assert content is not None
        width = content.minimumSizeHint().width() + bar.sizeHint().width()
        return QtCore.QSize(width, min(self._least(), self._content_height()))

    def sizeHint(self) -> QtCore.QSize:
        height = self._content_height()
        return QtCore.QSize(
            self.minimumSizeHint().width(), height if self._hug else min(height, 2 * self._least())
        )

    def _least(self) -> int:
        return self._fewest * self.fontMetrics().lineSpacing()

    def _content_height(self) -> int:
        content = self.widget()
        assert content is not None
        if not content.hasHeightForWidth():
            return content.sizeHint().height()
        viewport = self.viewport()
        width = viewport.width() if viewport is not None else self.width()
        return content.heightForWidth(max(width, content.minimumSizeHint().width()))

    def eventFilter(self, watched: QtCore.QObject | None, event: QtCore.QEvent | None) -> bool:
        if event is not None and event.type() == QtCore.QEvent.Type.LayoutRequest:
            self.updateGeometry()  # the content grew or shrank: so may we
        return super().eventFilter(watched, event)
