"""Defaults again, settings as a text, and what the predecessor had saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde import settings as s
from krita_AIhorde.settings.predecessor import values_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
# As dunkeroni/krita-stable-horde 2.1.2 writes it, with every control moved.
SAVED = {
    "denoise_strength": 0.45, "prompt": "a fox", "negativePrompt": "blurry", "steps": 35, "seed": "42",
    "nsfw": True, "apikey": "secret", "maxWait": 4, "karras": False, "clip_skip": 2, "shared": True,
}  # fmt: skip
TAKEN = {
    "denoising_strength": 0.45, "prompt": "a fox", "negative_prompt": "blurry", "steps": 35, "seed": "42",
    "nsfw": True, "api_key": "secret", "max_wait": 4.0, "karras": False, "clip_skip": 2,
}  # fmt: skip


def taken(saved: Any) -> dict[str, Any]:
    return {setting.name: value for setting, value in values_of(json.dumps(saved)).items()}


# Defaults


def test_a_reset_keeps_the_key_the_collected_models_and_what_is_unfolded() -> None:
    settings, told = s.Settings(), []
    kept = {s.API_KEY: "secret", s.FAVOURITE_MODELS: ("Deliberate",), s.RECENT_MODELS: ("Dreamshaper",),
            s.SECTION_ACCOUNT_OPEN: True}  # fmt: skip
    for setting, value in {**kept, s.STEPS: 31, s.PROMPT: "a fox", s.MAX_WAIT: 5.0}.items():
        settings.set(setting, value)
    settings.subscribe(lambda setting, value: told.append((setting.name, value)))
    settings.reset()
    assert dict(settings) == {**{setting: setting.default for setting in s.ALL}, **kept}
    assert sorted(told) == [("max_wait", 10.0), ("prompt", ""), ("steps", s.STEPS.default)]


def test_a_reset_is_that_of_the_document_in_use(tmp_path: Path) -> None:
    settings, _ = s.Settings.load(tmp_path / "settings.json")
    for document, steps in (("castle", 31), ("fox", 40)):
        settings.use_document(document)
        settings.set(s.STEPS, steps)
    settings.reset()
    assert settings.dirty
    settings.write()
    again, _ = s.Settings.load(tmp_path / "settings.json")
    for document, steps in (("fox", s.STEPS.default), ("castle", 31), ("new", s.STEPS.default)):
        again.use_document(document)
        assert again.get(s.STEPS) == steps


# A text


def test_all_but_the_key_comes_back_from_a_text() -> None:
    settings, other = s.Settings(), s.Settings()
    for setting, value in ((s.API_KEY, "secret"), (s.STEPS, 31), (s.PROMPT, "Köln \ud83d"),
                           (s.BLOCKED_WORKERS, ("a", "b")), (s.SAMPLER, "of tomorrow")):  # fmt: skip
        settings.set(setting, value)
    text = settings.exported()
    assert "secret" not in text
    assert "api_key" not in text
    other.set(s.API_KEY, "mine")
    other.set(s.KARRAS, False)
    imported = other.take_in(text)
    assert dict(other) == {**dict(settings), s.API_KEY: "mine"}
    assert (imported.readable, imported.ignored, imported.unknown) == (True, (), ())
    assert {"steps", "prompt", "karras"} <= set(imported.taken)


def test_what_is_taken_in_is_the_document_s_that_is_in_use_and_told() -> None:
    settings, told = s.Settings(), []
    settings.use_document("castle")
    settings.use_document("fox")
    settings.subscribe(lambda setting, value: told.append((setting.name, value)))
    settings.take_in(json.dumps({"values": {"steps": 31, "karras": True}}))
    assert told == [("steps", 31)]
    settings.use_document("castle")
    assert settings.get(s.STEPS) == s.STEPS.default


def test_what_does_not_fit_is_left_and_said_so() -> None:
    settings = s.Settings()
    settings.set(s.STEPS, 31)
    values = {
        "steps": "many", "karras": 1, "prompt": None, "blocked_workers": "abc",
        "inpaint_method": "of tomorrow", "api_key": "another's",
        "image_count": 99, "upscaler": "of tomorrow", "of tomorrow": 1,
    }  # fmt: skip
    imported = settings.take_in(json.dumps({"values": values}))
    assert imported == s.Imported(
        taken=("image_count", "upscaler"),
        ignored=("steps", "karras", "prompt", "blocked_workers", "inpaint_method", "api_key"),
        unknown=("of tomorrow",),
    )
    assert (settings.get(s.STEPS), settings.get(s.IMAGE_COUNT), settings.get(s.API_KEY)) == (31, 20, "")
    assert "of tomorrow" not in json.loads(settings.exported())["values"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '"steps"', '{"steps": 31}', '{"values": 3}', "[" * 100_000]
)
def test_a_text_that_is_no_settings_changes_nothing_and_is_said_so(tmp_path: Path, text: str) -> None:
    settings, _ = s.Settings.load(tmp_path / "settings.json")
    assert settings.take_in(text) == s.Imported(readable=False)
    assert not settings.dirty


@given(st.dictionaries(st.sampled_from([setting.name for setting in s.ALL]) | st.text(max_size=3), JSON))
def test_every_name_in_a_text_is_accounted_for(values: dict[str, Any]) -> None:
    settings = s.Settings()
    imported = settings.take_in(json.dumps({"values": values}))
    assert sorted([*imported.taken, *imported.ignored, *imported.unknown]) == sorted(values)
    assert all(setting.checked(value) == value for setting, value in settings)


# The predecessor


def test_the_predecessor_s_settings_are_taken_over_in_our_units() -> None:
    assert taken(SAVED) == TAKEN


@pytest.mark.parametrize(
    ("saved", "strength"),
    [(0.3, 0.3), (1.0, 1.0), (0.0, 0.01), (30, 0.3), (100, 1.0), (0, 0.01), (250, 1.0), (-5, 0.01),
     (30.0, 0.3), (10**400, 1.0), (-(10**400), 0.01)],
)  # fmt: skip
def test_its_strength_is_hundredths_or_a_fraction(saved: float, strength: float) -> None:
    assert taken({"denoise_strength": saved}) == {"denoising_strength": strength}


def test_what_it_had_beyond_our_limits_is_brought_within() -> None:
    saved = {"steps": 100_000, "clip_skip": 0, "maxWait": 1e9, "promptStrength": 500}
    assert taken(saved) == {"steps": 500, "clip_skip": 1, "max_wait": 60.0, "cfg_scale": 100.0}


def test_the_anonymous_key_is_none() -> None:
    assert taken({"apikey": " 0000000000 "}) == {"api_key": ""}


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '"prompt"', "[" * 100_000])
def test_garbage_yields_nothing(text: str) -> None:
    assert values_of(text) == {}


@given(st.dictionaries(st.sampled_from([*SAVED, "promptStrength"]), JSON))
def test_whatever_it_saved_becomes_values_that_our_controls_can_show(saved: dict[str, Any]) -> None:
    for setting, value in values_of(json.dumps(saved)).items():
        assert type(value) is type(setting.default)
        assert setting.checked(value) == value


def test_it_is_taken_over_once_and_never_over_what_was_chosen_here(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings, _ = s.Settings.load(path)
    settings.set(s.STEPS, 25)
    names = settings.take_over(json.dumps(SAVED))
    assert set(names) == TAKEN.keys() - {"steps"}
    assert (settings.get(s.STEPS), settings.get(s.PROMPT), settings.get(s.API_KEY)) == (25, "a fox", "secret")
    settings.set(s.PROMPT, "")
    settings.reset()
    settings.write()
    again, _ = s.Settings.load(path)
    assert again.take_over(json.dumps(SAVED)) == ()
    assert again.get(s.PROMPT) == ""


def test_that_there_is_no_predecessor_is_remembered_too(tmp_path: Path) -> None:
    settings, _ = s.Settings.load(tmp_path / "settings.json")
    assert settings.take_over("") == ()
    settings.write()
    again, _ = s.Settings.load(tmp_path / "settings.json")
    assert again.take_over(json.dumps(SAVED)) == ()
