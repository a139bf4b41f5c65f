"""What an artist would see cut off."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtWidgets
from krita_AIhorde.ui.labels import ElidedLabel
from krita_AIhorde.ui.status import StatusLight

FRAME = 4  # px that a button's frame takes of its width


def clipped(root: QtWidgets.QWidget) -> list[str]:
    """The names (or texts) of the visible widgets under ``root`` that do not show all of their text."""
    return [
        _name(widget)
        for widget in root.findChildren(QtWidgets.QWidget)
        if widget.isVisibleTo(root) and widget.width() and (_is_short(widget) or _sticks_out(widget))
    ]


def _name(widget: QtWidgets.QWidget) -> str:
    if isinstance(widget, QtWidgets.QLabel | QtWidgets.QAbstractButton) and not widget.objectName():
        return widget.text()
    return widget.objectName()


def _is_short(widget: QtWidgets.QWidget) -> bool:
    if isinstance(widget, ElidedLabel):
        return widget.height() < widget.fontMetrics().height()
    if isinstance(widget, QtWidgets.QLabel) and widget.wordWrap():
        return widget.height() < widget.heightForWidth(widget.width()) or widget.width() < _widest_word(
            widget
        )
    if isinstance(widget, QtWidgets.QPushButton):
        said = widget.fontMetrics().size(0, widget.text())
        return widget.width() < said.width() + 2 * FRAME or widget.height() < said.height()
    if isinstance(widget, QtWidgets.QAbstractSpinBox):
        return widget.width() < widget.minimumWidth() or widget.height() < widget.minimumSizeHint().height()
    if isinstance(widget, QtWidgets.QAbstractButton | QtWidgets.QLabel):
        light = isinstance(widget, StatusLight)  # it has words for less room than it would like
        hint = widget.minimumSizeHint() if light and widget.fits(widget.text()) else widget.sizeHint()
        return widget.width() < hint.width() or widget.height() < hint.height()
    return False


def _widest_word(label: QtWidgets.QLabel) -> int:
    return label.minimumSizeHint().width() if label.textFormat() != QtCore.Qt.TextFormat.PlainText else 0


def _sticks_out(widget: QtWidgets.QWidget) -> bool:
    """Beyond its parent; above and below is allowed inside a scroll area."""
    parent = widget.parentWidget()
    if (
        parent is None
        or widget.isWindow()
        or isinstance(parent, QtWidgets.QAbstractScrollArea | QtWidgets.QLineEdit)
    ):
        return False
    sideways = widget.x() < 0 or widget.x() + widget.width() > parent.width()
    scrolls = isinstance(parent.parentWidget(), QtWidgets.QAbstractScrollArea)
    up_or_down = widget.y() < 0 or widget.y() + widget.height() > parent.height()
    return sideways or (up_or_down and not scrolls)
