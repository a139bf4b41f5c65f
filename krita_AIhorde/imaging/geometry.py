"""Rectangles, and the way from what the artist selected to the frame that is sent.

All lengths are whole pixels. Sizes are compared and scaled as integers and fractions: a float that is a hair
above a multiple of 64 would ask for 64 pixels more.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from attrs import Attribute, field, frozen
from attrs.validators import ge, gt, instance_of

STEP = 64
"""AI Horde answers 400 (``params.width``) to a width or height that is no multiple of 64."""
HARD_MINIMUM = 64
"""The smallest width or height that AI Horde's schema of ``POST /generate/async`` lets pass."""
HARD_MAXIMUM = 3072
"""The largest one."""
MAX_SOURCE_AREA = 3072 * 3072
"""AI Horde refuses a source image of more pixels than this. It counts the area, not the sides; a source of
exactly the requested size never exceeds it, as no side may be longer than `HARD_MAXIMUM`."""


class NothingInside(ValueError):
    """The region lies outside of the canvas: there is nothing to send."""


@frozen
class Extent:
    """A size in pixels. Raises ValueError if a side is not positive, TypeError if it is not an int."""

    width: int = field(validator=[instance_of(int), gt(0)])
    height: int = field(validator=[instance_of(int), gt(0)])

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def shortest(self) -> int:
        return min(self.width, self.height)

    @property
    def longest(self) -> int:
        return max(self.width, self.height)

    def fits_in(self, other: Extent) -> bool:
        """Whether neither side is longer than the other's."""
        return self.width <= other.width and self.height <= other.height


