"""A number: a slider for the hand, a spin box for the exact value."""

from __future__ import annotations

import math
from typing import Any

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal, tr
from krita_AIhorde.settings import Setting

_POINTS = ".,٫"


class PlainDoubleSpinBox(QtWidgets.QDoubleSpinBox):
    """Shows 7.0 as "7" and 0.75 as "0.75", with the decimal point of the artist's language.

    Any decimal point can be typed. Qt takes that of another language for one between thousands, and leaves it
    out: "0.35" would be 35 in German. None of our numbers has thousands.
    """

    def textFromValue(self, value: float) -> str:
        locale = self.locale()
        text = locale.toString(value, "f", self.decimals())
        return text.rstrip(locale.zeroDigit()).rstrip(locale.decimalPoint()) if self.decimals() else text

    def validate(self, text: str | None, position: int) -> tuple[QtGui.QValidator.State, str, int]:
        return super().validate(self._in_our_language(text), position)

    def valueFromText(self, text: str | None) -> float:
        return super().valueFromText(self._in_our_language(text))

    def _in_our_language(self, text: str | None) -> str:
        return (text or "").translate({ord(point): self.locale().decimalPoint() for point in _POINTS})


def _width_for(text: str, spin: Any) -> int:
    """The width at which ``spin`` shows ``text``: Qt counts on the limits ("0", "30"), not on "12.25"."""
    metrics = spin.fontMetrics()
    counted = max(
        metrics.horizontalAdvance(spin.textFromValue(limit)) for limit in (spin.minimum(), spin.maximum())
    )
    return int(spin.sizeHint().width() - counted + metrics.horizontalAdvance(text))


class Amount(QtWidgets.QWidget):
    """Slider and spin box for one setting; its value is an int or a float, as the setting is.

    An int that goes in steps (sizes: 64 pixels) only ever has a value on them; what is typed there counts
    when it is finished, as the "7" of "768" is no size.
    """

    valueChanged = Signal(object)

    def __init__(self, setting: Setting[Any], parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._setting = setting
        self._value = setting.default
        self._in_steps = isinstance(setting.default, int) and setting.step > 1
        self._spin = self._make_spin()
        self._slider = self._make_slider()
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._spin)
        self.setFocusProxy(self._spin)
        self.setToolTip(tr(setting.tooltip))
        self._show()
        self._spin.valueChanged.connect(self.setValue)
        self._slider.valueChanged.connect(self._slid)

    def value(self) -> Any:
        return self._value

    def setValue(self, value: float) -> None:
        """Take ``value``, cut to the setting's range and put on its steps."""
        fitting = self._fitting(value)
        changed = fitting != self._value
        self._value = fitting
        self._show()
        if changed:
            self.valueChanged.emit(fitting)

    def finish(self) -> None:
        self._spin.interpretText()

    def _fitting(self, value: float) -> Any:
        if self._in_steps:
            value = round(value / self._setting.step) * self._setting.step
        elif isinstance(self._setting.default, int):
            value = round(value)
        else:
            value = round(float(value), self._spin.decimals())
        return self._setting.checked(value)

    def _show(self) -> None:
        for end, value in ((self._spin, self._value), (self._slider, self._position(self._value))):
            if end.value() != value:
                with QtCore.QSignalBlocker(end):
                    end.setValue(value)

    def _slid(self, position: int) -> None:
        if position != self._position(self._value):
            self.setValue(position * self._setting.step)

    def _position(self, value: float) -> int:
        """The slider counts steps from zero, so that it stops at round numbers."""
        return round(value / self._setting.step)

    def _make_spin(self) -> Any:
        if isinstance(self._setting.default, int):
            spin: QtWidgets.QSpinBox | PlainDoubleSpinBox = QtWidgets.QSpinBox(self)
            spin.setRange(*self._range(int))
            spin.setSingleStep(int(self._setting.step))
        else:
            spin = PlainDoubleSpinBox(self)
            spin.setDecimals(2)
            spin.setRange(*self._range(float))
            spin.setSingleStep(self._setting.step)
        spin.setKeyboardTracking(not self._in_steps)
        spin.setAccessibleName(tr(self._setting.label))
        spin.setAlignment(QtCore.Qt.AlignmentFlag.AlignRight)
        spin.setMinimumWidth(_width_for("00.00", spin))  # for all, so that the sliders end under each other
        return spin

    def _range(self, kind: type) -> tuple[Any, Any]:
        assert self._setting.minimum is not None
        assert self._setting.maximum is not None
        return kind(self._setting.minimum), kind(self._setting.maximum)

    def _make_slider(self) -> QtWidgets.QSlider:
        slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal, self)
        low, high = self._range(float)
        if self._setting.slider_maximum is not None:
            high = self._setting.slider_maximum  # beyond it values are typed
        slider.setRange(math.floor(low / self._setting.step), math.ceil(high / self._setting.step))
        slider.setFocusPolicy(
            QtCore.Qt.FocusPolicy.ClickFocus
        )  # Tab goes to the spin box: one stop for one value
        slider.setAccessibleName(tr(self._setting.label))
        slider.setMinimumWidth(self._narrowest_slider())
        return slider

    def _narrowest_slider(self) -> int:
        return QtGui.QFontMetrics(self.font()).averageCharWidth() * 4
