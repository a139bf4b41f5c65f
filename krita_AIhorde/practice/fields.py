"""The fields of a generation request: types, ranges and choices, as the API's specification lists them."""

from __future__ import annotations

from dataclasses import dataclass, field

SAMPLERS = (
    "k_dpmpp_2s_a", "DDIM", "k_heun", "k_dpmpp_2m", "lcm", "k_euler", "dpmsolver",
    "k_dpm_2", "k_euler_a", "k_dpmpp_sde", "k_dpm_fast", "k_lms", "k_dpm_2_a", "k_dpm_adaptive",
)  # fmt: skip
CONTROL_TYPES = (
    "canny", "hed", "depth", "normal", "openpose", "seg", "scribble", "fakescribbles", "hough",
)  # fmt: skip
POST_PROCESSORS = (
    "GFPGAN", "RealESRGAN_x4plus", "RealESRGAN_x2plus", "RealESRGAN_x4plus_anime_6B", "NMKD_Siax",
    "4x_AnimeSharp", "CodeFormers", "strip_background", "4xNomos8kSC", "4xLSDIRplus",
    "4xNomosWebPhoto_RealPLKSR", "4xNomos2_realplksr_dysample", "4xNomos2_hq_dat2",
    "2xModernSpanimationV1", "GFPGANv1.3", "RestoreFormer",
)  # fmt: skip
UPSCALERS = {
    "RealESRGAN_x2plus": 2,
    "2xModernSpanimationV1": 2,
    "RealESRGAN_x4plus": 4,
    "RealESRGAN_x4plus_anime_6B": 4,
    "NMKD_Siax": 4,
    "4x_AnimeSharp": 4,
    "4xNomos8kSC": 4,
    "4xLSDIRplus": 4,
    "4xNomosWebPhoto_RealPLKSR": 4,
    "4xNomos2_realplksr_dysample": 4,
    "4xNomos2_hq_dat2": 4,
}
PROCESSINGS = ("img2img", "inpainting", "outpainting", "remix")


@dataclass(frozen=True)
class Field:
    """What a value may be. `type` is JSON schema's word; `properties` of an object, `items` of an array."""

    type: str
    minimum: float | None = None
    maximum: float | None = None
    multiple_of: int | None = None
    choices: tuple[str, ...] = ()
    min_length: int = 0
    max_length: int | None = None
    unique: bool = False
    items: Field | None = None
    properties: dict[str, Field] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    open: bool = False


def _integer(low: int, high: int, multiple_of: int | None = None) -> Field:
    return Field("integer", low, high, multiple_of)


def _number(low: float | None = None, high: float | None = None) -> Field:
    return Field("number", low, high)


def _text(low: int = 0, high: int | None = None) -> Field:
    return Field("string", min_length=low, max_length=high)


def _choice(names: tuple[str, ...]) -> Field:
    return Field("string", choices=names)


def _list(items: Field, unique: bool = False) -> Field:
    return Field("array", items=items, unique=unique)


def _object(properties: dict[str, Field], *required: str, open_: bool = False) -> Field:
    return Field("object", properties=properties, required=required, open=open_)


_FLAG = Field("boolean")

_LORA = _object(
    {
        "name": _text(1, 255),
        "model": _number(-5, 5),
        "clip": _number(-5, 5),
        "inject_trigger": _text(1, 30),
        "is_version": _FLAG,
    },
    "name",
)
_TI = _object(
    {
        "name": _text(1, 255),
        "inject_ti": _choice(("prompt", "negprompt")),
        "strength": _number(-5, 5),
    },
    "name",
)

_PARAMS = _object(
    {
        "sampler_name": _choice(SAMPLERS),
        "cfg_scale": _number(0, 100),
        "denoising_strength": _number(0.01, 1.0),
        "hires_fix_denoising_strength": _number(0.01, 1.0),
        "height": _integer(64, 3072, 64),
        "width": _integer(64, 3072, 64),
        "post_processing": _list(_choice(POST_PROCESSORS), unique=True),
        "karras": _FLAG,
        "tiling": _FLAG,
        "hires_fix": _FLAG,
        "clip_skip": _integer(1, 12),
        "facefixer_strength": _number(0, 1.0),
        "loras": _list(_LORA),
        "tis": _list(_TI),
        "special": _object({}, open_=True),
        "workflow": _choice(("qr_code",)),
        "transparent": _FLAG,
        "seed": _text(),
        "seed_variation": _integer(1, 1000),
        "control_type": _choice(CONTROL_TYPES),
        "image_is_control": _FLAG,
        "return_control_map": _FLAG,
        "extra_texts": _list(_object({"text": _text(1), "reference": _text(3)})),
        "steps": _integer(1, 500),
        "n": _integer(1, 20),
    }
)

GENERATION_REQUEST = _object(
    {
        "prompt": _text(1),
        "params": _PARAMS,
        "nsfw": _FLAG,
        "trusted_workers": _FLAG,
        "validated_backends": _FLAG,
        "slow_workers": _FLAG,
        "extra_slow_workers": _FLAG,
        "censor_nsfw": _FLAG,
        "workers": _list(_text()),
        "worker_blacklist": _FLAG,
        "models": _list(_text()),
        "source_image": _text(),
        "source_processing": _choice(PROCESSINGS),
        "source_mask": _text(),
        "extra_source_images": _list(_object({"image": _text(1), "strength": _number()})),
        "r2": _FLAG,
        "shared": _FLAG,
        "replacement_filter": _FLAG,
        "dry_run": _FLAG,
        "proxied_account": _text(),
        "disable_batching": _FLAG,
        "allow_downgrade": _FLAG,
        "webhook": _text(10, 1024),
        "style": _text(3, 1024),
    },
    "prompt",
)
