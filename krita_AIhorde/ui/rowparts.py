"""All that is to be seen of a job's row."""

from __future__ import annotations

import time

from krita_AIhorde.jobs.snapshot import JobSnapshot, RowAction
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtWidgets, Signal, tr

from .intents import Studio
from .labels import ElidedLabel, Sentence
from .quietbar import QuietBar
from .rowactions import RowActions
from .rowdetails import RowDetails
from .rowmenu import RowMenu
from .rowwords import note_text, status_text
from .theme import Tone, set_tone
from .words import excerpt, operation_text

LONGEST_EXCERPT = 120
_BAD_ENDS = frozenset({JobState.FAILED, JobState.EXPIRED, JobState.TIMED_OUT, JobState.UNCERTAIN})
_FETCHED = frozenset({JobState.DONE, JobState.KEPT})


class RowParts(QtWidgets.QWidget):
    """Some 25 widgets, which take a millisecond and 50 kB: see `rows` for which rows have them."""

    keyWanted = Signal()

    def __init__(self, job: JobSnapshot, studio: Studio, row: QtWidgets.QWidget) -> None:
        super().__init__(row)
        self._job, self._studio, self._row = job, studio, row
        self._make_parts()
        self._lay_out()
        self._show_unchanging()
        self.show_job(job)

    def show_job(self, job: JobSnapshot) -> None:
        self._job = job
        self.tick()
        self._show_progress()
        self._show_actions()

    def tick(self) -> None:
        """Say anew how it is doing: time has passed."""
        text = status_text(self._job, self._job.until - time.monotonic())
        if text != self._row.accessibleDescription():
            self._status.say(text)
            self._row.setAccessibleDescription(text)
        set_tone(self._status, Tone.ATTENTION if self._job.state in _BAD_ENDS else Tone.PLAIN)

    @property
    def menu(self) -> RowMenu:
        return self._menu

    @property
    def is_unfolded(self) -> bool:
        return self._details.button.isChecked()

    # Showing.

    def _show_unchanging(self) -> None:
        job = self._job
        title = excerpt(job.prompt, LONGEST_EXCERPT) or tr("(no prompt)")
        self._title.setText(title)
        self._title.setToolTip(job.prompt)
        where = tr("{0} in {1}").format(operation_text(job.operation), job.document_name or tr("untitled"))
        self._where.setText(where)
        self._where.setToolTip(where)
        self._row.setAccessibleName(f"{operation_text(job.operation)}: {title}")

    def _show_progress(self) -> None:
        self._progress.setValue(progress_of(self._job))
        self._progress.setVisible(self._job.state.running)

    def _show_actions(self) -> None:
        job = self._job
        cancels = _cancels(job)
        words = tr("Cancel this job; what is finished is kept") if cancels else tr("Remove from the list")
        if words != self._cross.toolTip():
            self._cross.setToolTip(words)
            self._cross.setAccessibleName(tr("Cancel") if cancels else tr("Remove from the list"))
        self._show_star()
        self._actions.show_job(job)
        self._details.show_job(job)
        self._menu.show_job(job)
        self._note.say(note_text(job))

    def _show_star(self) -> None:
        """Only for a job at rest that has files."""
        loved = self._job.favourite
        self._star.setVisible(not self._job.state.running and self._job.finished > 0)
        self._star.setChecked(loved)
        self._star.setText("★" if loved else "☆")
        words = (
            tr("A favourite: its files are kept. Press to let go of it.")
            if loved
            else tr("Make it a favourite: its files are never removed to make room.")
        )
        self._star.setToolTip(words)

    # Making.

    def _make_parts(self) -> None:
        self._title = ElidedLabel(self)
        self._status = Sentence(self)
        self._status.setObjectName("jobStatus")
        self._progress = QuietBar(self)
        self._progress.setObjectName("jobProgress")
        self._progress.setAccessibleName(tr("Progress"))
        self._progress.setRange(0, 100)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(max(4, self.fontMetrics().height() // 3))
        self._note = Sentence(self)
        set_tone(self._note, Tone.MUTED)
        self._actions = RowActions(self._studio, self)
        self._actions.keyWanted.connect(self.keyWanted)
        self._details = RowDetails(self)
        self._menu = RowMenu(self._studio, self)
        self._where = ElidedLabel(self)
        set_tone(self._where, Tone.MUTED)
        self._cross = QtWidgets.QToolButton(self)
        self._cross.setObjectName("jobCancelButton")
        self._cross.setText("✕")
        self._cross.setAutoRaise(True)
        self._cross.clicked.connect(self._cancel_or_dismiss)
        self._star = QtWidgets.QToolButton(self)
        self._star.setObjectName("favouriteButton")
        self._star.setAccessibleName(tr("Favourite"))
        self._star.setCheckable(True)
        self._star.setAutoRaise(True)
        self._star.clicked.connect(lambda on: self._studio.favour(self._job.id, on))

    def _lay_out(self) -> None:
        margin = self.fontMetrics().height() // 3
        first = QtWidgets.QHBoxLayout()
        first.addWidget(self._title, 1)
        first.addWidget(self._star)
        first.addWidget(self._cross)
        last = QtWidgets.QHBoxLayout()
        last.addWidget(self._where, 1)
        last.addWidget(self._details.button)
        last.addWidget(self._menu)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(margin, margin // 2, margin // 2, margin)
        column.setSpacing(margin // 2)
        column.addLayout(first)
        for part in (self._status, self._progress, self._note, self._actions):
            column.addWidget(part)
        column.addLayout(last)
        column.addWidget(self._details)

    def _cancel_or_dismiss(self) -> None:
        if _cancels(self._job):
            self._studio.cancel(self._job.id)
        else:
            self._studio.dismiss(self._job.id)


def _cancels(job: JobSnapshot) -> bool:
    return RowAction.CANCEL in job.actions or (RowAction.DISMISS not in job.actions and job.state.running)


def progress_of(job: JobSnapshot) -> int:
    """Per cent: the images that are there, and half of each that a worker is at (the Horde says no more)."""
    if job.state in _FETCHED:
        return 100
    settled = job.finished + job.censored + job.lost
    return min(100, round(100 * (settled + job.generating / 2) / max(1, job.total)))
