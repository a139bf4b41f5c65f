"""One light for how the Horde is; what it means, and the news, behind it."""

from __future__ import annotations

from typing import Any

from krita_AIhorde.horde.health import HealthLevel
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, tr
from krita_AIhorde.settings import NEWS_SEEN, Setting

from .intents import HealthDesk
from .livewords import health_sentence, health_text, load_text
from .news import NewsWindow, mark_of, unseen
from .theme import mix

# Hues that differ in lightness, too, for eyes that see no red or green; the words say the same.
_HUES = {
    HealthLevel.OK: (0.36, 0.55),
    HealthLevel.BUSY: (0.12, 0.85),
    HealthLevel.MAINTENANCE: (0.58, 0.6),
    HealthLevel.DOWN: (0.0, 0.75),
    HealthLevel.UNREACHABLE: (0.0, 0.75),
}


class StatusLight(QtWidgets.QToolButton):
    """A dot and a word or two where there is room; a press opens the news.

    Scripts read the properties ``level`` and ``news`` (how many pieces were not seen yet).
    """

    def __init__(self, studio: HealthDesk, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._window: NewsWindow | None = None
        self._wordings = [""]  # the longest first
        self.setObjectName("statusLight")
        self.setAutoRaise(True)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Maximum, QtWidgets.QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)
        self._show()
        self._releases = [studio.on_health(self._show), studio.settings.subscribe(self._setting_changed)]

    def release(self) -> None:
        while self._releases:
            self._releases.pop()()
        if self._window is not None:
            self._window.close()

    def _open(self) -> None:
        if self._window is None:
            self._window = NewsWindow(self._studio, self)
            self._window.destroyed.connect(self._forget)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _forget(self) -> None:
        self._window = None

    def _setting_changed(self, setting: Setting[Any], _value: object) -> None:
        if setting is NEWS_SEEN:
            self._show()

    def _show(self) -> None:
        studio = self._studio
        level, news = studio.health(), studio.news()
        settings = studio.settings
        if news and not settings.get(NEWS_SEEN):
            settings.set(NEWS_SEEN, mark_of(news[0]))  # to a newcomer nothing is news
        fresh = len(unseen(news, settings.get(NEWS_SEEN)))
        words = health_text(level)
        both = tr("{0} · news").format(words)
        shorter = tr("News") if level is HealthLevel.OK else words
        self._wordings = [both, shorter, ""] if fresh else [words, ""]
        self.setProperty("level", level.value if level is not None else "")
        self.setProperty("news", fresh)
        told = [health_sentence(level, studio.health_problem()), load_text(studio.performance())]
        told.append(tr("There is news: press to read it.") if fresh else tr("Press for the Horde's news."))
        self.setToolTip("\n".join(part for part in told if part))
        self.setAccessibleName(self._wordings[0])
        self.setAccessibleDescription(self.toolTip())
        self._paint_dot()
        self._fit()
        self.updateGeometry()

    # As many words as there is room for.

    def sizeHint(self) -> QtCore.QSize:
        return self._size_with(self._wordings[0])

    def minimumSizeHint(self) -> QtCore.QSize:
        return self._size_with("")

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def fits(self, words: str) -> bool:
        return self._size_with(words).width() <= self.width()

    def _fit(self) -> None:
        self.setText(next((words for words in self._wordings if self.fits(words)), ""))

    def _size_with(self, words: str) -> QtCore.QSize:
        metrics = self.fontMetrics()
        height = metrics.height()
        text = metrics.horizontalAdvance(words) + height // 2 if words else 0
        return QtCore.QSize(self.iconSize().width() + height + text, height * 3 // 2)

    # The dot.

    def changeEvent(self, event: QtCore.QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() in (
            QtCore.QEvent.Type.PaletteChange, QtCore.QEvent.Type.FontChange,
        ):  # fmt: skip
            self._paint_dot()

    def _paint_dot(self) -> None:
        side = self.fontMetrics().height() * 2 // 3
        whole = QtCore.QSize(side * 3 // 2, side)  # and a gap before the words
        ratio = self.devicePixelRatioF()
        picture = QtGui.QPixmap(whole * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QtGui.QPainter(picture)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        colour = self._colour()
        dot = QtCore.QRectF((whole.width() - side) / 2 + 1, 1, side - 2, side - 2)
        painter.setPen(QtGui.QPen(colour, 1.5))
        if self._studio.health() not in (None, HealthLevel.UNREACHABLE):  # a ring: nobody is there
            painter.setBrush(colour)
        painter.drawEllipse(dot)
        painter.end()
        self.setIconSize(whole)
        self.setIcon(QtGui.QIcon(picture))

    def _colour(self) -> QtGui.QColor:
        role = QtGui.QPalette.ColorRole
        ground, ink = self.palette().color(role.Window), self.palette().color(role.WindowText)
        level = self._studio.health()
        if level is None:
            return mix(ink, ground, 0.4)
        hue, saturation = _HUES[level]
        return QtGui.QColor.fromHslF(hue, saturation, 0.6 if ground.lightnessF() < 0.5 else 0.36)
