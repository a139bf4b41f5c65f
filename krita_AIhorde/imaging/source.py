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
"""WebP's effort, 0 to 6. For as many bytes, 1 takes a quarter to a half less time than the default of 4."""
_MASK_METHOD = 0
"""Of a feathered mask in 1024 x 1024, 0 makes 40 to 90 kB in 20 to 35 ms; 1, at most a fifth less in 150 to
200 ms. A hard one is a few kB in either."""


def encode_source(visible: Raster | None, frame: Frame, canvas: Extent, *, on_paper: bool = False) -> bytes:
    """The source image: WebP, RGB without alpha, of exactly ``frame.requested``.

    ``visible`` holds the pixels of ``frame.visible(canvas)``; None is a blank canvas, white. Where it is
    transparent, and beyond the canvas, the picture's colours are carried on (see `fill`): a model takes
    whatever is there for a part of the picture, and img2img with a mask starts from it. With ``on_paper``
    the picture lies on white where it is transparent: lines on a layer of their own stay lines. Raises
    ValueError when ``visible`` is of another size, `NothingInside` for a frame outside of the canvas,
    `NoWebP`.
    """
    from . import pillow

    if visible is None:
        return _webp(pillow.new("RGB", frame.requested, "white"))
    image = pillow.image_of(visible)
    if on_paper:
        image = pillow.over_white(image).convert("RGBA")
    return _webp(_shown(image, frame.visible(canvas), frame))


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


def _shown(image: Image, part: Bounds, frame: Frame) -> Image:
    """RGB of the requested size, from RGBA of the visible part.

    What is transparent is filled in the smaller of the two grids, which may differ a hundredfold in pixels.
    It is never sent with its alpha: the Horde reads that as a mask.
    """
    from PIL.Image import Resampling

    from . import pillow
    from .fill import filled
    from .resample import Beyond, to_request

    lanczos = Resampling.LANCZOS
    is_opaque = image.getchannel("A").getextrema() == (255, 255)
    if is_opaque and part == frame.bounds:
        return to_request(image.convert("RGB"), part, frame, lanczos, Beyond.NOTHING)
    if frame.bounds.area <= frame.requested.area:
        inside = part.relative_to(frame.bounds)
        whole = pillow.new("RGBA", frame.bounds.extent, "#00000000")
        whole.paste(image, (inside.x, inside.y))
        return to_request(filled(whole), frame.bounds, frame, lanczos, Beyond.NOTHING)
    # Premultiplied, lest the colour that a transparent pixel hides bleed into its neighbours. Beside what is
    # transparent Lanczos overshoots, in colour more than in alpha, which ends at 255: a bright rim.
    kind = lanczos if is_opaque else Resampling.HAMMING
    image = to_request(image.convert("RGBa"), part, frame, kind, Beyond.BLEED)
    return filled(image.convert("RGBA"))


def _webp(image: Image, *, lossless: bool = False) -> bytes:
    from io import BytesIO

    from . import pillow

    pillow.require_webp()
    packed = BytesIO()
    if lossless:
        image.save(packed, "WEBP", lossless=True, method=_MASK_METHOD)
    else:
        image.save(packed, "WEBP", quality=QUALITY, method=_METHOD)
    return packed.getvalue()
