from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.jobs.readiness import Obstacle
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.ui import words


@pytest.mark.parametrize("trouble", [trouble for trouble in Trouble if trouble is not Trouble.NONE])
def test_every_trouble_has_a_sentence(trouble):
    text = words.trouble_text(trouble, "")
    assert text.endswith(".")
    assert "_" not in text


def test_no_trouble_needs_no_words():
    assert words.trouble_text(Trouble.NONE, "whatever the server said") == ""


def test_troubles_can_be_told_apart():
    told = [words.trouble_text(trouble, "") for trouble in Trouble]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("obstacle", Obstacle)
@pytest.mark.parametrize("operation", [None, *Operation])
def test_every_obstacle_has_a_sentence(obstacle, operation):
    assert words.obstacle_text(obstacle, operation).endswith(".")


def test_inpaint_says_what_it_needs():
    assert (
        words.obstacle_text(Obstacle.NO_SELECTION, Operation.INPAINT)
        == "Inpaint needs a selection or a mask."
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, ""), (0, ""), (4, "a few seconds"), (41, "about 40 s"), (89, "about 90 s"), (90, "about 2 min"),
        (179, "about 3 min"), (3600, "about 60 min"), (7200, "about 2 h"),
    ],
)  # fmt: skip
def test_waits_are_round(seconds, text):
    assert words.duration(seconds) == text


def test_an_excerpt_ends_between_words():
    assert words.excerpt("a lighthouse on a cliff, at dusk", 25) == "a lighthouse on a cliff…"


@given(st.text(), st.integers(min_value=2, max_value=80))
def test_an_excerpt_is_one_line_that_fits(prompt, length):
    cut = words.excerpt(prompt, length)
    assert len(cut) <= length
    assert "\n" not in cut


@pytest.mark.parametrize(
    ("text", "wrapping"),
    [
        ("trying again in 26 s", "trying again in 26~s"),
        ("Costs 9 kudos. Takes about 2 min.", "Costs 9~kudos. Takes about 2~min."),
        ("2 of 4 images", "2~of 4~images"),
        ("768 × 512, 1.5 s a picture", "768~×~512, 1.5~s a picture"),
        ("at 100 % of 2 große Bilder", "at 100~% of 2~große Bilder"),
        ("Queue position 3 · about 40 s", "Queue position 3 · about 40~s"),
        ("in 1 Eisenbahnknotenpunkt", "in 1 Eisenbahnknotenpunkt"),
        ("4\nimages", "4\nimages"),
    ],
)
def test_no_line_ends_between_a_number_and_its_unit(text, wrapping):
    wanted = wrapping.replace("~", words.NO_BREAK_SPACE)
    assert words.unparted(text) == wanted
    assert words.breakable(text) == wanted
    tooltip = words.wrapped("x" * (words.TOOLTIP_LINE - 3) + " 26 s")
    assert tooltip.split("\n")[-1] == f"26{words.NO_BREAK_SPACE}s"


def plain(text):
    return text.replace(words.ZERO_WIDTH_SPACE, "").replace(words.NO_BREAK_SPACE, " ")


@given(st.text() | st.text("12 x×\n"))
def test_breaking_long_words_loses_nothing(text):
    assert plain(words.breakable(text)) == plain(text)


@given(st.text())
def test_no_word_is_left_too_long(text):
    pieces = words.breakable(text).replace(words.ZERO_WIDTH_SPACE, " ").replace("\n", " ").split(" ")
    assert max(len(piece) for piece in pieces) <= words.LONGEST_WORD
