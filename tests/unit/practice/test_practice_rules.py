"""The real server's rules about what goes together, in its words where they are known."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image
from practice_kit import Answer, Visitor, encoded, order

PICTURE = encoded(Image.new("RGB", (64, 64), "grey"))


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
    asked = body(f"my own {tag}", {"source_image": PICTURE}, control_type="canny")
    message = f"ControlNet does not work with {spoken} currently."
    assert await refusal(unlimited, asked) == (400, "ControlNetMismatch", message)


@pytest.mark.parametrize(("tag", "spoken"), [("[Flux]", "Flux"), ("[Qwen]", "Qwen"), ("[ZImage]", "Z-Image")])
async def test_what_takes_no_hires_fix(unlimited: Visitor, tag: str, spoken: str) -> None:
    message = f"HiRes Fix does not work with {spoken} currently."
    asked = body(f"my own {tag}", hires_fix=True)
    assert await refusal(unlimited, asked) == (400, "HiResMismatch", message)


@pytest.mark.parametrize("name", ["my own SDXL", "my own [sdxl]", "my own (Flux)"])
async def test_what_is_no_tag_says_nothing(unlimited: Visitor, name: str) -> None:
    asked = body(name, {"source_image": PICTURE}, control_type="canny")
    assert (await unlimited.submit(asked)).status == 202
