"""The four buttons: never disabled, and honest."""

from __future__ import annotations

import pytest
from attrs import evolve
from fake_studio import NO_SELECTION, READY, job
from qt_test import LEFT, Key, Modifier, QTest, find, wait_until

from krita_AIhorde import settings as s
from krita_AIhorde.jobs.readiness import Readiness
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets

BUTTONS = {
    "generateButton": ("generate",),
    "img2imgButton": ("img2img",),
    "maskButton": ("toggle_mask",),
    "inpaintButton": ("inpaint",),
}


def button(docker, name):
    return find(docker, name, QtWidgets.QAbstractButton)


@pytest.mark.parametrize("name", BUTTONS)
@pytest.mark.parametrize("readiness", [READY, Readiness()], ids=["ready", "nothing is open"])
def test_a_click_always_reaches_the_studio(studio, docker, name, readiness):
    studio.set_readiness(readiness)
    studio.set_jobs(job("1", JobState.GENERATING), job("2"))
    button(docker, name).click()
    QTest.mouseClick(button(docker, name), LEFT)
    assert [what for what in studio.asked if what != ("look",)] == [BUTTONS[name]] * 2


def disabled(docker):
    return [w.objectName() for w in docker.findChildren(QtWidgets.QWidget) if not w.isEnabled()]


def test_no_control_is_disabled_because_jobs_run(studio, docker):
    before = disabled(docker)
    studio.set_jobs(job("1", JobState.GENERATING), job("2", JobState.CANCELLING))
    assert disabled(docker) == before


def test_a_button_says_why_it_cannot_work(studio, make_docker):
    docker = make_docker(studio, width=450)
    inpaint = button(docker, "inpaintButton")
    studio.set_readiness(NO_SELECTION)
    assert inpaint.text() == "Inpaint\nSelect or mask first"
    assert inpaint.toolTip().startswith("Inpaint needs a selection or a mask.")
    assert inpaint.property("ready") is False
    assert button(docker, "generateButton").property("ready") is True
    assert not find(docker, "hint").isVisible(), "the button says it already"
    studio.set_readiness(READY)
    assert "Select" not in inpaint.text()
    assert inpaint.property("ready") is True


def test_a_reason_for_which_no_button_has_room_is_said_once_below(studio, make_docker, app):
    docker = make_docker(studio, width=450)
    hint = find(docker, "hint", QtWidgets.QLabel)
    studio.set_readiness(Readiness())
    assert not hint.isVisible()
    docker.resize(docker.minimumSizeHint().width(), 900)
    app.processEvents()
    assert button(docker, "generateButton").text() == "Generate"
    assert hint.isVisible()
    assert hint.text() == "Open a document first."


def test_what_the_buttons_say_never_moves_what_is_below(studio, docker, app):
    heights = set()
    for readiness in (Readiness(), NO_SELECTION, READY):
        studio.set_readiness(readiness)
        app.processEvents()
        heights.add(tuple(button(docker, name).height() for name in BUTTONS))
    ((height, *others),) = heights
    assert others == [height] * 3


def test_wide_buttons_tell_the_size_and_narrow_ones_their_name(studio, make_docker, app):
    docker = make_docker(studio, width=450)
    three = [button(docker, name) for name in ("generateButton", "img2imgButton", "inpaintButton")]
    assert [b.text() for b in three] == ["Generate 704 × 512", "Img2Img 1024 × 768", "Inpaint 512 × 512"]
    docker.resize(docker.minimumSizeHint().width(), 900)
    app.processEvents()
    assert [b.text() for b in three] == ["Generate", "Img2Img", "Inpaint"]
    assert ["704 × 512" in b.toolTip() for b in three] == [True, False, False]


def test_a_size_that_is_not_known_is_not_told(studio, make_docker):
    docker = make_docker(studio, width=450)
    studio.set_readiness(evolve(READY, generate_size=None))
    assert button(docker, "generateButton").text() == "Generate"
    assert "704" not in button(docker, "generateButton").toolTip()
    assert button(docker, "inpaintButton").text() == "Inpaint 512 × 512"


def test_the_mask_button_shows_what_the_document_says(studio, make_docker):
    docker = make_docker(studio, width=450)
    mask = button(docker, "maskButton")
    mask.click()
    assert not mask.isChecked()
    studio.set_readiness(evolve(READY, masking=True))
    assert mask.isChecked()
    assert mask.text() == "Mask\nPress again to leave"
    mask.click()
    assert mask.isChecked()


def test_the_pointer_makes_the_studio_look_before_the_click(studio, docker, app):
    app.sendEvent(docker, QtCore.QEvent(QtCore.QEvent.Type.Leave))
    point = QtCore.QPointF(5, 5)
    app.sendEvent(docker, QtGui.QEnterEvent(point, point, point))
    assert studio.asked == [("look",)]


def test_a_first_word_makes_the_studio_look(studio, docker):
    find(docker, "prompt").setPlainText("a")
    wait_until(lambda: studio.asked)
    assert studio.asked == [("look",)]


@pytest.mark.parametrize("field", ["prompt", "negativePrompt"])
@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_shift_enter_generates_once_and_writes_nothing(studio, docker, field, key):
    prompt = find(docker, field, QtWidgets.QPlainTextEdit)
    prompt.setPlainText("a boat")
    studio.asked.clear()
    QTest.keyClick(prompt, key, Modifier.ShiftModifier)
    assert studio.asked == [("generate",)]
    assert prompt.toPlainText() == "a boat"


def test_enter_alone_breaks_the_line(studio, docker):
    prompt = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    QTest.keyClick(prompt, Key.Key_Return)
    assert prompt.toPlainText() == "\n"
    assert studio.asked == []


def test_the_message_line_is_there_only_when_there_is_one(studio, docker):
    message = find(docker, "message", QtWidgets.QLabel)
    assert not message.isVisible()
    studio.say("Open a document first.")
    assert message.isVisible()
    assert message.text() == "Open a document first."
    studio.say("")
    assert not message.isVisible()


def test_an_endless_message_does_not_push_the_docker_out_of_shape(studio, docker, app):
    studio.say("https://example.org/" + "x" * 5000)
    app.processEvents()
    assert docker.width() == 300
    assert docker.minimumSizeHint().width() <= 300
    assert find(docker, "message").height() < 500
    assert len(find(docker, "message").toolTip()) > 5000


def test_a_click_leaves_the_keyboard_where_it_is(docker, app):
    prompt = find(docker, "prompt")
    prompt.setFocus()
    QTest.mouseClick(button(docker, "generateButton"), LEFT)
    assert app.focusWidget() is prompt


def test_without_a_key_the_account_says_so(studio, docker):
    titles = [b.text() for b in docker.findChildren(QtWidgets.QToolButton)]
    assert "Account (anonymous)" in titles
    studio.settings.set(s.API_KEY, "secret")
    titles = [b.text() for b in docker.findChildren(QtWidgets.QToolButton)]
    assert "Account" in titles
