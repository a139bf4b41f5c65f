"""The model: which one paints, those that the artist likes, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from krita_AIhorde.horde.modelinfo import ModelInfo, unlisted
from krita_AIhorde.qt import QtCore, QtWidgets, tr
from krita_AIhorde.settings import (
    FAVOURITE_MODELS,
    MODEL,
    PREFERRED_WORKERS,
    RECENT_MODELS,
    WORKER_CHOICE,
    Setting,
)

from .binding import Bindings
from .glyphs import InfoButton
from .intents import ModelDesk, ModelLister
from .labels import Sentence
from .modelbox import ModelBox
from .modelentries import ANY_MODEL, entries
from .modelpanel import ModelPanel
from .theme import Tone, set_tone


class ModelRow(QtWidgets.QWidget):
    """The model with its label, a button that loads the list anew, and what hinders the list.

    ``info_of`` says what is known of a model by its name; `show_models` when it knows more than before.
    """

    def __init__(
        self,
        studio: ModelLister,
        bindings: Bindings,
        parent: QtWidgets.QWidget,
        info_of: Callable[[str], ModelInfo] = unlisted,
    ) -> None:
        super().__init__(parent)
        self._studio, self._info_of = studio, info_of
        self.box = ModelBox(self)
        self.box.setObjectName("model")
        self.box.setToolTip(tr(MODEL.tooltip))
        self.box.setAccessibleName(tr(MODEL.label))
        self._problem = Sentence(self)
        self._problem.setObjectName("modelsProblem")
        set_tone(self._problem, Tone.ATTENTION)
        self._lay_out()
        bindings.bind(self.box, MODEL)
        self.show_models()
        self._releases = [
            studio.on_models(self.show_models),
            studio.settings.subscribe(self._setting_changed),
        ]

    def release(self) -> None:
        while self._releases:
            self._releases.pop()()

    def show_models(self) -> None:
        get = self._studio.settings.get
        self.box.offer(
            entries(self._studio.models(), self._info_of, get(FAVOURITE_MODELS), get(RECENT_MODELS))
        )
        problem = self._studio.models_problem()
        self._problem.say(tr("{0} It is tried again by itself.").format(problem) if problem else "")

    def add_button(self, button: QtWidgets.QToolButton) -> None:
        """Put it between the list and the button that loads it anew."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def _reload(self) -> None:
        self._studio.refresh_models()

    def _setting_changed(self, setting: Setting[Any], _value: object) -> None:
        if setting in (FAVOURITE_MODELS, RECENT_MODELS):
            self.show_models()

    def _lay_out(self) -> None:
        label = QtWidgets.QLabel(tr(MODEL.label), self)
        label.setBuddy(self.box)
        again = QtWidgets.QToolButton(self)
        again.setObjectName("refreshModelsButton")
        again.setText("↻")
        again.setAutoRaise(True)
        again.setToolTip(tr("Load the list of models anew"))
        again.setAccessibleName(tr("Load the list of models anew"))
        again.clicked.connect(self._reload)
        self._buttons = QtWidgets.QHBoxLayout()
        self._buttons.setSpacing(0)
        self._buttons.addWidget(again)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.box, 0, 1)
        grid.addLayout(self._buttons, 0, 2)
        grid.addWidget(self._problem, 1, 0, 1, 3)


class ModelPicker(QtWidgets.QWidget):
    """The model's row with a star that makes it a favourite, and what is known of it behind ⓘ."""

    def __init__(self, studio: ModelDesk, bindings: Bindings, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._row = ModelRow(studio, bindings, self, studio.model_info)
        self._star = QtWidgets.QToolButton(self)
        self._star.setCheckable(True)
        self._star.setAutoRaise(True)
        self._star.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self._name(self._star, "favouriteModelButton", tr("Favourite model"))
        self._star.clicked.connect(self._favour)
        self._more = InfoButton(self)
        self._name(self._more, "modelInfoButton", tr("About this model"))
        self._more.setToolTip(tr("What is known of this model, and its trigger words"))
        self._panel = ModelPanel(studio, self)
        self._panel.setVisible(False)
        self._more.toggled.connect(self._panel.setVisible)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._ignored = Sentence(self)
        self._ignored.setObjectName("modelIgnored")
        set_tone(self._ignored, Tone.MUTED)
        layout.addWidget(self._row)
        layout.addWidget(self._ignored)
        layout.addWidget(self._panel)
        self._show_star()
        self._show_ignored()
        self._releases = [
            self._row.release,
            self._panel.release,
            studio.on_model_infos(self._row.show_models),
            studio.settings.subscribe(self._setting_changed),
        ]

    def release(self) -> None:
        while self._releases:
            self._releases.pop()()

    def _name(self, button: QtWidgets.QToolButton, name: str, words: str) -> None:
        button.setObjectName(name)
        button.setAccessibleName(words)
        self._row.add_button(button)

    def _favour(self, on: bool) -> None:
        settings = self._studio.settings
        name = settings.get(MODEL)
        others = tuple(other for other in settings.get(FAVOURITE_MODELS) if other != name)
        settings.set(FAVOURITE_MODELS, (*others, name) if on else others)

    def _setting_changed(self, setting: Setting[Any], _value: object) -> None:
        if setting in (MODEL, FAVOURITE_MODELS):
            self._show_star()
        elif setting in (WORKER_CHOICE, PREFERRED_WORKERS):
            self._show_ignored()

    def _show_ignored(self) -> None:
        """A worker or a model, never both: the Horde's own advice."""
        get = self._studio.settings.get
        ignored = get(WORKER_CHOICE) == "prefer" and get(PREFERRED_WORKERS)
        self._ignored.say(tr("Your preferred workers use whichever model they have.") if ignored else "")

    def _show_star(self) -> None:
        name = self._studio.settings.get(MODEL)
        loved = name in self._studio.settings.get(FAVOURITE_MODELS)
        self._star.setEnabled(name != ANY_MODEL)
        self._star.setChecked(loved)
        self._star.setText("★" if loved else "☆")
        if name == ANY_MODEL:
            words = tr("Choose a model to make it a favourite.")
        else:
            words = (
                tr("A favourite: it is on top of the list. Press to take it down.")
                if loved
                else tr("Make it a favourite: it goes to the top of the list.")
            )
        self._star.setToolTip(words)
