"""The composition root: makes the one App, with everything that it needs.

Importing this takes a fifth of a second, and packages that lie in our own folders: ``loading`` does it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import sys
import time
from pathlib import Path

import krita

from krita_AIhorde import about, archives, log, vendoring
from krita_AIhorde import settings as s
from krita_AIhorde.canvas.easel import Easel
from krita_AIhorde.canvas.windows import Windows
from krita_AIhorde.eventloop import Host
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.jobs.diary import Diary
from krita_AIhorde.jobs.livedesk import Live
from krita_AIhorde.jobs.queue import JobQueue
from krita_AIhorde.jobs.selfreport import Files
from krita_AIhorde.jobs.store import Folders
from krita_AIhorde.jobs.studio import Studio
from krita_AIhorde.qt import QtCore, QtWidgets, tr
from krita_AIhorde.ui.docker import DockerWidget
from krita_AIhorde.ui.words import SENTENCES

logger = logging.getLogger(__name__)
API_URL = "https://aihorde.net/api/v2"


class App:
    """Event loop, client, jobs and canvas, wired. One for all of Krita's windows.

    Raises EndpointError when the environment names an address that cannot be used, and OSError when the
    folder ``data`` cannot.
    """

    def __init__(self, data: Path) -> None:
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

    def docker(self) -> DockerWidget:
        """The content of one more docker."""
        docker = DockerWidget(self.studio)
        docker.used.connect(lambda: self.windows.turn_to(docker))
        return docker

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
    url = os.environ.get("AIHORDE_API_URL", "").strip() or API_URL
    return Endpoint(url, effective_key(settings), client_agent=about.client_agent())
