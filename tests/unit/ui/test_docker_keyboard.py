"""Everything can be done from the keyboard, in the order in which it is seen, and Krita takes no key away."""

from __future__ import annotations

from itertools import pairwise

import docker_scenes
import pytest
from fake_studio import FakeStudio, job
from qt_test import Key, Modifier, QTest, delete_now, find, wait_until

from krita_AIhorde import settings as s
from krita_AIhorde.jobs.snapshot import RowAction
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.docker import DockerWidget
from krita_AIhorde.ui.place import Place


def taken_from_krita(app, widget, key, text="", modifiers=Modifier.NoModifier):
    event = QtGui.QKeyEvent(QtCore.QEvent.Type.ShortcutOverride, key, modifiers, text)
    event.ignore()
    app.sendEvent(widget, event)
    return event.isAccepted()


def stops(app, docker, key=Key.Key_Tab):
    """Where the Tab key comes to, from the prompt until it is there again."""
    prompt = find(docker, "prompt")
    prompt.setFocus()
    met = [prompt]
    while True:
        QTest.keyClick(app.focusWidget(), key)
        if app.focusWidget() is prompt:
            return met
        if app.focusWidget() is not met[-1]:  # the links of one label are several
            met.append(app.focusWidget())
        assert len(met) < 300


def place(docker, widget):
    """Its line from the top, and its column; what scrolls has one place for all of its inside."""
    point = widget.mapTo(docker, QtCore.QPoint(0, 0))
    return (point.y() + widget.height() // 2, point.x())


def tidy(docker, met):
    """Beside each other means on one line, whatever the heights."""
    lines = [place(docker, widget) for widget in met]
    return all(
        later[0] > former[0] + 4 or (abs(later[0] - former[0]) <= 4 and later[1] > former[1])
        for former, later in pairwise(lines)
    )


@pytest.fixture
def everything(app, make_docker):
    """Tall enough that nothing scrolls."""
    studio = docker_scenes.everything()
    docker = make_docker(studio, 450, 2600)
    app.processEvents()
    return studio, docker


def test_tab_goes_as_the_eye_does(app, everything):
    _, docker = everything
    met = stops(app, docker)
    assert tidy(docker, met)
    names = [widget.objectName() or widget.parentWidget().objectName() for widget in met]
    with_controls = (x.widget for x in s.ALL if x.widget and not isinstance(x.default, tuple))
    assert {name for name in with_controls if find(docker, name).isEnabled()} <= set(names)
    assert {"generateButton", "img2imgButton", "maskButton", "inpaintButton", "jobCancelButton",
            "cancelAllButton", "basicHeader", "randomSeedButton",
            "resetSettingsButton"} <= set(names)  # fmt: skip


def test_back_again_is_the_same_way(app, everything):
    _, docker = everything
    there = stops(app, docker)
    back = stops(app, docker, Key.Key_Backtab)
    assert back[1:] == there[:0:-1]


def test_rows_that_come_later_are_where_they_are_seen(app, everything):
    studio, docker = everything
    remedy = frozenset({RowAction.SEND_AGAIN, RowAction.DISMISS})
    studio.set_jobs(job("2", JobState.FAILED, actions=remedy), *docker_scenes.JOBS[1:2])
    studio.set_jobs(job("3"), job("2", JobState.FAILED, actions=remedy), *docker_scenes.JOBS[1:2])
    app.processEvents()
    met = stops(app, docker)
    assert tidy(docker, met)
    assert sum(widget.objectName() == "jobCancelButton" for widget in met) == 3


def test_what_is_put_into_a_place_later_is_where_it_is_seen(app, everything):
    _, docker = everything
    picker = QtWidgets.QLineEdit()
    picker.setObjectName("picker")
    find(docker, "workersPlace", Place).put(picker)
    app.processEvents()
    met = stops(app, docker)
    assert tidy(docker, met)
    assert picker in met


def test_workers_that_were_chosen_can_be_removed_from_the_keyboard(app, everything):
    studio, docker = everything
    stops(app, docker)
    studio.settings.set(s.WORKER_CHOICE, "block")
    studio.settings.set(s.BLOCKED_WORKERS, ("a", "b"))
    chosen = find(docker, "blockedWorkers").findChildren(QtWidgets.QToolButton, "removeWorkerButton")
    wait_until(lambda: all(button.isVisible() for button in chosen))
    met = stops(app, docker)
    wait_until(lambda: tidy(docker, met))  # once all is laid out anew
    inside = [widget for widget in met if find(docker, "blockedWorkers").isAncestorOf(widget)]
    assert len(inside) == 3  # two to remove, and the button that adds
    assert stops(app, docker, Key.Key_Backtab)[1:] == met[:0:-1]


def test_what_is_folded_or_hindered_is_passed_by(app, studio, make_docker):
    docker_scenes.unfold(studio)
    docker = make_docker(studio, 450, 900)
    names = [widget.objectName() for widget in stops(app, docker)]
    first = names.index("basicHeader")
    assert names[first : first + 5] == [
        "basicHeader", "advancedHeader", "postProcessingHeader", "accountHeader", "filesHeader"
    ]  # fmt: skip


def test_a_control_that_is_reached_by_tab_is_in_sight(app, make_docker):
    docker = make_docker(docker_scenes.everything(), 300, 700)
    app.processEvents()
    find(docker, "prompt").setFocus()
    for _ in range(60):
        QTest.keyClick(app.focusWidget(), Key.Key_Tab)
        app.processEvents()
        assert not app.focusWidget().visibleRegion().isEmpty(), app.focusWidget().objectName()


def test_a_whole_picture_without_the_mouse(app, studio, make_docker):
    docker_scenes.unfold(studio)
    docker = make_docker(studio, 450, 900)
    find(docker, "prompt").setFocus()
    QTest.keyClicks(app.focusWidget(), "a fox")
    while app.focusWidget().objectName() != "basicHeader":
        QTest.keyClick(app.focusWidget(), Key.Key_Tab)
    QTest.keyClick(app.focusWidget(), Key.Key_Space)
    while app.focusWidget().parentWidget().objectName() != "steps":
        QTest.keyClick(app.focusWidget(), Key.Key_Tab)
    QTest.keyClick(app.focusWidget(), Key.Key_Up)
    while app.focusWidget().objectName() != "generateButton":
        QTest.keyClick(app.focusWidget(), Key.Key_Backtab)
    studio.asked.clear()
    QTest.keyClick(app.focusWidget(), Key.Key_Space)
    assert [what for what in studio.asked if what != ("look",)] == [("generate",)]
    assert (studio.settings.get(s.PROMPT), studio.settings.get(s.STEPS)) == ("a fox", 21)


# Krita's shortcuts.

TYPED_INTO = [
    setting.widget
    for setting in s.ALL
    if setting.widget and not isinstance(setting.default, bool | tuple)
]  # fmt: skip
KEYS = [
    (Key.Key_B, "b", Modifier.NoModifier),
    (Key.Key_B, "B", Modifier.ShiftModifier),
    (Key.Key_Slash, "/", Modifier.NoModifier),
    (Key.Key_5, "5", Modifier.KeypadModifier),
    (Key.Key_Space, " ", Modifier.NoModifier),
    (Key.Key_Delete, "", Modifier.NoModifier),
    (Key.Key_PageUp, "", Modifier.NoModifier),  # Krita: the layer above
    (Key.Key_Tab, "\t", Modifier.NoModifier),  # Krita: show the canvas only
    (Key.Key_Backtab, "", Modifier.ShiftModifier),
    (Key.Key_Backspace, "\b", Modifier.ControlModifier),
    (Key.Key_Z, "\x1a", Modifier.ControlModifier),
    (Key.Key_V, "\x16", Modifier.ControlModifier),
    (Key.Key_A, "\x01", Modifier.ControlModifier),
    (Key.Key_Return, "\r", Modifier.ShiftModifier),
    (Key.Key_Q, "@", Modifier.ControlModifier | Modifier.AltModifier),  # AltGr on Windows
]


@pytest.mark.parametrize("name", TYPED_INTO)
def test_typing_is_never_a_shortcut(docker, app, name):
    control = find(docker, name)
    target = control.focusProxy() or control
    for key, text, modifiers in KEYS:
        assert taken_from_krita(app, target, key, text, modifiers), (key, text)


def test_shortcuts_that_edit_no_text_stay_kritas(docker, app):
    prompt = find(docker, "prompt")
    assert not taken_from_krita(app, prompt, Key.Key_S, "\x13", Modifier.ControlModifier)
    assert not taken_from_krita(app, prompt, Key.Key_N, "\x0e", Modifier.ControlModifier)
    assert not taken_from_krita(app, prompt, Key.Key_F5)
    assert not taken_from_krita(app, prompt, Key.Key_Tab, "", Modifier.ControlModifier)  # the next document


@pytest.mark.parametrize("name", ["generateButton", "karras", "advancedHeader", "lastSeedButton"])
def test_a_button_takes_what_presses_and_leaves_it_and_no_letters(docker, app, name):
    button = find(docker, name)
    for key in (Key.Key_Tab, Key.Key_Backtab, Key.Key_Space, Key.Key_Return):
        assert taken_from_krita(app, button, key)
    assert not taken_from_krita(app, button, Key.Key_B, "b")
    assert not taken_from_krita(app, button, Key.Key_PageUp)


def test_a_slider_takes_what_moves_it(docker, app):
    slider = find(docker, "steps").findChild(QtWidgets.QSlider)
    assert taken_from_krita(app, slider, Key.Key_Left)
    assert taken_from_krita(app, slider, Key.Key_PageDown)
    assert not taken_from_krita(app, slider, Key.Key_B, "b")


def made_later(studio, docker):
    """Fields in a place that was empty until now."""
    late = QtWidgets.QWidget()
    layout = QtWidgets.QVBoxLayout(late)
    for kind in (QtWidgets.QLineEdit, QtWidgets.QSpinBox, QtWidgets.QComboBox):
        layout.addWidget(kind(late))
    docker_scenes.unfold(studio, s.Section.ADVANCED)
    find(docker, "workersPlace", Place).put(late)
    return late


def point_at(app, docker):
    """The pointer comes over the docker, or into it from one of its parts to another."""
    corner = QtCore.QPointF()
    app.sendEvent(docker, QtGui.QEnterEvent(corner, corner, corner))


def test_the_wheel_is_kept_off_controls_that_come_while_the_pointer_is_there(studio, docker, app):
    point_at(app, docker)
    spin = made_later(studio, docker).findChild(QtWidgets.QSpinBox)
    wait_until(lambda: spin.focusPolicy() == QtCore.Qt.FocusPolicy.StrongFocus)


def test_a_docker_is_not_searched_for_controls_while_the_pointer_is_elsewhere(
    studio, docker, app, monkeypatch
):
    """A job that gets on lays the docker out anew: with many of them that would cost the artist strokes."""
    searches = []
    monkeypatch.setattr(docker._guard, "_watch_all", searches.append)
    made_later(studio, docker)
    for _ in range(5):
        app.processEvents()
    assert searches == []


@pytest.mark.parametrize("kind", [QtWidgets.QLineEdit, QtWidgets.QSpinBox, QtWidgets.QComboBox])
def test_controls_that_are_made_later_take_their_keys_from_krita_too(studio, docker, app, kind):
    control = next(c for c in made_later(studio, docker).findChildren(kind) if not c.objectName())
    control.setFocus()
    for key, text, modifiers in KEYS:
        assert taken_from_krita(app, control, key, text, modifiers), (key, text)


def test_the_wheel_does_not_bring_the_keyboard_to_controls_that_are_made_later(studio, docker, app):
    late = made_later(studio, docker)
    spin, box = late.findChild(QtWidgets.QSpinBox), late.findChild(QtWidgets.QComboBox)
    assert spin.focusPolicy() == QtCore.Qt.FocusPolicy.WheelFocus  # as Qt makes it
    app.processEvents()  # the layout says that something came
    point_at(app, docker)
    wait_until(lambda: spin.focusPolicy() == QtCore.Qt.FocusPolicy.StrongFocus)
    assert box.focusPolicy() == QtCore.Qt.FocusPolicy.StrongFocus


def test_the_keyboard_is_guarded_the_moment_it_comes(studio, docker, app):
    late = made_later(studio, docker)
    docker._guard._again.stop()  # not yet noticed that there is something new
    field = late.findChild(QtWidgets.QLineEdit)
    field.setFocus()
    assert app.focusWidget() is field
    assert taken_from_krita(app, field, Key.Key_B, "b")


def test_a_docker_that_is_gone_is_told_no_more_of_the_keyboard(app):
    docker = DockerWidget(FakeStudio())
    other = QtWidgets.QLineEdit()
    other.show()
    docker.release()
    delete_now(docker)
    other.activateWindow()
    other.setFocus()  # raises in the slot if the guard still listens
    app.processEvents()
    assert app.focusWidget() is other
