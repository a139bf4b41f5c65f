"""Who the Horde takes the artist for, and what that account has."""

from __future__ import annotations

from krita_AIhorde.horde.messages import User
from krita_AIhorde.qt import QtCore, QtWidgets, tr
from krita_AIhorde.settings import API_KEY

from .apikey import KeyField
from .binding import Bindings
from .folding import FoldButton
from .intents import AccountDesk
from .kudos import KudosTransfer
from .labels import ElidedLabel, LeadingLabel, Sentence
from .livewords import account_problem_text, display_name, record_text, standing_text
from .theme import Tone, set_tone

UNKNOWN = "–"


class AccountPanel(QtWidgets.QWidget):
    """The key, whether it is a good one, the account behind it, and kudos to give away."""

    def __init__(
        self, studio: AccountDesk, bindings: Bindings, parent: QtWidgets.QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._key = KeyField(bindings, self)
        self._state = self._sentence("accountState")
        self._refresh = self._refresh_button()
        self._holdings = Holdings(self)
        self._transfer = KudosTransfer(studio, self)
        self._fold = self._fold_button()
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self._state, 1)
        line.addWidget(self._refresh, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._key)
        column.addLayout(line)
        column.addWidget(self._holdings)
        column.addWidget(self._fold)
        column.addWidget(self._transfer)
        self._fold_transfer(False)
        self._show()
        self._releases = [
            self._transfer.release,
            studio.on_account(self._show),
            studio.on_workers(self._show),
        ]

    def release(self) -> None:
        while self._releases:
            self._releases.pop()()

    def _sentence(self, name: str) -> Sentence:
        sentence = Sentence(self)
        sentence.setObjectName(name)
        return sentence

    def _refresh_button(self) -> QtWidgets.QToolButton:
        button = QtWidgets.QToolButton(self)
        button.setObjectName("refreshAccountButton")
        button.setText("↻")
        button.setAutoRaise(True)
        button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        button.setToolTip(tr("Ask for the account anew; the Horde's own answer is up to half a minute old"))
        button.setAccessibleName(tr("Ask for the account anew"))
        button.clicked.connect(self._ask_anew)
        return button

    def _fold_button(self) -> FoldButton:
        """Unfolds the form for giving kudos away."""
        button = FoldButton(self)
        button.setObjectName("giveKudosHeader")
        button.setText(tr("Give kudos"))
        button.setToolTip(tr("Give some of your kudos to somebody else"))
        button.setAccessibleName(tr("Give kudos"))
        button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        button.toggled.connect(self._fold_transfer)
        return button

    def _fold_transfer(self, is_open: bool) -> None:
        self._transfer.setVisible(is_open)

    def _ask_anew(self) -> None:
        self._studio.refresh_account()

    def _show(self) -> None:
        anonymous, user = self._studio.is_anonymous(), self._studio.user()
        problem = self._studio.account_problem()
        if anonymous:
            state = ""
        elif user is not None:
            state = tr("Hello, {0}").format(display_name(user.username))
        else:
            state = tr("Checking…") if problem is None else account_problem_text(problem)
        if problem is not None and user is not None:
            state = f"{state}. {account_problem_text(problem)}"
        if not anonymous and not self._studio.settings.get(API_KEY):
            # said first: who wonders whose key that is looks here
            state = tr("The key in AIHORDE_API_KEY is in use. {0}").format(state)
        self._state.say(state)
        set_tone(self._state, Tone.ATTENTION if problem is not None and not anonymous else Tone.PLAIN)
        self._key.invitation.setVisible(anonymous)
        self._refresh.setVisible(not anonymous)
        self._holdings.show_user(user, anonymous, self._names(user))

    def _names(self, user: User | None) -> str:
        """Of the account's own workers, as far as they are known."""
        if user is None or not (user.worker_count or user.worker_ids):
            return ""
        known = {worker.id: worker.name for worker in self._studio.workers()}
        names = [known[one] for one in user.worker_ids if known.get(one)]
        unnamed = max(user.worker_count, len(user.worker_ids)) - len(names)
        if not names:
            return str(unnamed)
        more = tr("{0} more").format(unnamed) if unnamed else ""
        return ", ".join((*names, more) if more else names)


class Holdings(QtWidgets.QWidget):
    """An account's name, kudos and record. Scripts read `userName` and `userKudos` (contract.md)."""

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._grid = QtWidgets.QGridLayout()  # not a form: in Qt 5 its hidden rows leave gaps
        self._grid.setColumnStretch(1, 1)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        self._labels: dict[str, QtWidgets.QLabel] = {}
        self._name = self._row("userName", tr("Name"))
        self._kudos = self._row("userKudos", tr("Kudos"))
        self._workers = self._row("userWorkers", tr("Workers"))
        self._record = Sentence(self)
        self._record.setObjectName("userRecord")
        self._standing = Sentence(self)
        self._standing.setObjectName("userStanding")
        for sentence in (self._record, self._standing):
            set_tone(sentence, Tone.MUTED)
            column.addWidget(sentence)

    def show_user(self, user: User | None, anonymous: bool, workers: str) -> None:
        self._name.setText(user.username if user is not None else tr("Anonymous") if anonymous else UNKNOWN)
        self._kudos.setText(str(round(user.kudos)) if user is not None else UNKNOWN)
        self._kudos.setToolTip(
            tr("With more kudos your jobs come sooner. Every picture costs some, and workers earn them.")
        )
        self._workers.setText(workers)
        for widget in (self._workers, self._labels["userWorkers"]):
            widget.setVisible(bool(workers))
        self._record.say(record_text(user) if user is not None else "")
        self._standing.say(standing_text(user) if user is not None else "")

    def _row(self, name: str, words: str) -> ElidedLabel:
        value = ElidedLabel(self)
        value.setObjectName(name)
        value.setAccessibleName(words)
        label = self._labels[name] = LeadingLabel(words, self)
        row = len(self._labels)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(value, row, 1)
        return value
