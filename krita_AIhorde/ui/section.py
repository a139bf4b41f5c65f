"""A part of the docker that folds."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtWidgets


class Section(QtWidgets.QWidget):
    """A headline that folds and unfolds ``body``. `header` is checked while it is open."""

    def __init__(self, title: str, body: QtWidgets.QWidget, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._body = body
        self.header = QtWidgets.QToolButton(self)
        self.header.setCheckable(True)
        self.header.setAutoRaise(True)
        self.header.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self.header.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.set_title(title)
        font = self.header.font()
        font.setBold(True)
        self.header.setFont(font)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.header)
        layout.addWidget(body)
        self.header.toggled.connect(self._fold)
        self._fold(False)

    def set_title(self, title: str) -> None:
        self.header.setText(title)
        self.header.setAccessibleName(title)

    def _fold(self, is_open: bool) -> None:
        arrow = QtCore.Qt.ArrowType
        self.header.setArrowType(arrow.DownArrow if is_open else arrow.RightArrow)
        self._body.setVisible(is_open)
