"""The controls' values as a job keeps them."""

from __future__ import annotations

from krita_AIhorde import settings as s
from krita_AIhorde.jobs.spec import InpaintMethod, Params, WorkerChoice


def params_of(settings: s.Settings) -> Params:
    """What the settings say at this moment, in a job's units."""
    get = settings.get
    choice = WorkerChoice(get(s.WORKER_CHOICE))
    lists = {WorkerChoice.PREFER: s.PREFERRED_WORKERS, WorkerChoice.BLOCK: s.BLOCKED_WORKERS}
    return Params(
        prompt=get(s.PROMPT).strip(),
        negative_prompt=get(s.NEGATIVE_PROMPT).strip(),
        model=get(s.MODEL),
        sampler=get(s.SAMPLER),
        steps=get(s.STEPS),
        cfg_scale=get(s.CFG_SCALE),
        denoising_strength=get(s.DENOISING_STRENGTH),
        image_count=get(s.IMAGE_COUNT),
        seed_variation=get(s.SEED_VARIATION),
        karras=get(s.KARRAS),
        clip_skip=get(s.CLIP_SKIP),
        hires_fix=get(s.HIRES_FIX),
        hires_fix_strength=get(s.HIRES_FIX_STRENGTH),
        tiling=get(s.TILING),
        transparent=get(s.TRANSPARENT),
        upscaler=get(s.UPSCALER),
        post_processing=get(s.POST_PROCESSING),
        strip_background_too=get(s.STRIP_BACKGROUND_TOO),
        facefixer_strength=get(s.FACEFIXER_STRENGTH),
        nsfw=get(s.NSFW),
        censor_nsfw=get(s.CENSOR_NSFW),
        inpaint_method=InpaintMethod(get(s.INPAINT_METHOD)),
        context=get(s.CONTEXT),
        mask_grow=get(s.MASK_GROW),
        mask_feather=get(s.MASK_FEATHER),
        trusted_workers=get(s.TRUSTED_WORKERS),
        slow_workers=get(s.SLOW_WORKERS),
        extra_slow_workers=get(s.EXTRA_SLOW_WORKERS),
        allow_downgrade=get(s.ALLOW_DOWNGRADE),
        worker_choice=choice,
        workers=get(lists[choice]) if choice in lists else (),
        max_wait=get(s.MAX_WAIT) * 60,
    )
