"""What types a seed: a die, and the newest picture."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde import settings as s
from krita_AIhorde.jobs.request import choose_seed
from krita_AIhorde.qt import QtWidgets, tr

from .intents import Studio


class Die(QtWidgets.QToolButton):
    """Types a random seed, so that the picture can be made again with other settings."""

    def __init__(self, settings: s.Settings, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setObjectName("randomSeedButton")
        self.setText("⚄")
        self.setAutoRaise(True)
        self.setToolTip(tr("Types a random seed: you can then change other settings and compare."))
        self.setAccessibleName(tr("Random seed"))
        self.clicked.connect(self._roll)

    def _roll(self) -> None:
        get = self._settings.get
        self._settings.set(s.SEED, str(choose_seed("", get(s.IMAGE_COUNT), get(s.SEED_VARIATION))))


class LastSeed(QtWidgets.QToolButton):
    """Types the seed of the newest picture that has landed."""

    def __init__(self, studio: Studio, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setObjectName("lastSeedButton")
        self.setText("↺")
        self.setAutoRaise(True)
        self.setAccessibleName(tr("Seed of the newest picture"))
        self.clicked.connect(self._reuse)
        self._show()
        self._unsubscribe: list[Callable[[], None]] = [
            studio.on_jobs(self._show),
            studio.on_job(lambda _: self._show()),
        ]

    def release(self) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def _show(self) -> None:
        there_is_one = bool(self._studio.last_seed())
        if there_is_one is self.isEnabled() and self.toolTip():
            return
        self.setEnabled(there_is_one)
        self.setToolTip(
            tr("Types the seed of the newest picture, to make it again or to change it a little.")
            if there_is_one
            else tr("No picture has come back yet.")
        )

    def _reuse(self) -> None:
        if seed := self._studio.last_seed():
            self._studio.settings.set(s.SEED, seed)
