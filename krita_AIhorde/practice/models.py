"""The image models that the practice horde knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SD1 = "stable diffusion 1"
SD2 = "stable diffusion 2"
SDXL = "stable_diffusion_xl"
CASCADE = "stable_cascade"
FLUX = "flux_1"
QWEN = "qwen_image"
Z_IMAGE = "z_image_turbo"

# Words of the real server's refusals, per baseline.
SPOKEN = {SDXL: "SDXL", CASCADE: "Stable Cascade", FLUX: "Flux", QWEN: "Qwen", Z_IMAGE: "Z-Image"}

# Models that are in no list say in their names what they are.
_TAGS = {"[SDXL]": SDXL, "[Flux]": FLUX, "[Qwen]": QWEN, "[ZModel]": Z_IMAGE, "[ZImage]": Z_IMAGE}


@dataclass(frozen=True)
class Model:
    """`count` is the number of worker threads that the public list shows. `requirements` are the
    reference's."""

    name: str
    baseline: str
    count: int
    nsfw: bool = False
    inpainting: bool = False
    requirements: dict[str, Any] = field(default_factory=dict)


_FLUX_NEEDS = {
    "min_steps": 3,
    "max_steps": 8,
    "min_cfg_scale": 1,
    "max_cfg_scale": 4,
    "clip_skip": 1,
    "samplers": ["k_euler"],
    "schedulers": ["karras"],
}
_TURBO_NEEDS = {
    "min_steps": 3,
    "max_steps": 6,
    "cfg_scale": 2,
    "samplers": ["k_dpmpp_sde"],
    "schedulers": ["karras"],
}

MODELS = {
    model.name: model
    for model in (
        Model("stable_diffusion", SD1, 9),
        Model("stable_diffusion_inpainting", SD1, 3, inpainting=True),
        Model("stable_diffusion_2.1", SD2, 1),
        Model("Deliberate", SD1, 14, nsfw=True),
        Model("Deliberate Inpainting", SD1, 4, nsfw=True, inpainting=True),
        Model("Dreamshaper", SD1, 11),
        Model("DreamShaper Inpainting", SD1, 2, nsfw=True, inpainting=True),
        Model("Anything Diffusion", SD1, 7),
        Model("AbsoluteReality", SD1, 6, nsfw=True),
        Model("ICBINP - I Can't Believe It's Not Photography", SD1, 5),
        Model("SDXL 1.0", SDXL, 8),
        Model("AlbedoBase XL (SDXL)", SDXL, 12),
        Model("AlbedoBase XL 3.1", SDXL, 3, nsfw=True),
        Model("Juggernaut XL", SDXL, 10, nsfw=True),
        Model("Pony Diffusion XL", SDXL, 9, nsfw=True, requirements={"clip_skip": 2}),
        Model("DreamShaper XL", SDXL, 2, nsfw=True, requirements=_TURBO_NEEDS),
        Model("Stable Cascade 1.0", CASCADE, 1, requirements={"min_steps": 20, "max_steps": 30}),
        Model("Flux.1-Schnell fp8 (Compact)", FLUX, 16, requirements=_FLUX_NEEDS),
    )
}


def baseline(name: str) -> str:
    """A model that is in no list and has no tag counts as Stable Diffusion 1, as on the real server."""
    model = MODELS.get(name)
    if model is not None:
        return model.baseline
    return next((kind for tag, kind in _TAGS.items() if tag in name), SD1)


def requirements(name: str) -> dict[str, Any]:
    model = MODELS.get(name)
    return model.requirements if model else {}
