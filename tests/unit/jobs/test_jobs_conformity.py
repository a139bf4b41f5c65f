"""Whatever the controls say, the request is one that the Horde's specification allows, and says just that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from krita_AIhorde import settings as s
from krita_AIhorde.horde.messages import join_prompt, to_body
from krita_AIhorde.imaging.geometry import Bounds, Extent, plan_frame
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs.controls import params_of
from krita_AIhorde.jobs.request import SEEDS, build_request, choose_seed, sends_mask
from krita_AIhorde.jobs.spec import DocumentRef, Encoded, JobSpec, Operation
from krita_AIhorde.practice.fields import GENERATION_REQUEST
from krita_AIhorde.practice.kudos import needs_kudos_upfront
from krita_AIhorde.practice.validation import check

DATA = Path(__file__).resolve().parents[2] / "data"
CANVAS = Extent(4000, 3000)
REGION = Bounds(100, 100, 512, 512)
JUDGE = jsonschema.Draft4Validator(json.loads((DATA / "horde/generation_schema.json").read_text("utf-8")))


def spec_for(held: s.Settings, operation: Operation, region: Bounds = REGION) -> JobSpec:
    """What a click with these settings makes."""
    params = params_of(held)
    frame = plan_frame(region, CANVAS, smallest=held.get(s.MIN_SIZE), largest=held.get(s.MAX_SIZE))
    return JobSpec(
        id="job",
        operation=operation,
        params=params,
        seed=choose_seed(held.get(s.SEED), params.image_count, params.seed_variation),
        document=DocumentRef("doc", "picture.kra"),
        canvas=CANVAS,
        frame=frame,
        source=None if operation is Operation.GENERATE else Encoded(b""),
        mask=Coverage.uniform(Extent(1, 1)) if operation is Operation.INPAINT else None,
    )


def body_of(spec: JobSpec) -> dict[str, Any]:
    source = None if spec.source is None else "c291cmNl"
    return to_body(build_request(spec, source, "bWFzaw==" if sends_mask(spec) else None))


def held_with(values: dict[s.Setting[Any], Any]) -> s.Settings:
    held = s.Settings()
    for setting, value in values.items():
        held.set(setting, value)
        assert held.get(setting) == setting.checked(value)
    return held


# Any settings at all


texts = st.text(st.characters(exclude_categories=[]), max_size=20) | st.integers().map(str)
prompts = texts.filter(lambda text: join_prompt(text.strip(), ""))  # without one there is no click


def values_for(setting: s.Setting[Any]) -> st.SearchStrategy[Any]:
    """Every value that the registry allows."""
    if setting.options:
        return st.sampled_from([option.value for option in setting.options])
    if isinstance(setting.default, int | float) and not isinstance(setting.default, bool):
        assert setting.minimum is not None
        assert setting.maximum is not None
        if isinstance(setting.default, int):
            return st.integers(int(setting.minimum), int(setting.maximum))
        return st.floats(setting.minimum, setting.maximum)
    kinds: dict[type, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        str: prompts if setting is s.PROMPT else texts,
        tuple: st.lists(st.uuids().map(str), max_size=7).map(tuple),
    }
    return kinds[type(setting.default)]


anything = st.fixed_dictionaries({setting: values_for(setting) for setting in s.ALL})
regions = st.builds(
    Bounds, st.integers(0, 3900), st.integers(0, 2900), st.integers(1, 4000), st.integers(1, 3000)
)


@pytest.mark.parametrize("operation", list(Operation))
@settings(deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
@given(values=anything, region=regions)
def test_every_body_is_one_that_the_specification_allows(
    operation: Operation, values: dict[s.Setting[Any], Any], region: Bounds
) -> None:
    spec = spec_for(held_with(values), operation, region)
    body = body_of(spec)
    assert [error.message for error in JUDGE.iter_errors(body)] == []
    assert check(body, GENERATION_REQUEST) == {}, "the practice horde is a second opinion"
    json.dumps(body, allow_nan=False).encode("utf-8")
    _must_suit_the_horde_s_other_rules(body, spec)


def _must_suit_the_horde_s_other_rules(body: dict[str, Any], spec: JobSpec) -> None:
    params, processors = body["params"], body["params"]["post_processing"]
    order = [*s.FACE_FIXERS, *s.UPSCALERS, s.STRIP_BACKGROUND]
    assert processors == sorted(processors, key=order.index)
    assert sum(name in s.UPSCALERS for name in processors) <= 1
    assert ("facefixer_strength" in params) == any(name in s.FACE_FIXERS for name in processors)
    assert ("hires_fix_denoising_strength" in params) == params["hires_fix"]
    assert params["cfg_scale"] == round(params["cfg_scale"], 2)
    assert 0 <= int(params["seed"]) < SEEDS
    assert ("seed_variation" in params) == (params["n"] > 1)
    assert max(spec.seeds) < SEEDS
    if "source_image" in body:
        assert not params["hires_fix"]
        assert not params["transparent"]
    if "workers" in body:
        assert 1 <= len(body["workers"]) <= 5
        assert body["worker_blacklist"] or not body["models"]


# One setting at a time


@attrs.frozen
class Case:
    """``setting`` set to ``value`` where ``given`` holds already: ``sent`` is then in its place of the body.

    ``also``: what goes with it elsewhere. A place that is ``GONE`` is there no more.
    """

    setting: s.Setting[Any]
    value: Any
    sent: Any = attrs.field()
    given: dict[s.Setting[Any], Any] = attrs.field(factory=dict)
    also: dict[str, Any] = attrs.field(factory=dict)
    operation: Operation = Operation.GENERATE

    @sent.default
    def _as_it_is(self) -> Any:
        return self.value


GONE = object()
BASE = {s.PROMPT: "a castle", s.MODEL: "Deliberate", s.SEED: "5000", s.IMAGE_COUNT: 2}
FIXER = {s.POST_PROCESSING: "GFPGAN"}
CASES = [
    Case(s.PROMPT, "a fox"),
    Case(s.NEGATIVE_PROMPT, "blurry", "a castle ### blurry"),
    Case(s.MODEL, "Dreamshaper", ["Dreamshaper"]),
    Case(s.MODEL, "", []),
    Case(s.DENOISING_STRENGTH, 0.4, operation=Operation.IMG2IMG),
    Case(s.DENOISING_STRENGTH, 0.4, operation=Operation.INPAINT),
    Case(s.CFG_SCALE, 4.25),
    Case(s.CFG_SCALE, 0.0),
    Case(s.CFG_SCALE, 100.0),
    Case(s.STEPS, 1),
    Case(s.STEPS, 500),
    *(Case(s.SAMPLER, sampler) for sampler in s.SAMPLERS if sampler != s.SAMPLER.default),
    Case(s.SAMPLER, "of tomorrow"),
    Case(s.SEED, "77", given={s.IMAGE_COUNT: 1}),
    Case(s.IMAGE_COUNT, 20),
    Case(s.INPAINT_METHOD, "fill", "inpainting", operation=Operation.INPAINT,
         also={"params.denoising_strength": 1.0}),
    Case(s.INPAINT_METHOD, "whole", "img2img", operation=Operation.INPAINT, also={"source_mask": GONE}),
    Case(s.NSFW, True, also={"censor_nsfw": False}),
    Case(s.NSFW, True, given={s.CENSOR_NSFW: False}),
    Case(s.SEED_VARIATION, 1000, also={"params.seed": "4000"}),
    Case(s.KARRAS, False),
    Case(s.CLIP_SKIP, 12),
    Case(s.HIRES_FIX, True, also={"params.hires_fix_denoising_strength": 0.65}),
    Case(s.HIRES_FIX_STRENGTH, 0.3, given={s.HIRES_FIX: True}),
    Case(s.TILING, True),
    Case(s.TRANSPARENT, True),
    *(Case(s.UPSCALER, upscaler, [upscaler]) for upscaler in (*s.UPSCALERS, "of tomorrow")),
    *(Case(s.POST_PROCESSING, fixer, [fixer], also={"params.facefixer_strength": 0.75})
      for fixer in (*s.FACE_FIXERS, "of tomorrow")),
    Case(s.POST_PROCESSING, "strip_background", ["strip_background"]),
    Case(s.STRIP_BACKGROUND_TOO, True, ["GFPGAN", "strip_background"], given=FIXER),
    Case(s.FACEFIXER_STRENGTH, 0.3, given=FIXER),
    Case(s.CENSOR_NSFW, False),
    Case(s.TRUSTED_WORKERS, True),
    Case(s.SLOW_WORKERS, False),
    Case(s.EXTRA_SLOW_WORKERS, True),
    Case(s.ALLOW_DOWNGRADE, True),
    Case(s.WORKER_CHOICE, "block", True, given={s.BLOCKED_WORKERS: ("a",)}, also={"workers": ["a"]}),
    Case(s.WORKER_CHOICE, "prefer", False, given={s.PREFERRED_WORKERS: ("a",)},
         also={"workers": ["a"], "models": []}),
    Case(s.PREFERRED_WORKERS, ("a", "b"), ["a", "b"],
         given={s.WORKER_CHOICE: "prefer", s.PREFERRED_WORKERS: ("c",)}),
    Case(s.BLOCKED_WORKERS, ("a", "b"), ["a", "b"],
         given={s.WORKER_CHOICE: "block", s.BLOCKED_WORKERS: ("c",)}),
]  # fmt: skip


def places(body: dict[str, Any]) -> dict[str, Any]:
    """The body's fields by their dotted paths."""
    inner = {f"params.{name}": value for name, value in body["params"].items()}
    return {name: value for name, value in body.items() if name != "params"} | inner


