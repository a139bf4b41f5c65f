"""The Tab key goes through the docker as the eye does, whenever its parts were made."""

from __future__ import annotations

from itertools import pairwise

from krita_AIhorde.qt import QtCore, QtWidgets

from .rows import Rows

Policy = QtCore.Qt.FocusPolicy
_BY_TAB = (Policy.TabFocus, Policy.StrongFocus, Policy.WheelFocus)


def order_tabs(root: QtWidgets.QWidget) -> None:
    """Have the Tab key go on as the layouts of ``root`` do.

    Qt goes in the order in which widgets were made: new rows would come last, and a part that was put into
    its place later, too.
    """
    stops = _stops(root)
    if _are_in_order(stops):
        return
    # Qt takes a widget with a proxy for one with all that is in it, and tears the chain where it is not; and
    # it moves none that has no focus policy of its own.
    proxies = [(widget, widget.focusProxy(), widget.focusPolicy()) for widget in stops if widget.focusProxy()]
    for widget, _, _ in proxies:
        widget.setFocusProxy(None)
        widget.setFocusPolicy(Policy.StrongFocus)
    for before, after in pairwise(stops):
        if before.nextInFocusChain() is not after:
            QtWidgets.QWidget.setTabOrder(before, after)
    for widget, proxy, policy in proxies:
        widget.setFocusPolicy(policy)
        widget.setFocusProxy(proxy)


def _are_in_order(stops: list[QtWidgets.QWidget]) -> bool:
    """Whether the Tab key meets them so, whatever it passes by between them."""
    expected, at = iter(stops[1:]), stops[0]
    others, wanted = set(stops), next(expected, None)
    while wanted is not None:
        at = at.nextInFocusChain() or stops[0]
        if at is wanted:
            wanted = next(expected, None)
        elif at in others:
            return False
    return True


def bring_in_sight(widget: QtWidgets.QWidget) -> None:
    """Scroll to ``widget``; Qt does so only while the keyboard stays inside of what scrolls."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QtWidgets.QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def _stops(widget: QtWidgets.QWidget) -> list[QtWidgets.QWidget]:
    """What takes the keyboard from the Tab key in ``widget``, as it is laid out; hidden or not.

    A widget with a proxy in it comes right before that: Qt goes to the one through the other. The field that
    a spin box or a list is edited in comes right behind it, for the way back.
    """
    proxy = widget.focusProxy()
    stops: list[QtWidgets.QWidget] = []
    if proxy is None and widget.focusPolicy() in _BY_TAB:
        stops.append(widget)
        stops += [edit for edit in _edits(widget) if edit.focusProxy() is widget]
    if isinstance(widget, QtWidgets.QScrollArea):
        content = widget.widget()
        stops += [] if content is None else _stops(content)
    layout = widget.layout()
    if layout is not None:
        stops += _stops_in(layout)
    if isinstance(widget, Rows):  # has no layout: it places them itself
        for row in widget.rows_in_order():
            stops += _stops(row)
    if proxy is not None and proxy in stops:
        stops.insert(stops.index(proxy), widget)
    return stops


def _edits(widget: QtWidgets.QWidget) -> list[QtWidgets.QLineEdit]:
    if not isinstance(widget, QtWidgets.QAbstractSpinBox | QtWidgets.QComboBox):
        return []
    return widget.findChildren(QtWidgets.QLineEdit)


def _stops_in(layout: QtWidgets.QLayout) -> list[QtWidgets.QWidget]:
    indexes = list(range(layout.count()))
    if isinstance(layout, QtWidgets.QGridLayout):
        indexes.sort(key=lambda index: layout.getItemPosition(index)[:2])
    stops = []
    for index in indexes:
        item = layout.itemAt(index)
        widget, inner = (None, None) if item is None else (item.widget(), item.layout())
        if widget is not None:
            stops += _stops(widget)
        elif inner is not None:
            stops += _stops_in(inner)
    return stops
