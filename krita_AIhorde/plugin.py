"""Krita's side of the plugin: its docker and its actions. What they need is loaded beside Krita's start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import krita

from krita_AIhorde.loading import Loading, no_folder
from krita_AIhorde.qt import QtCore, QtWidgets, Signal, tr
from krita_AIhorde.ui.notice import NoticeWidget

if TYPE_CHECKING:
    from krita_AIhorde.app import App

DOCKER = "AIHorde"
# Bindable by the artist, in Tools > Scripts: id, text, and the button it stands for.
ACTIONS = (
    ("aihorde_generate", "AI Horde: Generate", "generate"),
    ("aihorde_img2img", "AI Horde: Img2Img", "img2img"),
    ("aihorde_mask", "AI Horde: Mask", "toggle_mask"),
    ("aihorde_inpaint", "AI Horde: Inpaint", "inpaint"),
    ("aihorde_cancel_all", "AI Horde: Cancel all jobs", "cancel_all"),
)


class Starter(QtCore.QObject):
    """Makes the one App when all is loaded. ``ended`` comes once: with an ``app``, or an ``obstacle``."""

    ended = Signal()

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self.app: App | None = None
        self.obstacle = ""
        self._loading = Loading(self)
        self._loading.ended.connect(self._loaded)  # queued, since it comes from another thread

    @property
    def has_ended(self) -> bool:
        return self.app is not None or bool(self.obstacle)

    def start(self) -> None:
        self._loading.start(krita.Krita.instance().getAppDataLocation())

    def _loaded(self) -> None:
        self.obstacle = self._loading.obstacle or self._make()
        # The dockers' widgets are another slice of Krita's time.
        QtCore.QTimer.singleShot(0, self.ended.emit)

    def _make(self) -> str:
        from krita_AIhorde.app import App

        try:
            self.app = App(self._loading.data)
        except ValueError as error:  # EndpointError: the environment names an address that cannot be
            return tr("The Horde's address (AIHORDE_API_URL) cannot be used: {0}").format(error)
        except OSError as error:
            return no_folder(error)
        return ""


class Plugin(krita.Extension):
    """The actions of each window."""

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self.starter = Starter(self)
        self._asked: list[Callable[[], None]] = []
        self.starter.ended.connect(self._do_what_was_asked)

    def setup(self) -> None:
        """Krita calls this before there is a window, while it imports other plugins' Python, too."""

    def createActions(self, window: krita.Window) -> None:
        """Krita calls this last, and then has a quarter of a second to do without any Python."""
        self.starter.start()
        main = window.qwindow()  # Krita ends the Window when this returns
        for name, text, intent in ACTIONS:
            action = window.createAction(name, tr(text), "tools/scripts")
            action.triggered.connect(lambda _=False, intent=intent: self._ask(intent, main))
        show = window.createAction("aihorde_show_docker", tr("AI Horde: Show docker"), "tools/scripts")
        show.triggered.connect(lambda _=False: show_docker(main))

    def _ask(self, intent: str, main: QtWidgets.QMainWindow) -> None:
        if self.starter.has_ended:
            self._do(intent, main)
        else:
            self._asked.append(lambda: self._do(intent, main))

    def _do_what_was_asked(self) -> None:
        while self._asked:
            self._asked.pop(0)()

    def _do(self, intent: str, main: QtWidgets.QMainWindow) -> None:
        app = self.starter.app
        if app is not None:
            app.windows.turn_to(main)
            getattr(app.studio, intent)()


def show_docker(main: QtWidgets.QMainWindow) -> None:
    docker = main.findChild(QtWidgets.QDockWidget, DOCKER)
    if docker is not None:
        docker.show()
        docker.raise_()


def content(starter: Starter) -> QtWidgets.QWidget:
    """What the docker shows."""
    app = starter.app
    if app is not None:
        return app.docker()
    if starter.obstacle:
        return NoticeWidget(starter.obstacle)
    return NoticeWidget(tr("Starting…"), "starting")


def register() -> None:
    """Called once by Krita's import of the package."""
    host = krita.Krita.instance()
    plugin = Plugin(host)
    host.addExtension(plugin)
    starter = plugin.starter

    class Docker(krita.DockWidget):
        """One per window; all show the same App."""

        def __init__(self) -> None:
            super().__init__()
            self.setWindowTitle(tr("AI Horde"))
            self.setWidget(content(starter))
            if not starter.has_ended:
                starter.ended.connect(self.started)

        def started(self) -> None:
            """Show what there is to show, in place of "Starting"."""
            before = self.widget()
            self.setWidget(content(starter))
            before.deleteLater()
            self.canvasChanged(None)

        def canvasChanged(self, canvas: object) -> None:
            """Krita calls this at every change of document or view."""
            if starter.app is not None:
                starter.app.document_shown()

    area = krita.DockWidgetFactoryBase.DockPosition.DockLeft
    host.addDockWidgetFactory(krita.DockWidgetFactory(DOCKER, area, Docker))
