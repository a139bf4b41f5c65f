"""What is sent: the source image and its mask, in the Horde's pixels."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from .geometry import Bounds, Extent, Frame
from .raster import Coverage, Raster

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 95
"""Of a source's WebP. The Horde packs it again at 50 before a worker sees it: more would never show."""
_METHOD = 1
"""WebP's effort, 0 to 6. For as many bytes, 1 takes a quarter to a half less time than the default of 4; at
0, masks are two to six times larger."""


def encode_source(visible: Raster | None, frame: Frame, canvas: Extent) -> bytes:
    """The source image: WebP, RGB without alpha, of exactly ``frame.requested``.

    ``visible`` holds the pixels of ``frame.visible(canvas)``; None is a blank canvas. Beyond the canvas its
    edge is repeated, as a model takes black bars for a part of the picture. Raises ValueError when
    ``visible`` is of another size, `NothingInside` for a frame outside of the canvas, `NoWebP`.
    """
    from PIL.Image import Resampling

    from . import pillow
    from .resample import Beyond, to_request

    if visible is None:
        return _webp(pillow.new("RGB", frame.requested, "white"))
    shown = _flattened(visible)
    return _webp(to_request(shown, frame.visible(canvas), frame, Resampling.LANCZOS, Beyond.EDGE))


def encode_mask(coverage: Coverage, frame: Frame, covers: Bounds | None = None) -> bytes:
    """The source mask: lossless WebP, grey as RGB, of exactly ``frame.requested``. White is repainted, black
    kept.

    ``coverage`` covers ``covers`` (canvas pixels, inside the frame), by default all of ``frame.bounds``;
    nothing is covered outside of it. Its pixels go the way of the source's. Raises ValueError when
    ``coverage`` is of another size, `NoWebP`.
    """
    from PIL.Image import Resampling

    from . import pillow
    from .resample import Beyond, to_request

    # Not Lanczos: it overshoots, and would leave faint rings of "repaint a little" around every hard edge.
    grey = pillow.grey_of(coverage)
    mask = to_request(grey, covers or frame.bounds, frame, Resampling.BILINEAR, Beyond.NOTHING)
    return _webp(mask.convert("RGB"), lossless=True)


def refit(encoded: bytes, extent: Extent) -> bytes:
    """An encoded source at exactly ``extent``: itself, if it has that size."""
    from io import BytesIO

    from PIL import Image
    from PIL.Image import Resampling

    from . import pillow

    image = Image.open(BytesIO(encoded), formats=["WEBP"])
    if image.size == pillow.size(extent):
        return encoded
    return _webp(image.convert("RGB").resize(pillow.size(extent), Resampling.LANCZOS))


def to_base64(data: bytes) -> str:
    """As AI Horde takes images in JSON: plain base64; it refuses a ``data:`` prefix."""
    return b64encode(data).decode("ascii")


def _flattened(raster: Raster) -> Image:
    """The picture on white, Krita's default paper.

    A transparent pixel has a colour too, mostly black and never meant to be seen: sent as it is, or merely
    without its alpha, it would be taken for paint. An alpha channel is no way out, since the Horde reads it
    as a mask. Being flattened before it is resized, no such colour bleeds into its neighbours either.
    """
    from . import pillow

    return pillow.over_white(pillow.image_of(raster))


def _webp(image: Image, *, lossless: bool = False) -> bytes:
    from io import BytesIO

    from . import pillow

    pillow.require_webp()
    packed = BytesIO()
    if lossless:
        image.save(packed, "WEBP", lossless=True, method=_METHOD)
    else:
        image.save(packed, "WEBP", quality=QUALITY, method=_METHOD)
    return packed.getvalue()
