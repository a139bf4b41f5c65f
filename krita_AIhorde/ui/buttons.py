"""The four buttons: they always work, and say beforehand what they would do, or what is missing."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, tr

from .intents import Studio
from .labels import Sentence
from .theme import Tone, set_tone
from .words import obstacle_text, operation_text

WORDINGS = ("{name} {width} × {height}", "{name} {width}×{height}", "{name}")


class ActionButton(QtWidgets.QPushButton):
    """Shows its name, and the size that would be asked for if there is room (see `WORDINGS`).

    It is never disabled: a click on it leads to a sentence that says what is missing, and what it knows of
    the document may be older than the click.
    """

    def __init__(self, name: str, purpose: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(name, parent)
        self._name, self._purpose = name, purpose
        self._size: Extent | None = None
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        # A click leaves the keyboard with the canvas: Space there must pan, not generate once more.
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)

    def show_ready(self, obstacle: str, size: Extent | None) -> None:
        """``obstacle``: what is missing, "" = nothing."""
        self._size = None if obstacle else size
        asked = (
            tr("Asks for {0} × {1} pixels.").format(size.width, size.height) if size and not obstacle else ""
        )
        self.setToolTip("\n".join(part for part in (obstacle, self._purpose, asked) if part))
        self.setProperty("ready", not obstacle)
        self.setAccessibleDescription(obstacle or asked or self._purpose)
        set_tone(self, Tone.MUTED if obstacle else Tone.PLAIN)

    def sizeHint(self) -> QtCore.QSize:
        """That of the name alone: the size must not make the docker wider."""
        hint = super().sizeHint()
        return QtCore.QSize(
            hint.width() - self._advance(self.text()) + self._advance(self._name), hint.height()
        )

    def minimumSizeHint(self) -> QtCore.QSize:
        return self.sizeHint()

    def fits(self, wording: str) -> bool:
        room = self.width() - self._advance("0")
        return self._size is None or self._advance(self._worded(wording)) <= room

    def show_text(self, wording: str) -> None:
        self.setText(self._worded(wording))

    def _worded(self, wording: str) -> str:
        if self._size is None:
            return self._name
        return wording.format(name=self._name, width=self._size.width, height=self._size.height)

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)


class MaskButton(ActionButton):
    """Is checked while a mask is painted: the document decides that, not the click."""

    def __init__(self, name: str, purpose: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(name, purpose, parent)
        self.setCheckable(True)

    def nextCheckState(self) -> None:
        """A click by itself changes nothing."""


class Buttons(QtWidgets.QWidget):
    """``ask`` is called with the studio's intent that belongs to the button."""

    def __init__(
        self, studio: Studio, ask: Callable[[Callable[[], None]], None], parent: QtWidgets.QWidget
    ) -> None:
        super().__init__(parent)
        self._studio, self._ask = studio, ask
        self._make_buttons()
        self._hint = Sentence(self)
        self._hint.setObjectName("hint")
        set_tone(self._hint, Tone.MUTED)
        self._lay_out()
        self._show(studio.readiness())
        self._unsubscribe: Callable[[], None] | None = studio.on_readiness(self._show)

    def release(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _make_buttons(self) -> None:
        studio = self._studio
        self._generate = ActionButton(
            operation_text(Operation.GENERATE),
            tr("Makes a new picture from the prompt: in the selection, or in the middle of the canvas."),
            self,
        )
        self._img2img = ActionButton(
            operation_text(Operation.IMG2IMG),
            tr("Changes what is there after the prompt: in the selection, or on the whole canvas."),
            self,
        )
        self._mask = MaskButton(
            tr("Mask"),
            tr("Starts a mask layer: paint white where Inpaint shall work. Press again to leave it."),
            self,
        )
        self._inpaint = ActionButton(
            operation_text(Operation.INPAINT),
            tr("Repaints what is selected, or what is painted on the mask layer, to fit its surroundings."),
            self,
        )
        for name, button, intent in (
            ("generateButton", self._generate, studio.generate),
            ("img2imgButton", self._img2img, studio.img2img),
            ("maskButton", self._mask, studio.toggle_mask),
            ("inpaintButton", self._inpaint, studio.inpaint),
        ):
            button.setObjectName(name)
            button.clicked.connect(lambda _=False, intent=intent: self._ask(intent))

    def _lay_out(self) -> None:
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self._generate, 0, 0)
        grid.addWidget(self._img2img, 0, 1)
        grid.addWidget(self._mask, 1, 0)
        grid.addWidget(self._inpaint, 1, 1)
        grid.addWidget(self._hint, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)  # equal columns: the buttons stay where the hand knows them
        grid.setColumnStretch(1, 1)

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """All buttons tell their size, or none does: one alone would look as if it were special."""
        layout = self.layout()
        assert layout is not None
        layout.activate()  # else the buttons still have the width of before
        buttons = (self._generate, self._img2img, self._inpaint)
        wording = next(w for w in WORDINGS if w == WORDINGS[-1] or all(b.fits(w) for b in buttons))
        for button in buttons:
            button.show_text(wording)

    def _show(self, ready: Readiness) -> None:
        hints = []
        for button, operation, obstacle, size in (
            (self._generate, Operation.GENERATE, ready.generate, ready.generate_size),
            (self._img2img, Operation.IMG2IMG, ready.img2img, ready.img2img_size),
            (self._inpaint, Operation.INPAINT, ready.inpaint, ready.inpaint_size),
            (self._mask, None, ready.mask, None),
        ):
            words = _words(obstacle, operation)
            button.show_ready(words, size)
            hints.append(words)
        self._mask.setChecked(ready.masking)
        self._hint.say(next((words for words in hints if words), ""))
        self._fit()


def _words(obstacle: Obstacle | None, operation: Operation | None) -> str:
    return "" if obstacle is None else obstacle_text(obstacle, operation)