def changes(case: Case) -> dict[str, Any]:
    """What the setting changes in the body, by dotted path."""
    held = held_with({**BASE, **case.given})
    before = places(body_of(spec_for(held, case.operation)))
    held.set(case.setting, case.value)
    after = places(body_of(spec_for(held, case.operation)))
    return {
        path: after.get(path, GONE)
        for path in before.keys() | after.keys()
        if before.get(path, GONE) != after.get(path, GONE)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.setting.name}={case.value}")
def test_a_setting_changes_its_own_place_of_the_body_to_exactly_its_value(case: Case) -> None:
    expected = {case.setting.api: case.sent, **case.also}
    if (case.setting, case.value) == (s.INPAINT_METHOD, "whole"):
        del expected["source_processing"]  # img2img as with "masked": only the mask stays here
    changed = changes(case)
    assert changed == expected
    assert {path: type(value) for path, value in changed.items()} == {
        path: type(value) for path, value in expected.items()
    }


def test_no_setting_with_a_place_in_the_body_is_left_out() -> None:
    assert {case.setting for case in CASES} == {setting for setting in s.ALL if setting.api}


@pytest.mark.parametrize("operation", list(Operation))
@pytest.mark.parametrize("setting", [setting for setting in s.ALL if not setting.api], ids=lambda x: x.name)
def test_other_settings_are_not_the_horde_s_business(setting: s.Setting[Any], operation: Operation) -> None:
    """The sizes make the frame: a region within them is sent as it is."""
    others: dict[type, Any] = {bool: not setting.default, str: "another", tuple: ("another",)}
    other = others.get(type(setting.default), setting.maximum)
    if setting.options:
        other = setting.options[-1].value if setting.default != setting.options[-1].value else "debug"
    if setting is s.MIN_SIZE:
        other = 64
    assert other != setting.default
    assert changes(Case(setting, other, operation=operation)) == {}


def test_nothing_that_is_kept_here_is_sent() -> None:
    held = held_with({**BASE, s.API_KEY: "the key", s.FAVOURITE_MODELS: ("favourite",)})
    for operation in Operation:
        text = json.dumps(body_of(spec_for(held, operation)))
        assert "the key" not in text
        assert "favourite" not in text


# The defaults


@pytest.mark.parametrize("sampler", [sampler for sampler in s.SAMPLERS if sampler != "lcm"])
@pytest.mark.parametrize("model", ["", "Deliberate", "AlbedoBase XL (SDXL)"])
def test_the_first_picture_needs_no_kudos_however_busy_the_horde_is(sampler: str, model: str) -> None:
    held = held_with({s.PROMPT: "a fox", s.SAMPLER: sampler, s.MODEL: model})
    side = held.get(s.MIN_SIZE)
    body = body_of(spec_for(held, Operation.GENERATE, Bounds(0, 0, side, side)))
    assert not needs_kudos_upfront(body, body["models"], side=0)
