"""What a scenario gets into its hands."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from krita import Krita

from .qt import QtWidgets


class Left(Exception):
    """The scenario has ended itself."""


class Wait:
    """Something to wait for: ``predicate`` is asked every few milliseconds until its answer is true."""

    def __init__(self, predicate: Callable[[], Any], seconds: float, what: str) -> None:
        self.predicate = predicate
        self.seconds = seconds
        self.what = what
        self.deadline = time.monotonic() + seconds


def screenshot(path: str | Path) -> None:
    """What the screen shows, even before there is a window."""
    QtWidgets.QApplication.primaryScreen().grabWindow(0).save(str(path))


class Helper:
    """Krita, Qt and the verdict's data, in a scenario's words."""

    def __init__(self, rest: Callable[[float], None]) -> None:
        """``rest(seconds)`` keeps the driver from asking, and so from waking Krita, for that long."""
        self.rest = rest
        self.krita = Krita.instance()
        self.data: dict[str, Any] = {}
        self._save = False

    @property
    def window(self) -> Any:
        """Krita's main window, as Qt's."""
        return self.krita.activeWindow().qwindow()

    def wait(self, predicate: Callable[[], Any], seconds: float, what: str) -> Wait:
        """To be yielded. The scenario gets TimeoutError at that line when the answer stays false."""
        return Wait(predicate, seconds, what)

    def has_started(self) -> bool:
        """Whether the plugin shows something else than that it starts."""
        return self.find(QtWidgets.QLabel, "starting") is None

    def docker(self, name: str) -> Any:
        """The docker with this object name, None if there is none."""
        return self.window.findChild(QtWidgets.QDockWidget, name)

    def find(self, kind: Any, name: str, inside: Any = None) -> Any:
        """The widget of this Qt class and object name, below ``inside`` or Krita's window."""
        return (inside or self.window).findChild(kind, name)

    def find_all(self, kind: Any, name: str, inside: Any = None) -> list[Any]:
        return list((inside or self.window).findChildren(kind, name))

    def screenshot(self, path: str | Path) -> None:
        """What the screen shows, dialogs included."""
        screenshot(path)

    def use_whole_screen(self) -> None:
        # Nobody manages windows on a screen that nobody sees, so nobody else makes it large.
        self.window.setGeometry(self.window.screen().availableGeometry())

    def quit(self, save: bool = False) -> None:
        """End the scenario here, and save every document that has a file if ``save``."""
        self._save = save
        raise Left

    def leave(self) -> None:
        """Leave Krita as an artist does, without its questions."""
        self.krita.setBatchmode(True)
        shown = [view.document() for window in self.krita.windows() for view in window.views()]
        for document in self.krita.documents():
            document.waitForDone()  # an update still under way would mark it modified again
            if self._save and document.fileName():
                document.save()
            document.setModified(False)
            if document not in shown:
                document.close()  # quitting with a document that has no view crashes Krita 5.1 and 5.2
        self.krita.action("file_quit").trigger()
