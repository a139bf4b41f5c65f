"""What the Horde's specification allows in a POST of generate/async, as data, and the check against it.

The data are the keywords of JSON schema that can refuse a value, as swagger.json gives them, with its
references resolved; a test holds the two side by side. What only documents (defaults, descriptions) is left
out: the defaults are not the Horde's anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import frozen

Schema = Mapping[str, Any]

_FLAG = {"type": "boolean"}
_TEXT = {"type": "string"}
_NUMBER = {"type": "number"}
_TEXTS = {"type": "array", "items": _TEXT}
_SHARE = {"type": "number", "minimum": 0.01, "maximum": 1.0}
_WEIGHT = {"type": "number", "minimum": -5.0, "maximum": 5.0}
_NAME = {"type": "string", "minLength": 1, "maxLength": 255}
_SIDE = {"type": "integer", "minimum": 64, "maximum": 3072, "multipleOf": 64}


def _choice(*names: str) -> Schema:
    return {"type": "string", "enum": names}


def _integer(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def _list(of: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": of, **more}


def _object(properties: Mapping[str, Schema], **more: Any) -> Schema:
    return {"type": "object", "properties": properties, **more}


SAMPLERS = _choice(
    "k_lms", "k_heun", "k_euler", "k_euler_a", "k_dpm_2", "k_dpm_2_a", "k_dpm_fast", "k_dpm_adaptive",
    "k_dpmpp_2s_a", "k_dpmpp_2m", "k_dpmpp_sde", "dpmsolver", "DDIM", "lcm",
)  # fmt: skip
POST_PROCESSORS = _choice(
    "GFPGAN", "GFPGANv1.3", "CodeFormers", "RestoreFormer", "strip_background", "RealESRGAN_x2plus",
    "RealESRGAN_x4plus", "RealESRGAN_x4plus_anime_6B", "NMKD_Siax", "4x_AnimeSharp", "4xNomos8kSC",
    "4xLSDIRplus", "4xNomosWebPhoto_RealPLKSR", "4xNomos2_realplksr_dysample", "4xNomos2_hq_dat2",
    "2xModernSpanimationV1",
)  # fmt: skip
CONTROL_TYPES = _choice(
    "canny", "hed", "depth", "normal", "openpose", "seg", "scribble", "fakescribbles", "hough"
)

PARAMS = _object(
    {
        "sampler_name": SAMPLERS,
        "cfg_scale": {"type": "number", "minimum": 0, "maximum": 100},
        "denoising_strength": _SHARE,
        "hires_fix_denoising_strength": _SHARE,
        "width": _SIDE,
        "height": _SIDE,
        "steps": _integer(1, 500),
        "n": _integer(1, 20),
        "seed": _TEXT,
        "seed_variation": _integer(1, 1000),
        "karras": _FLAG,
        "tiling": _FLAG,
        "hires_fix": _FLAG,
        "clip_skip": _integer(1, 12),
        "post_processing": _list(POST_PROCESSORS, uniqueItems=True),
        "facefixer_strength": {"type": "number", "minimum": 0, "maximum": 1.0},
        "loras": _list(
            _object(
                {
                    "name": _NAME,
                    "model": _WEIGHT,
                    "clip": _WEIGHT,
                    "inject_trigger": {"type": "string", "minLength": 1, "maxLength": 30},
                    "is_version": _FLAG,
                },
                required=("name",),
            )
        ),
        "tis": _list(
            _object(
                {"name": _NAME, "inject_ti": _choice("prompt", "negprompt"), "strength": _WEIGHT},
                required=("name",),
            )
        ),
        "control_type": CONTROL_TYPES,
        "image_is_control": _FLAG,
        "return_control_map": _FLAG,
        "transparent": _FLAG,
        "workflow": _choice("qr_code"),
        "extra_texts": _list(
            _object(
                {"text": {"type": "string", "minLength": 1}, "reference": {"type": "string", "minLength": 3}}
            )
        ),
        "special": {"type": "object"},
    }
)

GENERATION_REQUEST = _object(
    {
        "prompt": {"type": "string", "minLength": 1},
        "params": PARAMS,
        "models": _TEXTS,
        "nsfw": _FLAG,
        "censor_nsfw": _FLAG,
        "replacement_filter": _FLAG,
        "source_image": _TEXT,
        "source_mask": _TEXT,
        "source_processing": _choice("img2img", "inpainting", "outpainting", "remix"),
        "extra_source_images": _list(
            _object({"image": {"type": "string", "minLength": 1}, "strength": _NUMBER})
        ),
        "workers": _TEXTS,
        "worker_blacklist": _FLAG,
        "trusted_workers": _FLAG,
        "validated_backends": _FLAG,
        "slow_workers": _FLAG,
        "extra_slow_workers": _FLAG,
        "disable_batching": _FLAG,
        "allow_downgrade": _FLAG,
        "dry_run": _FLAG,
        "r2": _FLAG,
        "shared": _FLAG,
        "style": {"type": "string", "minLength": 3, "maxLength": 1024},
        "webhook": {"type": "string", "minLength": 10, "maxLength": 1024},
        "proxied_account": _TEXT,
    },
    required=("prompt",),
)


@frozen
class Violation:
    """``rule`` is JSON schema's word for what is broken, and ``limit`` what stands there.

    ``given`` is the number, the text's length or the unknown choice; None where no sentence has a use for it.
    """

    field: str  # dotted, items of a list by their number: "params.loras.0.name"
    rule: str
    limit: Any = None
    given: float | str | None = None


def violations(value: Any, schema: Schema = GENERATION_REQUEST, path: str = "") -> Iterator[Violation]:
    """What the Horde would answer ``Input payload validation failed`` to; one violation for each path.

    Unknown keys are none: the Horde ignores them [rec 85].
    """
    if not is_a(value, schema["type"]):
        yield Violation(path, "type", schema["type"])
        return
    for rule, broken in _RULES.items():
        limit = schema.get(rule)
        if limit is not None and broken(value, limit):
            yield Violation(path, rule, limit, value if rule == "enum" else _telling(value))
            break
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from violations(item, schema["items"], _below(path, str(index)))
    if isinstance(value, dict):
        yield from (
            Violation(_below(path, name), "required")
            for name in schema.get("required", ())
            if name not in value
        )
        for name, known in schema.get("properties", {}).items():
            if name in value:
                yield from violations(value[name], known, _below(path, name))


def is_a(value: object, kind: str) -> bool:
    """JSON's types as the Horde takes them: 20.0 is an integer, true is no number [horde.md 2]."""
    if kind == "integer":
        return is_a(value, "number") and (isinstance(value, int) or float(value).is_integer())  # type: ignore[arg-type]
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


_TYPES: Mapping[str, Any] = {
    "object": dict, "array": list, "string": str, "number": (int, float), "boolean": bool,
}  # fmt: skip
_RULES: Mapping[str, Callable[[Any, Any], bool]] = {
    "enum": lambda value, choices: value not in choices,
    "minLength": lambda value, limit: len(value) < limit,
    "maxLength": lambda value, limit: len(value) > limit,
    "minimum": lambda value, limit: value < limit,
    "maximum": lambda value, limit: value > limit,
    "multipleOf": lambda value, step: bool(value % step),
    "uniqueItems": lambda value, _: any(item in value[:place] for place, item in enumerate(value)),
}


def _telling(value: Any) -> float | None:
    if isinstance(value, str):
        return len(value)
    return value if isinstance(value, int | float) else None


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
