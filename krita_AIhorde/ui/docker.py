"""The content of Krita's docker "AI Horde"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from krita_AIhorde.qt import QtCore, QtWidgets, tr
from krita_AIhorde.settings import (
    API_KEY,
    MAX_SIZE,
    MIN_SIZE,
    PROMPT,
    SECTION_ACCOUNT_OPEN,
    SECTION_BASIC_OPEN,
    Setting,
)

from . import theme
from .account import Account
from .binding import Bindings
from .buttons import Buttons
from .guards import Guard
from .intents import Studio
from .joblist import JobList
from .labels import Sentence
from .models import ModelRow
from .parameters import Parameters
from .prompts import Prompts
from .scroll import VerticalScroll
from .section import Section

LOOK_DELAY = 150  # ms: typing and sliding settle before the document is looked at anew


class DockerWidget(QtWidgets.QWidget):
    """Shows the studio's state and hands it what the artist asks for. Any number of them share one studio."""

    def __init__(self, studio: Studio, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._bindings = Bindings(studio.settings)
        self._look_soon = QtCore.QTimer(self)
        self._look_soon.setSingleShot(True)
        self._look_soon.setInterval(LOOK_DELAY)
        self._look_soon.timeout.connect(self._look)
        self._make_parts()
        self._lay_out()
        self._guard = Guard(self)
        self._guard.watch(self)
        self._guard.arrived.connect(self._look_soon.start)
        self._subscribe()

    def release(self) -> None:
        """Forget the studio: Krita has closed this docker. Calling it again does nothing."""
        self._look_soon.stop()
        while self._releases:
            self._releases.pop()()

    # Asking.

    def _ask(self, intent: Callable[[], None]) -> None:
        self._bindings.commit()  # the value that is just being typed counts
        intent()

    def _generate(self) -> None:
        self._ask(self._studio.generate)

    def _look(self) -> None:
        if self._releases:
            self._studio.look()

    def enterEvent(self, event: Any) -> None:  # PyQt5 and PyQt6 name different types here
        super().enterEvent(event)
        self._look()  # before a click can come: the buttons then say what the click would do

    # Showing.

    def _subscribe(self) -> None:
        studio = self._studio
        self._releases: list[Callable[[], None]] = [
            self._bindings.release,
            self._model.release,
            self._buttons.release,
            self._jobs.release,
            studio.on_message(self._message.say),
            studio.settings.subscribe(self._setting_changed),
        ]
        self._message.say(studio.message())
        self._had_prompt = bool(studio.settings.get(PROMPT))
        self._show_account()

    def _setting_changed(self, setting: Setting[Any], value: Any) -> None:
        if setting is API_KEY:
            self._show_account()
        elif setting in (MIN_SIZE, MAX_SIZE):
            self._look_soon.start()
        elif setting is PROMPT and bool(value) != self._had_prompt:
            self._had_prompt = bool(value)
            self._look_soon.start()

    def _show_account(self) -> None:
        anonymous = not self._studio.settings.get(API_KEY)
        self._account.set_title(tr("Account (anonymous)") if anonymous else tr("Account"))

    def changeEvent(self, event: QtCore.QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QtCore.QEvent.Type.PaletteChange:
            theme.refresh(self)

    # Making.

    def _make_parts(self) -> None:
        studio, bindings = self._studio, self._bindings
        self._prompts = Prompts(bindings, self)
        self._prompts.submitted.connect(self._generate)
        self._model = ModelRow(studio, bindings, self)
        self._buttons = Buttons(studio, self._ask, self)
        self._message = Sentence(self, selectable=True)
        self._message.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self._message.setMargin(self.fontMetrics().height() // 4)
        self._message.setObjectName("message")
        self._message.setAccessibleName(tr("Message"))
        self._jobs = JobList(studio, self)
        self._sections = QtWidgets.QWidget()
        self._settings = Section(tr("Settings"), Parameters(bindings), self._sections)
        self._account = Section(tr("Account"), Account(bindings), self._sections)
        bindings.bind(self._settings.header, SECTION_BASIC_OPEN)
        bindings.bind(self._account.header, SECTION_ACCOUNT_OPEN)

    def _lay_out(self) -> None:
        """What every picture needs stays in sight; the jobs take the room that the sections leave."""
        sections = QtWidgets.QVBoxLayout(self._sections)
        sections.setContentsMargins(0, 0, 0, 0)
        sections.addWidget(self._settings)
        sections.addWidget(self._account)
        layout = QtWidgets.QVBoxLayout(self)
        margin = self.fontMetrics().height() // 3
        layout.setContentsMargins(margin, margin, margin, margin)
        for part in (self._prompts, self._model, self._buttons, self._message):
            layout.addWidget(part)
        layout.addWidget(self._jobs)
        layout.addWidget(VerticalScroll(self._sections, 5, hug=True, parent=self))
