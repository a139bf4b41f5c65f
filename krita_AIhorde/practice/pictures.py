"""What the practice workers draw: landscapes made of gradients and circles, the same for the same seed and
prompt.

How to recognise them: around the middle of what was painted lies a disc of one flat colour,
`painted_colour(seed)`, with a radius of at least `FLAT_RADIUS` of the shorter side. "What was painted" is
the whole picture, or with a mask the bounds of the mask's white part. Where a source shows through, the
disc is ``source * (1 - d) + colour * d`` for denoising strength d.
"""

from __future__ import annotations

import colorsys
import hashlib
import io
import math
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from .fields import UPSCALERS
from .models import CASCADE, FLUX

Colour = tuple[int, int, int]

FLAT_RADIUS = 0.2
WORKER_QUALITY = 95
_SUN_RADIUS = 0.28
_GROWN_BY = 6  # pixels; what the workers' inpainting grows the mask by
_GOLDEN = (math.sqrt(5) - 1) / 2
_GREY = (127, 127, 127)


@dataclass(frozen=True)
class Commission:
    """One image to draw. `source` and `mask` are encoded pictures of any size; they are stretched to
    `width` x `height`.

    `mask`: white is repainted, black is kept. `processing` is the request's source_processing; `denoising`
    is 0.01 to 1.
    """

    width: int
    height: int
    seed: int
    prompt: str = ""
    baseline: str = ""
    source: bytes | None = None
    mask: bytes | None = None
    processing: str = "img2img"
    denoising: float = 1.0
    controlled: bool = False
    return_control_map: bool = False
    transparent: bool = False
    post_processing: tuple[str, ...] = ()
    censored: bool = False


