"""The form that is built from the registry: its sections, its labels, and which control needs which."""

from __future__ import annotations

import pytest
from fake_studio import job
from qt_test import LEFT, Key, QTest, find

from krita_AIhorde import settings as s
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtCore, QtWidgets
from krita_AIhorde.ui.formlayout import FieldLabel

WITH_CONTROLS = [setting for setting in s.ALL if setting.widget and not isinstance(setting.default, tuple)]
IN_SIGHT = (s.PROMPT, s.NEGATIVE_PROMPT, s.MODEL)
FOLDED = [setting for setting in WITH_CONTROLS if setting not in IN_SIGHT]
SECTIONS = {
    s.Section.BASIC: "basicSection", s.Section.ADVANCED: "advancedSection",
    s.Section.POST_PROCESSING: "postProcessingSection", s.Section.ACCOUNT: "accountSection",
    s.Section.FILES: "filesSection",
}  # fmt: skip


def name_of(setting):
    return setting.widget


def fold_all(studio, is_open=False):
    for setting in s.SECTIONS.values():
        studio.settings.set(setting, is_open)


@pytest.mark.parametrize("setting", FOLDED, ids=name_of)
def test_every_control_is_in_its_section_and_folds_with_it(studio, docker, setting):
    section = find(docker, SECTIONS[setting.section])
    control = find(section, setting.widget)
    fold_all(studio)
    assert not control.isVisible()
    assert find(docker, setting.widget) is control  # scripts find it all the same
    studio.settings.set(s.SECTIONS[setting.section], True)
    assert control.isVisible()


def test_what_every_picture_needs_is_in_sight_whatever_is_folded(studio, docker):
    fold_all(studio)
    for name in ("prompt", "negativePrompt", "model", "generateButton", "img2imgButton", "maskButton",
                 "inpaintButton", "jobs"):  # fmt: skip
        assert find(docker, name).isVisible()


@pytest.mark.parametrize("setting", FOLDED, ids=name_of)
def test_a_label_says_what_a_control_is_and_leads_to_it(studio, docker, setting):
    control = find(docker, setting.widget)
    if isinstance(control, QtWidgets.QCheckBox):
        assert control.text() == setting.label
        return
    if setting is s.API_KEY:
        return  # the account's panel is another's
    labels = [label for label in docker.findChildren(FieldLabel) if label.buddy() is control]
    assert [label.text() for label in labels] == [setting.label]
    assert labels[0].toolTip()


def test_sections_are_in_the_registry_s_order(studio, docker, app):
    fold_all(studio, True)
    app.processEvents()
    tops = [find(docker, name).mapTo(docker, QtCore.QPoint(0, 0)).y() for name in SECTIONS.values()]
    assert tops == sorted(tops)
    assert [find(docker, f"{name[:-7]}Header").text() for name in SECTIONS.values()] == [
        "Basic", "Advanced", "Post-processing", "Account (anonymous)", "Files and help"
    ]  # fmt: skip


def test_controls_begin_on_one_line_and_a_long_label_breaks_where_it_is_narrow(studio, make_docker, app):
    fold_all(studio)
    studio.settings.set(s.SECTION_ADVANCED_OPEN, True)
    for width in (300, 450):
        docker = make_docker(studio, width)
        app.processEvents()
        left = {
            find(docker, setting.widget).mapTo(docker, QtCore.QPoint(0, 0)).x()
            for setting in (s.CLIP_SKIP, s.CONTEXT, s.MASK_FEATHER, s.MAX_WAIT)
        }
        assert len(left) == 1
        label = next(x for x in docker.findChildren(FieldLabel) if x.text() == s.MASK_FEATHER.label)
        assert (label.height() > 1.5 * label.fontMetrics().height()) is (width == 300)


def test_a_form_is_mirrored_where_text_runs_from_right_to_left(studio, make_docker, app):
    docker = make_docker(studio)
    docker.setLayoutDirection(QtCore.Qt.LayoutDirection.RightToLeft)
    app.processEvents()
    steps = find(docker, "steps")
    label = next(x for x in docker.findChildren(FieldLabel) if x.buddy() is steps)
    assert label.geometry().left() > steps.geometry().right()
    assert label.geometry().right() == steps.parentWidget().width() - 1


# What works only together with something else.

