"""The registry: what it promises to those who build controls, requests and the README from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from krita_AIhorde import settings as s

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "data/horde/generation_schema.json").read_text("utf-8")
)
# The names that contract.md gives to users' own scripts.
CONTRACT = {
    "prompt": s.PROMPT, "negativePrompt": s.NEGATIVE_PROMPT, "model": s.MODEL, "sampler": s.SAMPLER,
    "upscaler": s.UPSCALER, "postProcessing": s.POST_PROCESSING, "inpaintMethod": s.INPAINT_METHOD,
    "denoisingStrength": s.DENOISING_STRENGTH, "cfgScale": s.CFG_SCALE, "steps": s.STEPS,
    "clipSkip": s.CLIP_SKIP, "imageCount": s.IMAGE_COUNT, "facefixerStrength": s.FACEFIXER_STRENGTH,
    "minSize": s.MIN_SIZE, "maxSize": s.MAX_SIZE, "seed": s.SEED, "karras": s.KARRAS,
    "hiresFix": s.HIRES_FIX, "nsfw": s.NSFW, "tiling": s.TILING, "maxWait": s.MAX_WAIT, "apiKey": s.API_KEY,
}  # fmt: skip
each = pytest.mark.parametrize("setting", s.ALL, ids=lambda setting: setting.name)


def place(path: str) -> dict[str, Any]:
    """What the Horde's schema says of one field; KeyError where it has no such field."""
    node = SCHEMA
    for name in path.split("."):
        node = node["properties"][name]
    return node


def test_every_setting_is_found_by_its_name() -> None:
    assert {setting.name.upper() for setting in s.ALL} == {
        name for name, value in vars(s).items() if isinstance(value, s.Setting)
    }
    assert len({setting.name for setting in s.ALL}) == len(s.ALL)
    assert all(getattr(s, setting.name.upper()) is setting for setting in s.ALL)


def test_controls_have_the_contract_s_names_each_once() -> None:
    named = {setting.widget: setting for setting in s.ALL if setting.widget}
    assert len(named) == sum(bool(setting.widget) for setting in s.ALL)
    assert {name: named.get(name) for name in CONTRACT} == CONTRACT


@each
def test_a_setting_with_a_control_says_what_it_does(setting: s.Setting[Any]) -> None:
    assert setting.label
    assert bool(setting.widget) == (setting.section is not None)
    if setting.widget:
        assert setting.readme
        assert setting.tooltip or any(option.tooltip for option in setting.options)
    assert all(option.label for option in setting.options)


@each
def test_a_default_is_offered_and_within_reach_of_the_slider(setting: s.Setting[Any]) -> None:
    assert setting.fits(setting.default)
    if setting.options:
        assert setting.default in [option.value for option in setting.options]
    if setting.slider_maximum is not None:
        assert setting.minimum is not None
        assert setting.maximum is not None
        assert setting.minimum <= setting.default <= setting.slider_maximum <= setting.maximum
        assert setting.checked(setting.maximum) == setting.maximum, "it can be typed"


@each
def test_limits_are_the_horde_s_own(setting: s.Setting[Any]) -> None:
    if not setting.api:
        return
    field = place(setting.api)
    kinds = {bool: "boolean", int: "integer", float: "number"}
    if isinstance(setting.default, int | float) and setting is not s.STRIP_BACKGROUND_TOO:
        assert field["type"] == kinds[type(setting.default)]
    assert setting.minimum == field.get("minimum")
    assert setting.maximum == field.get("maximum")


def test_all_that_the_horde_knows_is_offered() -> None:
    assert set(s.SAMPLERS) == set(place("params.sampler_name")["enum"])
    processors = {*s.UPSCALERS, *s.FACE_FIXERS, s.STRIP_BACKGROUND}
    assert processors == set(place("params.post_processing")["items"]["enum"])
    assert not set(s.UPSCALERS) & {*s.FACE_FIXERS, s.STRIP_BACKGROUND}


@pytest.mark.parametrize("setting", [s.SAMPLER, s.UPSCALER, s.POST_PROCESSING], ids=lambda x: x.name)
def test_what_only_a_newer_horde_knows_is_kept(setting: s.Setting[str], tmp_path: Path) -> None:
    settings, _ = s.Settings.load(tmp_path / "settings.json")
    settings.set(setting, "of tomorrow")
    settings.write()
    assert s.Settings.load(tmp_path / "settings.json")[0].get(setting) == "of tomorrow"


def test_a_list_holds_texts_each_once() -> None:
    assert s.PREFERRED_WORKERS.checked([" a ", 3, "b", "a", "", None]) == ("a", "b")
    assert s.PREFERRED_WORKERS.checked("abc") == ()
    assert not s.PREFERRED_WORKERS.fits(["a", 3])
    assert len(s.RECENT_MODELS.checked([str(number) for number in range(10_000)])) == 100


def test_a_list_is_there_again(tmp_path: Path) -> None:
    settings, _ = s.Settings.load(tmp_path / "settings.json")
    settings.set(s.FAVOURITE_MODELS, ("Deliberate", "Dreamshaper"))
    settings.write()
    again, _ = s.Settings.load(tmp_path / "settings.json")
    assert again.get(s.FAVOURITE_MODELS) == ("Deliberate", "Dreamshaper")


def test_a_float_has_two_decimals() -> None:
    assert s.CFG_SCALE.checked(0.1 + 0.2 + 7) == 7.3
    assert s.CFG_SCALE.checked(7.126) == 7.13
    assert s.DENOISING_STRENGTH.checked(0) == 0.01


def test_every_section_has_a_headline_and_remembers_whether_it_is_open() -> None:
    assert list(s.SECTIONS) == list(s.Section)
    assert all(setting.label and isinstance(setting.default, bool) for setting in s.SECTIONS.values())
    assert {setting.section for setting in s.ALL} - {None} == set(s.Section)


def test_the_key_is_the_account_s_and_nobody_else_s() -> None:
    assert s.API_KEY.private
    assert s.API_KEY.kept
    assert not s.API_KEY.per_document
    assert not s.API_KEY.api
