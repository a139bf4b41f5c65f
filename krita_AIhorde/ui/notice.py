"""What is shown instead of the docker when there is nothing to show: one sentence that says why."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtWidgets


class NoticeWidget(QtWidgets.QWidget):
    """``text`` is plain: it can be selected and copied, and wraps in a narrow docker."""

    def __init__(self, text: str, name: str = "notice", parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        label = QtWidgets.QLabel(text, self)
        label.setObjectName(name)
        label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(label)
        layout.addStretch(1)
