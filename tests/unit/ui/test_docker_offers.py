"""What the buttons offer: as much of it as there is room for, on all three alike."""

from __future__ import annotations

import pytest
from attrs import evolve
from docker_scenes import OFFERS
from fake_studio import FakeStudio
from qt_test import find

from krita_AIhorde.horde.problems import Kind, Problem
from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.jobs.offer import Offer, offers_of
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.qt import QtWidgets
from krita_AIhorde.ui.offertext import heads, offer_text, tails, upfront_text

STEPS = Problem("KudosUpfront", "params.steps", Kind.REFUSED, values={"limit": 40})
THREE = ("generateButton", "img2imgButton", "inpaintButton")


@pytest.fixture
def studio(app) -> FakeStudio:
    studio = FakeStudio()
    studio.set_offers(**OFFERS)
    return studio


def texts(docker):
    return [find(docker, name, QtWidgets.QAbstractButton).text() for name in THREE]


def tooltip(docker, name="generateButton"):
    return find(docker, name).toolTip()


HEADS = [
    ["Generate 704 × 512", "Img2Img 1024 × 768", "Inpaint 512 × 512"],
    ["Generate 704×512", "Img2Img 1024×768", "Inpaint 512×512"],
    ["Generate", "Img2Img", "Inpaint"],
]
TAILS = [
    ["9 kudos · about 40 s", "18 kudos · about 65 s", "9 kudos · about 40 s"],
    ["9 kudos · ~40 s", "18 kudos · ~65 s", "9 kudos · ~40 s"],
    ["9 kudos", "18 kudos", "9 kudos"],
]


def lines(heads, tails):
    return [f"{head}\n{tail}" for head, tail in zip(heads, tails, strict=True)]


def test_the_wider_the_docker_the_more_all_three_say_and_nothing_is_cut(studio, make_docker, app):
    docker = make_docker(studio, width=800)
    seen = []
    for width in range(800, docker.minimumSizeHint().width() - 1, -1):
        docker.resize(width, 900)
        app.processEvents()
        said = [text.split("\n") for text in texts(docker)]
        for lines, place in zip(zip(*said, strict=True), (HEADS, TAILS), strict=True):
            if list(lines) not in seen:
                seen.append(list(lines))
                assert list(lines) in place
        for name in THREE:
            button = find(docker, name, QtWidgets.QAbstractButton)
            assert button.fontMetrics().size(0, button.text()).width() < button.width()
    assert [lines for lines in seen if lines in HEADS] == HEADS
    assert [lines for lines in seen if lines in TAILS] == TAILS


def test_a_wide_docker_tells_all(studio, make_docker):
    assert texts(make_docker(studio, width=450)) == lines(HEADS[0], TAILS[0])


def test_new_offers_are_shown_at_once(studio, make_docker):
    docker = make_docker(studio, width=800)
    studio.set_offers(generate=Offer(size=Extent(768, 512), kudos=11.0, seconds=200))
    assert texts(docker)[0] == "Generate 768 × 512\n11 kudos · about 3 min"
    assert texts(docker)[1:] == lines(HEADS[0], TAILS[0])[1:]


@pytest.mark.parametrize(
    ("offer", "head", "tail"),
    [
        (Offer(), "Generate", ""),
        (Offer(kudos=9.0), "Generate", "9 kudos"),
        (Offer(size=Extent(64, 64), seconds=0), "Generate 64 × 64", ""),
        (Offer(size=Extent(64, 64), kudos=0.2, seconds=4), "Generate 64 × 64", "1 kudos · a few seconds"),
        (Offer(size=Extent(64, 64), kudos=8.01), "Generate 64 × 64", "9 kudos"),
        (Offer(seconds=7200), "Generate", "about 2 h"),
        (Offer(Obstacle.NO_PROMPT, Extent(64, 64)), "Generate", ""),
    ],
)
def test_what_is_not_known_is_not_told(offer, head, tail):
    assert (heads("Generate", offer)[0], tails(offer)[0]) == (head, tail)


