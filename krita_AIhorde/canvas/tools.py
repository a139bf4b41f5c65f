"""The artist's tool, colour and eraser: remembered, changed, and given back."""

from __future__ import annotations

import krita
from attrs import frozen

from krita_AIhorde.qt import QtWidgets

FREEHAND_BRUSH = "KritaShape/KisToolBrush"
ERASER = "erase_action"
TOOLBOX = "ToolBox"


@frozen
class Hands:
    """What the artist painted with."""

    tool: str
    colour: krita.ManagedColor | None
    erasing: bool


def current_tool(window: krita.Window) -> str:
    """The id of the current tool: its action's name, as the toolbox's checked button bears it."""
    toolbox = window.qwindow().findChild(QtWidgets.QDockWidget, TOOLBOX)
    if toolbox is None:
        return ""
    for button in toolbox.findChildren(QtWidgets.QToolButton):
        if button.isCheckable() and button.isChecked() and button.objectName():
            return str(button.objectName())
    return ""


def take_white_brush(window: krita.Window) -> Hands:
    """Choose the freehand brush and white in the active window, and return what to give back later."""
    view = window.activeView()
    before = Hands(current_tool(window), view.foregroundColor(), _eraser_on())
    _trigger(FREEHAND_BRUSH)
    if before.erasing:
        _trigger(ERASER)
    view.setForeGroundColor(_white())
    return before


def give_back(hands: Hands, window: krita.Window) -> None:
    """Give back what the artist has not changed since; ``window`` is the active one, where it was taken."""
    view = window.activeView()
    if hands.tool and hands.tool != FREEHAND_BRUSH and current_tool(window) == FREEHAND_BRUSH:
        _trigger(hands.tool)
    if hands.colour is not None and _is_white(view.foregroundColor()):
        view.setForeGroundColor(hands.colour)
    if hands.erasing and not _eraser_on():
        _trigger(ERASER)


def _white() -> krita.ManagedColor:
    colour = krita.ManagedColor("RGBA", "U8", "")
    colour.setComponents([1.0, 1.0, 1.0, 1.0])
    return colour


def _is_white(colour: krita.ManagedColor) -> bool:
    return bool(colour.colorModel() == "RGBA" and all(part > 0.999 for part in colour.components()))


def _eraser_on() -> bool:
    action = krita.Krita.instance().action(ERASER)
    return bool(action is not None and action.isChecked())


def _trigger(name: str) -> None:
    action = krita.Krita.instance().action(name)
    if action is not None:
        action.trigger()
