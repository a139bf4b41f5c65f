from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.horde.messages import (
    GenerationParams,
    GenerationRequest,
    SourceProcessing,
    join_prompt,
    to_body,
)

SAMPLERS = ["k_euler_a", "k_euler", "k_dpmpp_2m", "k_dpmpp_sde", "DDIM", "lcm", "dpmsolver"]
POST_PROCESSORS = ["GFPGAN", "CodeFormers", "RealESRGAN_x4plus", "strip_background"]
sides = st.integers(1, 48).map(lambda blocks: blocks * 64)

params = st.builds(
    GenerationParams,
    sampler_name=st.sampled_from(SAMPLERS),
    cfg_scale=st.floats(0, 100),
    steps=st.integers(1, 500),
    width=sides,
    height=sides,
    n=st.integers(1, 20),
    seed=st.one_of(st.text(), st.integers()),
    seed_variation=st.none() | st.integers(1, 1000),
    karras=st.booleans(),
    hires_fix=st.booleans(),
    tiling=st.booleans(),
    clip_skip=st.integers(1, 12),
    denoising_strength=st.none() | st.floats(0, 1),
    post_processing=st.lists(st.sampled_from(POST_PROCESSORS)).map(tuple),
    facefixer_strength=st.none() | st.floats(0, 1),
)


@st.composite
def requests(draw: st.DrawFn) -> GenerationRequest:
    source = draw(st.none() | st.just("aW1hZ2U="))
    return GenerationRequest(
        prompt=draw(st.text(st.characters(exclude_categories=[]), min_size=1)),
        models=tuple(draw(st.lists(st.text()))),
        nsfw=draw(st.booleans()),
        censor_nsfw=draw(st.booleans()),
        params=draw(params),
        source_image=source,
        source_mask=draw(st.none() | st.just("bWFzaw==")) if source else None,
        source_processing=draw(st.none() | st.sampled_from(SourceProcessing)),
        workers=tuple(draw(st.lists(st.uuids().map(str)))),
        worker_blacklist=draw(st.booleans()),
        allow_downgrade=draw(st.booleans()),
        dry_run=draw(st.booleans()),
    )


def values(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [leaf for child in node.values() for leaf in values(child)]
    if isinstance(node, list):
        return [leaf for child in node for leaf in values(child)]
    return [node]


@given(request=requests())
def test_every_body_satisfies_the_hordes_schema(request: GenerationRequest, body_schema: Any) -> None:
    jsonschema.validate(to_body(request), body_schema)


@given(request=requests())
def test_a_body_has_no_nulls_and_leaves_nothing_to_the_hordes_odd_defaults(
    request: GenerationRequest,
) -> None:
    body = to_body(request)
    assert None not in values(body)
    assert {"models", "nsfw", "censor_nsfw", "slow_workers", "trusted_workers", "r2"} <= set(body)
    assert {"karras", "cfg_scale", "steps", "sampler_name", "seed", "hires_fix"} <= set(body["params"])
    assert ("denoising_strength" in body["params"]) == ("source_processing" in body)
    assert ("denoising_strength" in body["params"]) == bool(request.source_image)


@given(request=requests())
def test_a_body_can_be_sent_as_it_is(request: GenerationRequest) -> None:
    body = to_body(request)
    assert "\0" not in body["prompt"]
    body["prompt"].encode("utf-8")


def test_numbers_take_the_form_that_the_horde_accepts() -> None:
    body = to_body(
        GenerationRequest(
            prompt="fox",
            source_image="aW1hZ2U=",
            params=GenerationParams(cfg_scale=0.1 + 0.2 + 7, seed=42, denoising_strength=0.0),
        )
    )
    assert body["params"]["cfg_scale"] == 7.3
    assert body["params"]["seed"] == "42"
    assert body["params"]["denoising_strength"] == 0.01


def test_a_source_image_without_a_word_on_how_is_img2img_that_ignores_nothing_silently() -> None:
    body = to_body(GenerationRequest(prompt="fox", source_image="aW1hZ2U="))
    assert body["source_processing"] == "img2img"
    assert body["params"]["denoising_strength"] == 1.0


def test_post_processors_are_sent_once_and_in_their_order() -> None:
    wanted = ("RealESRGAN_x4plus", "GFPGAN", "RealESRGAN_x4plus")
    body = to_body(GenerationRequest(prompt="fox", params=GenerationParams(post_processing=wanted)))
    assert body["params"]["post_processing"] == ["RealESRGAN_x4plus", "GFPGAN"]


@pytest.mark.parametrize(
    ("prompt", "negative", "joined"),
    [
        ("a fox", "", "a fox"),
        ("a fox", "  \n", "a fox"),
        ("a fox ", " blurry ", "a fox ### blurry"),
        ("a fox ### text", "blurry", "a fox ### text, blurry"),
        ("a fox", "blurry ### text", "a fox ### blurry, text"),
        ("a fox #### text", "", "a fox ### text"),
    ],
)
def test_prompt_and_negative_prompt_share_one_field(prompt: str, negative: str, joined: str) -> None:
    assert join_prompt(prompt, negative) == joined


@given(prompt=st.text(), negative=st.text())
def test_a_joined_prompt_has_one_separator_at_most(prompt: str, negative: str) -> None:
    assert join_prompt(prompt, negative).count("###") <= 1


@pytest.mark.parametrize(
    "wrong",
    [{"width": 500}, {"height": 4096}, {"width": 0}, {"n": 21}, {"steps": 0}, {"clip_skip": 13}],
)
def test_params_that_the_horde_would_refuse_cannot_be_built(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        GenerationParams(**wrong)


def test_a_mask_without_an_image_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="mask"):
        GenerationRequest(prompt="fox", source_mask="bWFzaw==")


def test_pictures_stay_out_of_a_requests_repr() -> None:
    request = GenerationRequest(prompt="fox", source_image="aW1hZ2U=", source_mask="bWFzaw==")
    assert "aW1hZ2U=" not in repr(request)
    assert "bWFzaw==" not in repr(request)
