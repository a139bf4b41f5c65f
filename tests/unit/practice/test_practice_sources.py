"""Source images, masks and further source images as they come in: which are refused, and in what order."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image
from practice_kit import TRUSTED, USER, Visitor, encoded, order

PICTURE = encoded(Image.new("RGB", (64, 64), "grey"))
NO_PICTURE = "aGVsbG8gd29ybGQ="
OPAQUE = Image.new("RGBA", (64, 64), "grey")


def painting(source: str, **more: Any) -> dict[str, Any]:
    return {**order(), "source_image": source, "source_processing": "inpainting", **more}


def remix(*extras: str, **more: Any) -> dict[str, Any]:
    return {
        **order(),
        "models": ["Stable Cascade 1.0"],
        "source_image": PICTURE,
        "source_processing": "remix",
        "extra_source_images": [{"image": extra} for extra in extras],
        **more,
    }


def palette() -> Image.Image:
    """With a transparent colour, and yet of one band."""
    image = Image.new("P", (64, 64))
    image.info["transparency"] = 0
    return image


@pytest.mark.parametrize(
    ("source", "is_refused"),
    [
        (encoded(OPAQUE), False),
        (encoded(Image.new("RGBA", (64, 64), (9, 9, 9, 0)), "WEBP"), False),
        (encoded(OPAQUE, "WEBP"), True),
        (encoded(Image.new("LA", (64, 64))), True),
        (encoded(palette()), True),
        (PICTURE, True),
    ],
    ids=["opaque PNG", "WebP with holes", "opaque WebP", "grey with alpha", "palette", "no alpha"],
)
async def test_inpainting_looks_for_four_bands_in_what_was_sent(
    unlimited: Visitor, source: str, is_refused: bool
) -> None:
    answer = await unlimited.submit(painting(source))
    if is_refused:
        assert (answer.status, answer.body["rc"]) == (400, "InpaintingMissingMask")
    else:
        assert answer.status == 202
    assert (await unlimited.submit(painting(source, source_mask=PICTURE))).status == 202


@pytest.mark.parametrize(
    ("extra", "rc"),
    [
        (NO_PICTURE, "ImageValidationFailed"),
        ("not base64!!", "ImageValidationFailed"),
        ("https://example.org/fox.png", "ImageValidationFailed"),
        (encoded(Image.new("1", (3136, 3072))), "SourceImageResolutionExceeded"),
    ],
)
async def test_further_source_images_must_be_pictures_too(unlimited: Visitor, extra: str, rc: str) -> None:
    for extras in ((extra,), (PICTURE, extra)):
        answer = await unlimited.submit(remix(*extras), TRUSTED)
        assert (answer.status, answer.body["rc"]) == (400, rc)
    assert (await unlimited.submit(remix(PICTURE))).status == 202


async def test_further_source_images_are_looked_at_without_a_first_one_but_not_in_a_dry_run(
    unlimited: Visitor,
) -> None:
    asked = remix(NO_PICTURE)
    del asked["source_image"]
    assert (await unlimited.submit(asked)).body["rc"] == "ImageValidationFailed"
    assert (await unlimited.submit({**asked, "dry_run": True})).status == 200


async def test_what_was_refused_for_a_further_source_image_goes_on_counting(unlimited: Visitor) -> None:
    asked = {**remix(NO_PICTURE), "params": {**order()["params"], "n": 16}}
    assert (await unlimited.submit(asked, USER)).body["rc"] == "ImageValidationFailed"
    assert (await unlimited.submit(asked, USER)).body["rc"] == "TooManyPrompts"
