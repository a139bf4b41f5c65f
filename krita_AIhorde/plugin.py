"""The composition root: makes the one App and hands it to Krita's docker and actions."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import krita

from krita_AIhorde import about, archives, log, paths, vendoring
from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtCore, QtWidgets, tr
from krita_AIhorde.ui.notice import NoticeWidget

if TYPE_CHECKING:
    from krita_AIhorde.horde.endpoint import Endpoint

logger = logging.getLogger(__name__)
DOCKER = "AIHorde"
API_URL = "https://aihorde.net/api/v2"
# Bindable by the artist, in Tools > Scripts: id, text, and the button it stands for.
ACTIONS = (
    ("aihorde_generate", "AI Horde: Generate", "generate"),
    ("aihorde_img2img", "AI Horde: Img2Img", "img2img"),
    ("aihorde_mask", "AI Horde: Mask", "toggle_mask"),
    ("aihorde_inpaint", "AI Horde: Inpaint", "inpaint"),
    ("aihorde_cancel_all", "AI Horde: Cancel all jobs", "cancel_all"),
)


class App:
    """Event loop, client, jobs and canvas, wired. One for all of Krita's windows."""

    def __init__(self, data: Path) -> None:
        # Imported here: all of these need packages that lie in our own folders.
        from krita_AIhorde.canvas.easel import Easel
        from krita_AIhorde.canvas.windows import Windows
        from krita_AIhorde.eventloop import Host
        from krita_AIhorde.horde.client import HordeClient
        from krita_AIhorde.jobs.diary import Diary
        from krita_AIhorde.jobs.livedesk import Live
        from krita_AIhorde.jobs.queue import JobQueue
        from krita_AIhorde.jobs.selfreport import Files
        from krita_AIhorde.jobs.store import Folders
        from krita_AIhorde.jobs.studio import Studio
        from krita_AIhorde.ui.words import SENTENCES

        application = QtWidgets.QApplication.instance()
        assert isinstance(application, QtWidgets.QApplication)
        settings, remark = s.Settings.load(data / "settings.json")
        settings.take_over(krita.Krita.instance().readSetting(*s.PREDECESSOR, ""))
        self._client = HordeClient(endpoint(settings))  # raises, so before anything that would have to end
        self._stop_log = log.start(data, QtCore.qInfo)
        self._host = Host(application, self._unhandled)
        self._live = live = Live.of(self._client, data, self._host.spawn)
        self.windows = Windows(self.document_shown)
        canvas = self._canvas = Easel(data, self.windows)
        folders = Folders(data)
        self._journal = Diary(folders, self._client.endpoint.base_url, self._say)
        self._queue = queue = JobQueue(self._client, canvas, self._journal, self._host.spawn)
        self.studio = Studio(
            settings=settings,
            queue=queue,
            live=live,
            client=self._client,
            canvas=canvas,
            words=SENTENCES,
            files=Files(folders.results, data / log.FILE, self._facts, self._secrets),
            spawn=self._host.spawn,
        )
        settings.subscribe(self._setting_changed)
        self.studio.say(tr(remark))
        self._settings = settings
        log.set_level(settings.get(s.LOG_LEVEL))
        live.keep_fresh(self._host.spawn)
        self._host.spawn(queue.keep_adopting(), "earlier jobs")
        self._host.spawn(self._journal.keep_trying(), "journal")
        self._host.spawn(queue.keep_pruning(self._room), "old pictures")
        updates = self.studio.updates.keep_looking(self._client, about.update_address(), about.version())
        self._host.spawn(updates, "updates")
        # Of earlier versions of the plugin; its folder, which the importer deletes, holds no library.
        self._host.spawn(asyncio.to_thread(archives.clean, data), "old Pillow builds")
        application.aboutToQuit.connect(self.shutdown)
        logger.info("AI Horde %s, Krita %s", about.version(), krita.Krita.instance().version())

    def document_shown(self) -> None:
        """Krita shows another document, or the artist turned to another of its windows."""
        self._host.spawn(self._canvas.document_shown(), "document shown")
        self._queue.documents_changed()
        self.studio.document_shown()

    def _say(self, text: str) -> None:
        self.studio.say(tr(text))

    def _setting_changed(self, setting: s.Setting[str], value: object) -> None:
        if setting is s.API_KEY:
            self._client.use_key(effective_key(self._settings))
            self._live.account.key_changed()
        elif setting is s.LOG_LEVEL:
            log.set_level(str(value))

    def _room(self) -> int:
        """Bytes that the pictures' files may take."""
        return round(self._settings.get(s.RESULTS_LIMIT) * 1e9)

    def _facts(self) -> dict[str, str]:
        """What whoever helps an artist asks first."""
        return {
            "Version": about.version(),
            "Krita": krita.Krita.instance().version(),
            "Python": sys.version,
            "Qt": QtCore.QT_VERSION_STR,
            "System": platform.platform(),
            "Packages": ", ".join(f"{name} {version}" for name, version in vendoring.versions().items()),
            "Server": self._client.endpoint.base_url,
            "Account": "anonymous" if self._client.endpoint.is_anonymous else "with a key",
        }

    def _secrets(self) -> list[str]:
        return [effective_key(self._settings)]

    def _unhandled(self, what: str, error: BaseException) -> None:
        logger.error("unhandled in %s", what, exc_info=error)
        self.studio.say(tr("Something went wrong inside the plugin; its log says what."))

    def shutdown(self) -> None:
        """Leave at once: jobs go on at the Horde."""
        started = time.monotonic()
        self.windows.forget()
        self._host.shutdown()
        if self._settings.dirty:
            try:
                self._settings.write()
            except OSError as error:
                logger.warning("settings not saved: %s", error)
        self._journal.close()
        logger.info("left in %.0f ms", (time.monotonic() - started) * 1000)
        self._stop_log()


