"""How the Horde is, in numbers, and what it has to say."""

from __future__ import annotations

from collections.abc import Sequence

from krita_AIhorde.horde.messages import Newspiece
from krita_AIhorde.qt import QtCore, QtWidgets, tr
from krita_AIhorde.settings import NEWS_SEEN

from .intents import HealthDesk
from .labels import LinkLabel, Sentence
from .livewords import health_sentence, load_text
from .plain import link
from .scroll import Scrolled, VerticalScroll
from .theme import Tone, refresh, set_tone

MOST = 12  # pieces that are shown
MOST_LINKS = 4  # of a piece
LONGEST = 3000


def mark_of(piece: Newspiece) -> str:
    """By which a piece is known again."""
    return f"{piece.date} {piece.title}"


def unseen(news: Sequence[Newspiece], seen: str) -> Sequence[Newspiece]:
    """The pieces (newest first) that came after the one marked as ``seen``; all while none is.

    The Horde may take a piece back: then the date decides.
    """
    marks = [mark_of(piece) for piece in news]
    if seen in marks:
        return news[: marks.index(seen)]
    date = seen.partition(" ")[0]
    return [piece for piece in news if piece.date > date]


class NewsWindow(QtWidgets.QDialog):
    """A window beside Krita's, never in its way; gone for good when it is closed.

    Looking at it marks the news as seen. All of the Horde's words are plain text here.
    """

    def __init__(self, studio: HealthDesk, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._shown: tuple[Newspiece, ...] | None = None
        self._fresh: frozenset[str] = frozenset()
        self.setObjectName("newsWindow")
        self.setWindowTitle(tr("AI Horde"))
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self._state = Sentence(self)
        self._state.setObjectName("healthState")
        self._load = Sentence(self)
        self._load.setObjectName("healthLoad")
        set_tone(self._load, Tone.MUTED)
        self._pieces = Scrolled()
        self._column = QtWidgets.QVBoxLayout(self._pieces)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._lay_out()
        self._show()
        self._releases = [studio.on_health(self._show)]
        studio.refresh_health()

    def done(self, result: int) -> None:
        """However it is closed."""
        while self._releases:
            self._releases.pop()()
        super().done(result)

    def changeEvent(self, event: QtCore.QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QtCore.QEvent.Type.PaletteChange:
            QtCore.QTimer.singleShot(0, self._recolour)  # the children get theirs after us

    def _recolour(self) -> None:
        if self._releases:
            refresh(self)

    def _show(self) -> None:
        studio = self._studio
        self._state.say(health_sentence(studio.health(), studio.health_problem()))
        self._load.say(load_text(studio.performance()))
        news = tuple(studio.news())
        if news == self._shown:
            return
        self._fresh |= {mark_of(piece) for piece in unseen(news, studio.settings.get(NEWS_SEEN))}
        self._shown = news
        self._fill(news)
        if news:
            studio.settings.set(NEWS_SEEN, mark_of(news[0]))

    def _fill(self, news: tuple[Newspiece, ...]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        for piece in news[:MOST]:
            self._column.addWidget(Piece(piece, mark_of(piece) in self._fresh, self._pieces))
        if not news:
            nothing = Sentence(self._pieces)
            nothing.say(tr("No news yet."))
            self._column.addWidget(nothing)
        self._column.addStretch(1)

    def _lay_out(self) -> None:
        close = QtWidgets.QPushButton(tr("Close"), self)
        close.clicked.connect(self.reject)
        line = QtWidgets.QHBoxLayout()
        line.addStretch(1)
        line.addWidget(close)
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(self._state)
        layout.addWidget(self._load)
        layout.addWidget(VerticalScroll(self._pieces, 12, hug=False, parent=self), 1)
        layout.addLayout(line)
        em = self.fontMetrics().height()
        self.resize(30 * em, 30 * em)


class Piece(QtWidgets.QWidget):
    """Date, title, text, and links to more."""

    def __init__(self, piece: Newspiece, fresh: bool, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("newspiece")
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, self.fontMetrics().height())
        column.setSpacing(self.fontMetrics().height() // 6)
        date = Sentence(self)
        date.say(tr("{0} · new").format(piece.date) if fresh else piece.date)
        set_tone(date, Tone.MUTED)
        title = Sentence(self, selectable=True)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        title.say(piece.title)
        text = Sentence(self, selectable=True)
        text.say(piece.text, longest=LONGEST)
        for part in (date, title, text):
            column.addWidget(part)
        links = [html for html in map(link, piece.links) if html]
        if links:
            column.addWidget(LinkLabel(" · ".join(links[:MOST_LINKS]), self))
