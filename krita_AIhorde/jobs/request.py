"""From a spec to the Horde's request, and the seeds that its images will have."""

from __future__ import annotations

import hashlib
import random

from krita_AIhorde.horde.messages import (
    GenerationParams,
    GenerationRequest,
    SourceProcessing,
    join_prompt,
)
from krita_AIhorde.jobs.spec import InpaintMethod, JobSpec, Operation, Params, WorkerChoice
from krita_AIhorde.settings import STRIP_BACKGROUND

SEEDS = 2**32  # the Horde hashes a text seed to below this
MOST_IMAGES = 20
MOST_WORKERS = 5  # the Horde looks at no more


def choose_seed(text: str, image_count: int, variation: int = 1) -> int:
    """The first image's seed: what was typed, or a random one, so that every image's seed is known.

    Words are hashed here (not by the Horde), for the same reason. With several images the seed is kept from
    ``variation`` to 2**32 - 1 - ``variation`` * (``image_count`` - 1), so that the seed before it (see
    `build_request`) and those after it are seeds too: the Horde takes a negative number for a word, and folds
    one of more than 32 bits.
    """
    text = text.strip()
    if not text:
        return random.randrange(variation, SEEDS - MOST_IMAGES * variation)
    try:
        seed = int(text)
    except ValueError:
        seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:4], "big")
    if image_count == 1:
        return min(max(seed, 0), SEEDS - 1)
    return min(max(seed, variation), SEEDS - 1 - variation * (image_count - 1))


def build_request(spec: JobSpec, source: str | None, mask: str | None) -> GenerationRequest:
    """The request for ``spec``. ``source`` and ``mask`` are base64, at exactly ``spec.frame.requested``.

    n images from seed S in steps of v are asked for as seed S-v with variation v: the Horde gives them the
    seeds (S-v)+v ... (S-v)+n*v, and without a variation all would be the same picture.
    """
    params = spec.params
    several = params.image_count > 1
    workers = params.workers[:MOST_WORKERS] if params.worker_choice is not WorkerChoice.ANY else ()
    blocked = params.worker_choice is WorkerChoice.BLOCK
    models = _models(params, only_some_workers=bool(workers) and not blocked)
    return GenerationRequest(
        prompt=join_prompt(params.prompt, params.negative_prompt),
        models=models,
        nsfw=params.nsfw,
        censor_nsfw=params.censor_nsfw and not params.nsfw,
        trusted_workers=params.trusted_workers,
        slow_workers=params.slow_workers,
        extra_slow_workers=params.extra_slow_workers,
        # Of no model the Horde looks for the least step limit, and fails (500; read in AI Horde 5.1.5) where
        # it would else say that kudos are missing.
        allow_downgrade=params.allow_downgrade and bool(models),
        workers=workers,
        worker_blacklist=blocked,
        params=_generation_params(spec, several=several, source=source is not None),
        source_image=source,
        source_mask=mask,
        source_processing=None if source is None else _processing(spec),
    )


def _generation_params(spec: JobSpec, *, several: bool, source: bool) -> GenerationParams:
    params = spec.params
    hires_fix = params.hires_fix and not source
    return GenerationParams(
        sampler_name=params.sampler,
        cfg_scale=params.cfg_scale,
        steps=params.steps,
        width=spec.frame.requested.width,
        height=spec.frame.requested.height,
        n=params.image_count,
        seed=str(spec.seed - params.seed_variation if several else spec.seed),
        seed_variation=params.seed_variation if several else None,
        karras=params.karras,
        hires_fix=hires_fix,
        hires_fix_denoising_strength=params.hires_fix_strength if hires_fix else None,
        tiling=params.tiling,
        transparent=params.transparent and not source,  # layer diffusion starts from nothing
        clip_skip=params.clip_skip,
        denoising_strength=_denoising(spec) if source else None,
        post_processing=_post_processing(params),
        facefixer_strength=params.facefixer_strength if _face_fixer(params) else None,
    )


def _models(params: Params, *, only_some_workers: bool) -> tuple[str, ...]:
    """None (any) where the workers are chosen: asked for a worker and a model, the Horde waits for ever for
    the one to offer the other (AI-Horde#539). Workers that are merely not wanted go with any model.
    """
    return (params.model,) if params.model and not only_some_workers else ()


def _face_fixer(params: Params) -> str:
    """One that only a newer Horde knows is most likely a face fixer."""
    return "" if params.post_processing == STRIP_BACKGROUND else params.post_processing


def _post_processing(params: Params) -> tuple[str, ...]:
    """In the order in which workers do it: faces are mended at the size at which they were drawn, and what is
    cut out is cut out of the finished picture.
    """
    fixer = _face_fixer(params)
    strips = params.strip_background_too if fixer else params.post_processing == STRIP_BACKGROUND
    return tuple(name for name in (fixer, params.upscaler, STRIP_BACKGROUND if strips else "") if name)


def sends_mask(spec: JobSpec) -> bool:
    """Whether the Horde gets the mask too, or only the result's layer."""
    wanted = spec.params.inpaint_method is not InpaintMethod.WHOLE
    return spec.operation is Operation.INPAINT and wanted and spec.mask is not None


def _fills(spec: JobSpec) -> bool:
    return spec.operation is Operation.INPAINT and spec.params.inpaint_method is InpaintMethod.FILL


def _denoising(spec: JobSpec) -> float:
    # The inpainting pipeline blanks the masked pixels first: anything below 1 leaves grey in them.
    return 1.0 if _fills(spec) else spec.params.denoising_strength


def _processing(spec: JobSpec) -> SourceProcessing:
    return SourceProcessing.INPAINTING if _fills(spec) else SourceProcessing.IMG2IMG
