"""What the public reference says of an image model, typed.

The reference is a list of the Horde's, at a host of its own; ``reference`` fetches it, ``advice`` applies it.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from krita_AIhorde.horde.errors import BadAnswer
from krita_AIhorde.horde.structuring import at, structure

_STEPS, _CFG_SCALES, _CLIP_SKIPS = (1, 500), (0, 100), (1, 12)  # what the API accepts


class Baseline(enum.Enum):
    """The kind of a model: its sizes, its price, and what works with it. Pony and Illustrious are SDXL."""

    SD1 = "stable diffusion 1"
    SD2 = "stable diffusion 2"
    SDXL = "stable_diffusion_xl"
    CASCADE = "stable_cascade"
    FLUX = "flux_1"
    QWEN = "qwen_image"
    Z_IMAGE = "z_image_turbo"
    OTHER = ""

    @classmethod
    def named(cls, name: str) -> Baseline:
        """By the reference's name for it, or a longer one ("stable diffusion 2 512")."""
        plain = _plain(name)
        return next((kind for kind in cls if kind.value and plain.startswith(_plain(kind.value))), cls.OTHER)


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


# Models of volunteers' own say in their names what they are; the Horde goes by that.
_TAGS = {
    "[SDXL]": Baseline.SDXL,
    "[Flux]": Baseline.FLUX,
    "[Qwen]": Baseline.QWEN,
    "[ZModel]": Baseline.Z_IMAGE,
    "[ZImage]": Baseline.Z_IMAGE,
}


@frozen
class Requirements:
    """What a model needs to do well; None and () where it does not care. The Horde only warns."""

    min_steps: int | None = None
    max_steps: int | None = None
    cfg_scale: float | None = None
    min_cfg_scale: float | None = None
    max_cfg_scale: float | None = None
    clip_skip: int | None = None
    samplers: tuple[str, ...] = ()
    schedulers: tuple[str, ...] = ()


NO_REQUIREMENTS = Requirements()


@frozen
class ModelInfo:
    """One model. ``known``: the reference lists it. ``features_not_supported`` is advice, an open list
    (hires_fix, inpainting, controlnet).
    """

    name: str
    baseline: Baseline = Baseline.OTHER
    description: str = ""
    version: str = ""
    style: str = ""  # an open list: anime, realistic, artistic, generalist, furry, other
    nsfw: bool = False
    inpainting: bool = False
    homepage: str = ""  # https or http, or ""
    triggers: tuple[str, ...] = ()
    requirements: Requirements = NO_REQUIREMENTS
    features_not_supported: tuple[str, ...] = ()
    known: bool = True
    tags: tuple[str, ...] = ()  # of whoever wrote it down: "anime", "pixel art"


@frozen
class _Entry:
    """A model as the reference writes it down."""

    baseline: str = ""
    description: str = ""
    version: str = ""
    style: str = ""
    tags: tuple[str, ...] = ()
    nsfw: bool = False
    inpainting: bool = False
    homepage: str = ""
    triggers: tuple[str, ...] = field(default=(), metadata=at("trigger"))
    requirements: Requirements = NO_REQUIREMENTS
    features_not_supported: tuple[str, ...] = ()


def unlisted(name: str) -> ModelInfo:
    """A model that the reference does not know. Where its name says nothing, the Horde takes it for SD1."""
    tagged = (baseline for tag, baseline in _TAGS.items() if tag in name)
    return ModelInfo(name, next(tagged, Baseline.SD1), known=False)


def parse_reference(data: object) -> dict[str, ModelInfo]:
    """The models of a reference (parsed JSON) by name, without those that are unreadable.

    Raises BadAnswer for what is no reference, or an empty one.
    """
    if not isinstance(data, Mapping):
        raise BadAnswer("the reference of models is no object")
    models = {name: _model(name, entry) for name, entry in data.items() if isinstance(entry, Mapping)}
    if not models:
        raise BadAnswer("the reference of models lists none")
    return models


def read_reference(text: str) -> dict[str, ModelInfo]:
    """The same from JSON. Takes some milliseconds."""
    try:
        return parse_reference(json.loads(text))
    except (ValueError, RecursionError):
        raise BadAnswer("the reference of models is no JSON") from None


def _model(name: str, data: Mapping[str, Any]) -> ModelInfo:
    entry = structure(_Entry, data)
    return ModelInfo(
        name=name,
        baseline=Baseline.named(entry.baseline),
        description=entry.description,
        version=entry.version,
        style=entry.style,
        tags=tuple(tag for tag in entry.tags if tag.strip()),
        nsfw=entry.nsfw,
        inpainting=entry.inpainting,
        homepage=entry.homepage if entry.homepage.startswith(("https://", "http://")) else "",
        triggers=tuple(trigger for trigger in entry.triggers if trigger.strip()),
        requirements=_possible(entry.requirements),
        features_not_supported=entry.features_not_supported,
    )


def _possible(needs: Requirements) -> Requirements:
    """Without what nobody could fulfil: values that the API refuses, ranges that contradict themselves."""
    needs = evolve(
        needs,
        min_steps=_within(needs.min_steps, _STEPS),
        max_steps=_within(needs.max_steps, _STEPS),
        cfg_scale=_rounded(_within(needs.cfg_scale, _CFG_SCALES)),
        min_cfg_scale=_rounded(_within(needs.min_cfg_scale, _CFG_SCALES)),
        max_cfg_scale=_rounded(_within(needs.max_cfg_scale, _CFG_SCALES)),
        clip_skip=_within(needs.clip_skip, _CLIP_SKIPS),
    )
    if _contradict(needs.min_steps, needs.max_steps):
        needs = evolve(needs, min_steps=None, max_steps=None)
    exact = needs.cfg_scale
    contradicted = _contradict(needs.min_cfg_scale, needs.max_cfg_scale)
    if contradicted or _contradict(needs.min_cfg_scale, exact) or _contradict(exact, needs.max_cfg_scale):
        needs = evolve(needs, min_cfg_scale=None, max_cfg_scale=None)
    return needs


def _within(value: Any, limits: tuple[int, int]) -> Any:
    return value if value is not None and limits[0] <= value <= limits[1] else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)  # the API refuses more decimals


def _contradict(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low > high
