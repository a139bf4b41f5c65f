"""Which workers may generate: any, only some, or all but some."""

from __future__ import annotations

from typing import Any

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal, tr
from krita_AIhorde.settings import (
    BLOCKED_WORKERS,
    PREFERRED_WORKERS,
    WORKER_CHOICE,
    WORKER_NAMES,
    Setting,
)

from .binding import Bindings
from .intents import WorkerDesk
from .labels import ElidedLabel, Sentence
from .livewords import worker_text
from .plain import tooltip
from .theme import Tone, set_tone
from .workerdialog import WorkerDialog

MOST = 5  # the Horde looks at no more


class WorkerPicker(QtWidgets.QWidget):
    """The workers of one setting (``PREFERRED_WORKERS``, ``BLOCKED_WORKERS``): their ids are its value.

    The list of all workers is loaded when somebody wants to add one. A worker that is not in it (offline, or
    nothing was loaded yet) goes by the name under which it was last seen.
    """

    valueChanged = Signal(object)

    def __init__(
        self,
        setting: Setting[tuple[str, ...]],
        studio: WorkerDesk,
        parent: QtWidgets.QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._setting, self._studio = setting, studio
        self._ids: tuple[str, ...] = ()
        self._dialog: WorkerDialog | None = None
        self.setAccessibleName(tr(setting.label))
        self._hint = Sentence(self)
        self._hint.setObjectName(f"{setting.widget}Hint")
        set_tone(self._hint, Tone.MUTED)
        preferred = setting is PREFERRED_WORKERS
        self._hint.say(tr("Preferred workers use whichever model they have.") if preferred else "")
        self._lines = QtWidgets.QVBoxLayout()
        self._lines.setSpacing(0)
        self._add = QtWidgets.QPushButton(tr("Add a worker…"), self)
        self._add.setObjectName(f"{setting.widget}Add")
        self._add.clicked.connect(self._open)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._add)
        line.addStretch(1)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 4)
        column.addWidget(self._hint)
        column.addLayout(self._lines)
        column.addLayout(line)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.ClickFocus)  # passed by with Tab: see focusInEvent
        self._show()
        self._releases = [studio.on_workers(self._workers_came)]

    def release(self) -> None:
        while self._releases:
            self._releases.pop()()
        if self._dialog is not None:
            self._dialog.close()

    def focusInEvent(self, event: QtGui.QFocusEvent | None) -> None:
        """Hand the keyboard on to the button.

        Not by a focus proxy: with one on a hidden widget, Qt 6.11 puts the widget at the end of the focus
        chain, and from there the Tab key would never come back to the beginning.
        """
        self._add.setFocus(QtCore.Qt.FocusReason.OtherFocusReason if event is None else event.reason())

    # The value, as `Bindings` wants it.

    def value(self) -> tuple[str, ...]:
        return self._ids

    def setValue(self, ids: tuple[str, ...]) -> None:
        if tuple(ids) != self._ids:
            self._ids = tuple(ids)
            self._show()
            self.valueChanged.emit(self._ids)

    def finish(self) -> None:
        """Nothing is ever half chosen here."""

    # Choosing.

    def add(self, worker_id: str) -> None:
        if worker_id not in self._ids and len(self._ids) < MOST:
            self._remember_names((*self._ids, worker_id))
            self.setValue((*self._ids, worker_id))

    def remove(self, worker_id: str) -> None:
        self.setValue(tuple(one for one in self._ids if one != worker_id))

    def _open(self) -> None:
        if self._dialog is None:
            self._dialog = WorkerDialog(self._studio, tr(self._setting.label), self)
            self._dialog.chosen.connect(self.add)
            self._dialog.destroyed.connect(self._forget)
        self._dialog.set_chosen(self._ids, full=len(self._ids) >= MOST)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _forget(self) -> None:
        self._dialog = None

    # Showing.

    def _workers_came(self) -> None:
        self._remember_names(self._ids)
        self._show()

    def _show(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        known = {worker.id: worker for worker in self._studio.workers()}
        names = remembered(self._studio.settings.get(WORKER_NAMES))
        for one in self._ids:
            worker = known.get(one)
            name = (worker.name if worker is not None else names.get(one)) or one
            told = worker_text(worker) if worker is not None else tr("offline") if known else ""
            self._lines.addWidget(ChosenWorker(one, name, told, self))
        full = len(self._ids) >= MOST
        self._add.setEnabled(not full)
        self._add.setToolTip(
            tr("The Horde looks at five at most: take one away first.")
            if full
            else tr("Choose among those that are online")
        )
        if self._dialog is not None:
            self._dialog.set_chosen(self._ids, full=full)

    def _remember_names(self, ids: tuple[str, ...]) -> None:
        """Names of chosen workers outlive their going offline, and Krita's."""
        settings = self._studio.settings
        known = {worker.id: worker.name for worker in self._studio.workers()}
        names = remembered(settings.get(WORKER_NAMES))
        new = {one: known[one] for one in ids if known.get(one, names.get(one)) != names.get(one)}
        if new:
            kept = {one: name for one, name in names.items() if one not in new}
            lines = [f"{one} {name}" for one, name in (*new.items(), *kept.items())]  # the newest come first
            settings.set(WORKER_NAMES, tuple(lines))


def remembered(lines: tuple[str, ...]) -> dict[str, str]:
    """Names by id, from the setting's lines "id name"."""
    pairs = (line.partition(" ") for line in lines)
    return {one: name for one, _, name in pairs if one and name}


class ChosenWorker(QtWidgets.QWidget):
    """A line with its name and a ✕."""

    def __init__(self, worker_id: str, name: str, told: str, picker: WorkerPicker) -> None:
        super().__init__(picker)
        self.setObjectName("chosenWorker")
        self.setProperty("workerId", worker_id)
        label = ElidedLabel(self)
        label.setText(name)
        label.setToolTip(tooltip("\n".join(part for part in (name, told, worker_id) if part)))
        cross = QtWidgets.QToolButton(self)
        cross.setObjectName("removeWorkerButton")
        cross.setText("✕")
        cross.setAutoRaise(True)
        words = tr("Take {0} off the list").format(name)
        cross.setToolTip(tooltip(words))
        cross.setAccessibleName(words)
        cross.clicked.connect(lambda: picker.remove(worker_id))
        line = QtWidgets.QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label, 1)
        line.addWidget(cross)


class WorkerLists(QtWidgets.QWidget):
    """Both lists; the one that belongs to the choice (``WORKER_CHOICE``) is shown."""

    def __init__(
        self, studio: WorkerDesk, bindings: Bindings, parent: QtWidgets.QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pickers: list[tuple[str, WorkerPicker]] = []
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for choice, setting in (("prefer", PREFERRED_WORKERS), ("block", BLOCKED_WORKERS)):
            picker = WorkerPicker(setting, studio, self)
            picker.setObjectName(setting.widget)
            picker.setToolTip(tr(setting.tooltip))
            bindings.bind(picker, setting)
            column.addWidget(picker)
            self._pickers.append((choice, picker))
        self._show(studio.settings.get(WORKER_CHOICE))
        self._releases = [
            *(picker.release for _, picker in self._pickers),
            studio.settings.subscribe(self._setting_changed),
        ]

    def release(self) -> None:
        while self._releases:
            self._releases.pop()()

    def _setting_changed(self, setting: Setting[Any], value: Any) -> None:
        if setting is WORKER_CHOICE:
            self._show(value)

    def _show(self, chosen: str) -> None:
        for choice, picker in self._pickers:
            picker.setVisible(choice == chosen)
        self.setVisible(chosen in [choice for choice, _ in self._pickers])
