"""The Tab key goes through the docker as the eye does, whenever its parts were made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from krita_AIhorde.qt import QtCore, QtWidgets

Policy = QtCore.Qt.FocusPolicy
_BY_TAB = (Policy.TabFocus, Policy.StrongFocus, Policy.WheelFocus)


def order_tabs(root: QtWidgets.QWidget) -> None:
    """Have the Tab key go on as the layouts of ``root`` do.

    Qt goes in the order in which widgets were made: new rows would come last, and a part that was put into
    its place later, too.
    """
    stops = list(_stops(root))
    for before, after in pairwise(stops):
        if before.nextInFocusChain() is not after:
            QtWidgets.QWidget.setTabOrder(before, after)


def bring_in_sight(widget: QtWidgets.QWidget) -> None:
    """Scroll to ``widget``; Qt does so only while the keyboard stays inside of what scrolls."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QtWidgets.QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def _stops(widget: QtWidgets.QWidget) -> Iterator[QtWidgets.QWidget]:
    """Those that take the keyboard from the Tab key, as they are laid out."""
    proxy = widget.focusProxy()
    if proxy is not None:
        if widget.isAncestorOf(proxy):  # one stop for all of it: Qt moves it as a whole
            yield widget
        return
    if widget.focusPolicy() in _BY_TAB:
        yield widget
    if isinstance(widget, QtWidgets.QScrollArea):
        content = widget.widget()
        if content is not None:
            yield from _stops(content)
    layout = widget.layout()
    if layout is not None:
        yield from _stops_in(layout)


def _stops_in(layout: QtWidgets.QLayout) -> Iterator[QtWidgets.QWidget]:
    indexes = list(range(layout.count()))
    if isinstance(layout, QtWidgets.QGridLayout):
        indexes.sort(key=lambda index: layout.getItemPosition(index)[:2])
    for index in indexes:
        item = layout.itemAt(index)
        widget, inner = (None, None) if item is None else (item.widget(), item.layout())
        if widget is not None:
            yield from _stops(widget)
        elif inner is not None:
            yield from _stops_in(inner)
