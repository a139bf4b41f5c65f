"""A place in the docker for a part that is made elsewhere."""

from __future__ import annotations

from krita_AIhorde.qt import QtWidgets


class Place(QtWidgets.QWidget):
    """Found by its name; takes no room until something was `put` there."""

    def __init__(self, name: str, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def put(self, part: QtWidgets.QWidget) -> None:
        layout = self.layout()
        assert layout is not None
        layout.addWidget(part)
        self.show()
