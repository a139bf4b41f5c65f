"""What comes back: a worker's image, checked, decoded and fitted to the frame it was made for."""

from __future__ import annotations

import struct
from enum import Enum
from io import BytesIO
from typing import TYPE_CHECKING

from attrs import frozen

from .geometry import Bounds, Extent, Frame
from .raster import Raster

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_UPSCALING = 4
"""No upscaler of the Horde enlarges a side more than fourfold, and a request may name only one."""
_ALWAYS_ACCEPTED = 4096 * 4096
"""Pixels. A style of the server's may set a size of its own, larger than the one that was requested."""


class BadImageReason(Enum):
    NOT_AN_IMAGE = "not an image"
    """Neither WebP nor PNG nor JPEG: a page of text, a format that no worker sends, nothing at all."""
    TRUNCATED = "truncated"
    """It begins as an image, but is cut off or damaged."""
    TOO_MANY_PIXELS = "too many pixels"
    """It would unpack to far more than was requested."""


class BadImage(ValueError):
    """The bytes are no image that could be shown."""

    def __init__(self, reason: BadImageReason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason


@frozen
class Result:
    """One generation, ready to be landed."""

    raster: Raster
    """The pixels for ``bounds``, one to one."""
    bounds: Bounds
    """Where they belong, in canvas pixels: the frame's bounds, or the part that was asked for."""
    original: Extent
    """The size as it came from the worker: upscaled, or lowered by the Horde."""
    has_alpha: bool
    """Whether any pixel is not wholly opaque (post-processing ``strip_background``)."""


def decode_result(
    data: bytes, frame: Frame, *, part: Bounds | None = None, max_pixels: int | None = None
) -> Result:
    """An image of the Horde (WebP, PNG or JPEG of any size) for the frame that it was requested for.

    The image shows the whole frame; it is resampled once, straight to canvas pixels. ``part`` (canvas pixels,
    inside ``frame.bounds``) spares the pixels that are not needed, e.g. what sticks out of the canvas. Of an
    animation, the first image is taken. Images of more than ``max_pixels``, by default what the largest
    upscaler can make of the request, are refused before they are unpacked.

    Raises `BadImage`, `NoWebP`, and ValueError for a ``part`` beyond the frame.
    """
    bounds = frame.bounds if part is None else part
    if not frame.bounds.contains(bounds):
        raise ValueError(f"{bounds} is not inside of the frame {frame.bounds}")
    if max_pixels is None:
        max_pixels = max(frame.requested.area * LARGEST_UPSCALING**2, _ALWAYS_ACCEPTED)
    image = _decoded(data, max_pixels)
    has_alpha = image.mode == "RGBA"
    return Result(_fitted(image, frame.bounds, bounds), bounds, Extent(*image.size), has_alpha)


def crop_to_region(raster: Raster, frame: Frame) -> Raster:
    """The region's pixels, from a raster of all of ``frame.bounds``; ValueError for one of another size."""
    if raster.extent != frame.bounds.extent:
        raise ValueError(f"a raster of {raster.extent} does not fill the frame {frame.bounds}")
    return raster.cropped(frame.region_in_frame)


def _fitted(image: Image, frame: Bounds, part: Bounds) -> Raster:
    from PIL.Image import Resampling

    from . import pillow

    inside = part.relative_to(frame)
    wide, high = image.size
    box = (
        inside.x * wide / frame.width,
        inside.y * high / frame.height,
        inside.right * wide / frame.width,
        inside.bottom * high / frame.height,
    )
    # Pillow premultiplies an image that has alpha by itself: hidden colours do not bleed into what is seen.
    return pillow.raster_of(image.resize(pillow.size(part.extent), Resampling.LANCZOS, box=box))


def _decoded(data: bytes, max_pixels: int) -> Image:
    """RGBA if something in it is transparent, else RGB."""
    from PIL import Image

    from . import pillow, sniff

    pillow.require_webp()
    kind = sniff.format_of(data)
    if kind is None:
        raise BadImage(BadImageReason.NOT_AN_IMAGE, f"it begins with {data[:12]!r}")
    if kind == "WEBP" and sniff.webp_area(data) > max_pixels:
        raise _too_large(f"{sniff.webp_area(data)} in all")
    try:
        image = Image.open(BytesIO(data), formats=[kind])  # reads the header only
        if image.width * image.height > max_pixels:
            raise _too_large(f"{image.width}×{image.height}")
        return _eight_bit(image)
    except BadImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise _too_large(str(error)) from error
    # What Pillow's decoders are known to raise for damaged bytes; UnidentifiedImageError is an OSError.
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, EOFError, struct.error) as error:
        raise BadImage(BadImageReason.TRUNCATED, f"{kind}: {error}") from error


def _too_large(detail: str) -> BadImage:
    return BadImage(BadImageReason.TOO_MANY_PIXELS, detail)


def _eight_bit(image: Image) -> Image:
    """Unpack, as RGB or RGBA, whatever the image's own mode is."""
    image = _unpacked(image)
    if image.mode.startswith("I;16") or image.mode == "I":
        # A grey PNG of 16 bits. Pillow's own conversion clips at 255 instead of scaling.
        image = image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    if not image.has_transparency_data:
        return _converted(image, "RGB")
    image = _converted(image, "RGBA")
    opaque = image.getchannel("A").getextrema() == (255, 255)
    return image.convert("RGB") if opaque else image


def _unpacked(image: Image) -> Image:
    """With its pixels, and nothing else of 64 MB and more: so much are the pixels of a fourfold 1024 x 1024.

    Pillow's WebP decoder keeps two pictures of that size to itself, for animations, and `Image.load` holds on
    to it while it makes a third and a fourth. Where there is no such decoder (attributes of Pillow 12 and
    13), `load` does the same with more memory.
    """
    decoder = getattr(image, "_decoder", None)
    if image.format != "WEBP" or decoder is None:
        image.load()
        return image
    from PIL import Image as images

    mode, size, raw_mode = image.mode, image.size, image.rawmode  # type: ignore[attr-defined]
    image._decoder = None  # type: ignore[attr-defined]
    first = decoder.get_next()
    del decoder
    if first is None:
        raise EOFError("no first image")
    return images.frombytes(mode, size, first[0], "raw", raw_mode)


def _converted(image: Image, mode: str) -> Image:
    """Not a second time the same, as `Image.convert` makes it."""
    return image if image.mode == mode else image.convert(mode)
