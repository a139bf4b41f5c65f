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
from krita_AIhorde.jobs.spec import InpaintMethod, JobSpec, Operation

SEEDS = 2**32  # the Horde hashes a text seed to below this
MOST_IMAGES = 20


def choose_seed(text: str, image_count: int) -> int:
    """The first image's seed: what was typed, or a random one, so that every image's seed is known.

    Words are hashed here (not by the Horde), for the same reason. With several images the seed is kept from
    1 to 2**32 - ``image_count``, so that the seed before it and those after it are seeds too.
    """
    text = text.strip()
    if not text:
        return random.randrange(1, SEEDS - MOST_IMAGES)
    try:
        seed = int(text)
    except ValueError:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    if image_count == 1:
        return min(max(seed, 0), SEEDS - 1)
    return min(max(seed, 1), SEEDS - image_count)


def build_request(spec: JobSpec, source: str | None, mask: str | None) -> GenerationRequest:
    """The request for ``spec``. ``source`` and ``mask`` are base64, at exactly ``spec.frame.requested``.

    n images from seed S are asked for as seed S-1 with variation 1: the Horde gives them the seeds
    (S-1)+1 ... (S-1)+n, and without a variation all would be the same picture.
    """
    params = spec.params
    several = params.image_count > 1
    return GenerationRequest(
        prompt=join_prompt(params.prompt, params.negative_prompt),
        models=(params.model,) if params.model else (),
        nsfw=params.nsfw,
        censor_nsfw=not params.nsfw,
        extra_slow_workers=params.extra_slow_workers,
        params=GenerationParams(
            sampler_name=params.sampler,
            cfg_scale=params.cfg_scale,
            steps=params.steps,
            width=spec.frame.requested.width,
            height=spec.frame.requested.height,
            n=params.image_count,
            seed=str(spec.seed - 1 if several else spec.seed),
            seed_variation=1 if several else None,
            karras=params.karras,
            hires_fix=params.hires_fix and source is None,
            tiling=params.tiling,
            clip_skip=params.clip_skip,
            denoising_strength=None if source is None else _denoising(spec),
        ),
        source_image=source,
        source_mask=mask,
        source_processing=None if source is None else _processing(spec),
    )


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
