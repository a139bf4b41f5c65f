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
    SECTION_FILES_OPEN,
    Setting,
)

from . import theme
from .account import Account
from .binding import Bindings
from .buttons import Buttons
from .files import Files
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
        self._look_soon = self._single_shot(LOOK_DELAY, self.look)
        # Qt tells this widget of a new theme before all of its children have got the new palette.
        self._recolour_soon = self._single_shot(0, lambda: theme.refresh(self))
        self._make_parts()
        self._lay_out()
        self._guard = Guard(self)
        self._guard.watch(self)
        self._guard.arrived.connect(self._look_soon.start)
        self._subscribe()

    def release(self) -> None:
        """Forget the studio: Krita has closed this docker. Calling it again does nothing."""
        self._look_soon.stop()
        _call_all(self._releases)

    # Asking.

    def _ask(self, intent: Callable[[], None]) -> None:
        self._bindings.commit()  # the value that is just being typed counts
        intent()

    def _generate(self) -> None:
        self._ask(self._studio.generate)

    def look(self) -> None:
        """Have the studio see anew what the buttons would do."""
        if self._releases:
            self._studio.look()

    def enterEvent(self, event: Any) -> None:  # PyQt5 and PyQt6 name different types here
        super().enterEvent(event)
        self.look()  # before a click can come: the buttons then say what the click would do

    def _go_to_key(self) -> None:
        """A row asks for a key: show where it is entered."""
        self._account.header.setChecked(True)
        key = self.findChild(QtWidgets.QLineEdit, "apiKey")
        assert key is not None
        self._scroll.ensureWidgetVisible(key)
        key.setFocus()

    # Showing.

    def _subscribe(self) -> None:
        studio = self._studio
        self._releases: list[Callable[[], None]] = [
            self._bindings.release,
            self._model.release,
            self._buttons.release,
            self._jobs.release,
            self._files.release,
            studio.on_message(self._message.say),
            studio.settings.subscribe(self._setting_changed),
        ]
        releases = self._releases
        self.destroyed.connect(lambda: _call_all(releases))  # Krita may destroy a docker without a word
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
            self._recolour_soon.start()

    # Making.

    def _single_shot(self, delay: int, then: Callable[[], None]) -> QtCore.QTimer:
        timer = QtCore.QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(delay)
        timer.timeout.connect(then)
        return timer

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
        self._settings = Section(tr(SECTION_BASIC_OPEN.label), Parameters(bindings), self._sections)
        self._account = Section(tr(SECTION_ACCOUNT_OPEN.label), Account(bindings), self._sections)
        self._files = Files(studio, bindings)
        self._help = Section(tr(SECTION_FILES_OPEN.label), self._files, self._sections)
        bindings.bind(self._settings.header, SECTION_BASIC_OPEN)
        bindings.bind(self._account.header, SECTION_ACCOUNT_OPEN)
        bindings.bind(self._help.header, SECTION_FILES_OPEN)
        self._jobs.keyWanted.connect(self._go_to_key)

    def _lay_out(self) -> None:
        """What every picture needs stays in sight; the jobs take the room that the sections leave."""
        sections = QtWidgets.QVBoxLayout(self._sections)
        sections.setContentsMargins(0, 0, 0, 0)
        sections.addWidget(self._settings)
        sections.addWidget(self._account)
        sections.addWidget(self._help)
        layout = QtWidgets.QVBoxLayout(self)
        margin = self.fontMetrics().height() // 3
        layout.setContentsMargins(margin, margin, margin, margin)
        for part in (self._prompts, self._model, self._buttons, self._message):
            layout.addWidget(part)
        layout.addWidget(self._jobs)
        self._scroll = VerticalScroll(self._sections, 5, hug=True, parent=self)
        layout.addWidget(self._scroll)


def _call_all(releases: list[Callable[[], None]]) -> None:
    while releases:
        releases.pop()()
