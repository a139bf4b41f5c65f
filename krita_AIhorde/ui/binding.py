"""One mechanism binds every control to its setting, both ways, so that all dockers show one state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from krita_AIhorde.qt import QtGui, QtWidgets
from krita_AIhorde.settings import Setting, Settings

from .editing import change_text, forget_steps, start_text


class Port(NamedTuple):
    """A control's value: how to read it, how to show another, and the signal that tells of a change.

    ``start`` shows a value that begins anew, as another document's does: no undo leads back from it.
    """

    read: Callable[[], Any]
    show: Callable[[Any], None]
    changed: Any  # a bound signal; the stubs have no common type for all of them
    finish: Callable[[], None] = lambda: None  # take what is typed so far as meant
    start: Callable[[Any], None] | None = None  # None: as `show`
    forget: Callable[[], None] = lambda: None  # take the ways back that there are


def _kept_cursor(control: Any, show: Callable[[str], None]) -> Callable[[str], None]:
    """``show``, and the text cursor where it was, as far as the new text reaches."""

    def shown(text: str) -> None:
        before = control.cursorPosition()
        show(text)
        control.setCursorPosition(min(before, len(text)))

    return shown


def port(control: QtWidgets.QWidget) -> Port:
    """The port of ``control``; our own have ``value``, ``setValue``, ``valueChanged`` and ``finish``."""
    if isinstance(control, QtWidgets.QPlainTextEdit):
        return Port(
            control.toPlainText,
            lambda text: change_text(control, text),
            control.textChanged,
            start=lambda text: start_text(control, text),
            forget=lambda: forget_steps(control),
        )
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
        _show_in(end, self._settings.get(setting), anew=True)
        end.changed.connect(lambda *_: self._keep(setting, end))

    def commit(self) -> None:
        """Keep what was typed but not yet finished with Return or by going elsewhere (see `port`)."""
        self._commit(lambda setting: True)

    def _leave(self) -> None:
        """Another document is coming: what is half typed was meant for this one; half a key for none."""
        self._commit(lambda setting: setting.per_document)
        for setting, _ in self._settings:
            for end in self._ports.get(setting.name, ()) if setting.per_document else ():
                end.forget()  # a value that both documents have is not shown anew

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
        for end in self._ports.get(setting.name, ()):
            _show_in(end, value, anew=self._settings.turning)

    def _end_composing(self) -> None:
        """A word that an input method is still putting together here (Chinese, Japanese, …) is typed."""
        focus, method = QtWidgets.QApplication.focusWidget(), QtGui.QGuiApplication.inputMethod()
        if focus is None or method is None:
            return
        if any(control is focus or control.isAncestorOf(focus) for control in self._controls):
            method.commit()


def _show_in(end: Port, value: Any, *, anew: bool) -> None:
    """A control that already has the value is left alone: writing it would move the text cursor."""
    if end.read() != value:
        (end.start if anew and end.start is not None else end.show)(value)
