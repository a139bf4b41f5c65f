"""What is known of the chosen model."""

from __future__ import annotations

import re
from typing import Any

from krita_AIhorde.horde.modelinfo import ModelInfo
from krita_AIhorde.qt import QtCore, QtWidgets, tr
from krita_AIhorde.settings import MODEL, PROMPT, Setting

from .flow import FlowLayout
from .intents import ModelDesk
from .labels import LinkLabel, Sentence
from .livewords import inpainting_text, needs_text, served_text, traits_text
from .modelentries import ANY_MODEL
from .plain import caption, link, tooltip
from .scroll import Scrolled, VerticalScroll
from .theme import Tone, set_tone
from .words import excerpt

LONGEST_TRIGGER = 24
FEWEST_LINES = 6  # that are in sight, however low the docker


def has_words(prompt: str, words: str) -> bool:
    """Whether ``words`` stand in ``prompt``, and not as a part of others."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", prompt, re.IGNORECASE) is not None


def with_words(prompt: str, words: str) -> str:
    """``prompt`` with ``words`` at its end, if they are not in it."""
    if has_words(prompt, words):
        return prompt
    before = prompt.rstrip().rstrip(",")
    return f"{before}, {words}" if before else words


class ModelPanel(QtWidgets.QFrame):
    """Description, traits, needs and trigger words of the model that is chosen in the settings.

    Of a model that nobody describes it shows the name. The words are volunteers': plain text, all of them.
    """

    def __init__(self, studio: ModelDesk, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._shown: tuple[Any, ...] = ()
        self.setObjectName("modelInfo")
        self.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self.setAccessibleName(tr("About this model"))
        self._make_parts()
        self._lay_out()
        self._show()
        self._releases = [
            studio.on_models(self._show),
            studio.on_model_infos(self._show),
            studio.settings.subscribe(self._setting_changed),
        ]

    def release(self) -> None:
        while self._releases:
            self._releases.pop()()

    def _make_parts(self) -> None:
        self._content = Scrolled()
        self._name = self._sentence("modelInfoName")
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self._traits = self._sentence("modelTraits")
        set_tone(self._traits, Tone.MUTED)
        self._description = self._sentence("modelDescription", selectable=True)
        self._served = self._sentence("modelServed")
        self._needs = self._sentence("modelNeeds")
        self._inpainting = self._sentence("modelInpainting")
        self._trigger_hint = self._sentence("modelTriggerHint")
        self._trigger_hint.say(tr("Words that it knows; a press adds one to the prompt:"))
        set_tone(self._trigger_hint, Tone.MUTED)
        self._triggers = QtWidgets.QWidget(self._content)
        self._triggers.setObjectName("modelTriggers")
        self._flow = FlowLayout(self._triggers, self.fontMetrics().height() // 4)
        self._homepage = LinkLabel("", self._content)
        self._homepage.setObjectName("modelHomepage")

    def _sentence(self, name: str, *, selectable: bool = False) -> Sentence:
        sentence = Sentence(self._content, selectable=selectable)
        sentence.setObjectName(name)
        return sentence

    def _lay_out(self) -> None:
        margin = self.fontMetrics().height() // 3
        column = QtWidgets.QVBoxLayout(self._content)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(margin)
        for part in (self._name, self._traits, self._description, self._served, self._inpainting, self._needs,
                     self._trigger_hint, self._triggers, self._homepage):  # fmt: skip
            column.addWidget(part)
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(VerticalScroll(self._content, FEWEST_LINES, hug=True, parent=self))

    def _setting_changed(self, setting: Setting[Any], _value: object) -> None:
        if setting is MODEL:
            self._show()
        elif setting is PROMPT:
            self._mark_triggers()

    def _show(self) -> None:
        name = self._studio.settings.get(MODEL)
        served = next((model for model in self._studio.models() if model.name == name), None)
        info = ModelInfo(ANY_MODEL) if name == ANY_MODEL else self._studio.model_info(name)
        if self._shown == (name, served, info):
            return
        self._shown = (name, served, info)
        self._name.say(name or tr("Any model"))
        self._served.say(served_text(served))
        self._traits.say(traits_text(info))
        whichever = tr("Whichever model is free: the shortest wait, and every picture may look different.")
        self._description.say(info.description if name else whichever)
        self._needs.say(needs_text(info.requirements))
        self._inpainting.say(inpainting_text(info) if name else "")
        self._show_homepage(info.homepage)
        self._show_triggers(info.triggers)

    def _show_homepage(self, address: str) -> None:
        html = link(address)
        self._homepage.show_html(tr("More at {0}").format(html) if html else "")
        self._homepage.setToolTip(tooltip(address))
        self._homepage.setVisible(bool(html))

    def _show_triggers(self, words: tuple[str, ...]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        for word in words:
            self._flow.addWidget(self._trigger(word))
        self._trigger_hint.setVisible(bool(words))
        self._triggers.setVisible(bool(words))
        self._mark_triggers()

    def _trigger(self, words: str) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(caption(excerpt(words, LONGEST_TRIGGER)), self._triggers)
        button.setObjectName("modelTrigger")
        button.setProperty("words", words)
        # A click leaves the keyboard in the prompt: an undo then takes back these words.
        button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(tr("Add {0} to the prompt").format(words))
        button.clicked.connect(lambda: self._add_to_prompt(words))
        return button

    def _add_to_prompt(self, words: str) -> None:
        settings = self._studio.settings
        settings.set(PROMPT, with_words(settings.get(PROMPT), words))

    def _mark_triggers(self) -> None:
        """One that is in the prompt has nothing more to do."""
        prompt = self._studio.settings.get(PROMPT)
        for index in range(self._flow.count()):
            item = self._flow.itemAt(index)
            button = item.widget() if item is not None else None
            if button is not None:
                words = str(button.property("words"))
                there = has_words(prompt, words)
                button.setEnabled(not there)
                hint = tr("“{0}” is in the prompt.") if there else tr("Adds “{0}” to the end of the prompt.")
                button.setToolTip(tooltip(hint.format(words)))