NEEDS = [
    (s.SEED_VARIATION, s.IMAGE_COUNT, 1, 2),
    (s.HIRES_FIX_STRENGTH, s.HIRES_FIX, False, True),
    (s.CENSOR_NSFW, s.NSFW, True, False),
    (s.ALLOW_DOWNGRADE, s.MODEL, "", "Deliberate"),
    (s.STRIP_BACKGROUND_TOO, s.POST_PROCESSING, "", "GFPGAN"),
    (s.STRIP_BACKGROUND_TOO, s.POST_PROCESSING, "strip_background", "CodeFormers"),
    (s.FACEFIXER_STRENGTH, s.POST_PROCESSING, "strip_background", "of tomorrow"),
    (s.FACEFIXER_STRENGTH, s.POST_PROCESSING, "", "RestoreFormer"),
]


@pytest.mark.parametrize(("setting", "other", "without", "with_it"), NEEDS)
def test_a_control_without_effect_is_disabled_and_says_why(
    studio, make_docker, setting, other, without, with_it
):
    studio.settings.set(other, without)
    docker = make_docker(studio)
    control = find(docker, setting.widget)
    usual = setting.tooltip.split()[0]
    assert not control.isEnabled()
    assert not control.toolTip().startswith(usual)
    assert (control.focusProxy() or control).accessibleDescription()
    labels = [label for label in docker.findChildren(FieldLabel) if label.buddy() is control]
    for label in labels:
        assert not label.isEnabled()
        assert label.toolTip() == control.toolTip()
    studio.settings.set(other, with_it)
    assert control.isEnabled()
    assert all(label.isEnabled() for label in labels)
    assert control.toolTip().startswith(usual)
    assert not (control.focusProxy() or control).accessibleDescription()
    studio.settings.set(other, without)
    assert not control.isEnabled()


def test_every_disabled_control_says_why(studio, docker):
    """A control of ours is disabled for a reason, which its tooltip tells."""
    names = {setting.widget for setting in WITH_CONTROLS}
    controls = [
        widget
        for widget in docker.findChildren(QtWidgets.QWidget)
        if widget.objectName() in names or isinstance(widget, QtWidgets.QAbstractButton)
    ]
    hindered = [control for control in controls if not control.isEnabled()]
    assert {control.objectName() for control in hindered} >= {"seedVariation", "lastSeedButton"}
    assert [control.objectName() for control in hindered if not control.toolTip()] == []


# Seed.


def test_the_die_types_a_seed_that_can_be_used_again(studio, docker):
    seed = find(docker, "seed", QtWidgets.QLineEdit)
    QTest.mouseClick(find(docker, "randomSeedButton"), LEFT)
    first = studio.settings.get(s.SEED)
    assert seed.text() == first
    assert 0 <= int(first) < 2**32
    QTest.mouseClick(find(docker, "randomSeedButton"), LEFT)
    assert studio.settings.get(s.SEED) != first


def test_the_seed_of_the_newest_picture_is_typed_once_there_is_one(studio, docker):
    last = find(docker, "lastSeedButton", QtWidgets.QAbstractButton)
    assert not last.isEnabled()
    assert last.toolTip()
    studio.set_jobs(job("1", JobState.LANDING))
    assert not last.isEnabled()
    studio._seed = "4711"
    studio.change(job("1", JobState.DONE, finished=1))
    assert last.isEnabled()
    last.click()
    assert find(docker, "seed").text() == studio.settings.get(s.SEED) == "4711"


def test_an_empty_seed_says_what_it_means(docker):
    assert find(docker, "seed", QtWidgets.QLineEdit).placeholderText() == "random"


# Numbers.


@pytest.mark.parametrize(
    "setting", [x for x in FOLDED if x.slider_maximum is not None], ids=name_of
)  # fmt: skip
def test_numbers_beyond_the_slider_are_typed_up_to_the_true_maximum(studio, make_docker, setting):
    studio.settings.set(s.IMAGE_COUNT, 2)
    docker = make_docker(studio)
    spin = find(docker, setting.widget).findChild(QtWidgets.QAbstractSpinBox)
    spin.selectAll()
    QTest.keyClicks(spin, f"{setting.maximum:g}")
    QTest.keyClick(spin, Key.Key_Return)
    assert studio.settings.get(setting) == setting.maximum > setting.slider_maximum
