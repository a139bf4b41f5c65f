"""For every row of the rules a request that breaks it, and one beside it that does not."""

from __future__ import annotations

import base64
import enum
from typing import Any

from attrs import evolve, field, frozen

from krita_AIhorde.horde.rules import Circumstances, Kind, Picture

PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()
NO_PICTURE = base64.b64encode(b"hello world").decode()
FLUX, CASCADE, QWEN, Z_IMAGE = "Flux.1-Schnell fp8 (Compact)", "Stable Cascade 1.0", "Qwen", "Z-Image"
SD2, SDXL, INPAINTING = "stable_diffusion_2.1", "SDXL 1.0", "Deliberate Inpainting"


class Baseline(enum.Enum):
    FLUX = "flux_1"


BASELINES: dict[str, object] = {
    "Deliberate": "stable diffusion 1", INPAINTING: "stable diffusion 1", "pix2pix": "stable diffusion 1",
    SD2: "stable diffusion 2", SDXL: "stable_diffusion_xl", CASCADE: "stable_cascade", FLUX: Baseline.FLUX,
    QWEN: "qwen_image", Z_IMAGE: "z_image_turbo",
}  # fmt: skip
MAX_STEPS = {FLUX: 8, CASCADE: 30}
KNOWN = Circumstances(
    baseline_of=lambda name: BASELINES.get(name, ""),
    max_steps_of=MAX_STEPS.get,
    is_inpainting_model=lambda name: name == INPAINTING,
    kudos=0.0,
    free_side=1024,
)


def body(model: str | None = "Deliberate", **changes: Any) -> dict[str, Any]:
    """A small request; what is no field of the body is one of ``params``."""
    made: dict[str, Any] = {
        "prompt": "a fox",
        "params": {"width": 512, "height": 512, "steps": 4, "cfg_scale": 7},
        "models": [model] if model else [],
        "nsfw": False,
    }
    for name, value in changes.items():
        (made if name in TOP else made["params"])[name] = value
    return made


TOP = frozenset({
    "prompt", "models", "source_image", "source_mask", "source_processing", "extra_source_images", "webhook",
    "proxied_account", "slow_workers", "disable_batching", "replacement_filter", "allow_downgrade", "dry_run",
    "style",
})  # fmt: skip


@frozen
class Case:
    """``breaks`` breaks the row and ``keeps`` does not, both in ``circumstances``."""

    code: str
    field: str
    breaks: dict[str, Any] = field(repr=False)
    keeps: dict[str, Any] = field(repr=False)
    also: str = ""
    kind: Kind = Kind.REFUSED
    circumstances: Circumstances = field(default=KNOWN, repr=False)


def source(model: str | None = "Deliberate", **changes: Any) -> dict[str, Any]:
    """Image to image, as it should be."""
    return body(model, **{"source_image": PICTURE, "denoising_strength": 0.5, **changes})


def masked(model: str | None = "Deliberate", **changes: Any) -> dict[str, Any]:
    return source(model, **{"source_mask": PICTURE, **changes})


def painted(model: str | None = "Deliberate", **changes: Any) -> dict[str, Any]:
    return source(model, **{"source_processing": "inpainting", "denoising_strength": 1.0, **changes})


def extra(count: int, image: str = PICTURE) -> list[dict[str, Any]]:
    return [{"image": image}] * count


def remix(count: int, image: str = PICTURE) -> dict[str, Any]:
    """Of a source and ``count`` more pictures."""
    return source(CASCADE, source_processing="remix", extra_source_images=extra(count, image))


def knowing(**changes: Any) -> Circumstances:
    return evolve(KNOWN, **changes)


def ignored(code: str, where: str, breaks: Any, keeps: Any, also: str = "", **more: Any) -> Case:
    return Case(code, where, breaks, keeps, also, Kind.IGNORED, **more)


TEXT = [{"text": "https://krita.org", "reference": "qr_code"}]
HUGE, FITTING = Picture(3136, 3072, False), Picture(4096, 2304, False)

