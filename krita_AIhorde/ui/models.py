"""The model: a long, living list that is searched by typing."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal, tr
from krita_AIhorde.settings import MODEL

from .binding import Bindings
from .choices import widen_popup
from .intents import Studio
from .theme import Tone, set_tone

ANY_MODEL = ""


class ModelBox(QtWidgets.QComboBox):
    """``currentData()`` is the model's name at the Horde, "" = any.

    Typing searches; only a model of the list is ever chosen. A refresh of the list keeps the choice, what is
    being typed, and waits while a list is open.
    """

    valueChanged = Signal(object)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered: list[tuple[str, int]] = []
        self._chosen = ANY_MODEL
        self._stale = False
        self._just_entered = False
        self.setEditable(True)
        self.setInsertPolicy(self.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
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

    def offer(self, models: list[tuple[str, int]]) -> None:
        """Show these names and worker counts, in this order."""
        if models != self._offered:
            self._offered = models
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
        best = self._search.currentCompletion() if self._search.completionCount() else ""
        index = self.findText(best, QtCore.Qt.MatchFlag.MatchExactly) if best else -1
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
            for name, label in self._entries():
                self.addItem(label, name)
            self.setCurrentIndex(self.findData(self._chosen))
        self._edit.setCursorPosition(0)
        self._widen_search()
        if being_typed:
            self._edit.setText(typed)
            self._edit.setCursorPosition(cursor)

    def _widen_search(self) -> None:
        """What is found is shown with its whole name, however narrow the docker."""
        popup = self._search.popup()
        assert popup is not None
        metrics = popup.fontMetrics()
        widest = max(metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count()))
        popup.setMinimumWidth(widest + 2 * metrics.height())  # room for a scroll bar and margins

    def _typing_here(self) -> bool:
        return self.hasFocus() or self._edit.hasFocus()

    def _entries(self) -> list[tuple[str, str]]:
        names = {name for name, _ in self._offered}
        entries = [(ANY_MODEL, tr("Any model"))]
        if self._chosen and self._chosen not in names:
            away = tr("{0} (not available now)").format(self._chosen)
            entries.append((self._chosen, away if self._offered else self._chosen))
        return entries + [(name, f"{name} ({count})") for name, count in self._offered]

    # Making.

    def _prepare_edit(self) -> QtWidgets.QLineEdit:
        edit = self.lineEdit()
        assert edit is not None
        edit.setPlaceholderText(tr("Type to search"))
        edit.returnPressed.connect(self._take_best_match)
        edit.editingFinished.connect(self._settle)
        set_tone(edit, Tone.FIELD)
        return edit

    def _prepare_search(self) -> QtWidgets.QCompleter:
        search = QtWidgets.QCompleter(self.model(), self)
        search.setCaseSensitivity(QtCore.Qt.CaseSensitivity.CaseInsensitive)
        search.setFilterMode(QtCore.Qt.MatchFlag.MatchContains)
        search.setCompletionMode(QtWidgets.QCompleter.CompletionMode.PopupCompletion)
        search.setMaxVisibleItems(12)
        self.setCompleter(search)
        return search


class ModelRow(QtWidgets.QWidget):
    """The model with its label, a button that loads the list anew, and what hinders the list."""

    def __init__(self, studio: Studio, bindings: Bindings, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._box = ModelBox(self)
        self._box.setObjectName("model")
        self._box.setToolTip(tr(MODEL.tooltip))
        self._box.setAccessibleName(tr(MODEL.label))
        self._problem = QtWidgets.QLabel(self)
        self._problem.setObjectName("modelsProblem")
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        set_tone(self._problem, Tone.ATTENTION)
        self._lay_out()
        bindings.bind(self._box, MODEL)
        self._show()
        self._unsubscribe: Callable[[], None] | None = studio.on_models(self._show)

    def release(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _reload(self) -> None:
        self._studio.refresh_models()

    def _show(self) -> None:
        self._box.offer([(model.name, model.count) for model in self._studio.models()])
        problem = self._studio.models_problem()
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _lay_out(self) -> None:
        label = QtWidgets.QLabel(tr(MODEL.label), self)
        label.setBuddy(self._box)
        again = QtWidgets.QToolButton(self)
        again.setObjectName("refreshModelsButton")
        again.setText("↻")
        again.setAutoRaise(True)
        again.setToolTip(tr("Load the list of models anew"))
        again.setAccessibleName(tr("Load the list of models anew"))
        again.clicked.connect(self._reload)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self._box, 0, 1)
        grid.addWidget(again, 0, 2)
        grid.addWidget(self._problem, 1, 0, 1, 3)
