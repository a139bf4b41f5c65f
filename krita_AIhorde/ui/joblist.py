"""The list of jobs, newest first."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde.qt import QtWidgets, Signal, tr

from .intents import Studio
from .rows import Rows
from .scroll import VerticalScroll


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
        scroll = VerticalScroll(self._rows, 6, hug=False, parent=self)
        bar = scroll.verticalScrollBar()
        assert bar is not None
        self._rows.follow(bar)
        layout.addWidget(scroll)
        self._unsubscribe: list[Callable[[], None]] = [
            studio.on_jobs(self._rows.sync),
            studio.on_job(self._rows.show_job),
        ]

    def release(self) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()
        self._rows.release()

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
