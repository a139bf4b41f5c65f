"""Seeds, and what becomes of a spec on the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.horde.messages import to_body
from krita_AIhorde.imaging.geometry import Bounds, Extent, plan_frame
from krita_AIhorde.imaging.raster import Coverage, Raster
from krita_AIhorde.jobs.request import SEEDS, build_request, choose_seed, sends_mask
from krita_AIhorde.jobs.spec import DocumentRef, InpaintMethod, JobSpec, Operation, Params

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


@given(st.text(max_size=30), st.integers(1, 20))
def test_a_seed_and_those_of_its_siblings_are_always_seeds(text: str, count: int) -> None:
    seed = choose_seed(text, count)
    assert seed >= 0
    assert seed + count - 1 < SEEDS
    if count > 1:
        assert seed - 1 >= 0


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
