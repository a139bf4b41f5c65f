"""One mechanism binds every control to its setting, both ways, so that all dockers show one state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from krita_AIhorde.qt import QtWidgets
from krita_AIhorde.settings import Setting, Settings


class Port(NamedTuple):
    """A control's value: how to read it, how to show another, and the signal that tells of a change."""

    read: Callable[[], Any]
    show: Callable[[Any], None]
    changed: Any  # a bound signal; the stubs have no common type for all of them
    finish: Callable[[], None] = lambda: None  # take what is typed so far as meant


def port(control: QtWidgets.QWidget) -> Port:
    """The port of ``control``; our own have ``value``, ``setValue``, ``valueChanged`` and ``finish``."""
    if isinstance(control, QtWidgets.QPlainTextEdit):
        return Port(control.toPlainText, control.setPlainText, control.textChanged)
    if isinstance(control, QtWidgets.QLineEdit):
        if control.echoMode() != QtWidgets.QLineEdit.EchoMode.Normal:  # half a key is no key
            return Port(lambda: control.text().strip(), control.setText, control.editingFinished)
        return Port(control.text, control.setText, control.textChanged)
    if isinstance(control, QtWidgets.QAbstractButton):
        return Port(control.isChecked, control.setChecked, control.toggled)
    own: Any = control
    return Port(own.value, own.setValue, own.valueChanged, own.finish)


class Bindings:
    """The pairs of control and setting of one docker, until `release`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ports: dict[str, list[Port]] = {}
        self._unsubscribe: Callable[[], None] | None = settings.subscribe(self._show)

    def bind(self, control: QtWidgets.QWidget, setting: Setting[Any]) -> None:
        """Show ``setting`` in ``control``, and keep what is entered there."""
        end = port(control)
        self._ports.setdefault(setting.name, []).append(end)
        self._show(setting, self._settings.get(setting))
        end.changed.connect(lambda *_: self._keep(setting, end))

    def commit(self) -> None:
        """Keep what was typed but not yet finished with Return or by going elsewhere (see `port`)."""
        for setting, _ in self._settings:
            for end in self._ports.get(setting.name, ()):
                end.finish()
                self._keep(setting, end)

    def release(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._ports.clear()

    def _keep(self, setting: Setting[Any], end: Port) -> None:
        if self._unsubscribe is not None:
            self._settings.set(setting, end.read())

    def _show(self, setting: Setting[Any], value: Any) -> None:
        # A control that already has the value is left alone: writing it would move the text cursor.
        for end in self._ports.get(setting.name, ()):
            if end.read() != value:
                end.show(value)