def effective_key(settings: s.Settings) -> str:
    """The saved key, else the environment's, else none (anonymous)."""
    return settings.get(s.API_KEY).strip() or os.environ.get("AIHORDE_API_KEY", "").strip()


def endpoint(settings: s.Settings) -> Endpoint:
    from krita_AIhorde.horde.endpoint import Endpoint

    url = os.environ.get("AIHORDE_API_URL", "").strip() or API_URL
    return Endpoint(url, effective_key(settings), client_agent=about.client_agent())


class Plugin(krita.Extension):
    """Krita's side of us: makes the App for the first docker, and the actions of each window."""

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._app: App | None = None
        self._pillow: archives.Hold | None = None
        self._obstacle = ""

    def setup(self) -> None:
        """Krita calls this before there is a window; everything waits for the docker."""

    def app(self) -> App | None:
        """The one App; None when it cannot be made (``obstacle`` says why)."""
        if self._app is None and not self._obstacle:
            try:
                data = paths.make_private(paths.data_dir(krita.Krita.instance().getAppDataLocation()))
                self._pillow = vendoring.activate(data)
                self._app = App(data)
            except vendoring.InTheWay as error:
                self._obstacle = tr("Krita AI Horde cannot start. {0}").format(error)
            except vendoring.VendorMissing as missing:
                self._obstacle = tr(
                    "Krita AI Horde cannot start. {0}\n\nDownload the zip for your system, and choose it in "
                    "Tools ▸ Scripts ▸ Import Python Plugin from File. Or, in the folder that you "
                    "downloaded, run “python3 krita_AIhorde.py install”. Then start Krita again."
                ).format(missing)
            except ValueError as error:  # EndpointError: the environment names an address that cannot be
                self._obstacle = tr("The Horde's address (AIHORDE_API_URL) cannot be used: {0}").format(error)
            except OSError as error:
                self._obstacle = tr(
                    "The folder for settings, jobs and pictures cannot be used: {0}\n\n"
                    "Make room on its disk, or allow Krita to write there, then start Krita again. Another "
                    "folder can be chosen with the environment variable AIHORDE_DATA_DIR."
                ).format(error)
        return self._app

    def content(self) -> QtWidgets.QWidget:
        app = self.app()
        if app is None:
            return NoticeWidget(self._obstacle)
        from krita_AIhorde.ui.docker import DockerWidget

        docker = DockerWidget(app.studio)
        docker.used.connect(lambda: app.windows.turn_to(docker))
        return docker

    def createActions(self, window: krita.Window) -> None:
        main = window.qwindow()  # Krita ends the Window when this returns
        for name, text, intent in ACTIONS:
            action = window.createAction(name, tr(text), "tools/scripts")
            action.triggered.connect(lambda _=False, intent=intent: self._do(intent, main))
        show = window.createAction("aihorde_show_docker", tr("AI Horde: Show docker"), "tools/scripts")
        show.triggered.connect(lambda _=False: show_docker(main))

    def _do(self, intent: str, main: QtWidgets.QMainWindow) -> None:
        app = self.app()
        if app is not None:
            app.windows.turn_to(main)
            getattr(app.studio, intent)()


def show_docker(main: QtWidgets.QMainWindow) -> None:
    docker = main.findChild(QtWidgets.QDockWidget, DOCKER)
    if docker is not None:
        docker.show()
        docker.raise_()


def register() -> None:
    """Called once by Krita's import of the package."""
    host = krita.Krita.instance()
    plugin = Plugin(host)
    host.addExtension(plugin)

    class Docker(krita.DockWidget):
        """One per window; all show the same App."""

        def __init__(self) -> None:
            super().__init__()
            self.setWindowTitle(tr("AI Horde"))
            self.setWidget(plugin.content())

        def canvasChanged(self, canvas: object) -> None:
            """Krita calls this at every change of document or view."""
            if (app := plugin.app()) is not None:
                app.document_shown()

    area = krita.DockWidgetFactoryBase.DockPosition.DockLeft
    host.addDockWidgetFactory(krita.DockWidgetFactory(DOCKER, area, Docker))
