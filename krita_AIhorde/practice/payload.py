"""A request as the server understands it: defaults filled in (they are not the specification's), seeds
chosen."""

from __future__ import annotations

import random
from typing import Any

DEFAULT_MODELS = ("stable_diffusion",)
CONTROLNET_STEPS = 40  # more are cut off without a word
_SEEDS = 2**32

# Handed to the worker only where the client gave them.
_OPTIONAL = (
    "control_type", "denoising_strength", "hires_fix_denoising_strength", "post_processing", "clip_skip",
    "facefixer_strength", "loras", "tis", "workflow", "extra_texts",
)  # fmt: skip


def worker_payload(params: dict[str, Any], prompt: str, censor: bool) -> dict[str, Any]:
    """What a worker receives, but for the seed. `censor` adds ``use_nsfw_censor``."""
    payload: dict[str, Any] = {
        "prompt": prompt,
        "ddim_steps": steps_taken(params),
        "n_iter": 1,
        "sampler_name": params.get("sampler_name", "k_euler_a"),
        "cfg_scale": float(params.get("cfg_scale", 5.0)),
        "height": int(params.get("height", 512)),
        "width": int(params.get("width", 512)),
        "karras": params.get("karras", True),
    }
    for flag in ("tiling", "hires_fix", "transparent", "image_is_control", "return_control_map"):
        payload[flag] = params.get(flag, False)
    payload.update({name: params[name] for name in _OPTIONAL if name in params})
    if censor:
        payload["use_nsfw_censor"] = True
    return payload


def steps_taken(params: dict[str, Any]) -> int:
    """As many as will be taken, which are fewer with ControlNet."""
    controlled = "control_type" in params
    wanted = int(params.get("steps", 20 if controlled else 30))
    return min(wanted, CONTROLNET_STEPS) if controlled else wanted


def given_seed(params: dict[str, Any]) -> int | None:
    """The seed asked for, or None for a random one per image. With a variation, a random one is chosen
    once."""
    text = params.get("seed", "")
    if text == "":
        return random_seed() if "seed_variation" in params else None
    if text.isdecimal() and text.isascii():
        return _folded(int(text))
    return _folded(int.from_bytes(text.encode(), "little"))


def seed_of_job(seed: int | None, variation: int | None, waiting: int) -> int:
    """The seed of the next image when `waiting` images are still to be taken, this one included."""
    if seed is None:
        return random_seed()
    if not variation:
        return seed
    return _folded(seed + variation * waiting)


def _folded(seed: int) -> int:
    """What is too large for 32 bits loses its lower ones, as on the real server: 2**32 + 42 becomes 1."""
    while seed >= _SEEDS:
        seed >>= 32
    return seed


def random_seed() -> int:
    return random.randrange(_SEEDS)
