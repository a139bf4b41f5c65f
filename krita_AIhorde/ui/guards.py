"""Manners towards the host: what the pointer and the keyboard do over our controls."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal

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
_KEYS = frozenset(
    getattr(QtCore.Qt.Key, f"Key_{name}")
    for name in ("Backspace", "Delete", "Home", "End", "Left", "Right", "Up", "Down", "Return", "Enter")
)


class Guard(QtCore.QObject):
    """An event filter for every control of a docker.

    The wheel scrolls the docker and changes a value only where the keyboard is. A key that edits text is
    ours: Krita must not take it for a shortcut (``ShortcutOverride`` asks whether a widget wants the key).
    """

    arrived = Signal()  # the keyboard came to a control

    def watch(self, root: QtWidgets.QWidget) -> None:
        for kind in (
            QtWidgets.QAbstractSlider, QtWidgets.QAbstractSpinBox, QtWidgets.QComboBox, QtWidgets.QLineEdit,
            QtWidgets.QPlainTextEdit,
        ):  # fmt: skip
            for control in root.findChildren(kind):
                if not isinstance(control, QtWidgets.QScrollBar):
                    self._watch(control)

    def _watch(self, control: QtWidgets.QWidget) -> None:
        if control.focusPolicy() == QtCore.Qt.FocusPolicy.WheelFocus:
            control.setFocusPolicy(
                QtCore.Qt.FocusPolicy.StrongFocus
            )  # else the wheel itself brings the focus
        control.installEventFilter(self)

    def eventFilter(self, control: QtCore.QObject | None, event: QtCore.QEvent | None) -> bool:
        kind = event.type() if event is not None else Type.None_
        if kind == Type.Wheel and isinstance(control, _TURNED_BY_WHEEL) and not control.hasFocus():
            assert event is not None
            event.ignore()  # taken from the control, and handed to its parent
            return True
        if kind == Type.ShortcutOverride and isinstance(event, QtGui.QKeyEvent) and _is_typed_into(control):
            if edits_text(event):
                event.accept()
                return True
        elif kind == Type.FocusIn:
            self.arrived.emit()
        return False


_TURNED_BY_WHEEL = (QtWidgets.QAbstractSlider, QtWidgets.QAbstractSpinBox, QtWidgets.QComboBox)


def _is_typed_into(control: QtCore.QObject | None) -> bool:
    return not isinstance(control, QtWidgets.QAbstractSlider)


def edits_text(event: QtGui.QKeyEvent) -> bool:
    """Whether a text field has a use for this key."""
    if any(event.matches(standard) for standard in _EDITING) or event.key() in _KEYS:
        return True
    control_or_meta = event.modifiers() & (Modifier.ControlModifier | Modifier.MetaModifier)
    alt_gr = event.modifiers() & Modifier.AltModifier and control_or_meta  # how Windows reports it
    return event.text().isprintable() and event.text() != "" and (not control_or_meta or bool(alt_gr))
