"""Choosing one of a few."""

from __future__ import annotations

from collections.abc import Sequence

from krita_AIhorde.qt import QtCore, QtWidgets, Signal, tr
from krita_AIhorde.settings import Option

ITEM_TOOLTIP = QtCore.Qt.ItemDataRole.ToolTipRole


class ChoiceBox(QtWidgets.QComboBox):
    """A closed list; ``currentData()`` is the API's own name of the choice."""

    valueChanged = Signal(object)

    def __init__(self, options: Sequence[Option], parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        for option in options:
            self.addItem(tr(option.label), option.value)
            self.setItemData(self.count() - 1, tr(option.tooltip) if option.tooltip else "", ITEM_TOOLTIP)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.currentIndexChanged.connect(lambda _: self.valueChanged.emit(self.value()))

    def value(self) -> str:
        return self.currentData() or ""

    def setValue(self, value: str) -> None:
        index = self.findData(value)
        if index < 0:  # of another version: kept, under its own name
            self.addItem(value, value)
            index = self.count() - 1
        self.setCurrentIndex(index)

    def finish(self) -> None:
        """Nothing is ever half chosen here."""

    def showPopup(self) -> None:
        widen_popup(self)
        super().showPopup()


def widen_popup(box: QtWidgets.QComboBox) -> None:
    """The open list is as wide as its longest entry, however narrow the docker."""
    view = box.view()
    bar = view.verticalScrollBar() if view is not None else None
    if view is not None and bar is not None:
        view.setMinimumWidth(view.sizeHintForColumn(0) + bar.sizeHint().width())
