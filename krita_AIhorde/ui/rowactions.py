"""The buttons of a row: what the artist can do about its job."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from krita_AIhorde.jobs.snapshot import JobSnapshot, RowAction
from krita_AIhorde.jobs.spec import Change
from krita_AIhorde.qt import QtWidgets, Signal, tr

from .flow import FlowLayout
from .intents import Studio
from .words import excerpt

MOST_MODELS = 10
LONGEST_NAME = 16  # characters of a document's name on a button, which must fit into a docker of 300 px


class _Button(NamedTuple):
    name: str
    text: str
    tooltip: str


def buttons() -> dict[RowAction, _Button]:
    """In the order in which a row shows them: what mends comes before what merely repeats."""
    return {
        RowAction.INSERT: _Button(
            "insertButton",
            tr("Insert into this document"),
            tr("Puts the picture, on a layer of its own, into the document you are working on."),
        ),
        RowAction.ENTER_KEY: _Button(
            "enterKeyButton",
            tr("Enter a key"),
            tr("Goes to the API key, under Account. Then send it again."),
        ),
        RowAction.CHOOSE_MODEL: _Button(
            "chooseModelButton", tr("Choose another model"), tr("Asks for the same with another model.")
        ),
        RowAction.LOWER_SIZE: _Button(
            "lowerSizeButton",
            tr("Make it smaller"),
            tr("Asks for the same in fewer pixels, and scales it up to fit. Smaller needs fewer kudos."),
        ),
        RowAction.ALLOW_SLOWER: _Button(
            "allowSlowerButton",
            tr("Allow very slow workers"),
            tr("Asks for the same, and lets very slow workers take it too. They may need many minutes."),
        ),
        RowAction.FETCH_AGAIN: _Button(
            "fetchAgainButton",
            tr("Try the download again"),
            tr("The picture was made, but could not be fetched. It can be had for about half an hour."),
        ),
        RowAction.SEND_AGAIN: _Button(
            "sendAgainButton", tr("Send again"), tr("Asks for the same once more, for the same place.")
        ),
    }


class RowActions(QtWidgets.QWidget):
    """A button is made when a job needs it for the first time: most never do."""

    keyWanted = Signal()

    def __init__(self, studio: Studio, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._job: JobSnapshot | None = None
        self._buttons: dict[RowAction, QtWidgets.QPushButton] = {}
        self._flow = FlowLayout(self, self.fontMetrics().height() // 4)
        self.hide()

    def show_job(self, job: JobSnapshot) -> None:
        before = self._job
        self._job = job
        if before is not None and (before.actions, before.in_reach) == (job.actions, job.in_reach):
            return
        for action, button in buttons().items():
            wanted = action in job.actions
            if wanted and action not in self._buttons:
                self._buttons[action] = self._make(action, button)
            if action in self._buttons:
                self._buttons[action].setVisible(wanted)
        if RowAction.INSERT in self._buttons:
            self._name_insert(job)
        self.setVisible(any(action in job.actions for action in self._buttons))

    def _name_insert(self, job: JobSnapshot) -> None:
        text, tooltip = buttons()[RowAction.INSERT].text, buttons()[RowAction.INSERT].tooltip
        if job.in_reach:
            text = tr("Insert into “{0}”").format(excerpt(job.document_name, LONGEST_NAME))
            tooltip = tr("Puts the picture into “{0}”, where it was asked for.").format(job.document_name)
        insert = self._buttons[RowAction.INSERT]
        insert.setText(text)
        insert.setToolTip(tooltip)
        insert.setAccessibleName(text)

    def _make(self, action: RowAction, words: _Button) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(words.text, self)
        button.setObjectName(words.name)
        button.setToolTip(words.tooltip)
        button.setAccessibleName(words.text)
        if action is RowAction.CHOOSE_MODEL:
            menu = QtWidgets.QMenu(button)
            menu.aboutToShow.connect(lambda: self._fill(menu))
            button.setMenu(menu)
        else:
            button.clicked.connect(self._intent(action))
        self._flow.addWidget(button)
        return button

    def _intent(self, action: RowAction) -> Callable[[], None]:
        studio = self._studio
        return {
            RowAction.INSERT: lambda: studio.insert(self._id),
            RowAction.ENTER_KEY: self._want_key,
            RowAction.LOWER_SIZE: lambda: studio.send_again(self._id, Change(smaller=True)),
            RowAction.ALLOW_SLOWER: lambda: studio.send_again(self._id, Change(slower=True)),
            RowAction.FETCH_AGAIN: lambda: studio.fetch_again(self._id),
            RowAction.SEND_AGAIN: lambda: studio.send_again(self._id),
        }[action]

    def _want_key(self) -> None:
        self.keyWanted.emit()

    @property
    def _id(self) -> str:
        assert self._job is not None
        return self._job.id

    def _fill(self, menu: QtWidgets.QMenu) -> None:
        """The models that most workers run, as they are now."""
        menu.clear()
        self._offer(menu, tr("Any model"), "")
        for model in [model for model in self._studio.models() if model.count][:MOST_MODELS]:
            workers = tr("1 worker") if model.count == 1 else tr("{0} workers").format(model.count)
            self._offer(menu, f"{model.name} · {workers}", model.name)

    def _offer(self, menu: QtWidgets.QMenu, text: str, model: str) -> None:
        action = menu.addAction(text.replace("&", "&&"))
        assert action is not None
        action.setData(model)
        action.triggered.connect(lambda: self._studio.send_again(self._id, Change(model=model)))
