"""The parameters of a job, as the artist sets them."""

from __future__ import annotations

from typing import Any

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, tr

from .binding import Bindings
from .choices import ChoiceBox, inpaint_methods, sampler_choices
from .sliders import Amount
from .theme import Tone, set_tone


class Parameters(QtWidgets.QWidget):
    """A form, one setting a line; what comes later (upscaler, post-processing, …) gets lines in `_rows`."""

    def __init__(self, bindings: Bindings, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._bindings = bindings
        self._form = QtWidgets.QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(QtCore.Qt.AlignmentFlag.AlignLeft)
        self._rows()
        self._checks()
        self._beside = self._form.minimumSize().width()  # what labels beside the controls take

    def minimumSizeHint(self) -> QtCore.QSize:
        """As narrow as with the labels above the controls."""
        items = (self._form.itemAt(i) for i in range(self._form.count()))
        width = max(item.minimumSize().width() for item in items if item is not None)
        return QtCore.QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        super().resizeEvent(event)
        policy = QtWidgets.QFormLayout.RowWrapPolicy
        fits = self.width() >= self._beside
        self._form.setRowWrapPolicy(policy.DontWrapRows if fits else policy.WrapAllRows)

    def _rows(self) -> None:
        self._add("denoisingStrength", Amount(s.DENOISING_STRENGTH, self), s.DENOISING_STRENGTH)
        self._add("cfgScale", Amount(s.CFG_SCALE, self), s.CFG_SCALE)
        self._add("steps", Amount(s.STEPS, self), s.STEPS)
        self._add("sampler", ChoiceBox(sampler_choices(s.SAMPLERS), self), s.SAMPLER)
        self._add("seed", self._seed(), s.SEED)
        self._add("imageCount", Amount(s.IMAGE_COUNT, self), s.IMAGE_COUNT)
        smallest, largest = Amount(s.MIN_SIZE, self), Amount(s.MAX_SIZE, self)
        self._add("minSize", smallest, s.MIN_SIZE)
        self._add("maxSize", largest, s.MAX_SIZE)
        smallest.valueChanged.connect(lambda size: largest.setValue(max(size, largest.value())))
        largest.valueChanged.connect(lambda size: smallest.setValue(min(size, smallest.value())))
        self._add("inpaintMethod", ChoiceBox(inpaint_methods(), self), s.INPAINT_METHOD)
        self._add("maxWait", Amount(s.MAX_WAIT, self), s.MAX_WAIT)

    def _checks(self) -> None:
        line = QtWidgets.QHBoxLayout()
        for name, setting in (("karras", s.KARRAS), ("nsfw", s.NSFW)):
            check = QtWidgets.QCheckBox(tr(setting.label), self)
            self._prepare(name, check, setting)
            line.addWidget(check)
        line.addStretch(1)
        self._form.addRow(line)

    def _seed(self) -> QtWidgets.QLineEdit:
        seed = QtWidgets.QLineEdit(self)
        seed.setPlaceholderText(tr("random"))
        seed.setClearButtonEnabled(True)
        set_tone(seed, Tone.FIELD)
        return seed

    def _add(self, name: str, control: QtWidgets.QWidget, setting: s.Setting[Any]) -> None:
        self._prepare(name, control, setting)
        label = QtWidgets.QLabel(tr(setting.label), self)
        label.setToolTip(control.toolTip())
        label.setBuddy(control)
        self._form.addRow(label, control)

    def _prepare(self, name: str, control: QtWidgets.QWidget, setting: s.Setting[Any]) -> None:
        control.setObjectName(name)
        control.setAccessibleName(tr(setting.label))
        if setting.tooltip:
            control.setToolTip(tr(setting.tooltip))
        self._bindings.bind(control, setting)
