"""Seeds, and what becomes of a spec on the wire."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.horde.messages import to_body
from krita_AIhorde.imaging.geometry import Bounds, Extent, plan_frame
from krita_AIhorde.imaging.raster import Coverage, Raster
from krita_AIhorde.jobs.change import changed
from krita_AIhorde.jobs.request import SEEDS, build_request, choose_seed, sends_mask
from krita_AIhorde.jobs.spec import (
    Change,
    DocumentRef,
    InpaintMethod,
    JobSpec,
    Operation,
    Params,
    WorkerChoice,
)
from krita_AIhorde.practice.payload import given_seed, seed_of_job

CANVAS = Extent(512, 512)


def spec(operation: Operation, **params: object) -> JobSpec:
    inpaint = operation is Operation.INPAINT
    return JobSpec(
        id="job",
        operation=operation,
        params=Params(prompt="a fox", negative_prompt="blurry", **params),  # type: ignore[arg-type]
        seed=10,
        document=DocumentRef("doc", "doc.kra"),
        canvas=CANVAS,
        frame=plan_frame(Bounds(0, 0, 512, 512), CANVAS, smallest=512, largest=1024),
        source=Raster(CANVAS, bytes(4 * 512 * 512)) if operation is not Operation.GENERATE else None,
        mask=Coverage.uniform(CANVAS) if inpaint else None,
    )


@given(st.text(max_size=30) | st.integers().map(str), st.integers(1, 20), st.integers(1, 1000))
def test_a_seed_and_those_of_its_siblings_are_always_seeds(text: str, count: int, variation: int) -> None:
    first = choose_seed(text, count, variation)
    asked = evolve(spec(Operation.GENERATE, image_count=count, seed_variation=variation), seed=first)
    assert asked.seeds[0] == first >= 0
    assert asked.seeds[-1] < SEEDS
    assert len(set(asked.seeds)) == count
    params = to_body(build_request(asked, None, None))["params"]
    # What the Horde makes of it: the job with k images still waiting, itself included, gets the k-th seed.
    step = params.get("seed_variation", 0)
    assert {seed_of_job(given_seed(params), step, waiting) for waiting in range(1, count + 1)} == {
        *asked.seeds
    }


@pytest.mark.parametrize(("typed", "first"), [("42", 42), ("3", 10), ("4294967295", 2**32 - 21)])
def test_a_typed_seed_leaves_room_for_those_beside_it(typed: str, first: int) -> None:
    assert choose_seed(typed, 3, 10) == first
    assert choose_seed(typed, 1, 10) == int(typed)


@pytest.mark.parametrize("typed", ["0", "42", " 42 ", "4294967295"])
def test_a_typed_number_is_the_seed(typed: str) -> None:
    assert choose_seed(typed, 1) == int(typed)


def test_a_typed_word_is_always_the_same_seed() -> None:
    assert choose_seed("fox", 1) == choose_seed("fox", 1) != choose_seed("foxes", 1)


def test_no_seed_is_a_new_one_each_time() -> None:
    assert len({choose_seed("", 1) for _ in range(20)}) == 20


def test_a_generate_says_everything_and_nothing_of_a_source() -> None:
    body = to_body(build_request(spec(Operation.GENERATE), None, None))
    assert body["models"] == []
    assert (body["nsfw"], body["censor_nsfw"]) == (False, True)
    assert body["params"]["seed"] == "10"
    assert body["params"]["karras"] is True
    assert not {"source_image", "source_mask", "source_processing"} & set(body)
    assert "denoising_strength" not in body["params"]


@pytest.mark.parametrize(
    ("method", "processing", "denoising", "masked"),
    [
        (InpaintMethod.MASKED, "img2img", 0.4, True),
        (InpaintMethod.WHOLE, "img2img", 0.4, False),
        (InpaintMethod.FILL, "inpainting", 1.0, True),
    ],
)
def test_inpaint_methods(method: InpaintMethod, processing: str, denoising: float, masked: bool) -> None:
    asked = spec(Operation.INPAINT, inpaint_method=method, denoising_strength=0.4)
    body = to_body(build_request(asked, "c291cmNl", "bWFzaw==" if sends_mask(asked) else None))
    assert body["source_processing"] == processing
    assert body["params"]["denoising_strength"] == denoising
    assert ("source_mask" in body) is masked


def test_any_model_is_an_empty_list_and_nsfw_is_not_censored() -> None:
    body = to_body(build_request(spec(Operation.GENERATE, model="Deliberate", nsfw=True), None, None))
    assert (body["models"], body["nsfw"], body["censor_nsfw"]) == (["Deliberate"], True, False)


@pytest.mark.parametrize(
    ("asked", "sent", "strength"),
    [
        ({}, [], None),
        ({"strip_background_too": True, "facefixer_strength": 0.3}, [], None),
        ({"post_processing": "strip_background"}, ["strip_background"], None),
        (
            {"post_processing": "strip_background", "upscaler": "NMKD_Siax", "strip_background_too": True},
            ["NMKD_Siax", "strip_background"],
            None,
        ),
        (
            {"post_processing": "GFPGAN", "upscaler": "NMKD_Siax", "strip_background_too": True},
            ["GFPGAN", "NMKD_Siax", "strip_background"],
            0.75,
        ),
        (
            {"post_processing": "CodeFormers", "facefixer_strength": 0.0, "upscaler": "RealESRGAN_x2plus"},
            ["CodeFormers", "RealESRGAN_x2plus"],
            0.0,
        ),
        ({"post_processing": "of tomorrow", "upscaler": "8x"}, ["of tomorrow", "8x"], 0.75),
    ],
)
def test_post_processing_goes_from_faces_to_size_to_background(
    asked: dict[str, object], sent: list[str], strength: float | None
) -> None:
    params = to_body(build_request(spec(Operation.GENERATE, **asked), None, None))["params"]
    assert params["post_processing"] == sent
    assert params.get("facefixer_strength") == strength


@pytest.mark.parametrize("operation", list(Operation))
def test_a_source_leaves_no_use_for_hires_fix_and_transparency(operation: Operation) -> None:
    asked = spec(operation, hires_fix=True, hires_fix_strength=0.4, transparent=True, tiling=True)
    source = None if operation is Operation.GENERATE else "c291cmNl"
    params = to_body(build_request(asked, source, None))["params"]
    assert params["hires_fix"] is params["transparent"] is (source is None)
    assert params.get("hires_fix_denoising_strength") == (0.4 if source is None else None)
    assert params["tiling"] is True


WORKERS = tuple(f"worker {number}" for number in range(7))


@pytest.mark.parametrize(
    ("choice", "workers", "models", "sent", "blocked"),
    [
        (WorkerChoice.ANY, WORKERS, ["Deliberate"], None, None),
        (WorkerChoice.PREFER, (), ["Deliberate"], None, None),
        (WorkerChoice.PREFER, WORKERS, [], [*WORKERS[:5]], False),
        (WorkerChoice.BLOCK, WORKERS[:2], ["Deliberate"], [*WORKERS[:2]], True),
        (WorkerChoice.BLOCK, (), ["Deliberate"], None, None),
    ],
)
def test_a_worker_or_a_model_is_asked_for_never_both(
    choice: WorkerChoice,
    workers: tuple[str, ...],
    models: list[str],
    sent: list[str] | None,
    blocked: bool | None,
) -> None:
    asked = spec(Operation.GENERATE, model="Deliberate", worker_choice=choice, workers=workers)
    body = to_body(build_request(asked, None, None))
    assert body["models"] == models
    assert (body.get("workers"), body.get("worker_blacklist")) == (sent, blocked)


def test_another_model_at_a_repeat_is_what_counts() -> None:
    mine = spec(Operation.GENERATE, worker_choice=WorkerChoice.PREFER, workers=("mine",))
    body = to_body(build_request(changed(mine, Change(model="Deliberate")), None, None))
    assert (body["models"], "workers" in body) == (["Deliberate"], False)
    blocked = spec(Operation.GENERATE, worker_choice=WorkerChoice.BLOCK, workers=("bad one",))
    body = to_body(build_request(changed(blocked, Change(model="Deliberate")), None, None))
    assert (body["models"], body["workers"]) == (["Deliberate"], ["bad one"])


@pytest.mark.parametrize(("model", "sent"), [("Deliberate", True), ("", False)])
def test_a_downgrade_is_allowed_for_a_model_only(model: str, sent: bool) -> None:
    """The Horde answers 500 to it where no model is named."""
    asked = spec(Operation.GENERATE, model=model, allow_downgrade=True)
    assert to_body(build_request(asked, None, None))["allow_downgrade"] is sent


def test_nsfw_that_is_allowed_is_not_censored_whatever_the_other_switch_says() -> None:
    for nsfw, censor, sent in ((False, True, True), (False, False, False), (True, True, False)):
        body = to_body(build_request(spec(Operation.GENERATE, nsfw=nsfw, censor_nsfw=censor), None, None))
        assert (body["nsfw"], body["censor_nsfw"]) == (nsfw, sent)


def test_half_a_character_is_a_seed_too() -> None:
    """Pasted text may end in half of a surrogate pair."""
    assert choose_seed("fox \ud83e", 1) == choose_seed("fox \ud83e", 1)
