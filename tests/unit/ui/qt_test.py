"""QtTest of the binding that `krita_AIhorde.qt` chose, and a short way to a docker's controls."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TypeVar

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.words import NO_BREAK_SPACE

QTest = importlib.import_module(QtCore.__name__.replace("QtCore", "QtTest")).QTest
Key = QtCore.Qt.Key
DEFERRED_DELETE = int(getattr(QtCore.QEvent.Type.DeferredDelete, "value", QtCore.QEvent.Type.DeferredDelete))
Modifier = QtCore.Qt.KeyboardModifier
LEFT = QtCore.Qt.MouseButton.LeftButton

W = TypeVar("W", bound=QtWidgets.QWidget)


def find(root: QtWidgets.QWidget, name: str, kind: type[W] = QtWidgets.QWidget) -> W:
    """The one widget of that name under ``root``: names are unique inside a docker (contract.md)."""
    (found,) = root.findChildren(kind, name)
    return found


def wait_until(happened: Callable[[], object]) -> None:
    """Let Qt work until ``happened()``; fails after 10 seconds."""
    deadline = QtCore.QDeadlineTimer(10_000)
    while not happened():
        assert not deadline.hasExpired()
        QtCore.QCoreApplication.processEvents(QtCore.QEventLoop.ProcessEventsFlag.AllEvents, 50)


def delete_now(widget: QtWidgets.QWidget) -> None:
    """What an event loop does after ``deleteLater``; ``processEvents`` does not."""
    widget.deleteLater()
    QtCore.QCoreApplication.sendPostedEvents(widget, DEFERRED_DELETE)


def read(label: QtWidgets.QLabel) -> str:
    """The words of ``label``, whichever of their spaces no line may end at."""
    return label.text().replace(NO_BREAK_SPACE, " ")


def lines(label: QtWidgets.QLabel, width: int) -> list[str]:
    """The lines on which Qt would show the words of ``label`` in that many pixels."""
    shown = []
    for paragraph in label.text().split("\n"):
        layout = QtGui.QTextLayout(paragraph, label.font())
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            shown.append(paragraph[line.textStart() : line.textStart() + line.textLength()])
        layout.endLayout()
    return shown


def rows(docker: QtWidgets.QWidget) -> list[QtWidgets.QWidget]:
    return find(docker, "jobs").findChildren(QtWidgets.QWidget, "job")
