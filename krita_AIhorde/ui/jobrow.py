"""One job: what scripts read of it, and what is to be seen of it while it is to be seen."""

from __future__ import annotations

import time
from typing import Any

from krita_AIhorde.jobs.snapshot import JobSnapshot
from krita_AIhorde.qt import QtGui, QtWidgets, Signal

from .intents import Studio
from .rowparts import RowParts
from .words import trouble_text


class JobRow(QtWidgets.QFrame):
    """Updated in place. A bare frame until it is furnished with its parts.

    Scripts read its dynamic properties, which are current always: contract.md, "Widgets".
    """

    keyWanted = Signal()
    furnished = Signal(object)  # this row

    def __init__(self, job: JobSnapshot, studio: Studio, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._job, self._studio = job, studio
        self._parts: RowParts | None = None
        self._told: tuple[object, ...] = ()
        self._is_wanted = False
        self.tall = 0  # px, as it was last
        self.setObjectName("job")
        self.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self._show_properties()

    def show_job(self, job: JobSnapshot) -> None:
        if job != self._job:
            self._job = job
            self._show_properties()
            if self._parts is not None:
                self._parts.show_job(job)

    @property
    def counts_down(self) -> bool:
        """Whether the status tells of a moment that comes nearer."""
        return self._parts is not None and self._job.until > time.monotonic()

    def tick(self) -> None:
        if self._parts is not None:
            self._parts.tick()

    # Its parts.

    @property
    def is_bare(self) -> bool:
        return self._parts is None

    def furnish(self) -> None:
        """Make its parts, if it has none."""
        if self._parts is not None:
            return
        self._parts = RowParts(self._job, self._studio, self)
        self._parts.keyWanted.connect(self.keyWanted)
        layout = self.layout()
        if layout is None:
            layout = QtWidgets.QVBoxLayout(self)
            layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._parts)
        self._parts.show()
        self.furnished.emit(self)

    def strip(self) -> None:
        """Let go of its parts."""
        parts, self._parts = self._parts, None
        if parts is not None:
            parts.hide()
            parts.setParent(None)
            parts.deleteLater()
            self.setAccessibleDescription("")

    @property
    def is_in_use(self) -> bool:
        """Whether it would be missed, though it is out of sight."""
        if self._is_wanted or (self._parts is not None and self._parts.is_unfolded):
            return True
        popup = QtWidgets.QApplication.activePopupWidget()
        return self._holds(QtWidgets.QApplication.focusWidget()) or self._holds(popup)

    def _holds(self, widget: QtWidgets.QWidget | None) -> bool:
        while widget is not None and widget is not self:
            widget = widget.parentWidget()
        return widget is self

    def findChild(self, *what: Any, **how: Any) -> Any:
        """As Qt's. A script that looks for a part of the row finds it, wherever the list is scrolled to."""
        self._want_parts()
        return super().findChild(*what, **how)

    def findChildren(self, *what: Any, **how: Any) -> Any:
        """As Qt's; see `findChild`."""
        self._want_parts()
        return super().findChildren(*what, **how)

    def _want_parts(self) -> None:
        self._is_wanted = True  # for good: whoever asked may hold on to what was found
        self.furnish()

    # Showing.

    def _show_properties(self) -> None:
        job = self._job
        told = (
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
        )
        for now in told:
            if now not in self._told:
                self.setProperty(*now)
        self._told = told

    def contextMenuEvent(self, event: QtGui.QContextMenuEvent | None) -> None:
        menu = None if self._parts is None else self._parts.menu
        if event is not None and menu is not None and not menu.isHidden():
            menu.menu_of_row.popup(event.globalPos())
