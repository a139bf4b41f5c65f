"""Controls and settings show one state, in every docker."""

from __future__ import annotations

import pytest
from qt_test import LEFT, Key, QTest, delete_now, find

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtWidgets
from krita_AIhorde.ui.docker import DockerWidget

SPECIAL = {s.PROMPT: "a lighthouse", s.MODEL: "Deliberate", s.SEED: "4711", s.API_KEY: "abcdef"}


def other_than_default(setting):
    if setting in SPECIAL:
        return SPECIAL[setting]
    if isinstance(setting.default, bool):
        return not setting.default
    if setting.options:
        return next(o.value for o in reversed(setting.options) if o.value != setting.default)
    if isinstance(setting.default, int | float):
        return setting.checked(setting.default + 2 * setting.step if setting.default < 1 else setting.maximum)
    return "blurry"


# objectName, setting, a value other than the default: all there are but for lists, which have pickers
CONTROLS = [
    (setting.widget, setting, other_than_default(setting))
    for setting in s.ALL
    if setting.widget and not isinstance(setting.default, tuple)
]
by_name = pytest.mark.parametrize(("name", "setting", "other"), CONTROLS, ids=[name for name, *_ in CONTROLS])


def shown(control):
    """The value as scripts read it: contract.md, "Widgets"."""
    if isinstance(control, QtWidgets.QPlainTextEdit):
        return control.toPlainText()
    if isinstance(control, QtWidgets.QLineEdit):
        return control.text()
    if isinstance(control, QtWidgets.QCheckBox):
        return control.isChecked()
    if isinstance(control, QtWidgets.QComboBox):
        return control.currentData()
    return control.value()


def enter(control, value):
    """As a script, or the hand, would."""
    if isinstance(control, QtWidgets.QPlainTextEdit):
        control.setPlainText(value)
    elif isinstance(control, QtWidgets.QLineEdit):
        control.clear()
        QTest.keyClicks(control, value)
        QTest.keyClick(control, Key.Key_Return)
    elif isinstance(control, QtWidgets.QCheckBox):
        control.setChecked(value)
    elif isinstance(control, QtWidgets.QComboBox):
        control.setCurrentIndex(control.findData(value))
    else:
        control.setValue(value)


@by_name
def test_a_control_starts_with_what_was_saved(studio, make_docker, name, setting, other):
    studio.set_models(("Deliberate", 12))
    studio.settings.set(setting, other)
    assert shown(find(make_docker(studio), name)) == other


@by_name
def test_what_is_entered_is_kept_and_shown_in_the_other_docker(studio, make_docker, name, setting, other):
    studio.set_models(("Deliberate", 12))
    here, there = make_docker(studio), make_docker(studio)
    enter(find(here, name), other)
    assert studio.settings.get(setting) == other
    assert type(studio.settings.get(setting)) is type(setting.default)
    assert shown(find(there, name)) == other


@by_name
def test_every_control_says_what_it_is(docker, name, setting, other):
    control = find(docker, name)
    assert control.accessibleName()
    assert control.toolTip()


def test_typing_in_one_docker_does_not_move_the_cursor_there(studio, make_docker):
    here, there = make_docker(studio), make_docker(studio)
    prompt = find(here, "prompt", QtWidgets.QPlainTextEdit)
    prompt.setPlainText("a house")
    prompt.moveCursor(prompt.textCursor().MoveOperation.Start)
    QTest.keyClicks(prompt, "behind ")
    assert prompt.toPlainText() == find(there, "prompt").toPlainText() == "behind a house"
    assert prompt.textCursor().position() == len("behind ")


def test_half_a_key_is_not_saved(studio, docker):
    studio.settings.set(s.SECTION_ACCOUNT_OPEN, True)
    key = find(docker, "apiKey", QtWidgets.QLineEdit)
    QTest.keyClicks(key, " secret ")
    assert studio.settings.get(s.API_KEY) == ""
    QTest.keyClick(key, Key.Key_Return)
    assert studio.settings.get(s.API_KEY) == "secret"


def test_the_key_is_never_in_sight(docker):
    key = find(docker, "apiKey", QtWidgets.QLineEdit)
    assert key.echoMode() == QtWidgets.QLineEdit.EchoMode.Password
    assert key.placeholderText() == "anonymous"


def test_a_key_that_is_just_being_typed_counts_for_the_click(studio, docker):
    QTest.keyClicks(find(docker, "apiKey"), "secret")
    find(docker, "generateButton").click()
    assert studio.settings.get(s.API_KEY) == "secret"


def test_a_size_that_is_just_being_typed_counts_for_the_click(studio, docker):
    spin = find(docker, "maxSize").findChild(QtWidgets.QSpinBox)
    spin.selectAll()
    QTest.keyClicks(spin, "768")
    assert studio.settings.get(s.MAX_SIZE) == 1024
    assert studio.settings.get(s.MIN_SIZE) == 512  # "76" was no size
    find(docker, "generateButton").click()
    assert studio.settings.get(s.MAX_SIZE) == 768


