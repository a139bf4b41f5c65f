"""The public reference of models, read forgivingly, and what it advises."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.horde.advice import Advice, requirements_advice
from krita_AIhorde.horde.errors import BadAnswer
from krita_AIhorde.horde.messages import Submitted, structure
from krita_AIhorde.horde.modelinfo import (
    Baseline,
    ModelInfo,
    Requirements,
    parse_reference,
    read_reference,
    unlisted,
)
from krita_AIhorde.practice.models import MODELS
from krita_AIhorde.practice.rules import model_warnings

# Every model of the real reference, its descriptions cut and most download addresses left out.
TEXT = (Path(__file__).resolve().parents[2] / "data" / "horde" / "model_reference.json").read_text("utf-8")
RAW = json.loads(TEXT)
REFERENCE = read_reference(TEXT)
FLUX = "Flux.1-Schnell fp8 (Compact)"

Values = dict[str, Any]
values = st.fixed_dictionaries(
    {
        "steps": st.integers(1, 500),
        "cfg_scale": st.floats(0, 100),
        "clip_skip": st.integers(1, 12),
        "sampler": st.sampled_from(
            ["k_euler_a", "k_euler", "k_dpmpp_sde", "k_heun", "DDIM", "something_new"]
        ),
        "karras": st.booleans(),
    }
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 600) | st.floats() | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=6,
)
wild_requirements = st.dictionaries(
    st.sampled_from([field.name for field in attrs.fields(Requirements)]), json_values
)


def applied(advices: tuple[Advice, ...], given_values: Values) -> Values:
    names = {"sampler_name": "sampler"}
    return {**given_values, **{names.get(advice.field, advice.field): advice.wanted for advice in advices}}


@pytest.mark.parametrize("name", RAW)
def test_nothing_of_a_model_is_lost(name: str) -> None:
    raw, info = RAW[name], REFERENCE[name]
    assert (info.name, info.known) == (name, True)
    assert info.baseline.value == raw["baseline"]
    for field in ("description", "version", "style", "nsfw", "inpainting"):
        assert getattr(info, field) == raw[field]
    assert info.homepage == (raw.get("homepage") or "")
    assert list(info.triggers) == raw.get("trigger", [])
    assert list(info.features_not_supported) == raw.get("features_not_supported", [])
    needs = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in attrs.asdict(info.requirements).items()
    }
    assert {key: value for key, value in needs.items() if value not in (None, [])} == raw.get(
        "requirements", {}
    )


def test_tags_are_read_and_what_is_none_is_left_out() -> None:
    for tags, read in (
        (["anime", "", " ", "pixel art"], ("anime", "pixel art")),
        (None, ()),
        ("anime", ()),
        ({"a": 1}, ()),
    ):
        assert parse_reference({"x": {"tags": tags}})["x"].tags == read


def test_the_reference_holds_what_is_known_of_it() -> None:
    kinds = Counter(info.baseline for info in REFERENCE.values())
    assert kinds == {
        Baseline.SD1: 106,
        Baseline.SDXL: 49,
        Baseline.SD2: 4,
        Baseline.CASCADE: 1,
        Baseline.FLUX: 1,
    }
    painters = {info.name for info in REFERENCE.values() if info.inpainting}
    assert {
        "stable_diffusion_inpainting",
        "Deliberate Inpainting",
        "Anything Diffusion Inpainting",
    } <= painters


@pytest.mark.parametrize(
    ("name", "baseline"),
    [
        ("My own [SDXL] mix", Baseline.SDXL),
        ("Something [Flux]", Baseline.FLUX),
        ("[Qwen]", Baseline.QWEN),
        ("a [ZModel]", Baseline.Z_IMAGE),
        ("a [ZImage]", Baseline.Z_IMAGE),
        ("a [sdxl] that the Horde does not see", Baseline.SD1),
        ("Nobody knows me", Baseline.SD1),
    ],
)
def test_an_unlisted_model_is_what_its_name_says(name: str, baseline: Baseline) -> None:
    assert unlisted(name) == ModelInfo(name, baseline, known=False)


@pytest.mark.parametrize(
    ("name", "baseline"),
    [
        *((kind.value, kind) for kind in Baseline),
        ("stable diffusion 2 512", Baseline.SD2),
        ("stable_diffusion_1", Baseline.SD1),
        ("Stable Diffusion XL", Baseline.SDXL),
        ("a kind of next year", Baseline.OTHER),
        ("", Baseline.OTHER),
    ],
)
def test_kinds_of_models(name: str, baseline: Baseline) -> None:
    assert Baseline.named(name) is baseline


@pytest.mark.parametrize("text", ["", "<html>", "[]", "{}", '{"a": 5}', "null", "[" * 100_000])
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(BadAnswer):
        read_reference(text)


@given(
    st.dictionaries(
        st.text(), json_values | st.fixed_dictionaries({}, optional=dict.fromkeys(RAW[FLUX], json_values))
    )
)
def test_any_reference_at_all_is_read_or_refused(data: dict[str, Any]) -> None:
    try:
        models = parse_reference(data)
    except BadAnswer:
        assert not any(isinstance(entry, dict) for entry in data.values())
        return
    assert set(models) == {name for name, entry in data.items() if isinstance(entry, dict)}
    assert all(isinstance(info.requirements, Requirements) for info in models.values())


def test_a_link_that_is_none_is_left_out() -> None:
    models = parse_reference(
        {"a": {"homepage": "javascript:alert(1)"}, "b": {"homepage": "https://x.example/"}}
    )
    assert [models[name].homepage for name in "ab"] == ["", "https://x.example/"]


def test_requirements_that_nobody_can_meet_are_left_out() -> None:
    def needs(**requirements: Any) -> Requirements:
        return parse_reference({"a": {"requirements": requirements}})["a"].requirements

    assert needs(min_steps=9, max_steps=3) == Requirements()
    assert needs(min_steps=0, max_steps=501, clip_skip=13, cfg_scale=-1) == Requirements()
    assert needs(min_cfg_scale=5, max_cfg_scale=2) == Requirements()
    assert needs(cfg_scale=7, max_cfg_scale=2) == Requirements(cfg_scale=7)
    assert needs(min_steps="many", max_steps="8", samplers="k_euler") == Requirements(max_steps=8)


# Advice


def test_the_horde_warned_of_the_same(answers: dict[str, Any]) -> None:
    found = requirements_advice(
        REFERENCE[FLUX], steps=30, cfg_scale=7, clip_skip=1, sampler="k_euler_a", karras=False
    )
    warned = structure(Submitted, answers["84_model_requirement_warnings"]).warnings
    assert {advice.code for advice in found} == {warning.code for warning in warned}
    assert {advice.field: advice.wanted for advice in found} == {
        "steps": 8,
        "cfg_scale": 4,
        "sampler_name": "k_euler",
        "karras": True,
    }


@given(st.sampled_from(sorted(set(MODELS) & set(RAW))), values)
def test_the_practice_horde_warns_of_the_same(name: str, chosen: Values) -> None:
    chosen["cfg_scale"] = round(chosen["cfg_scale"], 2)
    info = parse_reference({name: {"requirements": MODELS[name].requirements}})[name]
    params = {**chosen, "sampler_name": chosen["sampler"]}
    assert {advice.code for advice in requirements_advice(info, **chosen)} == set(
        model_warnings(params, [name])
    )


@given(st.sampled_from(sorted(RAW)), values)
def test_whoever_takes_all_advice_gets_no_more_of_it(name: str, chosen: Values) -> None:
    advices = requirements_advice(REFERENCE[name], **chosen)
    assert requirements_advice(REFERENCE[name], **applied(advices, chosen)) == ()
    if REFERENCE[name].requirements == Requirements():
        assert advices == ()


@given(wild_requirements, values)
def test_nor_with_any_requirements_that_may_come(requirements: dict[str, Any], chosen: Values) -> None:
    info = parse_reference({"a": {"requirements": requirements}})["a"]
    better = applied(requirements_advice(info, **chosen), chosen)
    assert requirements_advice(info, **better) == ()
    assert 1 <= better["steps"] <= 500
    assert 0 <= better["cfg_scale"] <= 100
    assert 1 <= better["clip_skip"] <= 12


def test_a_sampler_that_costs_twice_is_advised_only_where_it_must_be() -> None:
    chosen: Values = {"steps": 5, "cfg_scale": 2, "clip_skip": 2, "sampler": "DDIM", "karras": True}
    wanted = {
        name: [advice.wanted for advice in requirements_advice(REFERENCE[name], **chosen)]
        for name in ("Pony Realism", "DreamShaper XL")
    }
    assert wanted == {"Pony Realism": ["k_euler_a"], "DreamShaper XL": ["k_dpmpp_sde"]}


@pytest.mark.parametrize(
    ("schedulers", "karras", "wanted"),
    [
        (("karras",), False, True),
        (("simple",), True, False),
        (("simple", "karras"), True, None),
        (("beta",), True, None),
        ((), False, None),
    ],
)
def test_karras_or_not(schedulers: tuple[str, ...], karras: bool, wanted: bool | None) -> None:
    info = ModelInfo("a", requirements=Requirements(schedulers=schedulers))
    found = requirements_advice(info, steps=20, cfg_scale=7, clip_skip=1, sampler="k_euler", karras=karras)
    assert [advice.wanted for advice in found] == ([] if wanted is None else [wanted])
