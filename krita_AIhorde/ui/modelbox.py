"""The list of models: long, living, and searched by typing."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal, tr

from .choices import ITEM_TOOLTIP, widen_popup
from .modelentries import ANY_MODEL, Group, ModelEntry, any_model, away
from .modelsearch import ENTRY, ModelLine, ModelSearch
from .plain import tooltip
from .theme import Tone, set_tone

NAME = QtCore.Qt.ItemDataRole.UserRole


class ModelBox(QtWidgets.QComboBox):
    """``currentData()`` is the model's name at the Horde, "" = any.

    Typing searches; only a model of the list is ever chosen. A refresh of the list keeps the choice, what is
    being typed, and waits while a list is open.
    """

    valueChanged = Signal(object)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered: list[ModelEntry] = []
        self._chosen = ANY_MODEL
        self._stale = False
        self._just_entered = False
        self.setEditable(True)
        self.setInsertPolicy(self.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.setMaxVisibleItems(16)
        self._edit = self._prepare_edit()
        self._search = self._prepare_search()
        self._rebuild()
        popup = self._search.popup()
        assert popup is not None
        popup.installEventFilter(self)
        self._edit.installEventFilter(self)
        self.currentIndexChanged.connect(lambda _: self._choose(self.currentData() or ANY_MODEL))

    def value(self) -> str:
        return self._chosen

    def setValue(self, name: str) -> None:
        if self.findData(name) < 0:
            self._chosen = name
            self._rebuild()
            self.valueChanged.emit(name)
        else:
            self.setCurrentIndex(self.findData(name))

    def finish(self) -> None:
        """A search that was left half typed chooses nothing."""

    def offer(self, offered: list[ModelEntry]) -> None:
        """Show these, in this order, with a line between two groups."""
        if offered != self._offered:
            self._offered = offered
            self._stale = True
            self._refresh()

    def showPopup(self) -> None:
        widen_popup(self)
        super().showPopup()

    def hidePopup(self) -> None:
        super().hidePopup()
        self._refresh_later()

    def focusInEvent(self, event: QtGui.QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self._just_entered = event is not None and event.reason() == QtCore.Qt.FocusReason.MouseFocusReason

    def eventFilter(self, watched: QtCore.QObject | None, event: QtCore.QEvent | None) -> bool:
        """A click into the field selects its text, so that typing replaces it; and a search list that closes
        lets a waiting refresh through."""
        kind = event.type() if event is not None else QtCore.QEvent.Type.None_
        if watched is self._edit and kind == QtCore.QEvent.Type.MouseButtonRelease:
            if self._just_entered and not self._edit.hasSelectedText():
                self._edit.selectAll()
            self._just_entered = False
        elif kind == QtCore.QEvent.Type.Hide:
            self._refresh_later()
        return super().eventFilter(watched, event)

    # Choosing.

    def _choose(self, name: str) -> None:
        if name != self._chosen:
            self._chosen = name
            self.valueChanged.emit(name)

    def _take_best_match(self) -> None:
        """Return after a few letters chooses the first model that is found."""
        typed = self._edit.text().strip()
        if not typed or typed == self._text_of_choice():
            return
        self._search.setCompletionPrefix(typed)
        best = self._search.currentIndex()
        index = self.findData(best.data(NAME)) if best.isValid() else -1
        if index >= 0:
            self.setCurrentIndex(index)

    def _settle(self) -> None:
        """What was typed is over: the field says what is chosen."""
        if not self._list_is_open():
            self._edit.setText(self._text_of_choice())
            self._edit.setCursorPosition(0)  # the beginning of a long name says more than its end
            self._refresh()

    def _text_of_choice(self) -> str:
        return self.itemText(self.currentIndex())

    # Refreshing.

    def _refresh(self) -> None:
        if self._stale and not self._list_is_open():
            self._rebuild()

    def _refresh_later(self) -> None:
        # Qt closes a list first and looks up the clicked row afterwards: until then the rows must stay.
        if self._stale:
            QtCore.QTimer.singleShot(0, self._refresh)

    def _list_is_open(self) -> bool:
        view, popup = self.view(), self._search.popup()
        return (view is not None and view.isVisible()) or (popup is not None and popup.isVisible())

    def _rebuild(self) -> None:
        self._stale = False
        typed, cursor = self._edit.text(), self._edit.cursorPosition()
        being_typed = self._typing_here() and typed != self._text_of_choice()
        with QtCore.QSignalBlocker(self):
            self.clear()
            for entry in self._entries():
                if entry is None:
                    self.insertSeparator(self.count())
                else:
                    self._add(entry)
            self.setCurrentIndex(self.findData(self._chosen))
        self._edit.setCursorPosition(0)
        self._widen_search()
        if being_typed:
            self._edit.setText(typed)
            self._edit.setCursorPosition(cursor)

    def _add(self, entry: ModelEntry) -> None:
        self.addItem(entry.label, entry.name)
        row = self.count() - 1
        self.setItemData(row, tooltip(entry.tooltip), ITEM_TOOLTIP)
        self.setItemData(row, entry, ENTRY)

    def _widen_search(self) -> None:
        """What is found is shown with its whole name, however narrow the docker."""
        popup, model = self._search.popup(), self.model()
        assert popup is not None
        assert model is not None
        option = QtWidgets.QStyleOptionViewItem()
        option.initFrom(popup)
        line = self._line
        widest = max(line.sizeHint(option, model.index(row, 0)).width() for row in range(self.count()))
        popup.setMinimumWidth(widest + 2 * popup.fontMetrics().height())  # room for a scroll bar and margins

    def _typing_here(self) -> bool:
        return self.hasFocus() or self._edit.hasFocus()

    def _entries(self) -> list[ModelEntry | None]:
        """Above what is offered: any model, and the chosen one if it is not among the others."""
        lines: list[ModelEntry | None] = [any_model()]
        names = {entry.name for entry in self._offered}
        if self._chosen and self._chosen not in names:
            lines.append(away(self._chosen, bool(self._offered)))
        grouped = any(entry.group is not Group.REST for entry in self._offered)
        before = Group.ANY
        for entry in self._offered:
            if grouped and entry.group is not before:
                lines.append(None)
            before = entry.group
            lines.append(entry)
        return lines

    # Making.

    def _prepare_edit(self) -> QtWidgets.QLineEdit:
        edit = self.lineEdit()
        assert edit is not None
        edit.setPlaceholderText(tr("Type to search"))
        edit.returnPressed.connect(self._take_best_match)
        edit.editingFinished.connect(self._settle)
        set_tone(edit, Tone.FIELD)
        return edit

    def _prepare_search(self) -> ModelSearch:
        model = self.model()
        assert model is not None
        search = ModelSearch(model, self)
        search.setCaseSensitivity(QtCore.Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(search)
        self._line = ModelLine(self)
        self.setItemDelegate(self._line)
        popup = search.popup()
        assert popup is not None
        self._found_line = ModelLine(self)  # kept: Python's part of it would not live on in the popup alone
        popup.setItemDelegate(self._found_line)
        return search
