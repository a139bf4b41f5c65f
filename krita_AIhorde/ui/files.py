"""Files and help: where the pictures' files are, settings to keep or give away, what to send to helpers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, tr
from krita_AIhorde.settings import LOG_LEVEL, RESULTS_LIMIT, UPDATE_CHECK

from .binding import Bindings
from .diagnostics import Diagnostics
from .flow import FlowLayout
from .form import Form
from .formlayout import FormLayout
from .intents import Studio
from .labels import Sentence
from .resetting import ResetQuestion
from .sharing import Sharing


class Files(QtWidgets.QWidget):
    """``form`` holds the section's settings."""

    def __init__(
        self,
        studio: Studio,
        bindings: Bindings,
        peers: list[FormLayout],
        ask: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__()
        self._studio, self._ask = studio, ask
        self._diagnostics: Diagnostics | None = None
        self.form = Form(bindings, peers, self)
        for setting in (RESULTS_LIMIT, LOG_LEVEL, UPDATE_CHECK):
            self.form.add(setting)
        self._said = Sentence(self, selectable=True)
        self._said.setObjectName("filesMessage")
        self._said.hide()
        self._sharing = Sharing(studio.settings, self._said.say, bindings.commit, self)
        self._question = ResetQuestion(self._reset, self)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.form)
        layout.addWidget(self._buttons())
        layout.addWidget(self._question)
        layout.addWidget(self._said)

    def release(self) -> None:
        if self._diagnostics is not None:
            self._diagnostics.close()

    def _buttons(self) -> QtWidgets.QWidget:
        line = QtWidgets.QWidget(self)
        flow = FlowLayout(line, self.fontMetrics().height() // 4)
        for name, words, purpose, press in (
            (
                "openResultsButton",
                tr("Open the folder"),
                tr("Shows the files of all pictures that came back."),
                self._open_folder,
            ),
            (
                "collectDiagnosticsButton",
                tr("Collect diagnostics"),
                tr("Gathers versions, settings and the log's end, to ask for help. You see it all first."),
                self._collect,
            ),
            (
                "exportSettingsButton",
                tr("Export settings"),
                tr("Writes all settings and the prompts into a file, without the API key."),
                self._sharing.ask_where_to,
            ),
            (
                "importSettingsButton",
                tr("Import settings"),
                tr("Takes settings and prompts over from such a file."),
                self._sharing.ask_where_from,
            ),
            (
                "resetSettingsButton",
                tr("Reset to defaults"),
                tr("Sets everything as it was at first, for this document. You are asked before that."),
                self._question.ask,
            ),
        ):
            button = QtWidgets.QPushButton(words, line)
            button.setObjectName(name)
            button.setToolTip(purpose)
            button.setAccessibleName(words)
            button.clicked.connect(lambda _=False, press=press: press())
            flow.addWidget(button)
        return line

    def _reset(self) -> None:
        self._ask(self._studio.settings.reset)
        self._said.say(tr("All settings are as they were at first."))

    def _open_folder(self) -> None:
        folder = Path(self._studio.results_folder())
        while not folder.is_dir() and folder != folder.parent:  # there is none before the first picture
            folder = folder.parent
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(folder)))

    def _collect(self) -> None:
        self._studio.collect_diagnostics(self._show)

    def _show(self, text: str) -> None:
        if self._diagnostics is None:
            self._diagnostics = Diagnostics(self)
            self._diagnostics.destroyed.connect(self._forget)
        self._diagnostics.show_text(text)

    def _forget(self) -> None:
        self._diagnostics = None
