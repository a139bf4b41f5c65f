"""Each control's value is exactly what arrives at the Horde: set through the widget, in the real Krita."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hordes import ask
from PIL import Image

from krita_AIhorde import settings as s

SCENARIO = Path(__file__).with_name("scenarios") / "controls.py"
pytestmark = pytest.mark.timeout(400)
# What every round begins with: the controls at their first values.
PLAIN: dict[str, Any] = {
    setting.widget: list(setting.default) if isinstance(setting.default, tuple) else setting.default
    for setting in s.ALL
    if setting.widget and setting.api
}
# Each with the paths in the request's body that follow from it, and the values there.
ROUNDS: tuple[dict[str, Any], ...] = (
    {
        "button": "generateButton",
        "values": {
            "prompt": "a fox", "negativePrompt": "a dog", "model": "Deliberate", "sampler": "k_dpmpp_2m",
            "steps": 33, "cfgScale": 5.25, "seed": "700", "imageCount": 3, "seedVariation": 10,
            "karras": False, "clipSkip": 2, "hiresFix": True, "hiresFixStrength": 0.4, "tiling": True,
            "upscaler": "RealESRGAN_x2plus", "postProcessing": "CodeFormers", "stripBackground": True,
            "facefixerStrength": 0.35, "nsfw": True, "trustedWorkers": True, "extraSlowWorkers": True,
            "allowDowngrade": True, "minSize": 576, "maxSize": 768,
        },
        "body": {
            "prompt": "a fox ### a dog", "models": ["Deliberate"], "nsfw": True, "censor_nsfw": False,
            "trusted_workers": True, "slow_workers": True, "extra_slow_workers": True,
            "allow_downgrade": True,
            "params.sampler_name": "k_dpmpp_2m", "params.steps": 33, "params.cfg_scale": 5.25,
            "params.seed": "690", "params.n": 3, "params.seed_variation": 10, "params.karras": False,
            "params.clip_skip": 2, "params.hires_fix": True, "params.hires_fix_denoising_strength": 0.4,
            "params.tiling": True, "params.transparent": False,
            "params.post_processing": ["CodeFormers", "RealESRGAN_x2plus", "strip_background"],
            "params.facefixer_strength": 0.35, "params.width": 768, "params.height": 576,
        },
    },
    {
        "button": "inpaintButton",
        "values": {
            "prompt": "a fox", "model": "Deliberate", "denoisingStrength": 0.62, "inpaintMethod": "masked",
            "context": 64, "maskGrow": 0, "maskFeather": 0, "censorNsfw": False, "slowWorkers": False,
            "workerChoice": "block", "blockedWorkers": ["WORKER"], "postProcessing": "strip_background",
        },
        "body": {
            "models": ["Deliberate"], "params.denoising_strength": 0.62, "source_processing": "img2img",
            "censor_nsfw": False, "slow_workers": False, "workers": ["WORKER"], "worker_blacklist": True,
            "params.post_processing": ["strip_background"],
        },
    },
    {
        "button": "inpaintButton",
        "values": {
            "prompt": "a fox", "model": "Deliberate Inpainting", "inpaintMethod": "fill",
            "maskGrow": 30, "maskFeather": 0, "context": 64,
        },
        "body": {
            "models": ["Deliberate Inpainting"], "source_processing": "inpainting",
            "params.denoising_strength": 1.0,
        },
    },
    {
        "button": "img2imgButton",
        "values": {"prompt": "a fox", "denoisingStrength": 0.31, "workerChoice": "prefer",
                   "preferredWorkers": ["WORKER"]},
        "body": {
            "models": [], "workers": ["WORKER"], "worker_blacklist": False, "source_processing": "img2img",
            "params.denoising_strength": 0.31,
        },
    },
    {
        "button": "generateButton",
        "values": {"prompt": "a fox", "model": "Deliberate", "transparent": True},
        "body": {"params.transparent": True},
    },
)  # fmt: skip


def test_every_control_arrives(krita_run: Any, practice: str, tmp_path: Path) -> None:
    worker = ask(practice, "/api/v2/workers?type=image")[0]["id"]
    rounds = json.loads(json.dumps(ROUNDS).replace("WORKER", worker))
    plan = tmp_path / "plan.json"
    widgets = [setting.widget for setting in s.ALL if setting.widget]
    plan.write_text(json.dumps({"widgets": widgets, "plain": PLAIN, "rounds": rounds}), "utf-8")
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_API_KEY": "practice-trusted",
        "AIHORDE_TEST_PLAN": str(plan),
    }
    verdict = krita_run(SCENARIO, env=env, timeout=250.0)
    assert verdict["ok"], verdict["error"]
    assert verdict["data"]["missing"] == [], "every setting of the registry has its control"
    log = ask(practice, "/practice/log?full=1")
    asked = [entry for entry in log if entry["method"] == "POST" and entry["path"].endswith("/async")]
    bodies = [entry["body"] for entry in asked if not entry["body"]["dry_run"]]
    assert [entry["status"] for entry in asked] == [
        entry["status"] for entry in asked if entry["status"] < 300
    ]
    assert len(bodies) == len(rounds)
    for number, (body, planned) in enumerate(zip(bodies, rounds, strict=True)):
        for path, wanted in planned["body"].items():
            assert found(body, path) == wanted, f"round {number}: {path}"
    used = {name for planned in ROUNDS for name in planned["values"]}
    assert set(PLAIN) - used == set(), "controls that no round sets"
    masks = [repainted(body) for body in bodies if "source_mask" in body]
    # 320 x 256 of at least 448 x 384; and, grown by 30, 380 x 316 with round corners of at least 508 x 444.
    assert 0.44 < masks[0] < 0.476 < masks[1] < 0.533, masks


def found(body: dict[str, Any], path: str) -> Any:
    place: Any = body
    for part in path.split("."):
        place = place[part]
    return place


def repainted(body: dict[str, Any]) -> float:
    """The share of white pixels in the mask."""
    mask = Image.open(io.BytesIO(base64.b64decode(body["source_mask"]))).convert("L")
    return sum(mask.histogram()[128:]) / (mask.width * mask.height)
