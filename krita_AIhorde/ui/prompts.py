"""The fields for the prompt and the negative prompt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal, tr
from krita_AIhorde.settings import NEGATIVE_PROMPT, PROMPT

from .binding import Bindings
from .controls import prepare
from .editing import characters, qt_units
from .remarks import Remark, RemarkLabel
from .theme import Tone, set_tone
from .weights import reweighed

Modifier = QtCore.Qt.KeyboardModifier


class PromptEdit(QtWidgets.QPlainTextEdit):
    """Some lines of text. Tab goes on to the next control, Shift+Enter submits, Ctrl+Up and Ctrl+Down weigh
    the words that are selected or under the cursor.
    """

    submitted = Signal()

    def __init__(self, lines: int, fewest: int, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._lines, self._fewest = lines, fewest
        self.setTabChangesFocus(True)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Maximum)
        set_tone(self, Tone.FIELD)

    def sizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(super().sizeHint().width(), self._height_of(self._lines))

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(self.fontMetrics().averageCharWidth() * 12, self._height_of(self._fewest))

    def _height_of(self, lines: int) -> int:
        document = self.document()
        margin = document.documentMargin() if document is not None else 4
        return round(lines * self.fontMetrics().lineSpacing() + 2 * (margin + self.frameWidth()))

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:
        assert event is not None
        enter = event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter)
        if enter and event.modifiers() & Modifier.ShiftModifier:
            event.accept()
            if not event.isAutoRepeat():
                self.submitted.emit()
            return
        weighs = event.key() in (QtCore.Qt.Key.Key_Up, QtCore.Qt.Key.Key_Down)
        if weighs and event.modifiers() & ~Modifier.KeypadModifier == Modifier.ControlModifier:
            event.accept()
            self._weigh(up=event.key() == QtCore.Qt.Key.Key_Up)
            return
        super().keyPressEvent(event)

    def _weigh(self, *, up: bool) -> None:
        """In one step of undo."""
        text, cursor = self.toPlainText(), self.textCursor()
        start, end = (characters(text, at) for at in (cursor.selectionStart(), cursor.selectionEnd()))
        change = reweighed(text, start, end, up=up)
        if change is None:
            return
        cursor.beginEditBlock()
        for edit in reversed(change.replacements):
            cursor.setPosition(qt_units(text, edit.start))
            cursor.setPosition(qt_units(text, edit.end), cursor.MoveMode.KeepAnchor)
            cursor.insertText(edit.text)
        cursor.endEditBlock()
        after = change.applied(text)
        cursor.setPosition(qt_units(after, change.start))
        cursor.setPosition(qt_units(after, change.end), cursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)


class Prompts(QtWidgets.QWidget):
    """Both fields, and below each what is wrong with it."""

    submitted = Signal()

    def __init__(self, bindings: Bindings, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._remarks: dict[str, RemarkLabel] = {}
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for setting, lines, fewest, placeholder in (
            (PROMPT, 4, 3, tr("Describe the picture. Shift+Enter generates.")),
            (NEGATIVE_PROMPT, 2, 2, tr("What it should not show (optional)")),
        ):
            edit = PromptEdit(lines, fewest, self)
            prepare(edit, setting, bindings)
            edit.setPlaceholderText(placeholder)
            edit.submitted.connect(self.submitted)
            remark = self._remarks[setting.name] = RemarkLabel(f"{setting.widget}Remark", self)
            layout.addWidget(edit)
            layout.addWidget(remark)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Maximum)

    def show_remarks(self, remarks: Mapping[str, Sequence[Remark]]) -> None:
        for name, label in self._remarks.items():
            label.show_remarks(remarks.get(name, ()))