@frozen
class Bounds:
    """A rectangle of whole pixels, never empty; ``right`` and ``bottom`` are the first pixels outside.

    Raises ValueError if a side is not positive, TypeError if a number is not an int.
    """

    x: int = field(validator=instance_of(int))
    y: int = field(validator=instance_of(int))
    width: int = field(validator=[instance_of(int), gt(0)])
    height: int = field(validator=[instance_of(int), gt(0)])

    @classmethod
    def of_extent(cls, extent: Extent) -> Bounds:
        """The rectangle of that size at the origin: a canvas's own bounds."""
        return cls(0, 0, extent.width, extent.height)

    @classmethod
    def between(cls, left: int, top: int, right: int, bottom: int) -> Bounds:
        """From the first pixels inside to the first pixels outside."""
        return cls(left, top, right - left, bottom - top)

    def __str__(self) -> str:
        return f"{self.width}×{self.height}{self.x:+d}{self.y:+d}"

    @property
    def extent(self) -> Extent:
        return Extent(self.width, self.height)

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """Exact: the middle lies on a pixel's edge or in its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def contains(self, other: Bounds) -> bool:
        """Whether no pixel of ``other`` is outside; every rectangle contains itself."""
        return self.union(other) == self

    def intersection(self, other: Bounds) -> Bounds | None:
        """The pixels that are in both, or None where there are none."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Bounds.between(left, top, right, bottom) if left < right and top < bottom else None

    def union(self, other: Bounds) -> Bounds:
        """The smallest rectangle that contains both."""
        return Bounds.between(
            min(self.x, other.x),
            min(self.y, other.y),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def moved(self, dx: int, dy: int) -> Bounds:
        return Bounds(self.x + dx, self.y + dy, self.width, self.height)

    def relative_to(self, other: Bounds) -> Bounds:
        """The same pixels, counted from the top left corner of ``other``."""
        return self.moved(-other.x, -other.y)

    def grown(self, pixels: int) -> Bounds:
        """Larger by ``pixels`` on each of the four sides; raises ValueError if it shrinks to nothing."""
        return Bounds(self.x - pixels, self.y - pixels, self.width + 2 * pixels, self.height + 2 * pixels)


def _accepted_by_server(_: object, attribute: Attribute[Extent], value: Extent) -> None:
    for side in (value.width, value.height):
        if side % STEP or not HARD_MINIMUM <= side <= HARD_MAXIMUM:
            raise ValueError(
                f"{attribute.name}: {value} is not in steps of {STEP} from {HARD_MINIMUM} to {HARD_MAXIMUM}"
            )


@frozen
class Frame:
    """What one request shows to the Horde.

    ``region`` is what was asked for, cut to the canvas, and ``bounds`` what is sent, both in canvas pixels:
    ``bounds`` contains ``region`` and may stick out of the canvas. ``requested`` is the size, in pixels, that
    the Horde is asked for: ``bounds``, scaled evenly. Raises ValueError for a region outside of ``bounds``
    and for a size that the server would refuse.
    """

    region: Bounds
    bounds: Bounds = field()
    requested: Extent = field(validator=_accepted_by_server)

    @bounds.validator
    def _check_bounds(self, _: object, value: Bounds) -> None:
        if not value.contains(self.region):
            raise ValueError(f"the frame {value} does not contain its region {self.region}")

    @property
    def region_in_frame(self) -> Bounds:
        """The region in canvas pixels, counted from the frame's top left corner."""
        return self.region.relative_to(self.bounds)

    def visible(self, canvas: Extent) -> Bounds:
        """The part of the frame that is inside the canvas. Raises `NothingInside` if there is none."""
        return _cut(self.bounds, canvas)


@frozen
class SizeLimits:
    """The smallest and the largest side of a request, multiples of `STEP` within the server's limits."""

    smallest: int = field(validator=ge(HARD_MINIMUM))
    largest: int = field(validator=ge(HARD_MINIMUM))

    @classmethod
    def normalised(cls, smallest: int, largest: int) -> SizeLimits:
        """Two sizes made possible: the server's limits win, then the largest size, then the smallest."""
        largest = _within_hard_limits(largest // STEP * STEP)
        return cls(min(_within_hard_limits(_step_up(smallest)), largest), largest)

    def scale_for(self, area: Extent) -> Fraction:
        """Request pixels per canvas pixel: 1, unless the area is too small, or (after that) too large."""
        scale = max(Fraction(1), Fraction(self.smallest, area.shortest))
        return min(scale, Fraction(self.largest, area.longest))

    def request_for(self, side: Fraction) -> int:
        """The next multiple of `STEP` that covers a scaled side, within the limits."""
        return min(max(_step_up(side), self.smallest), self.largest)


def default_region(canvas: Extent, smallest: int) -> Bounds:
    """What Generate paints without a selection: a centred square of the smallest size, cut to the canvas."""
    side = SizeLimits.normalised(smallest, HARD_MAXIMUM).smallest
    width, height = min(side, canvas.width), min(side, canvas.height)
    return Bounds((canvas.width - width) // 2, (canvas.height - height) // 2, width, height)


def plan_frame(region: Bounds, canvas: Extent, *, smallest: int, largest: int, context: int = 0) -> Frame:
    """The frame to send for ``region`` (canvas pixels; may stick out of the canvas).

    The region is grown by ``context`` pixels each way and cut to the canvas. It is sent one to one where the
    limits allow, else scaled; both sides are then rounded up to what may be requested, and the frame grows to
    that shape by taking in more of the canvas, never by distortion: an axis is less than one canvas pixel
    longer or shorter than the other axis's scale makes it. ``smallest`` and ``largest`` may be any whole
    numbers, see `SizeLimits`.

    Raises `NothingInside` when the region lies outside of the canvas, ValueError for a negative context.
    """
    if context < 0:
        raise ValueError(f"context must not be negative, but is {context}")
    limits = SizeLimits.normalised(smallest, largest)
    inside = _cut(region, canvas)
    area = _cut(region.grown(context), canvas)
    scale = limits.scale_for(area.extent)
    requested = Extent(limits.request_for(area.width * scale), limits.request_for(area.height * scale))
    size = _frame_extent(requested, scale)
    left = _place(size.width, canvas.width, inside.x, inside.right)
    top = _place(size.height, canvas.height, inside.y, inside.bottom)
    return Frame(inside, Bounds(left, top, size.width, size.height), requested)


def _frame_extent(requested: Extent, scale: Fraction) -> Extent:
    """The frame's size in canvas pixels: ``requested / scale``, in whole pixels of the right shape.

    Half a pixel, rounded off the short side of a narrow frame, is many pixels of the long side; so the sides
    are not rounded each for itself. Rounding down loses nothing of the area to be covered, as that is whole
    too, and keeps a frame that is planned again from asking for the next larger size.
    """
    long, short = floor(requested.longest / scale), floor(requested.shortest / scale)
    if long * requested.shortest - short * requested.longest >= requested.shortest:
        short += 1
        long = ceil(Fraction(short * requested.longest, requested.shortest))
    return Extent(long, short) if requested.width >= requested.height else Extent(short, long)


def _place(size: int, canvas: int, first: int, end: int) -> int:
    """Where a side begins: centred on the region (``first`` to ``end``), then shifted in or over the canvas.

    The context comes in by itself: the frame is long enough for it, and has as much on either side of the
    region, unless the canvas ends there.
    """
    slack = canvas - size
    return min(max((first + end - size) // 2, min(0, slack)), max(0, slack))


def _cut(bounds: Bounds, canvas: Extent) -> Bounds:
    inside = bounds.intersection(Bounds.of_extent(canvas))
    if inside is None:
        raise NothingInside(f"{bounds} lies outside of the canvas of {canvas}")
    return inside


def _step_up(side: int | Fraction) -> int:
    return ceil(Fraction(side, STEP)) * STEP


def _within_hard_limits(side: int) -> int:
    return min(max(side, HARD_MINIMUM), HARD_MAXIMUM)
