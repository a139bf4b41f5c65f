"""The content of Krita's docker "AI Horde"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from krita_AIhorde.qt import QtCore, QtWidgets, Signal, tr
from krita_AIhorde.settings import API_KEY, MAX_SIZE, MIN_SIZE, MODEL, PROMPT, SECTIONS, Setting
from krita_AIhorde.settings import Section as Sectioned

from . import theme
from .account import AccountPanel
from .advice import AdviceRow
from .binding import Bindings
from .buttons import Buttons
from .guards import Guard
from .intents import LiveStudio
from .joblist import JobList
from .labels import Sentence
from .models import ModelPicker
from .place import Place
from .prompts import Prompts
from .remarks import NOWHERE, RemarkLabel, remarks_of
from .scroll import VerticalScroll
from .sections import Sections
from .sizes import uncross
from .status import StatusLight
from .taborder import bring_in_sight, order_tabs
from .update import UpdateLine
from .workers import WorkerLists

LOOK_DELAY = 150  # ms: typing and sliding settle before the document is looked at anew


class DockerWidget(QtWidgets.QWidget):
    """Shows the studio's state and hands it what the artist asks for. Any number of them share one studio."""

    used = Signal()  # something is about to be asked for here, and not in another window's docker

    def __init__(self, studio: LiveStudio, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._bindings = Bindings(studio.settings)
        self._look_soon = self._single_shot(LOOK_DELAY, self.look)
        # Qt tells this widget of a new theme before all of its children have got the new palette.
        self._recolour_soon = self._single_shot(0, lambda: theme.refresh(self))
        self._make_parts()
        self._lay_out()
        self._guard = Guard(self)
        self._guard.arrived.connect(self._look_soon.start)
        self._subscribe()

    def release(self) -> None:
        """Forget the studio: Krita has closed this docker. Calling it again does nothing."""
        self._look_soon.stop()
        _call_all(self._releases)

    # Asking.

    def _ask(self, intent: Callable[[], None]) -> None:
        self.used.emit()
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

    def focusNextPrevChild(self, forward: bool) -> bool:
        order_tabs(self)
        moved = super().focusNextPrevChild(forward)
        focus = QtWidgets.QApplication.focusWidget()
        if moved and focus is not None and self.isAncestorOf(focus):
            bring_in_sight(focus)
        return moved

    def _go_to_key(self) -> None:
        """A row asks for a key: show where it is entered."""
        self._sections.section(Sectioned.ACCOUNT).header.setChecked(True)
        key = self.findChild(QtWidgets.QLineEdit, API_KEY.widget)
        assert key is not None
        bring_in_sight(key)
        key.setFocus()

    # Showing.

    def _subscribe(self) -> None:
        studio = self._studio
        self._releases: list[Callable[[], None]] = [
            self._bindings.release,
            self._model.release,
            self._account.release,
            self._workers.release,
            self._light.release,
            self._buttons.release,
            self._advice.release,
            self._jobs.release,
            self._sections.release,
            self._update.release,
            studio.on_message(self._message.say),
            studio.on_offers(self._show_remarks),
            studio.settings.subscribe(self._setting_changed),
        ]
        releases = self._releases
        self.destroyed.connect(lambda: _call_all(releases))  # Krita may destroy a docker without a word
        self._message.say(studio.message())
        self._had_prompt = bool(studio.settings.get(PROMPT))
        self._show_account()
        self._show_remarks()

    def _setting_changed(self, setting: Setting[Any], value: Any) -> None:
        self._sections.setting_changed(setting)
        if setting is API_KEY:
            self._show_account()
        elif setting is MIN_SIZE or setting is MAX_SIZE:
            uncross(self._studio.settings, setting)
            self._look_soon.start()
        elif setting is PROMPT and bool(value) != self._had_prompt:
            self._had_prompt = bool(value)
            self._look_soon.start()

    def _show_account(self) -> None:
        anonymous = not self._studio.settings.get(API_KEY)
        title = tr(SECTIONS[Sectioned.ACCOUNT].label)
        account = self._sections.section(Sectioned.ACCOUNT)
        account.set_title(tr("{0} (anonymous)").format(title) if anonymous else title)

    def _show_remarks(self) -> None:
        remarks = remarks_of(self._studio.offers(), self._studio.settings)
        self._prompts.show_remarks(remarks)
        self._model_remark.show_remarks(remarks.get(MODEL.name, ()))
        self._buttons.show_remarks(remarks.get(NOWHERE, ()))
        self._sections.show_remarks(remarks)

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
        self._model = ModelPicker(studio, bindings, self)
        self._model_remark = RemarkLabel(f"{MODEL.widget}Remark", self)
        self._advice = AdviceRow(studio, self._ask, self)
        self._buttons = Buttons(studio, self._ask, self)
        self._message = Sentence(self, selectable=True)
        self._message.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self._message.setMargin(self.fontMetrics().height() // 4)
        self._message.setObjectName("message")
        self._message.setAccessibleName(tr("Message"))
        self._jobs = JobList(studio, self)
        self._jobs.keyWanted.connect(self._go_to_key)
        self._sections = Sections(studio, bindings, self._ask)
        self._account = AccountPanel(studio, bindings)
        self._workers = WorkerLists(studio, bindings)
        self._put("accountPlace", self._account)
        self._put("workersPlace", self._workers)
        self._scroll = VerticalScroll(self._sections, 5, hug=True, parent=self)
        self._update = UpdateLine(studio, self)
        self._light = StatusLight(studio, self)

    def _put(self, place: str, part: QtWidgets.QWidget) -> None:
        found = self._sections.findChild(Place, place)
        assert found is not None
        found.put(part)

    def _lay_out(self) -> None:
        """What every picture needs stays in sight; the jobs take the room that the sections leave."""
        layout = QtWidgets.QVBoxLayout(self)
        margin = self.fontMetrics().height() // 3
        layout.setContentsMargins(margin, margin, margin, margin)
        above = (self._prompts, self._model, self._model_remark, self._advice)
        for part in (*above, self._buttons, self._message, self._jobs):
            layout.addWidget(part)
        for part in (self._scroll, self._update, self._light):
            layout.addWidget(part)


def _call_all(releases: list[Callable[[], None]]) -> None:
    while releases:
        releases.pop()()
