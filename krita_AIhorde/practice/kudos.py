"""What images cost. The real server asks a neural network; this comes near it for usual sizes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .fields import UPSCALERS
from .models import CASCADE, FLUX, QWEN, SDXL, Z_IMAGE, baseline, requirements
from .payload import steps_taken

_FACTORS = {SDXL: 2, CASCADE: 4, FLUX: 8, Z_IMAGE: 8, QWEN: 12}
_SECOND_ORDER = frozenset({"k_heun", "k_dpm_2", "k_dpm_2_a", "k_dpmpp_2s_a", "k_dpmpp_sde"})
FREE_SIDE = 1024
PRICED_FOR_ANY = "SDXL 1.0"
FREE_STEPS = 40
DOWNGRADED_STEPS = 30
FEWEST_DOWNGRADED_STEPS = 5


def model_cost(body: dict[str, Any]) -> float:
    """Kudos of one image, before the factor of its model and what is put on top of it.

    A plane through what was recorded: for each 512 x 512 there is a part per image and one per step, so that
    few steps at a large size are not cheap. Small pictures cost nearly as much as 512 x 512.
    """
    params = body.get("params", {})
    area = max(0.8, params.get("width", 512) * params.get("height", 512) / 512**2)
    cost = 2.18 * area + accurate_steps(params) * (0.109 + 0.0713 * area)
    if "control_type" in params:
        cost *= 2.25
    elif body.get("source_image"):
        painting = body.get("source_processing") in ("inpainting", "outpainting")
        cost *= 1.25 if painting else 0.7 + 0.3 * params.get("denoising_strength", 1.0)
    processors = params.get("post_processing", [])
    cost += sum(2.2 if name in UPSCALERS else 1.4 for name in processors)
    return round(cost + 3 * len(params.get("loras", [])), 2)


def image_cost(body: dict[str, Any], model: str) -> float:
    """Kudos charged when an image of `model` is delivered."""
    return round(_burnt(body, model_cost(body) * _FACTORS.get(baseline(model), 1)), 2)


def request_cost(body: dict[str, Any], models: Sequence[str]) -> float:
    """Kudos of the whole request, as dry_run tells it: for one image of a small model two below the real
    bill.

    The first of several models decides, and any model is priced like "SDXL 1.0" [src]. (What is charged goes
    by the model that a worker took.)
    """
    factor = _FACTORS.get(baseline(models[0] if models else PRICED_FOR_ANY), 1)
    images = body.get("params", {}).get("n", 1)
    return round(_burnt(body, model_cost(body)) * factor * images + 1, 2)


def _burnt(body: dict[str, Any], kudos: float) -> float:
    """With what the Horde takes for itself: for source images, upscalers, and choosing among workers."""
    if body.get("source_image"):
        kudos *= 1.3
    if any(name in UPSCALERS for name in body.get("params", {}).get("post_processing", [])):
        kudos *= 1.05
    kudos += 1
    if body.get("slow_workers") is False:
        kudos *= 1.2
    if body.get("worker_blacklist"):
        kudos *= 1.1
    return kudos


def accurate_steps(params: dict[str, Any]) -> int:
    """Steps as they count for cost: doubled for samplers of second order, 40 for the adaptive one."""
    sampler = params.get("sampler_name", "k_euler_a")
    if sampler == "k_dpm_adaptive":
        return FREE_STEPS
    return steps_taken(params) * (2 if sampler in _SECOND_ORDER else 1)


def free_side(threads: int, queued: int) -> int:
    """The side of the largest square that needs no kudos in advance, before it is held within its bounds."""
    return 1024 + threads * 10 - round(queued * 0.9)


def needs_kudos_upfront(body: dict[str, Any], models: list[str], side: int) -> bool:
    params = body.get("params", {})
    counted = accurate_steps(params)
    if body.get("slow_workers") is False:
        return True
    if params.get("sampler_name") == "lcm" and counted > 10:
        return True
    if any(requirements(name).get("max_steps", FREE_STEPS) < counted for name in models):
        return True
    if params.get("width", 512) * params.get("height", 512) > bounded(side, models) ** 2:
        return True
    return "control_type" in params and counted > 20


def bounded(side: int, models: list[str]) -> int:
    big = any(baseline(name) in (SDXL, CASCADE, FLUX) for name in models)
    return max(1024 if big else 576, min(1024, side))


def downgraded(params: dict[str, Any], side: int, models: list[str]) -> dict[str, Any]:
    """The params with a size and steps that cost nothing in advance (``allow_downgrade``).

    Steps go further down than they would have to: to 30, where 40 need no kudos, whether it was the steps
    or the size that did [src; the price of rec 97 is that of 30 steps].
    """
    width, height = params.get("width", 512), params.get("height", 512)
    if width * height > side * side:
        scale = math.sqrt(side * side / (width * height))
        width, height = int(width * scale) // 64 * 64, int(height * scale) // 64 * 64
        if width * height < 512 * 512:
            width = height = 512
    limit = min(requirements(name).get("max_steps", DOWNGRADED_STEPS) for name in models)
    if "control_type" in params:
        limit = 20
    if params.get("sampler_name") == "lcm":
        limit = 10
    fewer = steps_taken(params)
    while accurate_steps({**params, "steps": fewer}) > limit:
        fewer -= 1
        if fewer < FEWEST_DOWNGRADED_STEPS:  # k_dpm_adaptive would never come down: it ends at 4
            break
    return {**params, "width": width, "height": height, "steps": fewer}
