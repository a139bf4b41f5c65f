from __future__ import annotations

import enum
import itertools

import pytest

from krita_AIhorde.jobs.fitting import Fit, heeds_denoising, model_fits
from krita_AIhorde.jobs.spec import InpaintMethod, Operation

G, I, P = Operation  # noqa: E741  generate, img2img, inpaint
MASKED, WHOLE, FILL = InpaintMethod
SD = ("stable diffusion 1", "stable diffusion 2", "stable_diffusion_xl", "", "of tomorrow")
ALWAYS = (*SD, "flux_1", "stable_cascade", "qwen_image", "z_image_turbo")


@pytest.mark.parametrize("baseline", SD)
def test_any_stable_diffusion_does_all_but_fill(baseline: str) -> None:
    for operation, method in itertools.product(Operation, InpaintMethod):
        fill = operation is P and method is FILL
        fit = model_fits(operation, method, baseline, is_inpainting_model=False)
        assert fit is (Fit.NEEDS_INPAINTING_MODEL if fill else Fit.FITS)


@pytest.mark.parametrize("baseline", ALWAYS)
def test_fill_needs_a_model_made_for_it(baseline: str) -> None:
    assert model_fits(P, FILL, baseline, is_inpainting_model=False) is Fit.NEEDS_INPAINTING_MODEL
    assert model_fits(P, FILL, baseline, is_inpainting_model=True) is Fit.FITS


def test_a_model_made_for_inpainting_does_nothing_else() -> None:
    fits = [model_fits(way, method, SD[0], True) for way, method in ((G, FILL), (I, FILL), (P, WHOLE))]
    assert fits == [Fit.ONLY_INPAINTS] * 3
    assert not Fit.ONLY_INPAINTS.works
    assert model_fits(P, MASKED, SD[0], True) is Fit.FILLS


class Baseline(enum.Enum):
    FLUX = "flux_1"


@pytest.mark.parametrize("baseline", ["flux_1", "stable_cascade", Baseline.FLUX])
def test_flux_and_cascade_look_at_no_mask(baseline: object) -> None:
    assert model_fits(P, MASKED, baseline, False) is Fit.MASK_IGNORED
    assert Fit.MASK_IGNORED.works
    others = [model_fits(way, method, baseline, False) for way, method in ((G, FILL), (I, FILL), (P, WHOLE))]
    assert others == [Fit.FITS] * 3


@pytest.mark.parametrize("baseline", ["qwen_image", "z_image_turbo"])
def test_qwen_and_z_image_see_no_canvas(baseline: str) -> None:
    fits = [model_fits(way, method, baseline, False) for way, method in ((I, FILL), (P, MASKED), (P, WHOLE))]
    assert fits == [Fit.SOURCE_IGNORED] * 3
    assert not Fit.SOURCE_IGNORED.works
    assert model_fits(G, MASKED, baseline, False) is Fit.FITS


@pytest.mark.parametrize(
    ("operation", "method", "fit", "heeded"),
    [
        (G, MASKED, Fit.FITS, False),
        (I, FILL, Fit.FITS, True),
        (P, MASKED, Fit.FITS, True),
        (P, WHOLE, Fit.FITS, True),
        (P, MASKED, Fit.MASK_IGNORED, True),
        (P, FILL, Fit.FITS, False),
        (P, MASKED, Fit.FILLS, False),
        (I, MASKED, Fit.SOURCE_IGNORED, False),
        (I, MASKED, Fit.ONLY_INPAINTS, False),
    ],
)
def test_denoising_counts_where_something_of_the_picture_is_kept(
    operation: Operation, method: InpaintMethod, fit: Fit, heeded: bool
) -> None:
    assert heeds_denoising(operation, method, fit) is heeded
