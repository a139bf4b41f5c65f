"""The docker in its host: the wheel, Krita's shortcuts, its themes; and nothing is clipped."""

from __future__ import annotations

import subprocess
import sys

import docker_scenes
import pytest
from docker_clipping import clipped
from fake_studio import job
from qt_test import Key, Modifier, find, rows

from krita_AIhorde import settings as s
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.notice import NoticeWidget


def turn_wheel(app, widget):
    """One notch down over the middle of ``widget``; returns whether the widget took it.

    What it leaves goes to its parent, but Qt only does that for the events of a real wheel.
    """
    middle = QtCore.QPointF(widget.rect().center())
    turned = QtGui.QWheelEvent(
        middle, middle, QtCore.QPoint(), QtCore.QPoint(0, -120), QtCore.Qt.MouseButton.NoButton,
        Modifier.NoModifier, QtCore.Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    app.sendEvent(widget, turned)
    return turned.isAccepted()


WITH_CONTROLS = [setting for setting in s.ALL if setting.widget and not isinstance(setting.default, tuple)]
NUMBERS = [
    setting.widget
    for setting in WITH_CONTROLS
    if isinstance(setting.default, int | float) and not isinstance(setting.default, bool)
]
CHOICES = [setting.widget for setting in WITH_CONTROLS if setting.options]


def wheeled(docker):
    for name in NUMBERS:
        yield from find(docker, name).findChildren(QtWidgets.QAbstractSpinBox)
        yield from find(docker, name).findChildren(QtWidgets.QSlider)
    for name in (*CHOICES, "model"):
        yield find(docker, name)


def test_the_wheel_over_a_control_is_left_to_the_docker(studio, docker, app):
    studio.set_models(("Deliberate", 12))
    find(docker, "prompt").setFocus()
    before = {setting.name: value for setting, value in studio.settings}
    assert [control for control in wheeled(docker) if turn_wheel(app, control)] == []
    assert {setting.name: value for setting, value in studio.settings} == before


def test_the_wheel_changes_the_value_where_the_keyboard_is(studio, docker, app):
    spin = find(docker, "steps").findChild(QtWidgets.QSpinBox)
    spin.setFocus()
    assert turn_wheel(app, spin)
    assert studio.settings.get(s.STEPS) == s.STEPS.default - 1


def test_the_wheel_does_not_bring_the_keyboard(docker, app):
    find(docker, "prompt").setFocus()
    for control in wheeled(docker):
        assert control.focusPolicy() != QtCore.Qt.FocusPolicy.WheelFocus


def taken_from_krita(app, widget, key, text="", modifiers=Modifier.NoModifier):
    event = QtGui.QKeyEvent(QtCore.QEvent.Type.ShortcutOverride, key, modifiers, text)
    event.ignore()
    app.sendEvent(widget, event)
    return event.isAccepted()


@pytest.mark.parametrize("name", ["prompt", "negativePrompt", "model", "seed", "apiKey", "steps"])
@pytest.mark.parametrize(
    ("key", "text", "modifiers"),
    [
        (Key.Key_B, "b", Modifier.NoModifier),
        (Key.Key_B, "B", Modifier.ShiftModifier),
        (Key.Key_Slash, "/", Modifier.NoModifier),
        (Key.Key_Space, " ", Modifier.NoModifier),
        (Key.Key_Delete, "", Modifier.NoModifier),
        (Key.Key_Backspace, "\b", Modifier.ControlModifier),
        (Key.Key_Z, "\x1a", Modifier.ControlModifier),
        (Key.Key_V, "\x16", Modifier.ControlModifier),
        (Key.Key_A, "\x01", Modifier.ControlModifier),
        (Key.Key_Return, "\r", Modifier.ShiftModifier),
        (Key.Key_Q, "@", Modifier.ControlModifier | Modifier.AltModifier),  # AltGr on Windows
    ],
)
def test_typing_is_never_a_shortcut(docker, app, name, key, text, modifiers):
    control = find(docker, name)
    assert taken_from_krita(app, control.focusProxy() or control, key, text, modifiers)


@pytest.mark.parametrize("name", ["prompt", "steps", "karras", "generateButton"])
def test_tab_goes_on_to_the_next_control_and_hides_no_docker_of_kritas(docker, app, name):
    control = find(docker, name)
    assert taken_from_krita(app, control.focusProxy() or control, Key.Key_Tab, "\t")
    assert taken_from_krita(app, control.focusProxy() or control, Key.Key_Backtab, "", Modifier.ShiftModifier)


def test_the_space_bar_presses_the_button_that_has_the_keyboard(docker, app):
    button = find(docker, "generateButton")
    assert taken_from_krita(app, button, Key.Key_Space, " ")
    assert not taken_from_krita(app, button, Key.Key_B, "b"), "a button has no use for letters"


def test_a_control_that_comes_later_is_typed_into_without_shortcuts(docker, app):
    late = QtWidgets.QLineEdit(find(docker, "prompt").parentWidget())
    late.show()
    late.setFocus()
    app.processEvents()
    assert taken_from_krita(app, late, Key.Key_B, "b")


def test_shortcuts_that_edit_no_text_stay_kritas(docker, app):
    prompt = find(docker, "prompt")
    assert not taken_from_krita(app, prompt, Key.Key_S, "\x13", Modifier.ControlModifier)
    assert not taken_from_krita(app, prompt, Key.Key_N, "\x0e", Modifier.ControlModifier)
    assert not taken_from_krita(app, prompt, Key.Key_F5)


def test_a_button_takes_no_letters(docker, app):
    assert not taken_from_krita(app, find(docker, "generateButton"), Key.Key_B, "b")


@pytest.mark.parametrize("points", [9, 10, 11, 12])
@pytest.mark.parametrize("width", [300, 450])
@pytest.mark.parametrize("scene", ["quiet", "busy", "folded", "everything", "questioned", "troubled"])
def test_nothing_is_clipped(app, wear, make_docker, scene, width, points):
    wear(dark=True, points=points)
    docker = make_docker(getattr(docker_scenes, scene)(), width=width, height=900)
    docker_scenes.unfold_details(docker, scene)
    app.processEvents()
    assert docker.width() == width
    assert clipped(docker) == []


def test_the_check_for_clipping_sees_what_is_clipped(make_docker):
    docker = make_docker(docker_scenes.busy())
    find(docker, "nsfw").setFixedWidth(30)
    assert clipped(docker) == ["nsfw"]


@pytest.mark.parametrize("points", [9, 10])
def test_it_fits_into_300_by_600(wear, make_docker, points):
    wear(dark=False, points=points)
    docker = make_docker(docker_scenes.busy(), width=300, height=600)
    assert (docker.width(), docker.height()) == (300, 600)
    whole = docker.rect()
    for name in ("prompt", "negativePrompt", "model", "generateButton", "img2imgButton", "maskButton",
                 "inpaintButton", "message", "cancelAllButton"):  # fmt: skip
        control = find(docker, name)
        assert whole.contains(QtCore.QRect(control.mapTo(docker, QtCore.QPoint(0, 0)), control.size())), name
    assert not rows(docker)[0].visibleRegion().isEmpty()


def contrast(one, other):
    def light(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
                  for c in (colour.redF(), colour.greenF(), colour.blueF())]  # fmt: skip
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("first", [True, False], ids=["dark, then light", "light, then dark"])
def test_every_label_can_be_read_in_both_themes(app, wear, make_docker, first):
    wear(dark=first)
    studio = docker_scenes.busy()
    studio.set_jobs(*docker_scenes.JOBS, job("0", JobState.FAILED, trouble=Trouble.SERVER))
    docker = make_docker(studio)
    for dark in (first, not first):
        wear(dark=dark)
        app.processEvents()
        for label in docker.findChildren(QtWidgets.QLabel):
            palette = label.palette()
            seen = contrast(
                palette.color(label.foregroundRole()), docker.palette().color(docker.backgroundRole())
            )
            # What is disabled has the host's own dim colour.
            assert seen > (4 if label.isEnabled() else 2), label.text()
        for name in ("prompt", "seed"):
            palette = find(docker, name).palette()
            assert (
                contrast(
                    palette.color(palette.ColorRole.PlaceholderText), palette.color(palette.ColorRole.Base)
                )
                > 3
            )


def test_the_notice_wraps_and_can_be_copied(app):
    notice = NoticeWidget("Run install. " * 30)
    notice.resize(300, 400)
    label = find(notice, "notice", QtWidgets.QLabel)
    assert label.wordWrap()
    assert label.textInteractionFlags() & QtCore.Qt.TextInteractionFlag.TextSelectableByMouse
    assert notice.minimumSizeHint().width() <= 300


def test_the_notice_needs_none_of_the_packages_that_may_be_missing():
    block = "import sys; sys.modules.update(attr=None, attrs=None, aiohttp=None, PIL=None); "
    code = block + "import krita_AIhorde.ui.notice"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
