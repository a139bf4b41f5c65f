"""The widgets of live state in their host: nothing clipped, both themes, the keyboard, and a quiet end."""

from __future__ import annotations

import live_scenes
import pytest
from docker_clipping import clipped
from qt_test import find
from test_docker_manners import contrast, taken_from_krita, turn_wheel

from krita_AIhorde.qt import QtCore, QtWidgets
from krita_AIhorde.ui import theme
from krita_AIhorde.ui.guards import Guard
from krita_AIhorde.ui.news import NewsWindow
from krita_AIhorde.ui.workerdialog import WorkerDialog

SCENES = ["bare", "known", "rich", "wrong"]


@pytest.mark.parametrize("points", [9, 10, 11, 12])
@pytest.mark.parametrize("width", [300, 450])
@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_clipped(app, wear, make_page, scene, width, points):
    wear(dark=True, points=points)
    page = make_page(getattr(live_scenes, scene)(), width=width, height=1200)
    assert page.width() == width
    assert clipped(page) == []


@pytest.mark.parametrize("points", [9, 12])
def test_a_question_and_its_outcome_are_not_clipped(app, wear, make_page, points):
    wear(dark=True, points=points)
    studio = live_scenes.known()
    page = make_page(studio, height=1200)
    find(page, "kudosRecipient", QtWidgets.QLineEdit).setText("somebody with a rather long name#123456")
    find(page, "offerKudosButton", QtWidgets.QPushButton).click()
    app.processEvents()
    assert clipped(page) == []
    find(page, "giveKudosButton", QtWidgets.QPushButton).click()
    studio.told(None)
    app.processEvents()
    assert clipped(page) == []


@pytest.mark.parametrize("points", [9, 12])
def test_the_windows_are_not_clipped(app, wear, make_page, points):
    wear(dark=False, points=points)
    page = make_page(live_scenes.known())
    find(page, "statusLight", QtWidgets.QToolButton).click()
    find(page, "preferredWorkersAdd", QtWidgets.QPushButton).click()
    app.processEvents()
    assert clipped(find(page, "newsWindow", NewsWindow)) == []
    assert clipped(find(page, "workerDialog", WorkerDialog)) == []


@pytest.mark.parametrize("first", [True, False], ids=["dark, then light", "light, then dark"])
def test_every_label_can_be_read_in_both_themes(app, wear, make_page, first):
    wear(dark=first)
    page = make_page(live_scenes.wrong())
    find(page, "statusLight", QtWidgets.QToolButton).click()
    for dark in (first, not first):
        wear(dark=dark)
        app.processEvents()
        theme.refresh(page)
        for label in page.findChildren(QtWidgets.QLabel):
            palette = label.palette()
            ground = page.palette().color(page.backgroundRole())
            assert contrast(palette.color(label.foregroundRole()), ground) > 4, label.text()


@pytest.mark.parametrize("dark", [True, False])
def test_painted_signs_have_the_themes_colour(app, wear, make_page, dark):
    wear(dark=dark)
    page = make_page(live_scenes.known())
    for name in ("modelInfoButton", "showKeyButton"):
        button = find(page, name, QtWidgets.QToolButton)
        button.setChecked(False)
        picture = button.grab().toImage()
        ground = page.palette().color(page.backgroundRole())
        best = max(contrast(picture.pixelColor(x, y), ground)
                   for x in range(picture.width()) for y in range(picture.height()))  # fmt: skip
        assert best > 4, name


@pytest.mark.parametrize("scene", SCENES)
def test_whatever_can_be_pressed_or_typed_into_has_a_name_for_screen_readers(make_page, scene):
    page = make_page(getattr(live_scenes, scene)())
    kinds = (QtWidgets.QAbstractButton, QtWidgets.QLineEdit, QtWidgets.QComboBox, QtWidgets.QAbstractSpinBox)
    for control in page.findChildren(QtWidgets.QWidget):
        inside = isinstance(
            control.parent(), QtWidgets.QComboBox | QtWidgets.QAbstractSpinBox | QtWidgets.QLineEdit
        )
        if isinstance(control, kinds) and not inside and control.isVisible():
            said = control.accessibleName() or (
                control.text() if isinstance(control, QtWidgets.QAbstractButton) else ""
            )
            assert said, control.objectName()
            assert len(said) > 1, said
            assert control.objectName()
            assert control.toolTip() or isinstance(control, QtWidgets.QPushButton), control.objectName()


def test_names_are_unique_but_for_the_lines_of_lists(make_page):
    page = make_page(live_scenes.known())
    names = [w.objectName() for w in page.findChildren(QtWidgets.QWidget)
             if w.objectName() and not w.objectName().startswith("qt_")]  # fmt: skip
    repeated = {name for name in names if names.count(name) > 1}
    assert repeated == {"chosenWorker", "removeWorkerButton", "modelTrigger"}


@pytest.mark.parametrize("name", ["model", "kudosRecipient", "kudosAmount", "apiKey"])
def test_krita_keeps_its_wheel_and_we_keep_our_letters(app, make_page, name):
    page = make_page(live_scenes.known())
    guard = Guard(page)
    assert guard.parent() is page
    control = find(page, name)
    find(page, "favouriteModelButton").setFocus()
    if name in ("model", "kudosAmount"):
        assert not turn_wheel(app, control)
    assert taken_from_krita(app, control.focusProxy() or control, QtCore.Qt.Key.Key_B, "b")


def test_letters_typed_into_the_search_for_workers_are_ours(app, make_page):
    page = make_page(live_scenes.known())
    find(page, "preferredWorkersAdd", QtWidgets.QPushButton).click()
    assert taken_from_krita(app, find(page, "workerSearch"), QtCore.Qt.Key.Key_B, "b")


@pytest.mark.parametrize("scene", SCENES)
def test_nothing_is_kept_alive_after_release(make_page, scene):
    studio = getattr(live_scenes, scene)()
    page = make_page(studio)
    assert studio.listeners
    page.release()
    assert studio.listeners == 0
    assert studio.settings._listeners == []
    page.release()  # once more does nothing
    studio.set_models(("Deliberate", 1))
    studio.set_account(anonymous=True)


def test_nothing_ticks(make_page):
    page = make_page(live_scenes.known())
    assert [timer for timer in page.findChildren(QtCore.QTimer) if timer.isActive()] == []
