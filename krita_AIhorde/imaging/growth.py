"""A coverage made larger and softer at its rim, by Euclidean distance: a square gets round corners.

Takes milliseconds for each pixel of distance, in 1024 x 1024: for worker threads.
"""

from __future__ import annotations

from math import isqrt

from PIL import Image, ImageChops, ImageFilter

from . import pillow
from .raster import Coverage


def grown(coverage: Coverage, pixels: int) -> Coverage:
    """Each pixel gets the largest coverage that there is within a distance of ``pixels``.

    What is soft stays as soft, only farther out. What would stick out of the extent is cut off. Growing by 0
    changes nothing; raises ValueError for less.
    """
    _check(pixels)
    return pillow.coverage_of(_grown(pillow.grey_of(coverage), pixels)) if pixels else coverage


def feathered(coverage: Coverage, pixels: int) -> Coverage:
    """The coverage with a slope of ``pixels`` outside of its rim: nothing of it gets less.

    What would stick out of the extent is cut off, and the extent's own edges get no slope. Feathering by 0
    changes nothing; raises ValueError for less.
    """
    _check(pixels)
    return pillow.coverage_of(_feathered(pillow.grey_of(coverage), pixels)) if pixels else coverage


def _check(pixels: int) -> None:
    if pixels < 0:
        raise ValueError(f"a coverage is not grown or feathered by {pixels} pixels")


def _grown(image: Image.Image, radius: int) -> Image.Image:
    """The maximum over a disc, row by row of the disc.

    A row's maximum over a window of any width is that of two windows whose width is a power of two; Pillow's
    own MaxFilter is square, and twenty times slower.
    """
    if not radius:
        return image
    wide, high = image.size
    windows = image.crop((-radius, -radius, wide + radius, high + radius))  # Pillow adds zeros
    width = 1  # windows[x] is the maximum of that many pixels from x on
    result = image
    for down in range(radius, -1, -1):  # the disc's rows get wider
        half = isqrt(radius**2 - down**2)
        while 2 * width <= 2 * half + 1:
            windows = ImageChops.lighter(windows, _from(windows, width, 0, windows.size))
            width *= 2
        first, last = radius - half, radius + half + 1 - width
        tall = wide, windows.height
        row = ImageChops.lighter(_from(windows, first, 0, tall), _from(windows, last, 0, tall))
        for shift in {radius - down, radius + down}:
            result = ImageChops.lighter(result, _from(row, 0, shift, image.size))
    return result


def _from(image: Image.Image, x: int, y: int, size: tuple[int, int]) -> Image.Image:
    return image.crop((x, y, x + size[0], y + size[1]))


def _feathered(image: Image.Image, pixels: int) -> Image.Image:
    """Grown by half of it and blurred by the other half, so that the slope begins at the rim."""
    half = pixels // 2
    soft = _grown(image, half)
    for radius in _boxes(pixels - half):
        soft = soft.filter(ImageFilter.BoxBlur(radius))  # beyond the image, its edge goes on
    # A box reaches farther at its corners than the disc has grown.
    return ImageChops.lighter(image, soft)


def _boxes(reach: int) -> list[int]:
    """Three boxes, nearly alike, that together reach exactly so far: their blur is nearly Gauss's."""
    return [radius for radius in ((reach + 2) // 3, (reach + 1) // 3, reach // 3) if radius]
