"""The one way from the frame's canvas pixels to the request's pixels: sources and masks go it alike."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from math import ceil, floor

from attrs import frozen
from PIL import Image

from . import pillow
from .geometry import Bounds, Frame

_REACH = 4
"""Lanczos reads three pixels of the coarser of the two grids to either side; one more for rounding."""
_REDUCING_GAP = 3.0
"""Beyond a sixth of the size, Pillow averages first: visibly the same picture, and many times faster."""


class Beyond(Enum):
    """What there is in those parts of a frame of which no pixels are at hand."""

    NOTHING = "nothing"
    """0, from the first pixel on."""
    BLEED = "bleed"
    """The nearest pixel at hand as far as a filter reads, so that the edge stays whole; then 0."""


@frozen
class _Margins:
    """Pixels to add on each side of an image."""

    left: int
    top: int
    right: int
    bottom: int


@frozen
class _Axis:
    """One axis of the way: pixels ``start`` to ``stop`` of the request are drawn from ``box`` of the image.

    ``box`` counts the pixels of the image after it has got ``before`` and ``after`` more at its ends. These
    are as many as a filter reads, so that what is at hand and what is beyond it blend as if both were pixels.
    """

    start: int
    stop: int
    box: tuple[float, float]
    before: int
    after: int

    @classmethod
    def between(cls, first: int, end: int, frame: int, requested: int) -> _Axis:
        """For an image of the pixels ``first`` to ``end`` of a frame's side."""
        margin = ceil(Fraction(frame, requested)) * _REACH
        before, after = min(margin, first), min(margin, frame - end)
        first, end = first - before, end + after
        start, stop = ceil(Fraction(first * requested, frame)), floor(Fraction(end * requested, frame))
        # A division of whole numbers is exact where its result is whole: the frame's own ends are met.
        return cls(
            start, stop, (start * frame / requested - first, stop * frame / requested - first), before, after
        )


def to_request(
    image: Image.Image, part: Bounds, frame: Frame, filter: Image.Resampling, beyond: Beyond
) -> Image.Image:
    """``image``, which shows ``part`` of the frame (canvas pixels), at its place in the request.

    It is resampled once. What lies ``beyond`` it is filled in after that, as it may be much larger than the
    canvas: the frame around a strip of 20000 x 30 pixels is 20000 x 10000. Raises ValueError if ``part`` is
    not inside the frame, or is not of the image's size.
    """
    if not frame.bounds.contains(part) or pillow.size(part.extent) != image.size:
        raise ValueError(
            f"{image.width}×{image.height} pixels do not show {part} of the frame {frame.bounds}"
        )
    inside, requested = part.relative_to(frame.bounds), frame.requested
    across = _Axis.between(inside.x, inside.right, frame.bounds.width, requested.width)
    down = _Axis.between(inside.y, inside.bottom, frame.bounds.height, requested.height)
    margins = _Margins(across.before, down.before, across.after, down.after)
    readable = _extended(image, margins, repeat=beyond is Beyond.BLEED)
    resized = readable.resize(
        (across.stop - across.start, down.stop - down.start),
        filter,
        box=(across.box[0], down.box[0], across.box[1], down.box[1]),
        reducing_gap=_REDUCING_GAP,
    )
    rest = _Margins(across.start, down.start, requested.width - across.stop, requested.height - down.stop)
    return _extended(resized, rest, repeat=False)


def _extended(image: Image.Image, margins: _Margins, *, repeat: bool) -> Image.Image:
    """The image with margins of its nearest pixels, or of 0."""
    if margins == _Margins(0, 0, 0, 0):
        return image
    left, top = margins.left, margins.top
    right, bottom = left + image.width, top + image.height
    result = Image.new(image.mode, (right + margins.right, bottom + margins.bottom))
    result.paste(image, (left, top))
    if repeat:
        # Columns first; the rows that are repeated then hold the corners already.
        _repeat(result, (left, top, left + 1, bottom), (0, top, left, bottom))
        _repeat(result, (right - 1, top, right, bottom), (right, top, result.width, bottom))
        _repeat(result, (0, top, result.width, top + 1), (0, 0, result.width, top))
        _repeat(result, (0, bottom - 1, result.width, bottom), (0, bottom, result.width, result.height))
    return result


def _repeat(image: Image.Image, line: tuple[int, int, int, int], onto: tuple[int, int, int, int]) -> None:
    """Fill a rectangle of the image with one of its rows or columns."""
    size = onto[2] - onto[0], onto[3] - onto[1]
    if all(size):
        image.paste(image.crop(line).resize(size, Image.Resampling.NEAREST), onto)
