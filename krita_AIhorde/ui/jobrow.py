"""One job: what it is, how it is doing, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde.jobs.snapshot import JobSnapshot, RowAction
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtWidgets, tr

from .intents import Studio
from .labels import ElidedLabel, Sentence
from .theme import Tone, set_tone
from .words import excerpt, operation_text, status_text, trouble_text

LONGEST_EXCERPT = 120
_BAD_ENDS = frozenset({JobState.FAILED, JobState.EXPIRED, JobState.TIMED_OUT, JobState.UNCERTAIN})
_FETCHED = frozenset({JobState.DONE, JobState.KEPT})


class JobRow(QtWidgets.QFrame):
    """Updated in place; the parts that few jobs need (actions, details) are made when they are needed.

    Scripts read its dynamic properties: contract.md, "Widgets".
    """

    def __init__(self, job: JobSnapshot, studio: Studio, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._job, self._studio = job, studio
        self._extras: dict[str, QtWidgets.QAbstractButton] = {}
        self._details: Sentence | None = None
        self.setObjectName("job")
        self.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self._make_parts()
        self._lay_out()
        self._show_unchanging()
        self.show_job(job)

    def show_job(self, job: JobSnapshot) -> None:
        self._job = job
        self._show_properties()
        self._show_status()
        self._show_progress()
        self._show_actions()
        self._show_details()

    # Showing.

    def _show_unchanging(self) -> None:
        job = self._job
        title = excerpt(job.prompt, LONGEST_EXCERPT) or tr("(no prompt)")
        self._title.setText(title)
        self._title.setToolTip(job.prompt)
        where = tr("{0} in {1}").format(operation_text(job.operation), job.document_name or tr("untitled"))
        self._where.setText(where)
        self._where.setToolTip(where)
        self.setAccessibleName(f"{operation_text(job.operation)}: {title}")

    def _show_properties(self) -> None:
        job = self._job
        for name, value in (
            ("jobId", job.id),
            ("hordeId", job.horde_id),
            ("state", job.state.value),
            ("queuePosition", job.queue_position),
            ("eta", job.eta),
            ("finished", job.finished),
            ("censored", job.censored),
            ("total", job.total),
            ("documentName", job.document_name),
            ("error", trouble_text(job.trouble, job.detail)),
        ):
            if self.property(name) != value:
                self.setProperty(name, value)

    def _show_status(self) -> None:
        text = status_text(self._job)
        if text != self._status.text():
            self._status.say(text)
            self.setAccessibleDescription(text)
        set_tone(self._status, Tone.ATTENTION if self._job.state in _BAD_ENDS else Tone.PLAIN)

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
        self._show_extra("insertButton", RowAction.INSERT in job.actions, self._make_insert)
        self._show_extra("sendAgainButton", RowAction.SEND_AGAIN in job.actions, self._make_send_again)

    def _show_details(self) -> None:
        details = "\n".join(part for part in (self._job.detail, *self._job.warnings) if part)
        self._show_extra("detailsButton", bool(details), self._make_details)
        if self._details is not None:
            self._details.setProperty("details", details)
            self._fold_details()

    def _fold_details(self) -> None:
        if self._details is not None:
            is_open = self._extras["detailsButton"].isChecked()
            self._details.say(self._details.property("details") if is_open else "", longest=2000)

    def _show_extra(self, name: str, wanted: bool, make: Callable[[], QtWidgets.QAbstractButton]) -> None:
        if wanted and name not in self._extras:
            button = self._extras[name] = make()
            button.setObjectName(name)
        if name in self._extras:
            self._extras[name].setVisible(wanted)

    # Making.

    def _make_parts(self) -> None:
        self._title = ElidedLabel(self)
        self._status = Sentence(self)
        self._status.setObjectName("jobStatus")
        self._progress = QtWidgets.QProgressBar(self)
        self._progress.setObjectName("jobProgress")
        self._progress.setAccessibleName(tr("Progress"))
        self._progress.setRange(0, 100)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(max(4, self.fontMetrics().height() // 3))
        self._where = ElidedLabel(self)
        set_tone(self._where, Tone.MUTED)
        self._cross = QtWidgets.QToolButton(self)
        self._cross.setObjectName("jobCancelButton")
        self._cross.setText("✕")
        self._cross.setAutoRaise(True)
        self._cross.clicked.connect(self._cancel_or_dismiss)

    def _lay_out(self) -> None:
        margin = self.fontMetrics().height() // 3
        first = QtWidgets.QHBoxLayout()
        first.addWidget(self._title, 1)
        first.addWidget(self._cross)
        self._last = QtWidgets.QHBoxLayout()
        self._last.addWidget(self._where, 1)
        self._column = QtWidgets.QVBoxLayout(self)
        self._column.setContentsMargins(margin, margin // 2, margin // 2, margin)
        self._column.setSpacing(margin // 2)
        self._column.addLayout(first)
        self._column.addWidget(self._status)
        self._column.addWidget(self._progress)
        self._column.addLayout(self._last)

    def _make_insert(self) -> QtWidgets.QAbstractButton:
        button = QtWidgets.QPushButton(tr("Insert into this document"), self)
        button.setToolTip(
            tr("Puts the picture, on a layer of its own, into the document you are working on.")
        )
        button.clicked.connect(lambda: self._studio.insert(self._job.id))
        self._column.addWidget(button)
        return button

    def _make_send_again(self) -> QtWidgets.QAbstractButton:
        button = QtWidgets.QPushButton(tr("Send again"), self)
        button.setToolTip(tr("Asks for the same once more, for the same place."))
        button.clicked.connect(lambda: self._studio.send_again(self._job.id))
        self._column.addWidget(button)
        return button

    def _make_details(self) -> QtWidgets.QAbstractButton:
        button = QtWidgets.QToolButton(self)
        button.setText(tr("Details"))
        button.setToolTip(tr("What AI Horde said about it"))
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.toggled.connect(lambda _: self._fold_details())
        self._last.addWidget(button)
        self._details = Sentence(self, selectable=True)
        self._details.setObjectName("jobDetails")
        self._column.insertWidget(self._column.indexOf(self._last) + 1, self._details)
        return button

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
