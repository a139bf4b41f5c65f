"""Asks in the docker itself, not in a window in the artist's way, before all settings are reset."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde.qt import QtWidgets, tr

from .flow import FlowLayout
from .labels import Sentence


class ResetQuestion(QtWidgets.QWidget):
    """Hidden until `ask`; ``reset`` is called only if the artist says so."""

    def __init__(self, reset: Callable[[], None], parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._reset = reset
        self.setObjectName("resetQuestion")
        words = Sentence(self)
        words.say(tr("Reset all settings, and empty the prompts? The API key and favourites stay."))
        line = QtWidgets.QWidget(self)
        flow = FlowLayout(line, self.fontMetrics().height() // 4)
        self._yes = self._button("resetConfirmButton", tr("Reset"), self._confirm, line)
        self._no = self._button("resetKeepButton", tr("Keep"), self.hide, line)
        flow.addWidget(self._yes)
        flow.addWidget(self._no)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(words)
        layout.addWidget(line)
        self.hide()

    def ask(self) -> None:
        self.show()
        self._no.setFocus()  # what Return or Space then does loses nothing

    def _button(
        self, name: str, text: str, press: Callable[[], None], parent: QtWidgets.QWidget
    ) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(text, parent)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.clicked.connect(lambda _=False: press())
        return button

    def _confirm(self) -> None:
        self.hide()
        self._reset()
