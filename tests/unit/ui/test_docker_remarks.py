"""What is wrong stands beside the control that causes it."""

from __future__ import annotations

import pytest
from attrs import evolve
from docker_scenes import OFFERS
from fake_studio import FakeStudio
from qt_test import LEFT, QTest, find, read

from krita_AIhorde import settings as s
from krita_AIhorde.horde.problems import Kind, Problem
from krita_AIhorde.horde.rules import ROWS, SCHEMA
from krita_AIhorde.jobs.offer import Offer
from krita_AIhorde.jobs.readiness import Obstacle
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.qt import QtWidgets
from krita_AIhorde.ui.problems import problem_text
from krita_AIhorde.ui.remarks import NOWHERE, Remark, place_of, remarks_of

STEPS = Problem("KudosUpfront", "params.steps", Kind.REFUSED, values={"limit": 40})
CLIP_SKIP = Problem("ClipSkipIgnored", "params.clip_skip", Kind.IGNORED, "models")
SOURCE = Problem("SourceIgnored", "source_image", Kind.IGNORED, "models")
MASK = Problem("ImageValidationFailed", "source_mask", Kind.REFUSED)
WIDTH = Problem("KudosUpfront", "params.width", Kind.MAY_BE_REFUSED, values={"limit": 576})
MODEL = Problem("UnexpectedModelName", "models", Kind.REFUSED)
NO_PROMPT = Problem(SCHEMA, "prompt", Kind.REFUSED, values={"rule": "minLength", "limit": 1})


def with_problems(*problems, **others):
    """The same problems for all three buttons, but for those of ``others``."""
    return {
        name: evolve(offer, problems=others.get(name, problems)) for name, offer in OFFERS.items()
    }  # fmt: skip


def remark(docker, name):
    return find(docker, f"{name}Remark", QtWidgets.QLabel)


@pytest.fixture
def studio(app) -> FakeStudio:
    studio = FakeStudio()
    for setting in s.SECTIONS.values():
        studio.settings.set(setting, True)
    return studio


PLACES = [
    (STEPS, "steps"), (CLIP_SKIP, "clipSkip"), (WIDTH, "maxSize"), (MODEL, "model"),
    (Problem(SCHEMA, "params.cfg_scale", Kind.REFUSED, values={"rule": "maximum", "limit": 100}), "cfgScale"),
    (Problem("KudosUpfront", "slow_workers", Kind.REFUSED), "slowWorkers"),
    (Problem("HiResMismatch", "params.hires_fix", Kind.REFUSED, "models"), "hiresFix"),
    (Problem("InvalidPromptSize", "prompt", Kind.REFUSED, values={"given": 9000, "limit": 7500}), "prompt"),
    (Problem("InvalidRemix", "source_processing", Kind.REFUSED), "inpaintMethod"),
    (Problem(SCHEMA, "workers.0", Kind.REFUSED, values={"rule": "type"}), "preferredWorkers"),
]  # fmt: skip


@pytest.mark.parametrize(("problem", "name"), PLACES, ids=[name for _, name in PLACES])
def test_it_stands_under_the_control_that_causes_it(studio, docker, app, problem, name):
    studio.set_offers(**with_problems(problem))
    app.processEvents()
    label = remark(docker, name)
    assert label.isVisible()
    assert read(label) == problem_text(problem)
    if name != "preferredWorkers":  # whose picker is made elsewhere
        control = find(docker, name)
        assert label.mapTo(docker, label.rect().topLeft()).y() >= (
            control.mapTo(docker, control.rect().bottomLeft()).y()
        )
    studio.set_offers(**OFFERS)
    assert not label.isVisible()


def test_a_strength_that_was_left_alone_is_not_remarked_on(studio, docker):
    label = remark(docker, "facefixerStrength")
    ignored = Problem("FacefixerStrengthIgnored", "params.facefixer_strength", Kind.IGNORED)
    studio.set_offers(**with_problems(ignored))
    assert not label.isVisible()
    assert "workers take no notice" in find(docker, "facefixerStrength").toolTip().replace("\n", " ")
    studio.settings.set(s.FACEFIXER_STRENGTH, 0.5)
    studio.set_offers(**with_problems(ignored))
    assert read(label) == problem_text(ignored)
    studio.settings.set(s.FACEFIXER_STRENGTH, s.FACEFIXER_STRENGTH.default)
    studio.set_offers(**with_problems(ignored))
    assert not label.isVisible()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.code}-{row.field}")
def test_every_problem_has_a_place(row):
    place = place_of(Problem(row.code, row.field, row.kind, row.also), s.Settings())
    assert place == NOWHERE or any(setting.name == place and setting.widget for setting in s.ALL)


