"""Manners towards the host: what the pointer and the keyboard do over our controls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal

from .rows import Rows

Type = QtCore.QEvent.Type
Modifier = QtCore.Qt.KeyboardModifier
Standard = QtGui.QKeySequence.StandardKey

_EDITING = (
    Standard.Copy, Standard.Cut, Standard.Paste, Standard.Undo, Standard.Redo, Standard.SelectAll,
    Standard.DeleteStartOfWord, Standard.DeleteEndOfWord, Standard.DeleteEndOfLine,
    Standard.DeleteCompleteLine, Standard.MoveToNextWord, Standard.MoveToPreviousWord,
    Standard.MoveToStartOfDocument,
    Standard.MoveToEndOfDocument, Standard.SelectNextWord, Standard.SelectPreviousWord,
    Standard.SelectStartOfDocument, Standard.SelectEndOfDocument,
)  # fmt: skip


def _keys(*names: str) -> frozenset[Any]:
    return frozenset(getattr(QtCore.Qt.Key, f"Key_{name}") for name in names)


_MOVING = _keys("Home", "End", "Left", "Right", "Up", "Down", "PageUp", "PageDown")
_EDITING_KEYS = _MOVING | _keys("Backspace", "Delete", "Return", "Enter")
# Krita has a shortcut at Tab: show the canvas only.
_LEAVING = _keys("Tab", "Backtab")
_PRESSING = _keys("Space", "Return", "Enter")
_TYPED_INTO = (
    QtWidgets.QLineEdit, QtWidgets.QPlainTextEdit, QtWidgets.QTextEdit, QtWidgets.QAbstractSpinBox,
    QtWidgets.QComboBox,
)  # fmt: skip
_TURNED_BY_WHEEL = (QtWidgets.QAbstractSlider, QtWidgets.QAbstractSpinBox, QtWidgets.QComboBox)
_PRESSED = (QtWidgets.QAbstractButton,)
_WATCHED = (*_TYPED_INTO, QtWidgets.QAbstractSlider, *_PRESSED)


class Guard(QtCore.QObject):
    """An event filter for every control of a docker, those that come later, too.

    The wheel scrolls the docker and changes a value only where the keyboard is. A key that a control has a
    use for is ours: Krita must not take it for a shortcut (``ShortcutOverride`` asks whether a widget wants
    the key).
    """

    arrived = Signal()  # the keyboard came to a control
    # Python empties what it collects before it ends it: the controls of a docker that was let go of without
    # being destroyed still tell their guard that they are going.
    _root: QtWidgets.QWidget | None = None

    def __init__(self, root: QtWidgets.QWidget) -> None:
        super().__init__(root)
        self._root = root
        self._again = QtCore.QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        # A key only ever goes to where the keyboard is (see `_focus_changed`), the wheel goes anywhere.
        self._again.timeout.connect(lambda: self._watch_all(_TURNED_BY_WHEEL))
        self._is_behind = False  # something came that may not be watched yet
        root.installEventFilter(self)
        application = QtWidgets.QApplication.instance()
        assert isinstance(application, QtWidgets.QApplication)
        application.focusChanged.connect(self._focus_changed)
        self._watch_all(_WATCHED)

    def _watch_all(self, kinds: tuple[type[QtWidgets.QWidget], ...]) -> None:
        if self._root is not None:
            for control in _controls(self._root, kinds):
                self._watch(control)

    def _watch(self, control: QtWidgets.QWidget) -> None:
        if control.focusPolicy() == QtCore.Qt.FocusPolicy.WheelFocus:
            control.setFocusPolicy(
                QtCore.Qt.FocusPolicy.StrongFocus
            )  # else the wheel itself brings the focus
        control.installEventFilter(self)  # a second time changes nothing

    def _focus_changed(self, before: QtWidgets.QWidget | None, now: QtWidgets.QWidget | None) -> None:
        """The keyboard is never at a control that is not watched, however it came to be."""
        if now is not None and self._root is not None and self._root.isAncestorOf(now):
            self._watch(now)
            self.arrived.emit()

    def eventFilter(self, watched: QtCore.QObject | None, event: QtCore.QEvent | None) -> bool:
        if self._root is None:
            return False
        kind = event.type() if event is not None else Type.None_
        if watched is self._root:
            # Something came or went somewhere inside. Every job that gets on says so, and to search a docker
            # with 50 of them takes milliseconds: it waits for the pointer, without which no wheel turns.
            self._is_behind |= kind == Type.LayoutRequest
            if self._is_behind and (kind == Type.Enter or self._root.underMouse()):
                self._is_behind = False
                self._again.start()
            return False
        if kind == Type.Wheel and isinstance(watched, _TURNED_BY_WHEEL) and not watched.hasFocus():
            assert event is not None
            event.ignore()  # taken from the control, and handed to its parent
            return True
        if (
            kind == Type.ShortcutOverride
            and isinstance(event, QtGui.QKeyEvent)
            and _has_use_for(watched, event)
        ):
            event.accept()
            return True
        return False


def _controls(
    root: QtCore.QObject, kinds: tuple[type[QtWidgets.QWidget], ...]
) -> Iterator[QtWidgets.QWidget]:
    """Those below ``root``; but for the rows of jobs, which are many, and have nothing that a wheel turns."""
    for child in root.children():
        if isinstance(child, kinds) and not isinstance(child, QtWidgets.QScrollBar):
            yield child
        if isinstance(child, QtWidgets.QWidget) and not isinstance(child, Rows):
            yield from _controls(child, kinds)


def _has_use_for(control: QtCore.QObject | None, event: QtGui.QKeyEvent) -> bool:
    plain = not event.modifiers() & ~(Modifier.ShiftModifier | Modifier.KeypadModifier)
    if event.key() in _LEAVING:
        return plain
    if isinstance(control, _TYPED_INTO):
        return edits_text(event)
    if isinstance(control, QtWidgets.QAbstractSlider):
        return plain and event.key() in _MOVING
    return plain and isinstance(control, _PRESSED) and event.key() in _PRESSING


def edits_text(event: QtGui.QKeyEvent) -> bool:
    """Whether a text field has a use for this key."""
    if any(event.matches(standard) for standard in _EDITING) or event.key() in _EDITING_KEYS:
        return True
    control_or_meta = event.modifiers() & (Modifier.ControlModifier | Modifier.MetaModifier)
    alt_gr = event.modifiers() & Modifier.AltModifier and control_or_meta  # how Windows reports it
    return event.text().isprintable() and event.text() != "" and (not control_or_meta or bool(alt_gr))
