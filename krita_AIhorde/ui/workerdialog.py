"""All workers that are online, to choose from."""

from __future__ import annotations

from krita_AIhorde.horde.messages import WorkerInfo
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal, tr

from .guards import Guard
from .intents import WorkerDesk
from .labels import Sentence
from .livewords import problem_text, worker_text
from .plain import tooltip
from .theme import Tone, set_tone
from .words import unparted

ID = QtCore.Qt.ItemDataRole.UserRole
WORDS = QtCore.Qt.ItemDataRole.UserRole + 1  # where a search looks
Key = QtCore.Qt.Key


class WorkerDialog(QtWidgets.QDialog):
    """A window beside Krita's, never in its way; gone for good when it is closed.

    ``chosen`` tells the id of each worker that is taken; the window stays for the next.
    """

    chosen = Signal(str)

    def __init__(self, studio: WorkerDesk, title: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._taken: tuple[str, ...] = ()
        self._full = False
        self.setObjectName("workerDialog")
        self.setWindowTitle(title)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self._make_parts()
        self._lay_out()
        self._guard = Guard(self)
        self._releases = [studio.on_workers(self._show)]
        self._show()
        studio.load_workers()

    def set_chosen(self, ids: tuple[str, ...], *, full: bool) -> None:
        """Those that are taken are not offered again; when ``full``, none is."""
        if (ids, full) != (self._taken, self._full):
            self._taken, self._full = ids, full
            self._show()

    def done(self, result: int) -> None:
        """However it is closed."""
        while self._releases:
            self._releases.pop()()
        super().done(result)

    # Choosing.

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item is not None and not item.isHidden() and _can_be_chosen(item):
            self.chosen.emit(item.data(ID))

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:
        """From the search the arrows go through what was found, and Return takes it."""
        assert event is not None
        searching = self._search.hasFocus()
        if event.key() in (Key.Key_Up, Key.Key_Down) and searching:
            self._list.setFocus()
            QtWidgets.QApplication.sendEvent(self._list, event)
        elif event.key() in (Key.Key_Return, Key.Key_Enter) and (searching or self._list.hasFocus()):
            self._choose()
        else:
            super().keyPressEvent(event)

    # Showing.

    def _show(self) -> None:
        """The list anew; what is looked for and what is marked stay."""
        current = self._list.currentItem()
        marked = current.data(ID) if current is not None else ""
        scrolled = self._list.verticalScrollBar()
        assert scrolled is not None
        position = scrolled.value()
        self._list.clear()
        for worker in self._studio.workers():
            self._list.addItem(self._item(worker))
            if worker.id == marked:
                self._list.setCurrentRow(self._list.count() - 1)
        self._find()
        scrolled.setValue(position)

    def _item(self, worker: WorkerInfo) -> QtWidgets.QListWidgetItem:
        taken = worker.id in self._taken
        name = f"✓ {worker.name}" if taken else worker.name
        item = QtWidgets.QListWidgetItem(f"{name}\n{unparted(worker_text(worker))}")
        item.setData(ID, worker.id)
        item.setData(WORDS, " ".join((worker.name, *worker.models)).casefold())
        models = tr("Models: {0}").format(", ".join(worker.models)) if worker.models else ""
        item.setToolTip(tooltip("\n".join(part for part in (worker.performance, models) if part)))
        if taken or self._full:
            item.setFlags(QtCore.Qt.ItemFlag.NoItemFlags)
        return item

    def _find(self) -> None:
        """Hide what does not fit the words that are looked for."""
        wanted = self._search.text().casefold().split()
        items = [item for row in range(self._list.count()) if (item := self._list.item(row)) is not None]
        found = [item for item in items if all(word in item.data(WORDS) for word in wanted)]
        for item in items:
            item.setHidden(item not in found)
        free = [item for item in found if _can_be_chosen(item)]
        current = self._list.currentItem()
        if current is None or current not in free:
            self._list.setCurrentItem(free[0] if free else None)
        self._say_state(any_found=bool(found))
        self._add.setEnabled(bool(free))

    def _say_state(self, *, any_found: bool) -> None:
        problem = self._studio.workers_problem()
        state = ""
        if self._full:
            state = tr("The Horde looks at five at most: take one away to choose another.")
        elif problem is not None and not self._studio.workers():
            state = problem_text(problem)
        elif not self._studio.workers():
            state = tr("Loading…")
        elif not any_found:
            state = tr("None of them fits these words.")
        self._state.say(state)
        set_tone(self._state, Tone.ATTENTION if problem is not None and not any_found else Tone.MUTED)

    # Making.

    def _make_parts(self) -> None:
        self._search = QtWidgets.QLineEdit(self)
        self._search.setObjectName("workerSearch")
        self._search.setPlaceholderText(tr("Search by name or model"))
        self._search.setAccessibleName(tr("Search by name or model"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._find)
        set_tone(self._search, Tone.FIELD)
        self._list = QtWidgets.QListWidget(self)
        self._list.setObjectName("workerList")
        self._list.setAccessibleName(tr("Workers"))
        self._list.setAlternatingRowColors(True)
        self._list.setWordWrap(True)
        self._list.setSpacing(self.fontMetrics().height() // 6)
        self._list.setResizeMode(QtWidgets.QListView.ResizeMode.Adjust)
        self._list.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemDoubleClicked.connect(self._choose)
        self._state = Sentence(self)
        self._state.setObjectName("workerDialogState")

    def _lay_out(self) -> None:
        self._add = QtWidgets.QPushButton(tr("Add"), self)
        self._add.setObjectName("takeWorkerButton")
        self._add.setToolTip(tr("Puts the marked worker on your list"))
        self._add.clicked.connect(self._choose)
        close = QtWidgets.QPushButton(tr("Close"), self)
        close.clicked.connect(self.reject)
        line = QtWidgets.QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self._add)
        line.addWidget(close)
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(self._search)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._state)
        layout.addLayout(line)
        em = self.fontMetrics().height()
        self.resize(28 * em, 26 * em)


def _can_be_chosen(item: QtWidgets.QListWidgetItem) -> bool:
    return bool(item.flags() & QtCore.Qt.ItemFlag.ItemIsEnabled)
