"""What is seldom wanted of a row: a menu behind "⋯", and behind the right button."""

from __future__ import annotations

from krita_AIhorde.jobs.snapshot import JobSnapshot, RowAction
from krita_AIhorde.qt import QtGui, QtWidgets, tr

from .intents import Studio
from .plain import caption
from .words import excerpt

LONGEST_NAME = 30  # characters of a document's name in the menu


class RowMenu(QtWidgets.QToolButton):
    """Hidden while there is nothing in it."""

    def __init__(self, studio: Studio, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._id = ""
        self.setObjectName("rowMenuButton")
        self.setText("⋯")
        self.setAutoRaise(True)
        self.setPopupMode(self.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(tr("More that can be done with this job"))
        self.setAccessibleName(tr("More"))
        self.menu_of_row = QtWidgets.QMenu(self)
        self.menu_of_row.setToolTipsVisible(True)
        again = self.menu_of_row.addAction("")
        assert again is not None
        again.setObjectName("insertAgainAction")
        again.triggered.connect(lambda: self._studio.insert_again(self._id))
        self._again = again
        self.setMenu(self.menu_of_row)
        self.hide()

    def paintEvent(self, event: QtGui.QPaintEvent | None) -> None:
        """Without the little arrow of a menu: three dots say it, and it would lie on them."""
        option = QtWidgets.QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features = option.ToolButtonFeature.None_  # type: ignore[assignment]
        painter = QtWidgets.QStylePainter(self)
        painter.drawComplexControl(QtWidgets.QStyle.ComplexControl.CC_ToolButton, option)

    def show_job(self, job: JobSnapshot) -> None:
        self._id = job.id
        self.setVisible(RowAction.INSERT_AGAIN in job.actions)
        if job.in_reach:
            text = tr("Insert again into “{0}”").format(excerpt(job.document_name, LONGEST_NAME))
            purpose = tr("Puts the picture there once more, where it was asked for.")
        else:
            text = tr("Insert again, into this document")
            purpose = tr("Puts the picture, on a layer of its own, into the document you are working on.")
        self._again.setText(caption(text))
        self._again.setToolTip(purpose)
