"""What workers upload: pictures, and what their faults make of them."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable

from PIL import Image

_HTML = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>\n"


def spoiled(data: bytes, faults: dict[str, int | None]) -> bytes | None:
    """What a worker with these faults uploads in place of `data`; None: nothing. Takes a moment for some."""
    if "no_upload" in faults:
        return None
    made: dict[str, Callable[[bytes], bytes]] = {
        "corrupt_image": lambda _: b"This is not the image that was asked for. " * 20,
        "garbage_image": lambda data: random.Random(data).randbytes(1500),
        "truncated_image": lambda data: data[: len(data) // 2],
        "gif_image": _gif,
        "html_image": lambda _: _HTML,
        "empty_image": lambda _: b"",
        "huge_image": lambda _: _bomb(),
    }
    return next((make(data) for name, make in made.items() if name in faults), data)


def _gif(data: bytes) -> bytes:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.thumbnail((64, 64))
    buffer = io.BytesIO()
    image.save(buffer, "GIF")
    return buffer.getvalue()


def _bomb(side: int = 16384) -> bytes:
    """A valid black PNG of `side` x `side` pixels, 1 bit each, in a few kilobytes."""
    rows = zlib.compress(bytes((1 + side // 8) * side), 9)
    header = side.to_bytes(4, "big") * 2 + bytes((1, 0, 0, 0, 0))
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    body = b"".join(
        len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
        for kind, content in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def inline(data: bytes | None) -> bytes | None:
    """The upload as the server hands it out in the status itself (``r2: false``): re-encoded, RGB stays
    RGB. An upload that is no image is handed out as it is."""
    if not data:
        return None
    try:
        image = Image.open(io.BytesIO(data))
        buffer = io.BytesIO()
        image.save(buffer, "WEBP", quality=80)
    except (OSError, ValueError, Image.DecompressionBombError):
        return data
    return buffer.getvalue()
