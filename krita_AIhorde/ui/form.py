"""A form of settings: a line each, with what hinders it in its tooltip and what is wrong with it below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from krita_AIhorde.qt import QtWidgets, tr
from krita_AIhorde.settings import Setting

from .binding import Bindings
from .controls import make_control, prepare, tooltip
from .formlayout import FieldLabel, FormLayout
from .labels import LeadingLabel
from .remarks import Remark, RemarkLabel
from .theme import Tone, set_tone
from .words import wrapped


class _Line(NamedTuple):
    control: QtWidgets.QWidget
    field: QtWidgets.QWidget  # the control, or what holds it and its buttons
    label: QtWidgets.QWidget | None
    remark: RemarkLabel


class Form(QtWidgets.QWidget):
    """``peers`` is a list that all forms of one docker share: their controls begin on one line."""

    def __init__(
        self, bindings: Bindings, peers: list[FormLayout], parent: QtWidgets.QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bindings = bindings
        self._form = FormLayout(self, peers)
        self._lines: dict[str, _Line] = {}  # by the settings' names

    def add(self, setting: Setting[Any], *beside: QtWidgets.QWidget) -> None:
        """A line with ``setting``'s control, and what belongs beside it."""
        control = make_control(setting, self)
        prepare(control, setting, self._bindings)
        field = self._in_line(control, *beside) if beside else control
        label = None
        if isinstance(control, QtWidgets.QCheckBox):  # says itself what it is
            self._form.add_wide(field)
        else:
            label = FieldLabel(tr(setting.label), control, self)
            label.setToolTip(control.toolTip())
            self._form.add_row(label, field)
        self._lines[setting.name] = _Line(control, field, label, self._remark(setting.widget, field))

    def add_wide(self, widget: QtWidgets.QWidget, *settings: Setting[Any]) -> None:
        """``widget`` in the form's whole width; what is wrong with ``settings`` is said below it."""
        self._form.add_wide(widget)
        if settings:
            remark = self._remark(settings[0].widget, widget)
            for setting in settings:
                self._lines[setting.name] = _Line(widget, widget, None, remark)

    def add_heading(self, text: str) -> None:
        heading = LeadingLabel(text, self)
        set_tone(heading, Tone.MUTED)
        heading.setContentsMargins(0, self.fontMetrics().height() // 3, 0, 0)
        self._form.add_wide(heading)

    def settings(self) -> frozenset[str]:
        """The names of those that have a line here."""
        return frozenset(self._lines)

    def _remark(self, name: str, field: QtWidgets.QWidget) -> RemarkLabel:
        remark = RemarkLabel(f"{name}Remark", self)
        self._form.set_note(field, remark)
        return remark

    def hinder(self, setting: Setting[Any], reason: str) -> None:
        """Disable the control of ``setting``, and say why; "" = it works."""
        line = self._lines[setting.name]
        words = "\n".join(part for part in (wrapped(reason), tooltip(setting)) if part)
        for widget in (line.control, line.label):
            if widget is not None:
                widget.setEnabled(not reason)
                widget.setToolTip(words)
        (line.control.focusProxy() or line.control).setAccessibleDescription(reason)

    def show_remarks(self, remarks: Mapping[str, Sequence[Remark]]) -> list[Remark]:
        """Say what is wrong with the settings of this form; all of it."""
        said: dict[RemarkLabel, list[Remark]] = {}
        for name, line in self._lines.items():
            said.setdefault(line.remark, []).extend(remarks.get(name, ()))
        for label, about in said.items():
            label.show_remarks(about)
        return [remark for about in said.values() for remark in about]

    def _in_line(self, *widgets: QtWidgets.QWidget) -> QtWidgets.QWidget:
        line = QtWidgets.QWidget(self)
        layout = QtWidgets.QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for widget in widgets:
            layout.addWidget(widget)
        return line
