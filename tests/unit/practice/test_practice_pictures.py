"""What images show: the seed's colour where something was painted, the source elsewhere."""

from __future__ import annotations

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageStat
from practice_kit import Visitor, encoded, far, order

from krita_AIhorde.practice.pictures import FLAT_RADIUS, Commission, paint, painted_colour
from krita_AIhorde.practice.sources import stored

SIDE = 192
BROWN = (120, 80, 40)
LOSS = 14  # levels that lossy WebP may change of a flat colour


def _with_source(processing: str = "img2img", mask: Image.Image | None = None, **params: object) -> dict:
    source = Image.new("RGB", (SIDE, SIDE), BROWN)
    body = order(seed="42", width=SIDE, height=SIDE, **params)
    body |= {"source_image": encoded(source), "source_processing": processing}
    return body | ({"source_mask": encoded(mask)} if mask is not None else {})


def _mask(box: tuple[int, int, int, int], size: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rectangle(box, fill=255)
    return mask


def _mixed(denoising: float, under: tuple[int, int, int] = BROWN) -> tuple[int, ...]:
    pairs = zip(under, painted_colour(42), strict=True)
    return tuple(round(a * (1 - denoising) + b * denoising) for a, b in pairs)


async def test_the_middle_has_the_colour_of_the_seed(unlimited: Visitor) -> None:
    image = await unlimited.drawn(order(seed="42", width=256, height=192))
    assert image.size == (256, 192)
    reach = int(FLAT_RADIUS * 192) - 2
    for offset in ((0, 0), (reach, 0), (-reach, 0), (0, reach), (0, -reach)):
        found = image.convert("RGB").getpixel((128 + offset[0], 96 + offset[1]))
        assert far(found, painted_colour(42)) < LOSS


async def test_the_same_seed_and_prompt_give_the_same_image(unlimited: Visitor) -> None:
    generations = await unlimited.generated(order(seed="7", n=2))
    one, other = [(await unlimited.ask("GET", generation["img"])).raw for generation in generations]
    assert one == other


@given(st.integers(0, 2**32 - 2))
def test_neighbouring_seeds_differ_to_the_eye(seed: int) -> None:
    assert far(painted_colour(seed), painted_colour(seed + 1)) > 30
    assert painted_colour(seed) == painted_colour(str(seed))


@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 2**32), st.text(max_size=40))
@settings(deadline=None, max_examples=50)
def test_any_size_and_prompt_can_be_painted(width: int, height: int, seed: int, prompt: str) -> None:
    assert paint(Commission(width * 16, height * 16, seed, prompt)).startswith(b"RIFF")