CASES = (
    Case("BadRequest", "webhook", body(webhook="http://krita.org"), body(webhook="https://krita.org")),
    Case("OnlyServiceAccountProxy", "proxied_account", body(proxied_account="x"), body(proxied_account="")),
    Case("TooManyExtraSourceImages.", "extra_source_images", remix(6), remix(5),
         circumstances=knowing(trusted=True)),
    Case("MoreThanMinExtraSourceImage.", "extra_source_images", remix(2), remix(1)),
    Case("RequiresTrust", "disable_batching", body(n=2, disable_batching=True),
         body(n=1, disable_batching=True), also="params.n"),
    Case("BadRequest", "prompt", body(prompt="x" * 7001), body(prompt="x" * 7000 + "###" + "y" * 7000),
         kind=Kind.MAY_BE_REFUSED),
    Case("HiResMismatch", "params.hires_fix", body(FLUX, hires_fix=True), body(FLUX, hires_fix=False),
         also="models"),
    Case("HiResMismatch", "params.hires_fix", body(Z_IMAGE, hires_fix=True), body(CASCADE, hires_fix=True),
         also="models"),
    Case("TooManyLoras", "params.loras", body(loras=[{"name": "1"}] * 6), body(loras=[{"name": "1"}] * 5)),
    Case("BadLoraVersion", "params.loras", body(loras=[{"name": "x", "is_version": True}]),
         body(loras=[{"name": "1", "is_version": True}, {"name": "x", "is_version": False}])),
    Case("TooManyTIs", "params.tis", body(tis=[{"name": "1"}] * 21), body(tis=[{"name": "1"}] * 20)),
    Case("InvalidTransparencyModel", "params.transparent", body(SD2, transparent=True),
         body(SDXL, transparent=True), also="models"),
    Case("ControlNetMismatch.", "params.workflow", body(CASCADE, workflow="qr_code", extra_texts=TEXT),
         body(SDXL, workflow="qr_code", extra_texts=TEXT), also="models"),
    Case("InvalidPromptSize", "prompt", body(prompt="a " * 7501), body(prompt="a " * 7500)),
    Case("UnexpectedModelName", "models", body("NMKD_Siax"), body("No Such Model")),
    Case("TooManyUpscalers", "params.post_processing",
         body(post_processing=["NMKD_Siax", "RealESRGAN_x2plus"]),
         body(post_processing=["GFPGAN", "NMKD_Siax", "strip_background"])),
    Case("BadCFGDecimals", "params.cfg_scale", body(cfg_scale=7.125), body(cfg_scale=7.12)),
    Case("Forbidden", "models", body("horde_special::somebody#1"), body("special")),
    Case("BadRequest", "params.special", body(special={"a": "b"}), body(special={})),
    Case("SourceMaskUnnecessary", "source_mask", body(source_mask=PICTURE), masked(), also="source_image"),
    Case("ControlNetUnsupported", "params.control_type", source(SD2, control_type="hough"),
         source(SD2, control_type="canny"), also="models"),
    Case("ControlNetUnsupported", "params.control_type", source("pix2pix", control_type="canny"),
         source("pix2pix"), also="models"),
    Case("ControlNetSourceMissing", "params.control_type", body(control_type="canny"),
         source(control_type="canny"), also="source_image"),
    Case("ControlNetInpaintingMismatch", "params.control_type",
         painted(control_type="canny", source_mask=PICTURE),
         painted(control_type="canny", source_mask=PICTURE, source_processing="outpainting"),
         also="source_processing"),
    *(Case("ControlNetMismatch", "params.control_type", source(model, control_type="canny"), source(model),
           also="models") for model in (SDXL, CASCADE, FLUX, QWEN, Z_IMAGE)),
    Case("InvalidTransparencyImg2Img", "params.transparent",
         source(transparent=True, extra_source_images=extra(1)), source(transparent=True),
         also="extra_source_images"),
    Case("InvalidTransparencyCN", "params.transparent", source(transparent=True, control_type="canny"),
         source(transparent=False, control_type="canny"), also="params.control_type"),
    Case("InvalidRemix", "source_processing", source(source_processing="remix"), remix(0), also="models"),
    Case("InvalidExtraSourceImages.", "extra_source_images", source(extra_source_images=extra(1)),
         source(extra_source_images=[]), also="source_processing"),
    Case("InvalidExtraTexts.", "params.extra_texts", body(extra_texts=TEXT),
         body(extra_texts=TEXT, workflow="qr_code"), also="params.workflow"),
    Case("MissingExtraTexts.", "params.extra_texts",
         body(workflow="qr_code", extra_texts=[{"text": "x", "reference": "other"}]),
         body(workflow="qr_code", extra_texts=TEXT), also="params.workflow"),
    Case("SourceImageRequiredForModel", "source_image", body("pix2pix"), source("pix2pix"), also="models"),
    Case("NulByteInPayload", "prompt", body(prompt="a\0fox"), body(prompt="a fox")),
    Case("NulByteInPayload", "", body(seed="\0"), body(seed="0")),
    # Kudos.
    Case("KudosUpfront", "slow_workers", body(slow_workers=False), body(slow_workers=True)),
    Case("KudosUpfront", "params.steps", body(sampler_name="lcm", steps=11),
         body(sampler_name="lcm", steps=10), also="params.sampler_name"),
    Case("KudosUpfront", "params.steps", body(FLUX, steps=9), body(FLUX, steps=8), also="models"),
    Case("KudosUpfront", "params.steps", body(CASCADE, steps=16, sampler_name="k_heun"),
         body(CASCADE, steps=15, sampler_name="k_heun"), also="models"),
    Case("KudosUpfront", "params.sampler_name", body(FLUX, sampler_name="k_dpm_adaptive"),
         body(sampler_name="k_dpm_adaptive", steps=500), also="models"),
    Case("KudosUpfront", "params.steps", body(steps=41), body(steps=40)),
    Case("KudosUpfront", "params.steps", body(steps=21, sampler_name="k_heun"),
         body(steps=20, sampler_name="k_heun"), also="params.sampler_name"),
    Case("KudosUpfront", "params.width", body(width=1088, height=1024), body(width=1536, height=640),
         also="params.height"),
    Case("KudosUpfront", "params.width", body(width=1088, height=1024), body(width=1024, height=1024),
         also="params.height", circumstances=knowing(free_side=None)),
    Case("KudosUpfront", "params.width", body(width=768, height=768), body(width=640, height=640),
         also="params.height", circumstances=knowing(free_side=700)),
    Case("KudosUpfront", "params.width", body(width=1088, height=1024),
         body(SDXL, width=1024, height=1024), also="params.height", circumstances=knowing(free_side=-300)),
    Case("KudosUpfront", "params.width", body(SD2, width=640, height=576),
         body(SDXL, width=1024, height=1024), also="params.height", kind=Kind.MAY_BE_REFUSED,
         circumstances=knowing(free_side=None)),
    Case("KudosUpfront", "params.steps", source(control_type="canny", steps=21),
         source(control_type="canny", steps=20), also="params.control_type"),
    # Pictures.
    Case("ImageValidationFailed", "source_image", source(source_image=NO_PICTURE), source()),
    Case("ImageValidationFailed", "source_image", source(source_image="not base64!!"),
         source(source_image="http://krita.org/fox.png")),
    Case("ImageValidationFailed", "source_image", source(source_image="data:image/png;base64," + PICTURE),
         source(source_image=f"{PICTURE[:8]}\n{PICTURE[8:]}")),
    Case("ImageValidationFailed", "source_image", source(source_image=NO_PICTURE),
         source(source_image=NO_PICTURE, dry_run=True)),
    Case("SourceImageResolutionExceeded", "source_image", source(), source(dry_run=True),
         circumstances=knowing(source=HUGE)),
    Case("ImageValidationFailed", "source_mask", masked(source_mask=NO_PICTURE), masked()),
    Case("SourceImageResolutionExceeded", "source_mask", masked(), source(),
         circumstances=knowing(mask=HUGE, source=FITTING)),
    Case("InpaintingMissingMask", "source_mask", painted(INPAINTING),
         painted(INPAINTING, source_processing="outpainting"), also="source_image",
         circumstances=knowing(source=FITTING)),
    Case("InpaintingMissingMask", "source_mask", painted(INPAINTING),
         painted(INPAINTING, source_mask=PICTURE), also="source_image", kind=Kind.MAY_BE_REFUSED),
    Case("ImageValidationFailed", "extra_source_images",
         remix(1, NO_PICTURE), remix(1)),
    # Without effect.
    ignored("SourceIgnored", "source_image", source(QWEN), source(FLUX), also="models"),
    ignored("SourceIgnored", "source_image", masked(Z_IMAGE), body(Z_IMAGE), also="models"),
    ignored("MaskIgnored", "source_mask", masked(FLUX), masked(SDXL), also="models"),
    ignored("MaskIgnored", "source_mask", masked(CASCADE), source(CASCADE), also="models"),
    ignored("SourceWithoutDenoising", "source_image", body(source_image=PICTURE), source(),
            also="params.denoising_strength"),
    ignored("DenoisingIgnored", "params.denoising_strength",
            painted(INPAINTING, source_mask=PICTURE, denoising_strength=0.7),
            painted(INPAINTING, source_mask=PICTURE), also="source_processing"),
    ignored("DenoisingIgnored", "params.denoising_strength", masked(INPAINTING), masked(SDXL),
            also="source_processing"),
    ignored("InpaintingModelWithoutSource", "models", body(INPAINTING), body(), also="source_image"),
    ignored("InpaintingModelWithoutMask", "models", source(INPAINTING), masked(INPAINTING),
            also="source_mask"),
    ignored("HiResFixTooSmall", "params.hires_fix", body(hires_fix=True, width=576),
            body(hires_fix=True, width=576, height=576), also="params.width"),
    ignored("HiResFixTooSmall", "params.hires_fix", body(SDXL, hires_fix=True, width=1024, height=960),
            body(SD2, hires_fix=True), also="params.width"),
    ignored("HiResFixWithSource", "params.hires_fix", masked(hires_fix=True, width=768, height=768),
            masked(width=768, height=768), also="source_image"),
    ignored("ClipSkipIgnored", "params.clip_skip", body(FLUX, clip_skip=2), body(FLUX, clip_skip=1),
            also="models"),
    ignored("TilingIgnored", "params.tiling", body(CASCADE, tiling=True), body(FLUX, tiling=True),
            also="models"),
    ignored("FacefixerStrengthIgnored", "params.facefixer_strength",
            body(facefixer_strength=0.5, post_processing=["GFPGAN"]), body(post_processing=["GFPGAN"])),
    ignored("ControlNetStepsIgnored", "params.steps", source(control_type="canny", steps=41),
            source(control_type="canny", steps=40), also="params.control_type"),
)  # fmt: skip
