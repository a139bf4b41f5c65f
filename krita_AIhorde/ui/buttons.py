"""The four buttons: they always work, and say beforehand what they would do, or what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from krita_AIhorde.jobs.offer import Offer
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, tr

from .intents import Studio
from .labels import Sentence
from .offertext import heads, obstacle_reason, offer_text, reason, tails, upfront_text
from .remarks import Remark, refusals
from .theme import Tone, set_tone
from .words import obstacle_text, operation_text

NOTHING_KNOWN = Offer()
FRAMES = 8  # px: what the frames of a button take of its width, with a little air


class ActionButton(QtWidgets.QPushButton):
    """Two lines: its name and size, and the price and wait, or what is missing (see `offertext`).

    It is never disabled: a click on it leads to a sentence that says what is missing, and what it knows of
    the document may be older than the click.
    """

    def __init__(self, name: str, purpose: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(name, parent)
        self._name, self._purpose = name, purpose
        self.heads, self.tails, self.reason = heads(name, NOTHING_KNOWN), tails(NOTHING_KNOWN), ""
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        # A click leaves the keyboard with the canvas: Space there must pan, not generate once more.
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)

    def show_offer(self, offer: Offer, hindrance: str, reason: str) -> None:
        """``hindrance``: why it would not work, "" = it does; ``reason``: the same in a few words."""
        self.heads, self.tails, self.reason = heads(self._name, offer), tails(offer), reason
        asked = offer_text(offer)
        self.setToolTip("\n".join(part for part in (hindrance, self._purpose, asked) if part))
        self.setProperty("ready", not hindrance)
        self.setAccessibleDescription(hindrance or asked or self._purpose)
        set_tone(self, Tone.MUTED if hindrance else Tone.PLAIN)

    def sizeHint(self) -> QtCore.QSize:
        """As wide as the name alone, whatever else it says; always two lines high, so that nothing jumps."""
        hint, metrics = super().sizeHint(), self.fontMetrics()
        said = metrics.size(0, self.text())
        wanted = QtCore.QSize(self._advance(self._name), 2 * metrics.lineSpacing())
        return hint - said + wanted

    def minimumSizeHint(self) -> QtCore.QSize:
        return self.sizeHint()

    def has_room_for(self, line: str) -> bool:
        return self._advance(line) + max(self._advance("0"), FRAMES) <= self.width()

    def show_lines(self, head: str, tail: str) -> None:
        self.setText("\n".join(line for line in (head, tail) if line))

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)


class MaskButton(ActionButton):
    """Is checked while a mask is painted: the document decides that, not the click."""

    def __init__(self, name: str, purpose: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(name, purpose, parent)
        self.setCheckable(True)

    def show_readiness(self, ready: Readiness) -> None:
        obstacle = ready.mask
        self.setChecked(ready.masking)
        self.show_offer(
            Offer(obstacle), _words(obstacle, None), obstacle_reason(obstacle) if obstacle else ""
        )
        self.tails = [tr("Press again to leave") if ready.masking else tr("Paint what to change"), ""]

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
        self._remarks: Sequence[Remark] = ()
        self._lay_out()
        self._unsubscribe: list[Callable[[], None]] = [
            studio.on_readiness(self._show_readiness),
            studio.on_offers(self._show_offers),
        ]
        self._show_readiness(studio.readiness())
        self._show_offers()

    def release(self) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """What is wrong and concerns no control."""
        self._remarks = remarks
        self._show_hint()

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
        self._show_hint()

    def _three(self) -> dict[Operation, ActionButton]:
        return {
            Operation.GENERATE: self._generate,
            Operation.IMG2IMG: self._img2img,
            Operation.INPAINT: self._inpaint,
        }

    def _fit(self) -> None:
        """All buttons tell as much, or none does: one alone would look as if it were special."""
        layout = self.layout()
        assert layout is not None
        layout.activate()  # else the buttons still have the width of before
        three = self._three().values()
        able = [button for button in three if not button.reason]
        head = _level([(button, button.heads) for button in three])
        tail = _level([(button, button.tails) for button in able])
        for button in three:
            button.show_lines(
                button.heads[head], button.tails[tail] if button in able else _reason_on(button)
            )
        mask = self._mask
        words = _reason_on(mask) if mask.reason else mask.tails[_level([(mask, mask.tails)])]
        mask.show_lines(mask.heads[-1], words)

    def _show_readiness(self, ready: Readiness) -> None:
        self._mask.show_readiness(ready)
        self._fit()
        self._show_hint()

    def _show_offers(self) -> None:
        offers = self._studio.offers()
        for operation, button in self._three().items():
            offer = offers.get(operation, NOTHING_KNOWN)
            button.show_offer(offer, hindrance(offer, operation), reason(offer, operation))
        self._fit()
        self._show_hint()

    def _show_hint(self) -> None:
        """What the buttons have no room for, and what else is to be said at this place."""
        offers = self._studio.offers()
        lines = [
            _words(offers[operation].obstacle, operation)
            for operation, button in self._three().items()
            if operation in offers and not _reason_on(button)
        ]
        # Beside a control that causes it stands more than that kudos are missing.
        lines += [upfront_text(offer) for offer in offers.values() if not refusals(offer)]
        lines += [remark.text for remark in self._remarks]
        refused = any(remark.refused for remark in self._remarks)
        set_tone(self._hint, Tone.ATTENTION if refused else Tone.MUTED)
        self._hint.say("\n".join(dict.fromkeys(line for line in lines if line)))


def _level(buttons: Sequence[tuple[ActionButton, Sequence[str]]]) -> int:
    """The fullest of the lines for which all buttons have room; the last where none fits."""
    last = max((len(lines) for _button, lines in buttons), default=1) - 1
    fitting = (at for at in range(last) if all(button.has_room_for(lines[at]) for button, lines in buttons))
    return next(fitting, last)


def _reason_on(button: ActionButton) -> str:
    return button.reason if button.has_room_for(button.reason) else ""


def hindrance(offer: Offer, operation: Operation) -> str:
    """Why a click would lead to nothing; "" if it would not."""
    words = (_words(offer.obstacle, operation), *refusals(offer), upfront_text(offer))
    return next((reason for reason in words if reason), "")


def _words(obstacle: Obstacle | None, operation: Operation | None) -> str:
    return "" if obstacle is None else obstacle_text(obstacle, operation)
