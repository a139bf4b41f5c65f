"""The control that fits a setting: made here, and only here."""

from __future__ import annotations

from typing import Any

from krita_AIhorde.qt import QtWidgets, tr
from krita_AIhorde.settings import Setting

from .binding import Bindings
from .choices import ChoiceBox
from .sliders import Amount
from .theme import Tone, set_tone
from .words import wrapped

MOST_OPTIONS = 4  # that a tooltip explains; what a longer list holds is explained in the list


def make_control(setting: Setting[Any], parent: QtWidgets.QWidget) -> QtWidgets.QWidget:
    """A control for ``setting``, not yet bound. A list has none that would be the same for all lists."""
    default = setting.default
    if isinstance(default, bool):
        return QtWidgets.QCheckBox(tr(setting.label), parent)
    if setting.options:
        return ChoiceBox(setting.options, parent)
    if isinstance(default, int | float):
        return Amount(setting, parent)
    if isinstance(default, str):
        return _line(setting, parent)
    raise TypeError(f"no control for {setting.name}")


def prepare(control: QtWidgets.QWidget, setting: Setting[Any], bindings: Bindings) -> None:
    """Give ``control`` its name and words, and bind it."""
    control.setObjectName(setting.widget)
    control.setAccessibleName(tr(setting.label))
    control.setToolTip(tooltip(setting))
    bindings.bind(control, setting)


def tooltip(setting: Setting[Any]) -> str:
    """What the control does, and what its choices mean where they are few."""
    lines = [tr(setting.tooltip)] if setting.tooltip else []
    if len(setting.options) <= MOST_OPTIONS:
        lines += [f"{tr(o.label)}: {tr(o.tooltip)}" for o in setting.options if o.tooltip]
    return "\n".join(map(wrapped, lines))


def _line(setting: Setting[str], parent: QtWidgets.QWidget) -> QtWidgets.QLineEdit:
    line = QtWidgets.QLineEdit(parent)
    line.setPlaceholderText(tr(setting.empty) if setting.empty else "")
    if setting.private:
        line.setEchoMode(QtWidgets.QLineEdit.EchoMode.Password)
    else:
        line.setClearButtonEnabled(True)
    set_tone(line, Tone.FIELD)
    return line
