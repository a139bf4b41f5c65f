"""The real server's rules about what goes together, in its words where they are known."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image
from practice_kit import POOR, TRUSTED, Answer, Visitor, encoded, order

PICTURE = encoded(Image.new("RGB", (64, 64), "grey"))
SOURCE = {"source_image": PICTURE}
EXTRA = {**SOURCE, "extra_source_images": [{"image": PICTURE}]}
TEXTS = [{"text": "https://krita.org", "reference": "qr_code"}]
SD2, CASCADE = "stable_diffusion_2.1", "Stable Cascade 1.0"
NOT_SUPPORTED = "This model is not supported in this mode the moment"
NO_CONTROL_FOR_SD2 = "No current model available for this particular ControlNet for SD2.x"


def body(model: str = "Deliberate", top: dict[str, Any] | None = None, **params: Any) -> dict[str, Any]:
    """A small request for ``model``; ``top`` is what stands beside the params."""
    return {**order(**params), "models": [model], **(top or {})}


async def refusal(visitor: Visitor, asked: dict[str, Any]) -> tuple[int, str | None, str]:
    """Status, rc and message of the answer."""
    answer: Answer = await visitor.submit(asked)
    return answer.status, answer.body.get("rc"), answer.body["message"]


@pytest.mark.parametrize(
    ("tag", "spoken"),
    [
        ("[SDXL]", "SDXL"),
        ("[Flux]", "Flux"),
        ("[Qwen]", "Qwen"),
        ("[ZModel]", "Z-Image"),
        ("[ZImage]", "Z-Image"),
    ],
)
async def test_a_strangers_name_tells_its_baseline(unlimited: Visitor, tag: str, spoken: str) -> None:
    asked = body(f"my own {tag}", SOURCE, control_type="canny")
    message = f"ControlNet does not work with {spoken} currently."
    assert await refusal(unlimited, asked) == (400, "ControlNetMismatch", message)


@pytest.mark.parametrize(("tag", "spoken"), [("[Flux]", "Flux"), ("[Qwen]", "Qwen"), ("[ZImage]", "Z-Image")])
async def test_what_takes_no_hires_fix(unlimited: Visitor, tag: str, spoken: str) -> None:
    message = f"HiRes Fix does not work with {spoken} currently."
    asked = body(f"my own {tag}", hires_fix=True)
    assert await refusal(unlimited, asked) == (400, "HiResMismatch", message)


@pytest.mark.parametrize("name", ["my own SDXL", "my own [sdxl]", "my own (Flux)"])
async def test_what_is_no_tag_says_nothing(unlimited: Visitor, name: str) -> None:
    asked = body(name, SOURCE, control_type="canny")
    assert (await unlimited.submit(asked)).status == 202


@pytest.mark.parametrize(
    ("asked", "rc", "message"),
    [
        (
            body(CASCADE, workflow="qr_code", extra_texts=TEXTS),
            "ControlNetMismatch.",
            "QR Code controlnet only works with SD 1.5 and SDXL models currently",
        ),
        (body(SD2, SOURCE, control_type="normal"), "ControlNetUnsupported", NO_CONTROL_FOR_SD2),
        (body(SD2, control_type="hough"), "ControlNetUnsupported", NO_CONTROL_FOR_SD2),
        (
            body("pix2pix", SOURCE, control_type="canny"),
            "ControlNetUnsupported",
            "You cannot use ControlNet with these models.",
        ),
        (
            body("Deliberate", EXTRA, transparent=True),
            "InvalidTransparencyImg2Img",
            "Generating Transparent images is not supported during img2img workflows.",
        ),
        (body("pix2pix"), "SourceImageRequiredForModel", NOT_SUPPORTED),
        (body("Stable Diffusion 2 Depth"), "SourceImageRequiredForModel", NOT_SUPPORTED),
    ],
)
async def test_what_does_not_go_together_is_refused(
    unlimited: Visitor, asked: dict[str, Any], rc: str, message: str
) -> None:
    assert await refusal(unlimited, asked) == (400, rc, message)


@pytest.mark.parametrize(
    "asked",
    [
        body("SDXL 1.0", workflow="qr_code", extra_texts=TEXTS),
        body(SD2, SOURCE, control_type="canny"),
        body("Deliberate", SOURCE, control_type="hough"),
        body("Deliberate", SOURCE, transparent=True),
        body("pix2pix", SOURCE),
    ],
)
async def test_what_goes_together_is_accepted(unlimited: Visitor, asked: dict[str, Any]) -> None:
    assert (await unlimited.submit(asked)).status == 202


async def test_special_models_are_for_special_users(unlimited: Visitor) -> None:
    message = "Only special users can request a special model."
    asked = body("horde_special::practice_user#1", special={"a": "b"})
    assert await refusal(unlimited, asked) == (403, "Forbidden", message)


async def test_controlnet_takes_20_steps_unless_told_which_need_no_kudos(unlimited: Visitor) -> None:
    for steps in ({}, {"steps": 20}):
        asked = {**body("Deliberate", SOURCE), "params": {"control_type": "canny", **steps}}
        request_id = await unlimited.accepted(asked, POOR)
        assert (await unlimited.seen(request_id))["payload"]["ddim_steps"] == 20
    answer = await unlimited.submit(body("Deliberate", SOURCE, control_type="canny", steps=21), POOR)
    assert answer.body["rc"] == "KudosUpfront"


async def test_controlnet_takes_40_steps_at_most_and_is_priced_so(unlimited: Visitor) -> None:
    prices = []
    for steps in (30, 40, 41, 500):
        asked = body("Deliberate", {**SOURCE, "dry_run": True}, control_type="canny", steps=steps, width=1024)
        prices.append((await unlimited.submit(asked, TRUSTED)).body["kudos"])
    assert prices[0] < prices[1] == prices[2] == prices[3]


@pytest.mark.parametrize(
    ("asked", "rc"),
    [
        (body("Deliberate", {"prompt": "a\0fox"}, cfg_scale=7.125), "BadCFGDecimals"),
        (body("Deliberate", {"prompt": "a\0fox", "workers": ["nobody"]}), "WorkerNotFound"),
        (body("Deliberate", {"prompt": "a\0fox", "slow_workers": False}), "NulByteInPayload"),
        (body("Deliberate", {"prompt": "a\0fox", "source_image": "no picture"}), "NulByteInPayload"),
        (body("Deliberate", {"prompt": "a\0fox", "dry_run": True}), "NulByteInPayload"),
        (body("no\0model"), "NulByteInPayload"),
        (body("Deliberate", {"source_image": "no\0picture"}), "ImageValidationFailed"),
    ],
)
async def test_a_nul_is_found_after_other_rules_and_before_kudos_and_pictures(
    unlimited: Visitor, asked: dict[str, Any], rc: str
) -> None:
    assert (await unlimited.submit(asked, POOR)).body["rc"] == rc


@pytest.mark.parametrize("dry_run", [False, True])
async def test_without_a_model_nothing_can_be_made_smaller(unlimited: Visitor, dry_run: bool) -> None:
    asked = {**order(width=2048, height=2048), "models": [], "allow_downgrade": True, "dry_run": dry_run}
    answer = await unlimited.submit(asked, POOR)
    assert (answer.status, answer.body) == (500, {"message": "Internal Server Error"})
    assert (await unlimited.submit({**asked, "allow_downgrade": False}, POOR)).body["rc"] == "KudosUpfront"
    assert (await unlimited.submit({**asked, "params": order()["params"]}, POOR)).status in (200, 202)
    assert (await unlimited.submit(asked, TRUSTED)).status in (200, 202)
