"""Source images and masks on their way in: decoded, checked, and re-encoded as lossily as the real server
does it."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from .errors import NO_IMAGE, HordeError, bad_request

MOST_PIXELS = 3072 * 3072
SERVER_QUALITY = 50


@dataclass(frozen=True)
class Stored:
    """`data` is a WebP of quality 50, which is all that a worker ever sees of a picture; `bands` is the
    number that the picture had when it was sent."""

    data: bytes
    bands: int


def stored(text: str) -> Stored:
    """The picture in `text` (base64), encoded anew.

    Raises HordeError for what is no picture, has too many pixels, or is a URL: the practice horde is offline.
    """
    if text.startswith(("http://", "https://")):
        message = "Image validation failed. Something went wrong when retrieving image url."
        raise bad_request("ImageValidationFailed", message)
    try:
        data = base64.b64decode(text, validate=False)
        image = Image.open(io.BytesIO(data))
    except (
        binascii.Error,
        ValueError,
        OSError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        raise bad_request("ImageValidationFailed", NO_IMAGE) from None
    if image.width * image.height > MOST_PIXELS:
        message = "Image validation failed. Image size cannot exceed 3072*3072 pixels"
        raise bad_request("SourceImageResolutionExceeded", message)
    try:
        return Stored(_as_webp(image), len(image.getbands()))
    except (OSError, ValueError, SyntaxError):
        raise bad_request("ImageValidationFailed", NO_IMAGE) from None


def source_and_mask(
    source: str | None, mask: str | None, processing: str, extras: Sequence[str] = ()
) -> tuple[bytes | None, bytes | None]:
    """Both, stored. Raises HordeError, also for inpainting with neither a mask nor an alpha channel, and for
    `extras` (further source images) that are none: they are looked at last, and only looked at.

    An alpha channel is what splits into four bands as it was sent: an opaque RGBA PNG has one, palettes and
    grey pictures with transparency have none.
    """
    kept = stored(source) if source else None
    hidden = stored(mask) if kept and mask else None
    if kept and hidden is None and processing == "inpainting" and kept.bands != 4:
        raise missing_mask()
    for extra in extras:
        stored(extra)
    return (kept.data if kept else None), (hidden.data if hidden else None)


def missing_mask() -> HordeError:
    return bad_request(
        "InpaintingMissingMask",
        "Image validation failed. Inpainting requests must either include a mask, or an alpha channel.",
    )


def _as_webp(image: Image.Image) -> bytes:
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    image = image.convert("RGBA" if has_alpha else "RGB")
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=SERVER_QUALITY)
    return buffer.getvalue()
