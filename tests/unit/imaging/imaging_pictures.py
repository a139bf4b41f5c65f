"""Small pictures, and what bytes show when they are opened again."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from krita_AIhorde.imaging.geometry import Bounds, Extent, Frame
from krita_AIhorde.imaging.raster import Coverage, Raster

RED, GREEN, BLUE = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)
WHITE, BLACK = (255, 255, 255, 255), (0, 0, 0, 255)
Colour = tuple[int, int, int, int]


def flat(extent: Extent, colour: Colour) -> Raster:
    red, green, blue, alpha = colour
    return Raster(extent, bytes([blue, green, red, alpha]) * extent.area)


def picture(extent: Extent, ground: Colour, *patches: tuple[Bounds, Colour]) -> Raster:
    """One colour with rectangles of others on it."""
    image = Image.new("RGBA", (extent.width, extent.height), ground)
    for at, colour in patches:
        image.paste(colour, (at.x, at.y, at.right, at.bottom))
    return Raster(extent, image.tobytes("raw", "BGRA"))


def image_of(raster: Raster) -> Image.Image:
    return Image.frombytes("RGBA", (raster.extent.width, raster.extent.height), raster.data, "raw", "BGRA")


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def packed(image: Image.Image, kind: str, **options: Any) -> bytes:
    data = BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def lossless(image: Image.Image) -> bytes:
    """As a worker would send it, were it as careful."""
    return packed(image, "WEBP", lossless=True, exact=True)


def grey(coverage: Coverage) -> Image.Image:
    return Image.frombytes("L", (coverage.extent.width, coverage.extent.height), coverage.data)


def frame_of(canvas: Extent, region: Bounds, requested: Extent, bounds: Bounds | None = None) -> Frame:
    return Frame(region, bounds or Bounds.of_extent(canvas), requested)


def differences(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of any channel of any pixel."""
    from PIL import ImageChops

    assert one.size == other.size
    extrema = ImageChops.difference(one, other).getextrema()
    return max(high for _, high in ([extrema] if isinstance(extrema[0], (int, float)) else extrema))
