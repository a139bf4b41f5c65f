"""Which of Krita's windows the artist works in.

Krita itself says its first window whenever none of them is active, as while the artist looks something up in
a browser; and it tells no docker that the artist turned to another window (measured in 5.1.5).
"""

from __future__ import annotations

from collections.abc import Callable

import krita

from krita_AIhorde.qt import QtWidgets


class Windows:
    """Remembers the window that was active last, and what is used in which."""

    def __init__(self, turned: Callable[[], None]) -> None:
        """``turned`` is called when the artist turns to another window."""
        self._turned = turned
        self._in_hand: QtWidgets.QWidget | None = None
        application = QtWidgets.QApplication.instance()
        assert isinstance(application, QtWidgets.QApplication)
        self._application = application
        application.focusWindowChanged.connect(self._look)

    def forget(self) -> None:
        """Listen no more: Krita ends."""
        self._application.focusWindowChanged.disconnect(self._look)

    def turn_to(self, widget: QtWidgets.QWidget | None) -> None:
        """The artist uses ``widget``, in one of Krita's windows or floating above it."""
        window = _window_of(widget)
        if window is not None and window is not self._in_hand:
            self._in_hand = window
            self._turned()

    def current(self) -> krita.Window | None:
        """The window in hand, or which Krita says while there is but one, or the one in hand is closed."""
        host = krita.Krita.instance()
        windows = host.windows()
        if len(windows) > 1:
            for window in windows:
                if window.qwindow() is self._in_hand:
                    return window
        return host.activeWindow()

    def document(self) -> krita.Document | None:
        """What the window in hand shows."""
        host = krita.Krita.instance()
        if len(host.windows()) < 2:
            return host.activeDocument()
        window = self.current()
        view = None if window is None else window.activeView()
        return None if view is None else view.document()

    def _look(self, _now: object) -> None:
        self.turn_to(self._application.activeWindow())


def _window_of(widget: QtWidgets.QWidget | None) -> QtWidgets.QWidget | None:
    """Krita's window that ``widget`` is in; None for a dialog of nobody, and for another program's."""
    own = [window.qwindow() for window in krita.Krita.instance().windows()]
    while widget is not None:
        if any(widget is window for window in own):
            return widget
        widget = widget.parentWidget()
    return None
