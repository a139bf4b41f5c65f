"""What is accepted without a word, and then has no effect. The codes are ours: the Horde has none."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde.horde.problems import Finding, Kind, Rule, more_than
from krita_AIhorde.horde.reading import (
    CASCADE,
    CONTROLNET_STEPS,
    FLUX,
    PAINTING,
    QWEN,
    SD1,
    SDXL,
    Z_IMAGE,
    Reading,
)


def _ignored(code: str, field: str, broken: Callable[[Reading], Finding], also: str = "") -> Rule:
    return Rule(code, field, broken, also, Kind.IGNORED)


def _source_without_denoising(r: Reading) -> bool:
    """Without a denoising strength workers take 1: nothing of the source is left."""
    to_img2img = bool(r.source) and r.processing == "img2img" and not r.controlled
    return to_img2img and not r.given("style") and r.param("denoising_strength") is None


def _denoising_while_blanking(r: Reading) -> Finding:
    """The painting pipeline, in which an inpainting model always ends, draws the masked part from nothing."""
    strength = r.param("denoising_strength")
    blanks = bool(r.source) and (r.processing in PAINTING or r.wants_inpainting_model)
    return {"given": strength} if blanks and strength is not None and strength < 1 else False


def _hires_fix_too_small(r: Reading) -> Finding:
    if r.param("hires_fix") is not True or r.source:
        return False
    limit = 512 if r.is_for(SD1) else 1024 if r.is_for(SDXL) else 0
    side = min(r.width, r.height)
    return {"limit": limit, "given": side} if side <= limit > 0 else False


RULES: tuple[Rule, ...] = (
    _ignored("SourceIgnored", "source_image",  # horde.md 5
             lambda r: bool(r.source) and r.is_for(QWEN, Z_IMAGE), also="models"),
    _ignored("MaskIgnored", "source_mask",  # horde.md 5
             lambda r: bool(r.source and r.mask) and r.is_for(FLUX, CASCADE), also="models"),
    _ignored("SourceWithoutDenoising", "source_image",  # horde.md 0.6, rec 129
             _source_without_denoising, also="params.denoising_strength"),
    _ignored("DenoisingIgnored", "params.denoising_strength",  # horde.md 5
             _denoising_while_blanking, also="source_processing"),
    _ignored("InpaintingModelWithoutSource", "models",  # horde.md 5
             lambda r: r.wants_inpainting_model and not r.source, also="source_image"),
    _ignored("InpaintingModelWithoutMask", "models",  # [src] it takes the whole picture for masked
             lambda r: r.wants_inpainting_model and bool(r.source) and not (r.mask or r.source_alpha),
             also="source_mask"),
    _ignored("HiResFixTooSmall", "params.hires_fix",  # horde.md 2
             _hires_fix_too_small, also="params.width"),
    _ignored("HiResFixWithSource", "params.hires_fix",  # horde.md 2 and 5: dropped, or the source is shrunk
             lambda r: r.param("hires_fix") is True and bool(r.source), also="source_image"),
    _ignored("ClipSkipIgnored", "params.clip_skip",  # [src]
             lambda r: (r.param("clip_skip") or 1) > 1 and r.is_for(FLUX, CASCADE, QWEN, Z_IMAGE),
             also="models"),
    _ignored("TilingIgnored", "params.tiling",  # [src]
             lambda r: r.param("tiling") is True and r.is_for(CASCADE), also="models"),
    _ignored("FacefixerStrengthIgnored", "params.facefixer_strength",  # [src] no worker looks at it
             lambda r: r.param("facefixer_strength") is not None),
    _ignored("ControlNetStepsIgnored", "params.steps",  # horde.md 2
             lambda r: r.controlled and more_than(CONTROLNET_STEPS, r.param("steps") or 0),
             also="params.control_type"),
)  # fmt: skip
