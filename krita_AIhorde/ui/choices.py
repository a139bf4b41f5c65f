"""Choosing one of a few: sampler, inpaint method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from krita_AIhorde.qt import QtCore, QtWidgets, Signal, tr

ITEM_TOOLTIP = QtCore.Qt.ItemDataRole.ToolTipRole


class Choice(NamedTuple):
    value: str  # the API's own name
    label: str
    tooltip: str = ""


def sampler_choices(names: Iterable[str]) -> list[Choice]:
    """Samplers under the names by which artists know them from elsewhere; they are not translated."""
    return [Choice(name, _SAMPLERS.get(name, name)) for name in names]


_SAMPLERS = {
    "k_euler_a": "Euler a",
    "k_euler": "Euler",
    "k_dpmpp_2m": "DPM++ 2M",
    "k_dpmpp_2s_a": "DPM++ 2S a",
    "k_dpmpp_sde": "DPM++ SDE",
    "k_dpm_2": "DPM2",
    "k_dpm_2_a": "DPM2 a",
    "k_dpm_fast": "DPM fast",
    "k_dpm_adaptive": "DPM adaptive",
    "k_heun": "Heun",
    "k_lms": "LMS",
    "dpmsolver": "DPM-Solver",
    "lcm": "LCM",
}


def inpaint_methods() -> list[Choice]:
    return [
        Choice(
            "masked",
            tr("Masked part"),
            tr("The worker repaints what is masked and sees the rest. Works with most models."),
        ),
        Choice(
            "whole",
            tr("Whole region"),
            tr("The worker repaints all of the region; the mask then hides the rest. Blends well."),
        ),
        Choice(
            "fill",
            tr("From nothing"),
            tr("What is masked is forgotten and drawn anew. Needs a model made for inpainting."),
        ),
    ]


class ChoiceBox(QtWidgets.QComboBox):
    """A closed list; ``currentData()`` is the API's own name of the choice."""

    valueChanged = Signal(object)

    def __init__(self, choices: Sequence[Choice], parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        for choice in choices:
            self.addItem(choice.label, choice.value)
            self.setItemData(self.count() - 1, choice.tooltip, ITEM_TOOLTIP)
        self.setToolTip(
            "\n".join(f"{choice.label}: {choice.tooltip}" for choice in choices if choice.tooltip)
        )
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
