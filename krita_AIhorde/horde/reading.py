"""A request's body as the Horde reads it: its own defaults filled in, and what is of a wrong type left out.

(A value of a wrong type is refused by the schema; here it counts as not given, so that every other rule can
still be looked at.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from attrs import frozen

from krita_AIhorde.horde.modelinfo import Baseline, unlisted
from krita_AIhorde.horde.schema import GENERATION_REQUEST, PARAMS, is_a

# The reference's words.
SD1, SD2, SDXL = Baseline.SD1.value, Baseline.SD2.value, Baseline.SDXL.value
CASCADE, FLUX = Baseline.CASCADE.value, Baseline.FLUX.value
QWEN, Z_IMAGE = Baseline.QWEN.value, Baseline.Z_IMAGE.value
SECOND_ORDER = frozenset({"k_heun", "k_dpm_2", "k_dpm_2_a", "k_dpmpp_2s_a", "k_dpmpp_sde"})
PAINTING = frozenset({"inpainting", "outpainting"})
UPSCALERS = frozenset({
    "RealESRGAN_x2plus", "RealESRGAN_x4plus", "RealESRGAN_x4plus_anime_6B", "NMKD_Siax", "4x_AnimeSharp",
    "4xNomos8kSC", "4xLSDIRplus", "4xNomosWebPhoto_RealPLKSR", "4xNomos2_realplksr_dysample",
    "4xNomos2_hq_dat2", "2xModernSpanimationV1",
})  # fmt: skip
CONTROLNET_STEPS = 40  # more are cut off without a word


@frozen
class Picture:
    """A source image or mask that is known to be one. Sides in pixels.

    ``has_alpha``: Pillow opens it with four bands; None where nobody looked.
    """

    width: int
    height: int
    has_alpha: bool | None = None


@frozen
class Circumstances:
    """What the rules need to know beside the body. What is not known is not held against a request.

    ``baseline_of`` answers with the reference's word for a model (or an enum with that value), "" for a model
    that is not in the reference; None: there is no reference at hand. ``max_steps_of`` answers with the
    ``max_steps`` of a model's requirements, None where it has none.

    ``kudos``: what can be spent in advance, which is the balance without the account's floor and holds (a
    new account has 0); None = not known. ``price``: of this very request, as a dry run tells it.
    ``trusted``: a trusted user or a patron. ``free_side``: see ``upfront.free_side``; None = not known.
    """

    baseline_of: Callable[[str], object] | None = None
    max_steps_of: Callable[[str], int | None] = lambda _: None
    is_inpainting_model: Callable[[str], bool] = lambda _: False
    kudos: float | None = None
    price: float | None = None
    anonymous: bool = False
    trusted: bool = False
    free_side: int | None = None
    source: Picture | None = None
    mask: Picture | None = None


class Reading:
    """``body`` in ``circumstances``, field by field."""

    def __init__(self, body: object, circumstances: Circumstances) -> None:
        self._body: Mapping[str, Any] = body if isinstance(body, dict) else {}
        self.circumstances = circumstances

    def given(self, name: str) -> Any:
        """A field of the body, None where it is not there or of a wrong type."""
        return _typed(self._body, name, GENERATION_REQUEST["properties"])

    def param(self, name: str) -> Any:
        """A field of ``params``, None where it is not there or of a wrong type.

        With a style only the number of images stays the artist's (and the size, where the style has none).
        """
        if self.given("style") and name != "n":
            return None
        return _typed(self.given("params") or {}, name, PARAMS["properties"])

    @cached_property
    def prompt(self) -> str:
        return self.given("prompt") or ""

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Empty = any. A request without the field is for ``stable_diffusion`` [rec 89, 90b]."""
        if self.given("style"):
            return ()
        names = self.given("models")
        return ("stable_diffusion",) if names is None else tuple(n for n in names if isinstance(n, str))

    @cached_property
    def baselines(self) -> tuple[str, ...]:
        """Of each model; empty where there is no reference. A stranger is taken for SD1 [horde.md 6]."""
        lookup = self.circumstances.baseline_of
        if lookup is None:
            return ()
        return tuple(_named(lookup(model)) or unlisted(model).baseline.value for model in self.models)

    def is_for(self, *baselines: str) -> bool:
        """Whether any of the models is of one of these."""
        return any(baseline in baselines for baseline in self.baselines)

    def is_for_others_than(self, *baselines: str) -> bool:
        return any(baseline not in baselines for baseline in self.baselines)

    @cached_property
    def wants_inpainting_model(self) -> bool:
        return any(self.circumstances.is_inpainting_model(model) for model in self.models)

    @cached_property
    def source(self) -> str:
        return self.given("source_image") or ""

    @cached_property
    def mask(self) -> str:
        return self.given("source_mask") or ""

    @cached_property
    def processing(self) -> str:
        return self.given("source_processing") or "img2img"

    @cached_property
    def source_alpha(self) -> bool | None:
        known = self.circumstances.source
        return known.has_alpha if known else None

    @cached_property
    def extra_count(self) -> int:
        return len(self.given("extra_source_images") or ())

    @cached_property
    def extra_images(self) -> tuple[str, ...]:
        images = self.given("extra_source_images") or []
        return tuple(_typed(i, "image", {"image": {"type": "string"}}) or "" for i in _objects(images))

    @cached_property
    def loras(self) -> tuple[dict[str, Any], ...]:
        return tuple(_objects(self.param("loras") or []))

    @cached_property
    def extra_texts(self) -> tuple[dict[str, Any], ...]:
        return tuple(_objects(self.param("extra_texts") or []))

    @cached_property
    def upscalers(self) -> int:
        return sum(
            isinstance(name, str) and name in UPSCALERS for name in self.param("post_processing") or []
        )

    @cached_property
    def width(self) -> float:
        return self.param("width") or 512

    @cached_property
    def height(self) -> float:
        return self.param("height") or 512

    @cached_property
    def images(self) -> float:
        return self.param("n") or 1

    @cached_property
    def transparent(self) -> bool:
        return self.param("transparent") is True

    @cached_property
    def controlled(self) -> bool:
        return self.param("control_type") is not None

    @cached_property
    def sampler(self) -> str:
        return self.param("sampler_name") or "k_euler_a"

    @cached_property
    def steps(self) -> float:
        """As many as will be taken."""
        wanted = self.param("steps") or (20 if self.controlled else 30)
        return min(wanted, CONTROLNET_STEPS) if self.controlled else wanted

    @property
    def texts(self) -> Iterator[str]:
        """Every text in it but the pictures."""
        pictures = ("source_image", "source_mask", "extra_source_images")
        return _texts({name: value for name, value in self._body.items() if name not in pictures})


def _typed(values: Mapping[str, Any], name: str, schema: Mapping[str, Any]) -> Any:
    value = values.get(name)
    return value if is_a(value, schema[name]["type"]) else None


def _objects(items: list[Any]) -> Iterator[dict[str, Any]]:
    return (item for item in items if isinstance(item, dict))


def _named(baseline: object) -> str:
    return str(getattr(baseline, "value", baseline) or "")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