@pytest.mark.parametrize("denoising", [0.25, 0.5, 1.0])
async def test_img2img_mixes_source_and_picture_by_denoising_strength(
    unlimited: Visitor, denoising: float
) -> None:
    image = (await unlimited.drawn(_with_source(denoising_strength=denoising))).convert("RGB")
    assert far(image.getpixel((SIDE // 2, SIDE // 2)), _mixed(denoising)) < LOSS


async def test_img2img_without_a_strength_ignores_the_source(unlimited: Visitor) -> None:
    image = (await unlimited.drawn(_with_source())).convert("RGB")
    assert far(image.getpixel((SIDE // 2, SIDE // 2)), painted_colour(42)) < LOSS


async def test_a_mask_is_painted_where_it_is_white(unlimited: Visitor) -> None:
    mask = _mask((16, 32, 95, 111))
    image = (await unlimited.drawn(_with_source(mask=mask, denoising_strength=0.6))).convert("RGB")
    assert far(image.getpixel((56, 72)), _mixed(0.6)) < LOSS
    for kept in ((150, 72), (56, 150), (5, 5), (150, 150)):
        assert far(image.getpixel(kept), BROWN) < LOSS


async def test_inpainting_paints_from_nothing(unlimited: Visitor) -> None:
    mask = _mask((48, 48, 143, 143))
    body = _with_source("inpainting", mask, denoising_strength=0.5)
    image = (await unlimited.drawn(body)).convert("RGB")
    assert far(image.getpixel((96, 96)), _mixed(0.5, under=(127, 127, 127))) < LOSS
    assert far(image.getpixel((10, 10)), BROWN) < LOSS
    assert far(image.getpixel((45, 96)), BROWN) > LOSS  # the mask is grown by some pixels


async def test_transparent_parts_of_a_source_are_repainted(unlimited: Visitor) -> None:
    source = Image.new("RGBA", (SIDE, SIDE), (*BROWN, 255))
    ImageDraw.Draw(source).rectangle((48, 48, 143, 143), fill=(0, 0, 0, 0))
    body = {**_with_source("inpainting"), "source_image": encoded(source)}
    image = (await unlimited.drawn(body)).convert("RGB")
    assert far(image.getpixel((96, 96)), painted_colour(42)) < LOSS
    assert far(image.getpixel((10, 10)), BROWN) < LOSS


async def test_source_and_mask_are_stretched(unlimited: Visitor) -> None:
    mask = _mask((0, 0, 31, 63), (64, 64))  # the left half
    body = _with_source(mask=mask, denoising_strength=1.0)
    body["source_image"] = encoded(Image.new("RGB", (300, 100), BROWN), "JPEG")
    image = (await unlimited.drawn(body)).convert("RGB")
    assert image.size == (SIDE, SIDE)
    assert far(image.getpixel((48, 96)), painted_colour(42)) < LOSS
    assert far(image.getpixel((150, 96)), BROWN) < LOSS


def _rms(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).rms)


def test_the_server_keeps_a_lossy_copy_of_the_source() -> None:
    """Quality 50: about 27 dB for a noisy picture, which is 12 levels."""
    noise = Image.effect_noise((SIDE, SIDE), 30).convert("RGB")
    kept = Image.open(io.BytesIO(stored(encoded(noise)).data)).convert("RGB")
    assert 6 < _rms(noise, kept) < 30


def test_a_worker_softens_what_it_keeps() -> None:
    stripes = Image.new("RGB", (SIDE, SIDE))
    for x in range(0, SIDE, 2):
        stripes.paste((255, 255, 255), (x, 0, x + 1, SIDE))
    buffers = [io.BytesIO(), io.BytesIO()]
    stripes.save(buffers[0], "PNG")
    _mask((0, 0, 31, 31)).save(buffers[1], "PNG")
    source, mask = (buffer.getvalue() for buffer in buffers)
    image = Image.open(io.BytesIO(paint(Commission(SIDE, SIDE, 42, source=source, mask=mask)))).convert("L")
    light, dark = image.getpixel((100, 100)), image.getpixel((101, 100))
    assert 20 < light - dark < 220


async def test_flux_knows_no_masks(unlimited: Visitor) -> None:
    body = _with_source(mask=_mask((0, 0, 31, 31)), denoising_strength=1.0)
    image = (await unlimited.drawn({**body, "models": ["Flux.1-Schnell fp8 (Compact)"]})).convert("RGB")
    assert far(image.getpixel((SIDE // 2, SIDE // 2)), painted_colour(42)) < LOSS


@pytest.mark.parametrize(("upscaler", "factor"), [("RealESRGAN_x2plus", 2), ("NMKD_Siax", 4)])
async def test_upscalers_enlarge(unlimited: Visitor, upscaler: str, factor: int) -> None:
    image = await unlimited.drawn(order(post_processing=[upscaler]))
    assert image.size == (128 * factor, 128 * factor)


async def test_strip_background_leaves_an_alpha_channel(unlimited: Visitor) -> None:
    image = await unlimited.drawn(order(post_processing=["strip_background"]))
    assert image.mode == "RGBA"
    assert image.getpixel((64, 64))[3] == 255
    assert image.getpixel((2, 2))[3] == 0


async def test_without_r2_the_image_is_in_the_status(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated({**order(seed="42"), "r2": False})
    image = Image.open(io.BytesIO(base64.b64decode(generation["img"], validate=True))).convert("RGB")
    assert far(image.getpixel((64, 64)), painted_colour(42)) < LOSS


async def test_a_lost_source_is_told_in_the_metadata(unlimited: Visitor) -> None:
    body = _with_source(denoising_strength=0.3) | {"prompt": "[practice fault=source_lost]"}
    (generation,) = await unlimited.generated(body)
    assert generation["gen_metadata"] == [{"type": "source_image", "value": "download_failed"}]
    image = (await unlimited.ask("GET", generation["img"])).image().convert("RGB")
    assert far(image.getpixel((96, 96)), painted_colour(42)) < LOSS
