"""What is behind a row's "Details": the server's own words, the ids, and a button that copies them."""

from __future__ import annotations

from krita_AIhorde.jobs.snapshot import JobSnapshot
from krita_AIhorde.qt import QtWidgets, tr

from .labels import Sentence

LONGEST = 2000


def details_text(job: JobSnapshot) -> str:
    """ "" where there is nothing to tell. The prompt is not in it: details are posted where others read."""
    if not (job.horde_id or job.detail or job.rc or job.warnings):
        return ""
    lines = [job.detail, *job.warnings]
    if job.rc:
        lines.append(tr("Code: {0}").format(job.rc))
    lines.append(tr("Job: {0}").format(job.id))
    if job.horde_id:
        lines.append(tr("At AI Horde: {0}").format(job.horde_id))
    return "\n".join(line for line in lines if line)


class RowDetails(QtWidgets.QWidget):
    """Folded until `button`, which the row places, is pressed."""

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._job: JobSnapshot | None = None
        self.button = QtWidgets.QToolButton(parent)
        self.button.setObjectName("detailsButton")
        self.button.setText(tr("Details"))
        self.button.setToolTip(tr("What AI Horde said about it"))
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.toggled.connect(lambda _: self._fold())
        self._text = Sentence(self, selectable=True)
        self._text.setObjectName("jobDetails")
        copy = QtWidgets.QPushButton(tr("Copy"), self)
        copy.setObjectName("copyDetailsButton")
        copy.setToolTip(tr("Copies these details, to ask somebody for help. The prompt is not in them."))
        copy.clicked.connect(self._copy)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(copy)
        line.addStretch(1)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._text)
        layout.addLayout(line)
        self._fold()

    def show_job(self, job: JobSnapshot) -> None:
        self._job = job
        self.button.setVisible(bool(details_text(job)))
        self._fold()

    def _fold(self) -> None:
        text = details_text(self._job) if self._job is not None and self.button.isChecked() else ""
        self._text.say(text, longest=LONGEST)
        self.setVisible(bool(text))

    def _copy(self) -> None:
        job, clipboard = self._job, QtWidgets.QApplication.clipboard()
        if job is not None and clipboard is not None:
            state = " ".join(part for part in (job.state.value, job.trouble.value) if part)
            clipboard.setText(f"{state}\n{details_text(job)}")