@pytest.mark.parametrize(
    ("name", "entered", "sizes"),
    [("minSize", 1280, (1280, 1280)), ("maxSize", 256, (256, 256)), ("minSize", 700, (704, 1024)),
     ("maxSize", 99999, (512, 3072)), ("minSize", 1, (64, 1024))],
)  # fmt: skip
def test_sizes_are_multiples_of_64_and_never_cross(studio, make_docker, name, entered, sizes):
    here, there = make_docker(studio), make_docker(studio)
    find(here, name).setValue(entered)
    for docker in (here, there):
        assert (find(docker, "minSize").value(), find(docker, "maxSize").value()) == sizes
    assert (studio.settings.get(s.MIN_SIZE), studio.settings.get(s.MAX_SIZE)) == sizes


@pytest.mark.parametrize(
    ("name", "keys", "value"),
    [("denoisingStrength", Key.Key_Home, 0.01), ("denoisingStrength", Key.Key_End, 1.0),
                                ("maxWait", Key.Key_Home, 0.1), ("steps", Key.Key_End, 150)]
)  # fmt: skip
def test_the_slider_reaches_both_ends(docker, name, keys, value):
    QTest.keyClick(find(docker, name).findChild(QtWidgets.QSlider), keys)
    assert find(docker, name).value() == value


def test_more_than_the_slider_reaches_can_be_typed(studio, docker):
    spin = find(docker, "steps").findChild(QtWidgets.QSpinBox)
    slider = find(docker, "steps").findChild(QtWidgets.QSlider)
    spin.selectAll()
    QTest.keyClicks(spin, "300")
    assert studio.settings.get(s.STEPS) == find(docker, "steps").value() == 300
    assert slider.value() == slider.maximum() == 150
    QTest.keyClick(slider, Key.Key_Left)
    assert studio.settings.get(s.STEPS) == 149


def test_another_document_brings_its_own_values_and_keeps_them(studio, docker):
    values = {
        "small": {"prompt": "a fox\nin snow", "minSize": 512, "maxSize": 1024, "sampler": "k_heun"},
        "large": {"prompt": "a castle", "minSize": 1280, "maxSize": 2048, "sampler": "of tomorrow"},
        "tiny": {"prompt": "", "minSize": 64, "maxSize": 256, "sampler": "k_euler"},
    }
    by_name = {name: setting for name, setting, _ in CONTROLS}
    for document, wanted in values.items():
        studio.settings.use_document(document)
        for name, value in sorted(wanted.items(), key=lambda item: item[0] == "minSize"):
            studio.settings.set(by_name[name], value)
    for document in ("small", "large", "tiny", "large", "small", "tiny", "small"):
        studio.settings.use_document(document)
        for name, value in values[document].items():
            assert studio.settings.get(by_name[name]) == value
            assert shown(find(docker, name)) == value


def test_the_slider_stops_at_round_numbers(docker):
    amount = find(docker, "denoisingStrength")
    amount.setValue(0.33)
    QTest.keyClick(amount.findChild(QtWidgets.QSlider), Key.Key_Right)
    assert amount.value() == 0.4


def test_numbers_are_shown_without_idle_zeros(docker):
    amount = find(docker, "cfgScale")
    spin = amount.findChild(QtWidgets.QDoubleSpinBox)
    shown_texts = []
    for value in (7.0, 7.25, 10.0):
        amount.setValue(value)
        shown_texts.append(spin.text().replace(",", "."))
    assert shown_texts == ["7", "7.25", "10"]


def test_a_sampler_of_another_version_is_kept(studio, docker):
    studio.settings.set(s.SAMPLER, "k_new")
    assert find(docker, "sampler", QtWidgets.QComboBox).currentData() == "k_new"


def test_sections_remember_whether_they_are_open(studio, make_docker):
    docker = make_docker(studio)
    header = find(docker, "basicHeader")
    QTest.mouseClick(header, LEFT)
    assert studio.settings.get(s.SECTION_BASIC_OPEN) is False
    assert not find(docker, "steps").isVisible()
    assert not find(make_docker(studio), "steps").isVisible()


def test_a_released_docker_hears_and_changes_nothing(studio, make_docker):
    docker = make_docker(studio)
    docker.release()
    docker.release()
    assert studio.listeners == 0
    studio.settings.set(s.PROMPT, "later")
    assert find(docker, "prompt").toPlainText() == ""
    find(docker, "steps").setValue(99)
    assert studio.settings.get(s.STEPS) == s.STEPS.default


def test_a_docker_that_is_destroyed_without_a_word_leaves_nothing_behind(studio, app):
    docker = DockerWidget(studio)
    assert studio.listeners > 0
    delete_now(docker)
    assert studio.listeners == 0
    studio.settings.set(s.PROMPT, "later")


def test_names_are_unique(docker):
    names = [w.objectName() for w in docker.findChildren(QtWidgets.QWidget)]
    ours = [name for name in names if name and not name.startswith("qt_") and name != "job"]
    assert len(set(ours)) == len(ours)


def test_tab_leaves_the_prompt(docker, app):
    prompt = find(docker, "prompt")
    prompt.setFocus()
    QTest.keyClick(prompt, Key.Key_Tab)
    assert app.focusWidget() is find(docker, "negativePrompt")
    assert "\t" not in prompt.toPlainText()
    QTest.keyClick(app.focusWidget(), Key.Key_Tab)
    assert app.focusWidget() is find(docker, "model")
