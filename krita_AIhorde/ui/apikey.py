"""The API key: where it is entered, and where one can be had."""

from __future__ import annotations

from krita_AIhorde.qt import QtGui, QtWidgets, tr
from krita_AIhorde.settings import API_KEY

from .binding import Bindings
from .glyphs import Eye
from .labels import LinkLabel
from .theme import Tone, set_tone

REGISTER = "https://aihorde.net/register"
Echo = QtWidgets.QLineEdit.EchoMode


class EyeButton(Eye):
    """Shows what a password field holds while it is pressed in."""

    def __init__(self, field: QtWidgets.QLineEdit, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._field = field
        self.toggled.connect(self._show)
        self._show(False)

    def _show(self, on: bool) -> None:
        self._field.setEchoMode(Echo.Normal if on else Echo.Password)
        words = tr("Hide the key") if on else tr("Show the key")
        self.setToolTip(words)
        self.setAccessibleName(words)

    def hideEvent(self, event: QtGui.QHideEvent | None) -> None:
        super().hideEvent(event)
        self.setChecked(False)  # who comes back later may not be alone


class KeyField(QtWidgets.QWidget):
    """The API key and its eye, and a sentence for those who have none."""

    def __init__(self, bindings: Bindings, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        key = QtWidgets.QLineEdit(self)
        key.setObjectName("apiKey")
        key.setEchoMode(Echo.Password)
        key.setPlaceholderText(tr("anonymous"))
        key.setAccessibleName(tr(API_KEY.label))
        key.setToolTip(tr(API_KEY.tooltip))
        set_tone(key, Tone.FIELD)
        bindings.bind(key, API_KEY)
        eye = EyeButton(key, self)
        eye.setObjectName("showKeyButton")
        label = QtWidgets.QLabel(tr(API_KEY.label), self)
        label.setBuddy(key)
        link = f'<a href="{REGISTER}">{tr("A key of your own")}</a>'
        words = tr("Without a key you are anonymous: that works, with the longest waits. {0} is free.")
        self.invitation = LinkLabel(words.format(link), self)
        self.invitation.setObjectName("keyInvitation")
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label, 0, 0)
        grid.addWidget(key, 0, 1)
        grid.addWidget(eye, 0, 2)
        grid.addWidget(self.invitation, 1, 0, 1, 3)
