"""One line that tells of a newer version, while there is one."""

from __future__ import annotations

import html
from collections.abc import Callable

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtWidgets, tr

from .intents import Studio
from .labels import LinkLabel


class UpdateLine(LinkLabel):
    """What is shown comes from a server: it is escaped, and only web pages are linked to."""

    def __init__(self, studio: Studio, parent: QtWidgets.QWidget) -> None:
        super().__init__("", parent)
        self._studio = studio
        self.setObjectName("updateNotice")
        self._unsubscribe: list[Callable[[], None]] = [
            studio.on_update(self._show_update),
            studio.settings.subscribe(self._setting_changed),
        ]
        self._show_update()

    def release(self) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def _setting_changed(self, setting: s.Setting[bool], value: bool) -> None:
        if setting is s.UPDATE_CHECK:
            self._show_update()

    def _show_update(self) -> None:
        update = self._studio.update() if self._studio.settings.get(s.UPDATE_CHECK) else None
        self.setVisible(update is not None)
        if update is None:
            self.show_html("")
            return
        words = html.escape(tr("Version {0} of this plugin is there.").format(update.version[:40]))
        if update.url.startswith(("https://", "http://")):
            words += f' <a href="{html.escape(update.url)}">{html.escape(tr("See what is new"))}</a>'
        self.show_html(words)
