"""What the chosen model needs, if the settings are something else, and a button that sets it."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde.qt import QtWidgets, tr

from .intents import Studio
from .labels import Sentence
from .theme import Tone, set_tone


class AdviceRow(QtWidgets.QWidget):
    """Takes no room while there is nothing to advise.

    ``ask`` is called with the studio's intent, as for the other buttons.
    """

    def __init__(
        self, studio: Studio, ask: Callable[[Callable[[], None]], None], parent: QtWidgets.QWidget
    ) -> None:
        super().__init__(parent)
        self._studio, self._ask = studio, ask
        self._words = Sentence(self)
        self._words.setObjectName("modelAdvice")
        set_tone(self._words, Tone.MUTED)
        self._button = QtWidgets.QPushButton(tr("Use what this model needs"), self)
        self._button.setObjectName("applyAdviceButton")
        self._button.setAccessibleName(self._button.text())
        self._button.clicked.connect(self._apply)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._button)
        line.addStretch(1)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self.fontMetrics().height() // 4)
        layout.addWidget(self._words)
        layout.addLayout(line)
        self._unsubscribe: Callable[[], None] | None = studio.on_advice(self._show_advice)
        self._show_advice()

    def release(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _apply(self) -> None:
        self._ask(self._studio.apply_advice)

    def _show_advice(self) -> None:
        advice = self._studio.advice()
        self._words.say(advice)
        self._button.setToolTip(advice)
        self._button.setAccessibleDescription(advice)
        self.setVisible(bool(advice))