@pytest.mark.parametrize(("seconds", "brief"), [(2, "~5 s"), (61, "~60 s"), (95, "~2 min"), (7000, "~2 h")])
def test_a_wait_in_few_letters(seconds, brief):
    assert tails(Offer(seconds=seconds))[1] == brief


def test_the_tooltip_tells_all_however_narrow_the_docker(studio, make_docker):
    docker = make_docker(studio, width=300)
    docker.resize(docker.minimumSizeHint().width(), 900)
    assert texts(docker) != lines(HEADS[0], TAILS[0])
    assert "Asks for 704 × 512 pixels. Costs 9 kudos. Takes about 40 s." in tooltip(docker)
    assert find(docker, "generateButton").accessibleDescription() == offer_text(OFFERS["generate"])


def test_a_button_that_cannot_work_says_why_instead(studio, make_docker):
    docker = make_docker(studio, width=800)
    studio.set_offers(generate=evolve(OFFERS["generate"], obstacle=Obstacle.NO_PROMPT))
    generate = find(docker, "generateButton", QtWidgets.QAbstractButton)
    assert generate.text() == "Generate\nWrite a prompt first"
    assert generate.property("ready") is False
    assert tooltip(docker).startswith("Write a prompt first.")
    assert generate.accessibleDescription() == "Write a prompt first."
    assert texts(docker)[1:] == lines(HEADS[0], TAILS[0])[1:]
    assert find(docker, "img2imgButton").property("ready") is True


def test_kudos_that_are_missing_beforehand_are_said(studio, make_docker):
    docker = make_docker(studio, width=450)
    studio.set_offers(generate=evolve(OFFERS["generate"], upfront=True))
    hint = find(docker, "hint", QtWidgets.QLabel)
    assert "9 kudos beforehand" in hint.text()
    assert find(docker, "generateButton").property("ready") is False
    assert tooltip(docker).startswith(hint.text())
    # A click still works: the Horde has the last word.
    assert texts(docker)[0] == "Generate 704 × 512\nNeeds more kudos"
    studio.set_offers(generate=OFFERS["generate"])
    assert not hint.isVisible()


def test_kudos_are_not_said_twice(studio, docker):
    studio.set_offers(generate=evolve(OFFERS["generate"], upfront=True, problems=(STEPS,)))
    assert not find(docker, "hint").isVisible()
    assert "kudos beforehand" in find(docker, "stepsRemark", QtWidgets.QLabel).text()


def test_what_will_be_refused_is_on_the_button_too(studio, make_docker):
    docker = make_docker(studio, width=450)
    studio.set_offers(img2img=evolve(OFFERS["img2img"], problems=(STEPS,)))
    assert find(docker, "img2imgButton").property("ready") is False
    assert texts(docker)[1].endswith("\nWould be refused")
    assert tooltip(docker, "img2imgButton").startswith("More than 40 steps")
    assert find(docker, "generateButton").property("ready") is True


def test_upfront_is_said_without_a_price_too():
    assert "kudos" in upfront_text(Offer(upfront=True))
    assert upfront_text(Offer()) == ""


def test_an_offer_of_which_nothing_is_known_yet(studio, docker):
    studio._offers = {}
    studio.channels["offers"].tell()
    assert texts(docker) == HEADS[-1]
    assert find(docker, "generateButton").property("ready") is True


def test_what_the_canvas_knows_makes_an_offer():
    ready = Readiness(None, None, Obstacle.NO_SELECTION, None, False, Extent(512, 512), Extent(704, 512))
    assert offers_of(ready) == {
        Operation.GENERATE: Offer(size=Extent(512, 512)),
        Operation.IMG2IMG: Offer(size=Extent(704, 512)),
        Operation.INPAINT: Offer(Obstacle.NO_SELECTION),
    }
