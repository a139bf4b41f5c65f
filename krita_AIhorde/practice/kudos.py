"""What images cost. The real server asks a neural network; this comes near it for usual sizes."""

from __future__ import annotations

import math
from typing import Any

from .models import CASCADE, FLUX, QWEN, SDXL, Z_IMAGE, baseline, requirements
from .payload import steps_taken

_FACTORS = {SDXL: 2, CASCADE: 4, FLUX: 8, Z_IMAGE: 8, QWEN: 12}
_SECOND_ORDER = frozenset({"k_heun", "k_dpm_2", "k_dpm_2_a", "k_dpmpp_2s_a", "k_dpmpp_sde"})
FREE_SIDE = 1024
FREE_STEPS = 40


def model_cost(params: dict[str, Any], img2img: bool) -> float:
    """Kudos of one image, before the factor of its model."""
    area = params.get("width", 512) * params.get("height", 512) / 512**2
    cost = 4 + accurate_steps(params) * area * 0.1
    if img2img:
        cost *= 1.3
    if params.get("post_processing"):
        cost *= 1.05
    return cost


def image_cost(params: dict[str, Any], img2img: bool, model: str) -> float:
    """Kudos charged when an image of `model` is delivered."""
    return round(model_cost(params, img2img)) * _FACTORS.get(baseline(model), 1) + 1


def request_cost(params: dict[str, Any], img2img: bool, models: list[str]) -> float:
    """Kudos of the whole request, as dry_run tells it: two below the real bill."""
    dearest = max((image_cost(params, img2img, name) for name in models), default=0.0)
    return dearest * params.get("n", 1) + 1


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


def downgraded(params: dict[str, Any], side: int) -> dict[str, Any]:
    """The params with a size and steps that cost nothing in advance (``allow_downgrade``)."""
    width, height = params.get("width", 512), params.get("height", 512)
    if width * height > side * side:
        scale = math.sqrt(side * side / (width * height))
        width, height = int(width * scale) // 64 * 64, int(height * scale) // 64 * 64
        if width * height < 512 * 512:
            width = height = 512
    fewer = steps_taken(params)
    while accurate_steps({**params, "steps": fewer}) > FREE_STEPS:
        fewer -= 1
    return {**params, "width": width, "height": height, "steps": fewer}
