"""Kudos for somebody else."""

from __future__ import annotations

import uuid

from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal, tr

from .intents import AccountDesk
from .labels import LeadingLabel, Sentence
from .livewords import transfer_problem_text
from .theme import Tone, set_tone

MOST = 1_000_000_000  # as much as a spin box can hold


class KudosTransfer(QtWidgets.QWidget):
    """To whom and how many; a question; the outcome. Nothing is given without a second press."""

    def __init__(self, studio: AccountDesk, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._released = self._giving = False
        self._doubtful = ("", 0, "")  # what may have been given already: to whom, how many, its retry key
        self._reason = self._sentence("kudosReason", Tone.MUTED)
        self._to, self._amount = self._fields()
        self._offer = QtWidgets.QPushButton(tr("Give…"), self)
        self._offer.setObjectName("offerKudosButton")
        self._offer.clicked.connect(self._ask)
        self._outcome = self._sentence("kudosOutcome", Tone.PLAIN)
        self._question = Question(self)
        self._question.accepted.connect(self._give)
        self._question.rejected.connect(self._keep)
        self._lay_out()
        self._show()
        self._unsubscribe = studio.on_account(self._show)

    def release(self) -> None:
        if not self._released:
            self._released = True
            self._unsubscribe()

    # Asking, giving, telling.

    def _ask(self) -> None:
        self._amount.interpretText()
        self._outcome.say("")
        to, amount = self._to.text().strip(), self._amount.value()
        self._question.ask(tr("Give {0} kudos to {1}?").format(amount, to))
        self._show()

    def _keep(self) -> None:
        self._show()
        self._offer.setFocus()

    def _give(self) -> None:
        to, amount = self._to.text().strip(), self._amount.value()
        doubtful_to, doubtful_amount, key = self._doubtful
        if (to, amount) != (doubtful_to, doubtful_amount):
            key = uuid.uuid4().hex
        self._giving = True
        self._outcome.say(tr("Giving…"))
        set_tone(self._outcome, Tone.PLAIN)
        self._show()
        self._studio.give_kudos(to, amount, key, lambda problem: self._told(to, amount, key, problem))

    def _told(self, to: str, amount: int, key: str, problem: HordeError | None) -> None:
        if self._released:
            return
        self._giving = False
        self._doubtful = (to, amount, key) if problem is not None and problem.ambiguous else ("", 0, "")
        given = tr("You gave {0} kudos to {1}.").format(amount, to)
        self._outcome.say(given if problem is None else transfer_problem_text(problem))
        set_tone(self._outcome, Tone.PLAIN if problem is None else Tone.ATTENTION)
        self._show()

    def _show(self) -> None:
        """What can be pressed now, and why not."""
        reason = self._why_not()
        self._reason.say(reason)
        if reason:
            self._question.hide()
        asking = not self._question.isHidden()
        for control in (self._to, self._amount):
            control.setEnabled(not reason and not asking and not self._giving)
        named = bool(self._to.text().strip())
        self._offer.setEnabled(not reason and named and not self._giving)
        self._offer.setVisible(not asking)
        self._offer.setToolTip(
            tr("You are asked once more before anything is given.")
            if named or reason
            else tr("Write down to whom first.")
        )

    def _why_not(self) -> str:
        if self._studio.is_anonymous():
            return tr("The anonymous account has no kudos to give. Enter a key of your own first.")
        if self._studio.user() is None:
            return tr("This needs a key that AI Horde knows.")
        return ""

    # Making.

    def _fields(self) -> tuple[QtWidgets.QLineEdit, QtWidgets.QSpinBox]:
        to = QtWidgets.QLineEdit(self)
        to.setObjectName("kudosRecipient")
        to.setPlaceholderText(tr("name#number"))
        to.setAccessibleName(tr("To whom"))
        to.setToolTip(tr("Their name at AI Horde with its number, as their own account shows it"))
        set_tone(to, Tone.FIELD)
        to.textChanged.connect(self._show)
        to.returnPressed.connect(self._offer_by_key)
        amount = QtWidgets.QSpinBox(self)
        amount.setObjectName("kudosAmount")
        amount.setRange(1, MOST)
        amount.setValue(100)
        amount.setSingleStep(10)
        amount.setAccessibleName(tr("How many kudos"))
        amount.setToolTip(tr("How many kudos"))
        return to, amount

    def _offer_by_key(self) -> None:
        if self._offer.isEnabled():
            self._ask()

    def _sentence(self, name: str, tone: Tone) -> Sentence:
        sentence = Sentence(self)
        sentence.setObjectName(name)
        set_tone(sentence, tone)
        sentence.hide()
        return sentence

    def _lay_out(self) -> None:
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        for row, (words, control) in enumerate(((tr("To"), self._to), (tr("Kudos"), self._amount))):
            label = LeadingLabel(words, self)
            label.setBuddy(control)
            grid.addWidget(label, row, 0)
            grid.addWidget(control, row, 1)
        grid.addWidget(self._offer, 2, 1, QtCore.Qt.AlignmentFlag.AlignLeft)
        for row, part in enumerate((self._reason, self._question, self._outcome), 3):
            grid.addWidget(part, row, 0, 1, 2)


class Question(QtWidgets.QWidget):
    """A question in the docker itself, with [Give] and [Keep]; hidden while there is none."""

    accepted = Signal()
    rejected = Signal()

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._words = Sentence(self)
        self._words.setObjectName("kudosQuestion")
        give = QtWidgets.QPushButton(tr("Give"), self)
        give.setObjectName("giveKudosButton")
        give.clicked.connect(self._accept)
        self._keep = QtWidgets.QPushButton(tr("Keep"), self)
        self._keep.setObjectName("keepKudosButton")
        self._keep.clicked.connect(self._reject)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(give)
        line.addWidget(self._keep)
        line.addStretch(1)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._words)
        column.addLayout(line)
        self.hide()

    def ask(self, words: str) -> None:
        self._words.say(words)
        self.show()
        self._keep.setFocus()  # Return in a hurry gives nothing away

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:
        if event is not None and event.key() == QtCore.Qt.Key.Key_Escape:
            self._reject()
        else:
            super().keyPressEvent(event)

    def _accept(self) -> None:
        self.hide()
        self.accepted.emit()

    def _reject(self) -> None:
        self.hide()
        self.rejected.emit()
