"""A request for generations, and the body of its POST.

What the Horde would refuse because of its form cannot be built (ValueError): a refused request costs a
round trip, and one refused for its source image even holds places of our concurrency for 20 minutes.
"""

from __future__ import annotations

import enum
import re
from typing import Any

from attrs import Attribute, asdict, field, frozen, validators

MIN_SIDE, MAX_SIDE, SIDE_STEP = 64, 3072, 64  # pixels; the Horde's schema
MAX_IMAGES, MAX_STEPS = 20, 500
MIN_DENOISING = 0.01
_SEPARATOR = re.compile(r"#{3,}")


class SourceProcessing(enum.Enum):
    IMG2IMG = "img2img"
    INPAINTING = "inpainting"
    OUTPAINTING = "outpainting"


def join_prompt(prompt: str, negative: str) -> str:
    """``positive ### negative``, the Horde's one field for both; the bare prompt where there is no negative.

    A prompt that brings a ``###`` of its own keeps it. Workers read no further than a second one, so there
    is only one.
    """
    positive, *own = _SEPARATOR.split(prompt)
    negatives = [part.strip() for part in (*own, *_SEPARATOR.split(negative)) if part.strip()]
    return f"{positive.strip()} ### {', '.join(negatives)}" if negatives else positive.strip()


def _side(_instance: object, attribute: Attribute[int], side: int) -> None:
    if not MIN_SIDE <= side <= MAX_SIDE or side % SIDE_STEP:
        raise ValueError(
            f"{attribute.name} {side} is no multiple of {SIDE_STEP} from {MIN_SIDE} to {MAX_SIDE}"
        )


def _within(low: float, high: float) -> Any:
    return validators.optional(validators.and_(validators.ge(low), validators.le(high)))


@frozen
class GenerationParams:
    """How to generate. Sides in pixels; ``seed`` is a text (a number is refused), "" = random.

    With ``n`` > 1 and a seed of our own, all images are the same unless ``seed_variation`` (1..1000) is
    given; their seeds are then ``seed + variation * 1 ... n``.
    """

    sampler_name: str = "k_euler_a"
    cfg_scale: float = field(default=7.0, validator=_within(0, 100))
    steps: int = field(default=25, validator=_within(1, MAX_STEPS))
    width: int = field(default=512, validator=_side)
    height: int = field(default=512, validator=_side)
    n: int = field(default=1, validator=_within(1, MAX_IMAGES))
    seed: str = field(default="", converter=str)
    seed_variation: int | None = field(default=None, validator=_within(1, 1000))
    karras: bool = True
    hires_fix: bool = False
    hires_fix_denoising_strength: float | None = field(default=None, validator=_within(MIN_DENOISING, 1))
    tiling: bool = False
    transparent: bool = False
    clip_skip: int = field(default=1, validator=_within(1, 12))
    denoising_strength: float | None = None  # clamped to 0.01..1
    post_processing: tuple[str, ...] = ()
    facefixer_strength: float | None = field(default=None, validator=_within(0, 1))


@frozen
class GenerationRequest:
    """One POST. ``prompt`` is joined (``join_prompt``); ``models`` empty = any.

    ``source_image`` and ``source_mask`` (white = repaint) are plain base64 without a ``data:`` prefix, of
    width x height.
    """

    prompt: str = field(validator=validators.min_len(1))
    models: tuple[str, ...] = ()
    nsfw: bool = False
    censor_nsfw: bool = True
    params: GenerationParams = field(factory=GenerationParams)
    source_image: str | None = field(default=None, repr=False)
    source_mask: str | None = field(default=None, repr=False)
    source_processing: SourceProcessing | None = None
    slow_workers: bool = True
    extra_slow_workers: bool = False
    trusted_workers: bool = False
    workers: tuple[str, ...] = ()
    worker_blacklist: bool = False  # ``workers`` are those not wanted
    r2: bool = True
    replacement_filter: bool = True  # without it, a filtered prompt bars our address instead of being mended
    allow_downgrade: bool = False
    dry_run: bool = False

    @source_mask.validator
    def _mask_needs_image(self, _attribute: object, mask: str | None) -> None:
        if mask and not self.source_image:
            raise ValueError("a source mask without a source image")


def to_body(request: GenerationRequest) -> dict[str, Any]:
    """The JSON of the POST: no nulls (the Horde refuses each), and nothing left to its defaults.

    Those are not what its documentation says: no ``models`` is stable_diffusion rather than any, no
    ``nsfw`` is true, no ``denoising_strength`` ignores the source image.
    """
    body: dict[str, Any] = asdict(request, filter=lambda _, value: value is not None, value_serializer=_plain)
    params = body["params"]
    params["cfg_scale"] = round(float(params["cfg_scale"]), 2)  # more decimals: 400 BadCFGDecimals
    params["post_processing"] = list(dict.fromkeys(params["post_processing"]))  # must be unique
    body["prompt"] = _sendable(request.prompt)
    if request.source_image:
        strength = 1.0 if request.params.denoising_strength is None else request.params.denoising_strength
        params["denoising_strength"] = round(min(max(strength, MIN_DENOISING), 1.0), 3)
        body.setdefault("source_processing", SourceProcessing.IMG2IMG.value)
    else:
        for place, name in (
            (params, "denoising_strength"),
            (body, "source_processing"),
            (body, "source_image"),
        ):
            place.pop(name, None)
    if not request.source_mask:
        body.pop("source_mask", None)
    if not request.workers:  # an empty list of workers is not "any"
        del body["workers"], body["worker_blacklist"]
    return body


def _plain(_instance: object, _attribute: object, value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _sendable(text: str) -> str:
    """``text`` without what makes the Horde refuse the whole request: NULs, halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
