"""Between our plain bytes and Pillow's images.

The room's other modules import this one inside of functions: Krita's start must not wait for Pillow.
"""

from __future__ import annotations

from PIL import Image, ImageChops, features

from .geometry import Bounds, Extent
from .raster import Coverage, Raster

_REC_709 = (0.2126, 0.7152, 0.0722, 0.0)
"""How much red, green and blue (and a constant) add to luminance."""


class NoWebP(RuntimeError):
    """This build of Pillow cannot read and write WebP, the format in which the Horde's images travel."""


def require_webp() -> None:
    """Raises `NoWebP`. Pillow's own wheels always have WebP; a distribution's build may lack it."""
    if not features.check("webp"):
        raise NoWebP(f"Pillow {Image.__version__} was built without WebP")


def image_of(raster: Raster) -> Image.Image:
    """RGBA."""
    return Image.frombytes("RGBA", size(raster.extent), raster.data, "raw", "BGRA")


def raster_of(image: Image.Image) -> Raster:
    """From an RGB or RGBA image; without alpha it is opaque."""
    return Raster(Extent(*image.size), image.convert("RGBA").tobytes("raw", "BGRA"))


def grey_of(coverage: Coverage) -> Image.Image:
    """L."""
    return Image.frombytes("L", size(coverage.extent), coverage.data)


def coverage_of(image: Image.Image) -> Coverage:
    """From an L image."""
    return Coverage(Extent(*image.size), image.tobytes())


def new(mode: str, extent: Extent, colour: int | str) -> Image.Image:
    return Image.new(mode, size(extent), colour)


def crop(image: Image.Image, bounds: Bounds) -> Image.Image:
    """The part inside ``bounds``. Raises ValueError beyond the edges, where Pillow would add black."""
    whole = Bounds.of_extent(Extent(*image.size))
    if not whole.contains(bounds):
        raise ValueError(f"{bounds} is not inside of {whole.extent}")
    return image.crop((bounds.x, bounds.y, bounds.right, bounds.bottom))


def multiply(one: Image.Image, other: Image.Image) -> Image.Image:
    """Both L; 255 is neutral."""
    return ImageChops.multiply(one, other)


def luminance(image: Image.Image) -> Image.Image:
    """L from RGB or RGBA (whose alpha is left out of account), rounded."""
    return image.convert("RGB").convert("L", _REC_709)


def over_white(image: Image.Image) -> Image.Image:
    """RGB from RGBA, as if it lay on white paper."""
    opaque = image.convert("RGB")
    alpha = image.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return opaque
    paper = Image.new("RGB", image.size, "white")
    paper.paste(opaque, mask=alpha)
    return paper


def size(extent: Extent) -> tuple[int, int]:
    return extent.width, extent.height