def painted_colour(seed: int | str) -> Colour:
    """The flat colour in the middle of every picture of this seed, as (red, green, blue)."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    hue = int(seed) * _GOLDEN % 1  # neighbouring seeds get hues far apart
    return _colour(hue, 0.6 + digest[0] / 255 * 0.25, 0.78 + digest[1] / 255 * 0.17)


def paint(commission: Commission) -> bytes:
    """The picture as WebP. Takes tens of milliseconds and more: not for the event loop."""
    image = _censored_page(commission) if commission.censored else _drawn(commission)
    if commission.transparent:
        image.putalpha(_disc(image.size))
    for name in commission.post_processing:
        if name == "strip_background":
            image.putalpha(_disc(image.size))
        elif name in UPSCALERS:
            factor = UPSCALERS[name]
            image = image.resize((image.width * factor, image.height * factor), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=WORKER_QUALITY, method=2)
    return buffer.getvalue()


def _drawn(order: Commission) -> Image.Image:
    size = (order.width, order.height)
    if order.source is None:
        return landscape(size, order)
    opened = Image.open(io.BytesIO(order.source))
    source = opened.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    if order.controlled:
        edges = ImageOps.autocontrast(source.convert("L").filter(ImageFilter.FIND_EDGES)).convert("RGB")
        return edges if order.return_control_map else ImageChops.screen(landscape(size, order), edges)
    mask = _mask(order, opened)
    if mask is None or order.baseline in (FLUX, CASCADE):  # these know no masks, and repaint everything
        return Image.blend(source, landscape(size, order), order.denoising)
    return _repainted(order, source, mask)


def _mask(order: Commission, opened: Image.Image) -> Image.Image | None:
    """White where the picture is to be repainted; None for everywhere."""
    size = (order.width, order.height)
    if order.mask is not None:
        return Image.open(io.BytesIO(order.mask)).convert("L").resize(size, Image.Resampling.BICUBIC)
    if "A" in opened.getbands():
        return ImageOps.invert(opened.getchannel("A")).resize(size, Image.Resampling.BICUBIC)
    return None


def _repainted(order: Commission, source: Image.Image, mask: Image.Image) -> Image.Image:
    kept = source.filter(ImageFilter.GaussianBlur(0.5))  # a worker's VAE loses a little everywhere
    under = source
    if order.processing in ("inpainting", "outpainting"):
        mask = mask.filter(ImageFilter.BoxBlur(_GROWN_BY)).point(lambda level: 255 if level > 1 else 0)
        under = Image.composite(Image.new("RGB", source.size, _GREY), source, mask)
    bounds = mask.point(lambda level: 255 if level > 127 else 0).getbbox()
    if bounds is None:
        return kept
    left, top, right, bottom = bounds
    picture = Image.new("RGB", source.size, painted_colour(order.seed))
    picture.paste(landscape((right - left, bottom - top), order), (left, top))
    return Image.composite(Image.blend(under, picture, order.denoising), kept, mask)


def landscape(size: tuple[int, int], order: Commission) -> Image.Image:
    """A sun over hills, with a caption, as RGB."""
    sharp = 2 if size[0] * size[1] <= 1_300_000 else 1  # drawn larger and reduced, for smooth edges
    width, height = size[0] * sharp, size[1] * sharp
    chance = random.Random(f"{order.seed} {order.prompt}")
    sun = painted_colour(order.seed)
    hue = colorsys.rgb_to_hsv(*(part / 255 for part in sun))[0]
    dusk = _colour(hue + chance.uniform(0.1, 0.22), 0.6, 0.45)
    haze = _colour(hue - chance.uniform(0.02, 0.1), 0.3, 0.98)
    image = ImageOps.colorize(Image.linear_gradient("L").resize((width, height)), dusk, haze)
    draw = ImageDraw.Draw(image)
    _stars(draw, (width, height), chance)
    radius = _SUN_RADIUS * min(width, height)
    for grown, share in ((1.7, 0.2), (1.4, 0.35), (1.15, 0.55)):
        _circle(draw, (width / 2, height / 2), radius * grown, _mixed(haze, sun, share))
    _circle(draw, (width / 2, height / 2), radius, sun)
    for layer in range(3):
        shade = _colour(hue + 0.35 + layer * 0.06, 0.4 + layer * 0.12, 0.52 - layer * 0.13)
        _hill(draw, (width, height), 0.76 + layer * 0.07, shade, chance)
    image = image.reduce(sharp) if sharp > 1 else image
    _caption(
        image, f"{order.width} x {order.height} · seed {order.seed} · {order.prompt.partition('###')[0]}"
    )
    return image


def _stars(draw: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    for _ in range(24):
        at = (chance.uniform(0, size[0]), chance.uniform(0, size[1] * 0.4))
        _circle(draw, at, min(size) * chance.uniform(0.002, 0.006), (255, 250, 235))


def _hill(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], level: float, shade: Colour, chance: random.Random
) -> None:
    width, height = size
    waves = [(chance.uniform(0.6, 3), chance.uniform(0, math.tau)) for _ in range(3)]
    ridge: list[tuple[float, float]] = []
    for step in range(65):
        x = step / 64
        swell = sum(math.sin(x * count * math.tau + phase) / count for count, phase in waves)
        ridge.append((x * width, (level + 0.02 * swell) * height))
    draw.polygon([*ridge, (width, height), (0, height)], fill=shade)


def _circle(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: float, colour: Colour) -> None:
    draw.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill=colour)


def _caption(image: Image.Image, text: str) -> None:
    """One line along the bottom edge, cut to fit; none on pictures too small for it."""
    size = max(10, min(image.size) // 32)
    if min(image.size) < 96:
        return
    try:
        font = ImageFont.load_default(size)
    except ImportError:  # Pillow built without FreeType has one small bitmap font, which knows Latin-1 only
        font = ImageFont.load_default()
        text = text.encode("latin-1", "replace").decode("latin-1")
    draw = ImageDraw.Draw(image)
    text = " ".join(text.split())[:160]
    while text and draw.textlength(text, font) > image.width - 2 * size:
        text = text[:-2].rstrip() + "…" if len(text) > 3 else ""
    draw.text((size, image.height - size * 1.8), text, (255, 255, 255), font)


def _censored_page(order: Commission) -> Image.Image:
    image = Image.new("RGB", (order.width, order.height))
    _caption(image, "Image censored by the worker")
    return image


def _disc(size: tuple[int, int]) -> Image.Image:
    """The sun as an alpha channel: what is left without the background."""
    alpha = Image.new("L", size)
    radius = _SUN_RADIUS * min(size)
    x, y = size[0] / 2, size[1] / 2
    ImageDraw.Draw(alpha).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return alpha


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
