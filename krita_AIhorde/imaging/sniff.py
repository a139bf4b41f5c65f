"""What the first bytes of a download tell, before anything is unpacked."""

from __future__ import annotations

_FOURTEEN_BITS = 0x3FFF


def format_of(data: bytes) -> str | None:
    """Pillow's name of a format that workers send, or None. What a download calls itself does not count."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    return "JPEG" if data[:3] == b"\xff\xd8\xff" else None


def webp_area(data: bytes) -> int:
    """The number of pixels that a WebP says it has; 0 where it says nothing.

    Only WebP needs this: its decoder reserves memory for the whole picture when it is created, and Pillow up
    to 12.3 creates it before it looks at the size. The layouts are those of RFC 9649 and, for VP8, RFC 6386.
    """
    chunk = data[12:16]
    if chunk == b"VP8X":
        return (_number(data[24:27]) + 1) * (_number(data[27:30]) + 1)
    if chunk == b"VP8L":
        sides = _number(data[21:25])
        return ((sides & _FOURTEEN_BITS) + 1) * ((sides >> 14 & _FOURTEEN_BITS) + 1)
    if chunk == b"VP8 ":
        return (_number(data[26:28]) & _FOURTEEN_BITS) * (_number(data[28:30]) & _FOURTEEN_BITS)
    return 0


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")
