"""Colours of our own, mixed from the host's palette, so that the docker fits every theme of Krita."""

from __future__ import annotations

import enum

from krita_AIhorde.qt import QtGui, QtWidgets

_PROPERTY = "tone"
Role = QtGui.QPalette.ColorRole


class Tone(enum.Enum):
    PLAIN = ""
    MUTED = "muted"  # secondary text, and buttons that cannot work right now
    ATTENTION = "attention"  # something went wrong
    FIELD = "field"  # text fields: a placeholder that can be read (Krita 5.2 leaves Qt's own, black on dark)


def set_tone(widget: QtWidgets.QWidget, tone: Tone) -> None:
    """Colour ``widget``'s text, now and after every change of the theme (see `refresh`)."""
    if widget.property(_PROPERTY) == tone.value:
        return
    widget.setProperty(_PROPERTY, tone.value)
    _apply(widget, tone)


def refresh(root: QtWidgets.QWidget) -> None:
    """Mix the colours of all widgets under ``root`` anew: its palette has changed."""
    for widget in root.findChildren(QtWidgets.QWidget):
        tone = widget.property(_PROPERTY)
        if tone:
            _apply(widget, Tone(tone))


def _apply(widget: QtWidgets.QWidget, tone: Tone) -> None:
    parent = widget.parentWidget()
    host = parent.palette() if parent is not None else QtWidgets.QApplication.palette(widget)
    own = QtGui.QPalette()  # says nothing by itself: all but what follows goes on coming from the host
    if tone is Tone.MUTED:
        own.setColor(Role.WindowText, mix(host.color(Role.WindowText), host.color(Role.Window), 0.35))
        own.setColor(Role.ButtonText, mix(host.color(Role.ButtonText), host.color(Role.Button), 0.5))
    elif tone is Tone.ATTENTION:
        own.setColor(Role.WindowText, attention(host.color(Role.Window)))
    elif tone is Tone.FIELD:
        own.setColor(Role.PlaceholderText, mix(host.color(Role.Text), host.color(Role.Base), 0.45))
    widget.setPalette(own)


def mix(one: QtGui.QColor, other: QtGui.QColor, share: float) -> QtGui.QColor:
    """``one`` with a ``share`` (0 to 1) of ``other``."""

    def between(a: int, b: int) -> int:
        return round(a + (b - a) * share)

    return QtGui.QColor(
        between(one.red(), other.red()),
        between(one.green(), other.green()),
        between(one.blue(), other.blue()),
    )


def attention(background: QtGui.QColor) -> QtGui.QColor:
    """A red that can be read on ``background``."""
    dark = background.lightnessF() < 0.5
    return QtGui.QColor.fromHslF(0.01, 0.8 if dark else 0.75, 0.76 if dark else 0.36)
