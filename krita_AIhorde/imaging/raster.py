"""Pixels as plain bytes: pictures and coverages, as Krita and Qt hold them.

The types themselves need no Pillow; what works on pixels imports it when it is called, as Krita's start must
not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import Attribute, field, frozen
from attrs.validators import instance_of

from .geometry import Bounds, Extent


def _bytes_per_pixel(count: int) -> Callable[[Raster | Coverage, Attribute[bytes], bytes], None]:
    def check(pixels: Raster | Coverage, _: Attribute[bytes], data: bytes) -> None:
        expected = pixels.extent.area * count
        if len(data) != expected:
            raise ValueError(f"{pixels.extent} pixels are {expected} bytes, not {len(data)}")

    return check


@frozen
class Raster:
    """A picture in sRGB: 8 bits a channel in the order B, G, R, A, alpha not premultiplied, rows packed, top
    first.

    These are the bytes of ``QImage.Format_ARGB32`` on every machine that Krita runs on (all are
    little-endian), and of Krita's ``pixelData`` in an RGBA/U8 document. Raises ValueError if ``data`` is not
    4 bytes a pixel.
    """

    extent: Extent
    data: bytes = field(repr=False, validator=[instance_of(bytes), _bytes_per_pixel(4)])

    def cropped(self, bounds: Bounds) -> Raster:
        """The pixels inside ``bounds``, which are counted from this picture's top left corner.

        Raises ValueError when some of them lie outside of it.
        """
        from . import pillow

        return pillow.raster_of(pillow.crop(pillow.image_of(self), bounds))


@frozen
class Coverage:
    """How much of each pixel is meant: one byte a pixel, 0 none of it to 255 all of it, rows packed, top
    first.

    A selection, a mask that was painted, and the transparency mask of a layer are all this; Krita keeps its
    own in the same bytes. Raises ValueError if ``data`` is not 1 byte a pixel.
    """

    extent: Extent
    data: bytes = field(repr=False, validator=[instance_of(bytes), _bytes_per_pixel(1)])

    @classmethod
    def uniform(cls, extent: Extent, value: int = 255) -> Coverage:
        """The same coverage everywhere."""
        return cls(extent, bytes([value]) * extent.area)

    @property
    def is_full(self) -> bool:
        """Whether every pixel is wholly covered."""
        return self.data == b"\xff" * len(self.data)

    @property
    def is_plain_rectangle(self) -> bool:
        """Whether a rectangle is wholly covered and nothing else at all: what needs no mask, only bounds."""
        bounds = self.bounds()
        return bounds is not None and self.cropped(bounds).is_full

    def bounds(self) -> Bounds | None:
        """The smallest rectangle with all that is covered in any degree, or None where nothing is."""
        from . import pillow

        box = pillow.grey_of(self).getbbox()
        return None if box is None else Bounds.between(*box)

    def cropped(self, bounds: Bounds) -> Coverage:
        """The part inside ``bounds``, counted from the top left corner. ValueError beyond the edges."""
        from . import pillow

        return pillow.coverage_of(pillow.crop(pillow.grey_of(self), bounds))

    def within(self, extent: Extent, x: int, y: int) -> Coverage:
        """This coverage on an uncovered ground of ``extent``, its top left corner at ``x``, ``y`` of that.

        What sticks out of the ground is cut off.
        """
        from . import pillow

        ground = pillow.new("L", extent, 0)
        ground.paste(pillow.grey_of(self), (x, y))
        return pillow.coverage_of(ground)

    def multiply(self, other: Coverage) -> Coverage:
        """What both cover: 255 x 255 is 255, and so any coverage is unchanged by a full one.

        Raises ValueError for different extents.
        """
        from . import pillow

        if other.extent != self.extent:
            raise ValueError(f"a coverage of {self.extent} cannot be multiplied by one of {other.extent}")
        return pillow.coverage_of(pillow.multiply(pillow.grey_of(self), pillow.grey_of(other)))


def coverage_of_paint(raster: Raster) -> Coverage:
    """What a mask that was painted means: opacity times lightness, so that opaque white is 255.

    Black or erased paint takes away. Lightness is Rec. 709's luminance, on the sRGB values as they are: what
    looks half grey to the artist covers by half.
    """
    from . import pillow

    image = pillow.image_of(raster)
    return pillow.coverage_of(pillow.multiply(pillow.luminance(image), image.getchannel("A")))
