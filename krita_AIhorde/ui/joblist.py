"""The list of jobs, newest first."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde.jobs.snapshot import JobSnapshot
from krita_AIhorde.qt import QtCore, QtWidgets, Signal, tr

from .intents import Studio
from .jobrow import JobRow
from .labels import Sentence
from .scroll import VerticalScroll
from .theme import Tone, set_tone

TICK = 1000  # ms


class Rows(QtWidgets.QWidget):
    """The container `jobs`: one `JobRow` a job, the newest on top and first among the children."""

    keyWanted = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._rows: dict[str, JobRow] = {}
        self._clock = QtCore.QTimer(self)  # runs only while a row counts down
        self._clock.setInterval(TICK)
        self._clock.timeout.connect(self._tick)
        self.setObjectName("jobs")
        self._empty = Sentence(self)
        self._empty.say(
            tr("Every picture that you ask for gets a line here. You can go on painting meanwhile.")
        )
        set_tone(self._empty, Tone.MUTED)
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(self.fontMetrics().height() // 4)
        self._layout.addWidget(self._empty)
        self._layout.addStretch(1)
        self.sync()

    def minimumSizeHint(self) -> QtCore.QSize:
        """As wide as the widest row needs. The height follows from the width alone: the least that Qt guesses
        for sentences that wrap is that of a very narrow list, and would leave a gap below the last row.
        """
        return QtCore.QSize(super().minimumSizeHint().width(), 0)

    def sync(self) -> None:
        """Make the rows those of the studio's jobs; rows that stay are not touched."""
        jobs = self._studio.jobs()
        for gone in self._rows.keys() - {job.id for job in jobs}:
            row = self._rows.pop(gone)
            self._layout.removeWidget(row)
            row.hide()
            row.setParent(None)
            row.deleteLater()
        for job in reversed(jobs):  # newest last, so that each new one goes on top
            if job.id not in self._rows:
                self._add(job)
        self._empty.setVisible(not self._rows)

    def show_job(self, job: JobSnapshot) -> None:
        row = self._rows.get(job.id)
        if row is not None:
            row.show_job(job)
            if row.counts_down and not self._clock.isActive():
                self._clock.start()

    def stop_clock(self) -> None:
        self._clock.stop()

    def _tick(self) -> None:
        counting = [row for row in self._rows.values() if row.counts_down]
        for row in counting:
            row.tick()
        if not counting:
            self._clock.stop()

    def _add(self, job: JobSnapshot) -> None:
        row = self._rows[job.id] = JobRow(job, self._studio, self)
        row.keyWanted.connect(self.keyWanted)
        if row.counts_down:
            self._clock.start()
        row.lower()  # children are listed back to front: scripts that look for rows find the newest first
        self._layout.insertWidget(0, row)


class JobList(QtWidgets.QWidget):
    """The headline with what concerns all jobs, and the rows, which scroll by themselves."""

    keyWanted = Signal()

    def __init__(self, studio: Studio, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._rows = Rows(studio)
        self._rows.keyWanted.connect(self.keyWanted)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._headline())
        layout.addWidget(VerticalScroll(self._rows, 6, hug=False, parent=self))
        self._unsubscribe: list[Callable[[], None]] = [
            studio.on_jobs(self._rows.sync),
            studio.on_job(self._rows.show_job),
        ]

    def release(self) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()
        self._rows.stop_clock()

    def _headline(self) -> QtWidgets.QHBoxLayout:
        title = QtWidgets.QLabel(tr("Jobs"), self)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        title.setIndent(
            self.fontMetrics().height() // 6
        )  # a bold "J" reaches out to the left, and would be cut
        line = QtWidgets.QHBoxLayout()
        line.setSpacing(2)
        line.addWidget(title)
        line.addStretch(1)
        for name, words, purpose, intent in (
            (
                "clearEndedButton",
                tr("Clear finished"),
                tr("Remove what has ended from the list"),
                self._clear,
            ),
            (
                "cancelAllButton",
                tr("Cancel all"),
                tr("Cancel every job; what is finished is kept"),
                self._cancel,
            ),
        ):
            button = QtWidgets.QToolButton(self)
            button.setObjectName(name)
            button.setText(words)
            button.setToolTip(purpose)
            button.setAutoRaise(True)
            button.setAccessibleName(words)
            button.clicked.connect(intent)
            line.addWidget(button)
        return line

    def _clear(self) -> None:
        self._studio.clear_ended()

    def _cancel(self) -> None:
        self._studio.cancel_all()
