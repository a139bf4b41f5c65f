"""Who the Horde takes the artist for."""

from __future__ import annotations

from krita_AIhorde.qt import QtWidgets, tr
from krita_AIhorde.settings import API_KEY

from .binding import Bindings
from .labels import LinkLabel
from .theme import Tone, set_tone

REGISTER = "https://aihorde.net/register"


class Account(QtWidgets.QWidget):
    """The API key. The account's name and kudos get their lines here when they are known."""

    def __init__(self, bindings: Bindings, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        key = QtWidgets.QLineEdit(self)
        key.setObjectName("apiKey")
        key.setEchoMode(QtWidgets.QLineEdit.EchoMode.Password)
        key.setPlaceholderText(tr("anonymous"))
        key.setAccessibleName(tr(API_KEY.label))
        key.setToolTip(tr(API_KEY.tooltip))
        set_tone(key, Tone.FIELD)
        bindings.bind(key, API_KEY)
        label = QtWidgets.QLabel(tr(API_KEY.label), self)
        label.setBuddy(key)
        words = tr("Without a key you are anonymous: that works, with the longest waits. {0} is free.")
        link = f'<a href="{REGISTER}">{tr("A key of your own")}</a>'
        form = QtWidgets.QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(label, key)
        form.addRow(LinkLabel(words.format(link), self))
