"""QtTest of the binding that `krita_AIhorde.qt` chose, and a short way to a docker's controls."""

from __future__ import annotations

import importlib
from typing import TypeVar

from krita_AIhorde.qt import QtCore, QtWidgets

QTest = importlib.import_module(QtCore.__name__.replace("QtCore", "QtTest")).QTest
Key = QtCore.Qt.Key
Modifier = QtCore.Qt.KeyboardModifier
LEFT = QtCore.Qt.MouseButton.LeftButton

W = TypeVar("W", bound=QtWidgets.QWidget)


def find(root: QtWidgets.QWidget, name: str, kind: type[W] = QtWidgets.QWidget) -> W:
    """The one widget of that name under ``root``: names are unique inside a docker (contract.md)."""
    (found,) = root.findChildren(kind, name)
    return found


def rows(docker: QtWidgets.QWidget) -> list[QtWidgets.QWidget]:
    return find(docker, "jobs").findChildren(QtWidgets.QWidget, "job")