@pytest.mark.parametrize(
    ("given", "setting"), [("NMKD_Siax", s.UPSCALER), ("of tomorrow", s.POST_PROCESSING)]
)  # fmt: skip
def test_of_several_controls_of_one_field_the_one_with_that_value_is_to_blame(given, setting):
    settings = s.Settings()
    settings.set(s.UPSCALER, "NMKD_Siax")
    settings.set(s.POST_PROCESSING, "of tomorrow")
    values = {"rule": "enum", "given": given, "limit": ()}
    problem = Problem(SCHEMA, "params.post_processing.1", Kind.MAY_BE_REFUSED, values=values)
    assert place_of(problem, settings) == setting.name


def colour(label):
    return label.palette().color(label.foregroundRole())


def test_what_will_be_refused_is_red_and_the_rest_is_not(studio, docker, app):
    studio.set_offers(**with_problems(STEPS, CLIP_SKIP, WIDTH))
    app.processEvents()
    refused, ignored, perhaps = (remark(docker, name) for name in ("steps", "clipSkip", "maxSize"))
    assert colour(refused).redF() > colour(refused).greenF() + 0.1
    for label in (ignored, perhaps):
        assert abs(colour(label).redF() - colour(label).greenF()) < 0.05


def test_what_concerns_no_control_is_said_under_the_buttons(studio, docker):
    studio.set_offers(**with_problems(SOURCE))
    hint = find(docker, "hint", QtWidgets.QLabel)
    assert hint.text() == problem_text(SOURCE)
    studio.set_offers(**with_problems(SOURCE, MASK))
    assert hint.text().splitlines() == [problem_text(MASK), problem_text(SOURCE)]
    assert colour(hint).redF() > colour(hint).greenF() + 0.1


def test_what_holds_for_some_buttons_names_them(studio, docker):
    studio.set_offers(**with_problems(STEPS, generate=()))
    assert read(remark(docker, "steps")).startswith("Img2Img, Inpaint: More than 40 steps")
    # A button that cannot work at all does not count.
    studio.set_offers(generate=Offer(Obstacle.OUTSIDE))
    assert read(remark(docker, "steps")) == problem_text(STEPS)


def test_what_a_button_lacks_anyway_is_said_once_and_calmly(studio, make_docker):
    docker = make_docker(studio, width=240)  # at 300, Qt 6 has room for it on the button itself
    studio.set_offers(**{
        name: Offer(Obstacle.NO_PROMPT, problems=(NO_PROMPT,)) for name in OFFERS
    })  # fmt: skip
    assert not remark(docker, "prompt").isVisible()
    assert find(docker, "hint", QtWidgets.QLabel).text() == "Write a prompt first."


def test_a_sentence_is_not_repeated():
    offers = {operation: Offer(problems=(STEPS, STEPS)) for operation in Operation}
    assert remarks_of(offers, s.Settings()) == {"steps": [Remark(problem_text(STEPS), True)]}


def test_a_folded_section_says_that_there_is_something_to_look_at(studio, docker):
    studio.settings.set(s.SECTION_ADVANCED_OPEN, False)
    header = find(docker, "advancedHeader", QtWidgets.QToolButton)
    assert header.text() == "Advanced"
    studio.set_offers(**with_problems(CLIP_SKIP, STEPS))
    assert header.text() == "Advanced  ⚠"
    assert problem_text(CLIP_SKIP) in header.accessibleDescription()
    assert problem_text(CLIP_SKIP) == header.toolTip()
    assert header.accessibleName() == "Advanced"
    assert find(docker, "basicHeader").text() == "Basic"  # it is open: the remark itself is in sight
    QTest.mouseClick(header, LEFT)
    assert header.text() == "Advanced"
    assert not header.accessibleDescription()
    QTest.mouseClick(header, LEFT)
    studio.set_offers(**OFFERS)
    assert header.text() == "Advanced"


def test_remarks_are_there_from_the_start(studio, make_docker, app):
    studio.set_offers(**with_problems(STEPS, MODEL))
    docker = make_docker(studio)
    assert remark(docker, "steps").isVisible()
    assert remark(docker, "model").isVisible()


def test_a_released_docker_shows_no_more(studio, docker):
    docker.release()
    studio.set_offers(**with_problems(MODEL))
    assert not remark(docker, "model").isVisible()


# What the model needs.


def test_advice_is_one_sentence_and_one_button(studio, docker, app):
    words, button = find(docker, "modelAdvice", QtWidgets.QLabel), find(docker, "applyAdviceButton")
    assert not words.isVisible()
    assert not button.isVisible()
    studio.set_advice("This model wants 8 steps.")
    app.processEvents()
    assert read(words) == "This model wants 8 steps."
    assert words.isVisible()
    QTest.mouseClick(button, LEFT)
    assert studio.asked == [("apply_advice",)]
    studio.set_advice("")
    assert not button.isVisible()


def test_what_is_half_typed_counts_before_advice_is_applied(studio, docker):
    studio.set_advice("This model wants 8 steps.")
    spin = find(docker, "maxSize").findChild(QtWidgets.QSpinBox)
    spin.selectAll()
    QTest.keyClicks(spin, "768")
    find(docker, "applyAdviceButton").click()
    assert studio.settings.get(s.MAX_SIZE) == 768
