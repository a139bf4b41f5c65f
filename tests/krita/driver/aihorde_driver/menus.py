"""Menu entries that have a text but no name."""

from __future__ import annotations

from krita_AIhorde.qt import QtWidgets


def action_called(window, text):
    """The action with this text, wherever in the window's menus it is."""
    kind = type(QtWidgets.QMenu().addAction(""))  # QAction: in another module in PyQt5 than in PyQt6
    return next(action for action in window.findChildren(kind) if action.text().replace("&", "") == text)
