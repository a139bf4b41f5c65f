"""The docker in its host: the wheel, Krita's shortcuts, its themes; and nothing is clipped."""

from __future__ import annotations

import subprocess
import sys
import time

import docker_scenes
import pytest
from docker_clipping import clipped
from fake_studio import job
from qt_test import Modifier, delete_now, find, rows

from krita_AIhorde import settings as s
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.docker import DockerWidget
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


@pytest.mark.parametrize("points", [9, 10, 11, 12])
@pytest.mark.parametrize("width", [300, 450])
@pytest.mark.parametrize(
    "scene", ["quiet", "busy", "folded", "everything", "questioned", "troubled", "mirrored"]
)
def test_nothing_is_clipped(app, wear, make_docker, scene, width, points):
    wear(dark=True, points=points)
    docker = make_docker(getattr(docker_scenes, scene)(), width=width, height=900)
    docker_scenes.prepare(docker, scene)
    for _ in range(2):  # a row grows, and then the list
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


def test_making_a_docker_is_quick_all_sections_included(app):
    """Krita's start pays for it. About 20 ms here; the limit allows for slow and busy machines."""
    delete_now(DockerWidget(docker_scenes.quiet()))  # the first pays for fonts and imports
    took = []
    for _ in range(5):
        studio = docker_scenes.quiet()
        started = time.perf_counter()
        docker = DockerWidget(studio)
        took.append(time.perf_counter() - started)
        docker.release()
        delete_now(docker)
    assert sorted(took)[2] < 0.15
