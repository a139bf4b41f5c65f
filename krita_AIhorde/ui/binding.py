"""One mechanism binds every control to its setting, both ways, so that all dockers show one state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from krita_AIhorde.qt import QtGui, QtWidgets
from krita_AIhorde.settings import Setting, Settings


class Port(NamedTuple):
    """A control's value: how to read it, how to show another, and the signal that tells of a change."""

    read: Callable[[], Any]
    show: Callable[[Any], None]
    changed: Any  # a bound signal; the stubs have no common type for all of them
    finish: Callable[[], None] = lambda: None  # take what is typed so far as meant


def _kept_cursor(control: Any, show: Callable[[str], None]) -> Callable[[str], None]:
    """``show``, and the text cursor where it was, as far as the new text reaches."""

    def shown(text: str) -> None:
        before = control.cursorPosition()
        show(text)
        control.setCursorPosition(min(before, len(text)))

    return shown


def _show_text(edit: QtWidgets.QPlainTextEdit, text: str) -> None:
    """Another text, and the cursor where it was. Nothing of the old text comes back with an undo: it may be
    another document's.
    """
    before = edit.textCursor().position()
    edit.setPlainText(text)
    cursor = edit.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    cursor.setPosition(min(before, cursor.position()))
    edit.setTextCursor(cursor)


def port(control: QtWidgets.QWidget) -> Port:
    """The port of ``control``; our own have ``value``, ``setValue``, ``valueChanged`` and ``finish``."""
    if isinstance(control, QtWidgets.QPlainTextEdit):
        return Port(control.toPlainText, lambda text: _show_text(control, text), control.textChanged)
    if isinstance(control, QtWidgets.QLineEdit):
        if control.echoMode() != QtWidgets.QLineEdit.EchoMode.Normal:  # half a key is no key
            return Port(lambda: control.text().strip(), control.setText, control.editingFinished)
        return Port(control.text, _kept_cursor(control, control.setText), control.textChanged)
    if isinstance(control, QtWidgets.QAbstractButton):
        return Port(control.isChecked, control.setChecked, control.toggled)
    own: Any = control
    return Port(own.value, own.setValue, own.valueChanged, own.finish)


class Bindings:
    """The pairs of control and setting of one docker, until `release`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ports: dict[str, list[Port]] = {}
        self._controls: list[QtWidgets.QWidget] = []
        self._unsubscribe: list[Callable[[], None]] = [
            settings.subscribe(self._show),
            settings.on_leaving(self._leave),
        ]

    def bind(self, control: QtWidgets.QWidget, setting: Setting[Any]) -> None:
        """Show ``setting`` in ``control``, and keep what is entered there."""
        end = port(control)
        self._controls.append(control)
        self._ports.setdefault(setting.name, []).append(end)
        self._show(setting, self._settings.get(setting))
        end.changed.connect(lambda *_: self._keep(setting, end))

    def commit(self) -> None:
        """Keep what was typed but not yet finished with Return or by going elsewhere (see `port`)."""
        self._commit(lambda setting: True)

    def _leave(self) -> None:
        """Another document is coming: what is half typed was meant for this one; half a key for none."""
        self._commit(lambda setting: setting.per_document)

    def _commit(self, concerns: Callable[[Setting[Any]], bool]) -> None:
        self._end_composing()
        for setting, _ in self._settings:
            if not concerns(setting):
                continue
            for end in self._ports.get(setting.name, ()):
                end.finish()
                self._keep(setting, end)

    def release(self) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()
        self._ports.clear()
        self._controls.clear()

    def _keep(self, setting: Setting[Any], end: Port) -> None:
        if self._unsubscribe:
            self._settings.set(setting, end.read())

    def _show(self, setting: Setting[Any], value: Any) -> None:
        # A control that already has the value is left alone: writing it would move the text cursor.
        for end in self._ports.get(setting.name, ()):
            if end.read() != value:
                end.show(value)

    def _end_composing(self) -> None:
        """A word that an input method is still putting together here (Chinese, Japanese, …) is typed."""
        focus, method = QtWidgets.QApplication.focusWidget(), QtGui.QGuiApplication.inputMethod()
        if focus is None or method is None:
            return
        if any(control is focus or control.isAncestorOf(focus) for control in self._controls):
            method.commit()
