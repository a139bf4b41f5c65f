"""The light that says how the Horde is, and the news behind it."""

from __future__ import annotations

import live_scenes
import pytest
from fake_studio import FakeStudio
from live_scenes import LOAD, NEWS
from qt_test import DEFERRED_DELETE, Key, QTest, find

from krita_AIhorde import settings as s
from krita_AIhorde.horde.errors import Unreachable
from krita_AIhorde.horde.health import HealthLevel
from krita_AIhorde.qt import QtCore, QtWidgets
from krita_AIhorde.ui.news import NewsWindow
from krita_AIhorde.ui.status import StatusLight


@pytest.fixture
def studio(app) -> FakeStudio:
    return live_scenes.known()


@pytest.fixture
def page(make_page, studio):
    return make_page(studio, unfold=False)


@pytest.fixture
def light(page) -> StatusLight:
    return find(page, "statusLight", StatusLight)


def open_news(page, light):
    light.click()
    return find(page, "newsWindow", NewsWindow)


def texts(widget):
    return [label.text() for label in widget.findChildren(QtWidgets.QLabel) if not label.isHidden()]


def colour(light):
    picture = light.icon().pixmap(light.iconSize()).toImage()
    middle = picture.rect().center()
    return picture.pixelColor(middle)


def test_each_level_has_its_own_words_and_colours(studio, light):
    seen = set()
    for level in (None, *HealthLevel):
        studio.set_health(level, news=NEWS[1:])
        assert light.property("level") == (level.value if level else "")
        seen.add(light.text())
    assert len(seen) == 6
    shown = []
    for level in (HealthLevel.OK, HealthLevel.BUSY, HealthLevel.MAINTENANCE, HealthLevel.DOWN):
        studio.set_health(level)
        shown.append(colour(light).name())
    assert len(set(shown)) == 4
    studio.set_health(HealthLevel.UNREACHABLE)
    assert colour(light).alpha() == 0, "a ring"


def test_the_tooltip_has_the_numbers_and_the_reason(studio, light):
    studio.set_health(HealthLevel.BUSY, load=LOAD, news=NEWS)
    assert "33 workers · 1204 images waiting" in light.toolTip()
    assert light.accessibleDescription() == light.toolTip()
    studio.set_health(HealthLevel.UNREACHABLE, Unreachable())
    assert "cannot be reached" in light.toolTip()


def test_news_since_the_last_look_is_announced_until_it_is_looked_at(studio, page, light):
    assert light.text() == "Horde busy · news"
    assert light.property("news") == 1
    window = open_news(page, light)
    assert light.text() == "Horde busy"
    assert "2025-12-16 · new" in texts(window)
    assert "2025-06-25" in texts(window)
    assert studio.settings.get(s.NEWS_SEEN) == f"2025-12-16 {NEWS[0].title}"


def test_to_a_newcomer_nothing_is_news(make_page):
    studio = live_scenes.bare()
    light = find(make_page(studio), "statusLight", StatusLight)
    studio.set_health(HealthLevel.OK, news=NEWS[1:])
    assert light.text() == "Horde OK"
    studio.set_health(HealthLevel.OK, news=NEWS)
    assert light.text() == "Horde OK · news"


def test_two_dockers_know_of_one_look(studio, page, light, make_page):
    other = find(make_page(studio), "statusLight", StatusLight)
    open_news(page, light)
    assert other.property("news") == 0


def test_the_window_shows_news_as_plain_text_with_safe_links(page, light):
    window = open_news(page, light)
    pieces = window.findChildren(QtWidgets.QWidget, "newspiece")
    assert len(pieces) == 3
    for label in window.findChildren(QtWidgets.QLabel):
        if "href" not in label.text():
            assert label.textFormat() == QtCore.Qt.TextFormat.PlainText
    told = texts(pieces[1])
    assert "Haidra has deployed a new proxy: not bold & plain." in told
    assert told[-1] == '<a href="https://haidra.net/proxies/">haidra.net</a>'
    assert not any("javascript" in text for text in texts(window))


def test_the_window_is_never_in_the_way_and_asks_for_the_newest(studio, page, light):
    window = open_news(page, light)
    assert not window.isModal()
    assert ("refresh_health",) in studio.asked
    studio.set_health(HealthLevel.MAINTENANCE, load=LOAD, news=())
    assert "takes no new jobs" in find(window, "healthState", QtWidgets.QLabel).text()
    assert "No news yet." in texts(window)


def test_new_numbers_leave_the_pieces_alone(studio, page, light):
    window = open_news(page, light)
    before = window.findChildren(QtWidgets.QWidget, "newspiece")
    studio.set_health(HealthLevel.OK, load=LOAD, news=NEWS)
    assert window.findChildren(QtWidgets.QWidget, "newspiece") == before
    assert "2025-12-16 · new" in texts(window), "it is still new while it is looked at"


def test_a_closed_window_listens_no_more_and_can_be_opened_again(studio, page, light, app):
    before = studio.listeners
    window = open_news(page, light)
    QTest.keyClick(window, Key.Key_Escape)
    assert studio.listeners == before
    app.sendPostedEvents(None, DEFERRED_DELETE)
    assert open_news(page, light).isVisible()


def test_where_there_is_no_room_the_dot_remains(studio, light, app):
    studio.set_health(HealthLevel.BUSY, news=NEWS)
    for width, words in (
        (400, "Horde busy · news"),
        (light.fontMetrics().height() * 8, "Horde busy"),
        (30, ""),
    ):
        light.setMaximumWidth(width)
        light.resize(width, light.height())
        app.processEvents()
        assert light.text() == words
    assert light.accessibleName() == "Horde busy · news"
