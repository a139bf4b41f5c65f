"""Menu entries that have a text but no name."""

from __future__ import annotations

from .qt import QAction


def action_called(window, text):
    """The action with this text, wherever in the window's menus it is."""
    found = window.findChildren(QAction)
    return next(action for action in found if action.text().replace("&", "") == text)
