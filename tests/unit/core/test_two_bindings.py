"""The code is for PyQt5 and PyQt6 alike: nothing that only the older one understands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt5 import QtCore, QtGui, QtTest, QtWidgets

CHECKOUT = Path(__file__).resolve().parents[3]
MODULES = {"QtCore": QtCore, "QtGui": QtGui, "QtTest": QtTest, "QtWidgets": QtWidgets}
MOVED = {"QAction", "QActionGroup", "QShortcut", "QUndoCommand", "QUndoStack"}  # to QtGui in Qt 6
FOLDERS = ("krita_AIhorde", "tests/krita", "tests/unit/ui")


def own_files() -> list[Path]:
    files = [file for folder in FOLDERS for file in sorted((CHECKOUT / folder).rglob("*.py"))]
    return [file for file in files if not {"vendor", "vendor-pillow"} & set(file.parts)]


def chain(node: ast.expr) -> list[str]:
    """``["QtCore", "Qt", "Key"]`` of ``QtCore.Qt.Key``; empty where it does not begin with a name."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return [node.id, *names] if isinstance(node, ast.Name) else []


def is_enum(thing: Any) -> bool:
    return isinstance(thing, type) and type(thing).__name__ == "enumtype"


def only_in_pyqt5(names: list[str]) -> str:
    """What PyQt6 would not find in this chain of names, or ""."""
    if len(names) < 2 or names[0] not in MODULES:
        return ""
    if names[0] == "QtWidgets" and names[1] in MOVED:
        return f"{names[1]} is in QtGui"
    thing: Any = MODULES[names[0]]
    for name in names[1:]:
        above, thing = thing, getattr(thing, name, None)
        if thing is None:
            return ""
        if is_enum(type(thing)) and not is_enum(above):
            return f"{name} is in {type(thing).__name__}"
    return ""


def faults(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr in {"exec_", "print_"}:
            yield f"line {node.lineno}: {node.attr}"
        if fault := only_in_pyqt5(chain(node)):
            yield f"line {node.lineno}: {fault}"


@pytest.mark.parametrize(
    "line",
    [
        "QtCore.Qt.Key_E",
        "QtGui.QTextCursor.Start",
        "QtWidgets.QAction",
        "box.exec_()",
        "QtCore.Qt.Key_E.name",
    ],
)
def test_what_pyqt6_lacks_is_found(line: str) -> None:
    assert list(faults(line))


@pytest.mark.parametrize("line", ["QtCore.Qt.Key.Key_E", "QtGui.QColor.red", "QtCore.Qt.Key", "box.exec()"])
def test_what_both_have_is_no_fault(line: str) -> None:
    assert list(faults(line)) == []


def test_nothing_of_ours_is_for_pyqt5_alone() -> None:
    found = {file: list(faults(file.read_text("utf-8"))) for file in own_files()}
    assert {str(file): said for file, said in found.items() if said} == {}
