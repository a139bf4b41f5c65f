from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.jobs.characters import beginning, pieces, without_controls
from krita_AIhorde.jobs.collector import EXCERPT, excerpt

WHOLE = {
    "a letter with marks": "e\u0301\u0323",
    "Arabic with its vowels": "\u0645\u064e\u0651",
    "Hebrew with its points": "\u05e9\u05b8\u05c1",
    "a Thai syllable": "\u0e01\u0e33",
    "an Indian conjunct": "\u0915\u094d\u0937\u093f",
    "Hangul in pieces": "\u1112\u1161\u11ab",
    "a family": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "a waving hand": "\U0001f44b\U0001f3fd",
    "a heart of emoji": "\u2764\ufe0f",
    "a key cap": "7\ufe0f\u20e3",
    "a flag": "\U0001f1e9\U0001f1ea",
    "the flag of Wales": "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
}


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE.keys())
def test_a_character_of_several_parts_is_taken_or_left(whole: str) -> None:
    text = "x" + whole * 3 + "y"
    for length in range(1, len(text) + 1):
        fitting = (length - 1) // len(whole)
        wanted = text if length == len(text) else "x" + whole * min(fitting, 3)
        assert beginning(text, length) == wanted


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_nothing_is_lost_between_the_pieces(text: str, length: int) -> None:
    cut = pieces(text, length)
    assert "".join(cut) == text
    assert all(0 < len(piece) <= length for piece in cut)


def test_a_character_longer_than_the_room_is_cut() -> None:
    assert beginning("z" + "\u0301" * 100, 40) == "z" + "\u0301" * 39


def test_plain_letters_and_ideographs_are_cut_anywhere() -> None:
    assert [beginning("\u6708\u306e\u5149", n) for n in (1, 2, 3)] == [
        "\u6708",
        "\u6708\u306e",
        "\u6708\u306e\u5149",
    ]
    assert beginning("meadow", 3) == "mea"


def test_a_layer_is_named_by_whole_characters_that_a_file_may_hold() -> None:
    family = WHOLE["a family"]
    named = excerpt(family * 20)
    assert named == family * ((EXCERPT - 1) // len(family)) + "…"
    assert excerpt("a\tb\nc \x00d\x1b\ud83d\ufffe e") == "a b c d e"
    assert without_controls("\U0001f44b\u200d\u202e") == "\U0001f44b\u200d\u202e"
