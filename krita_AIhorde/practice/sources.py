"""Source images and masks on their way in: decoded, checked, and re-encoded as lossily as the real server
does it."""

from __future__ import annotations

import base64
import binascii
import io

from PIL import Image

from .errors import NO_IMAGE, HordeError, bad_request

MOST_PIXELS = 3072 * 3072
SERVER_QUALITY = 50


def stored(text: str) -> bytes:
    """The picture in `text` (base64) as WebP of quality 50, which is all that a worker ever sees of it.

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
        return _as_webp(image)
    except (OSError, ValueError, SyntaxError):
        raise bad_request("ImageValidationFailed", NO_IMAGE) from None


def source_and_mask(source: str, mask: str | None, processing: str) -> tuple[bytes, bytes | None]:
    """Both, stored. Raises HordeError, also for inpainting with neither a mask nor an alpha channel."""
    kept = stored(source)
    if mask is not None:
        return kept, stored(mask)
    # What counts is the picture as it was sent. An opaque WebP has three bands, whatever it was made of, and
    # grey with alpha has two.
    if processing == "inpainting" and len(_opened(base64.b64decode(source)).getbands()) != 4:
        raise missing_mask()
    return kept, None


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


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
