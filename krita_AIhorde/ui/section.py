"""A part of the docker that folds."""

from __future__ import annotations

from collections.abc import Sequence

from krita_AIhorde.qt import QtCore, QtWidgets, tr

from .folding import FoldButton
from .words import wrapped

MARKER = "⚠"


class Section(QtWidgets.QWidget):
    """A headline that folds and unfolds ``body``. `header` is checked while it is open.

    ``name`` is how scripts find it ("advanced": `advancedSection`, `advancedHeader`).
    """

    def __init__(self, name: str, title: str, body: QtWidgets.QWidget, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._body, self._title = body, title
        self._remarks: tuple[str, ...] = ()
        self.setObjectName(f"{name}Section")
        self.header = FoldButton(self)
        self.header.setObjectName(f"{name}Header")
        self.header.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self.header.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
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
        self._title = title
        self._show()

    def set_remarks(self, sentences: Sequence[str]) -> None:
        """What is said inside: while the section is folded its headline tells that there is something."""
        self._remarks = tuple(sentences)
        self._show()

    def _show(self) -> None:
        hidden = () if self.header.isChecked() else self._remarks
        self.header.setText(f"{self._title}  {MARKER}" if hidden else self._title)
        self.header.setAccessibleName(self._title)
        self.header.setAccessibleDescription(tr("To look at: {0}").format(" ".join(hidden)) if hidden else "")
        self.header.setToolTip("\n".join(map(wrapped, hidden)))

    def _fold(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self._show()
