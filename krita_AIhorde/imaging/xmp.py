"""An XMP packet put into an image file, and taken out of it, without touching a byte of the picture.

Every part of the file that is not the packet is carried over as it is, in its order. Where the packet goes is
said by RFC 9649 (WebP), the PNG specification and part 3 of the XMP specification (PNG, JPEG).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from . import sniff

LARGEST_PACKET = 2**20
"""Bytes: more than a recipe ever needs, and far less text than makes Pillow refuse a PNG (64 MiB)."""
_LARGEST_RIFF = 2**32 - 10
_LARGEST_SEGMENT = 0xFFFF - 2  # of a JPEG, without its length

_PNG_START = 8
_PNG_KEYWORD = b"XML:com.adobe.xmp\0"
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_EXTENDED_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_APP0, _APP1, _APP2, _SOS = 0xE0, 0xE1, 0xE2, 0xDA

Part = tuple[bytes, bytes]
"""A chunk's name, or a segment's marker, and what is in it."""


class Unfit(ValueError):
    """The file is damaged, of another kind, or has no room for the packet."""


def with_packet(data: bytes, packet: bytes) -> bytes:
    """The WebP, PNG or JPEG with ``packet`` as its only XMP. Raises Unfit."""
    if len(packet) > LARGEST_PACKET:
        raise Unfit(f"{len(packet)} bytes of metadata")
    kind = sniff.format_of(data)
    if kind == "WEBP":
        return _webp_with(data, packet)
    if kind == "PNG":
        return _png_with(data, packet)
    if kind == "JPEG":
        return _jpeg_with(data, packet)
    raise Unfit("no image that we know")


def packet_of(data: bytes) -> bytes | None:
    """The XMP of a WebP, PNG or JPEG, None where it has none. Raises Unfit."""
    kind = sniff.format_of(data)
    packets: Iterator[bytes] = iter(())
    if kind == "WEBP":
        packets = (body for name, body in _riff(data)[0] if name == b"XMP ")
    elif kind == "PNG":
        packets = (_text(body) for name, body in _png(data)[0] if _is_png_xmp(name, body))
    elif kind == "JPEG":
        segments = (body for marker, body in _jpeg(data)[0] if marker[0] == _APP1)
        packets = (body[len(_JPEG_XMP) :] for body in segments if body.startswith(_JPEG_XMP))
    packet = next(packets, b"")
    return packet if 0 < len(packet) <= LARGEST_PACKET else None


# WebP (RFC 9649): chunks of a name, a little-endian length and a body that is padded to an even length.

_ICC, _ALPHA, _XMP = 0x20, 0x10, 0x04  # flags of VP8X
_PICTURE = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF")


def _webp_with(data: bytes, packet: bytes) -> bytes:
    chunks, rest = _riff(data)
    if not chunks:
        raise Unfit("a WebP with nothing in it")
    name, header = chunks[0]
    if name == b"VP8X":
        if len(header) < 10:
            raise Unfit("a WebP with half a header")
        header = bytes([header[0] | _XMP]) + header[1:]
        others = [chunk for chunk in chunks[1:] if chunk[0] != b"XMP "]
    else:
        # A decoder looks at nothing but the first chunk here. With our header it would look at all of them,
        # so what was of no account before stays away from the picture.
        if any(other in _PICTURE for other, _ in chunks[1:]):
            raise Unfit("a plain WebP with two pictures")
        header = _extended_header(name, header)
        others = [chunks[0]]
    parts = [b"WEBP", *(_chunk(*chunk) for chunk in [(b"VP8X", header), *others, (b"XMP ", packet)])]
    size = sum(map(len, parts))
    if size > _LARGEST_RIFF:
        raise Unfit("more than a WebP can hold")
    return b"".join([b"RIFF", size.to_bytes(4, "little"), *parts, rest])


def _riff(data: bytes) -> tuple[list[Part], bytes]:
    """The chunks, and what follows behind the end that the file itself names."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Unfit("a WebP that was cut off")
    chunks, at = [], 12
    while at < end:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        following = at + 8 + length + length % 2
        if following > end:
            raise Unfit("a WebP whose chunks do not fit")
        chunks.append((data[at : at + 4], data[at + 8 : at + 8 + length]))
        at = following
    return chunks, data[end:]


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


def _extended_header(name: bytes, body: bytes) -> bytes:
    """The body of a VP8X chunk for a still picture that had none; sizes as in `sniff.webp_area`."""
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) >= 10:
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        alpha = 0
    elif name == b"VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        alpha = _ALPHA if bits >> 28 & 1 else 0
    else:
        raise Unfit("a WebP without a picture")
    if not width or not height:
        raise Unfit("a WebP of no size")
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes([alpha | _XMP, 0, 0, 0]) + sides


# PNG: chunks of a big-endian length, a name, a body and a checksum of the latter two.


def _png_with(data: bytes, packet: bytes) -> bytes:
    chunks, end = _png(data)
    body = _PNG_KEYWORD + bytes(4) + packet  # not compressed, no language, no translated keyword
    crc = zlib.crc32(body, zlib.crc32(b"iTXt"))
    ours = len(body).to_bytes(4, "big") + b"iTXt" + body + crc.to_bytes(4, "big")
    kept, at = [data[:_PNG_START]], _PNG_START
    for name, old in chunks:
        following = at + 12 + len(old)
        if not _is_png_xmp(name, old):
            kept.append(data[at:following])  # with the checksum that it came with
        at = following
    return b"".join([*kept, ours, data[end:]])


def _png(data: bytes) -> tuple[list[Part], int]:
    """The chunks before IEND, and where that one begins."""
    chunks: list[Part] = []
    at = _PNG_START
    while True:
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            raise Unfit("a PNG that was cut off or damaged")
        if name == b"IEND":
            break
        chunks.append((name, data[at + 8 : at + 8 + length]))
        at += 12 + length
    if not any(name == b"IDAT" for name, _ in chunks):
        raise Unfit("a PNG without a picture")
    return chunks, at


def _is_png_xmp(name: bytes, body: bytes) -> bool:
    return name == b"iTXt" and body.startswith(_PNG_KEYWORD)


def _text(body: bytes) -> bytes:
    """What an iTXt chunk says, unpacked if need be."""
    parts = body[len(_PNG_KEYWORD) + 2 :].split(b"\0", 2)
    compressed = body[len(_PNG_KEYWORD) : len(_PNG_KEYWORD) + 1] == b"\x01"
    if len(parts) < 3 or not compressed:
        return parts[-1]
    try:
        return zlib.decompressobj().decompress(parts[2], LARGEST_PACKET + 1)
    except zlib.error as error:
        raise Unfit("damaged text") from error


# JPEG: segments of a marker, a big-endian length that counts itself, and a body; then the picture.


def _jpeg_with(data: bytes, packet: bytes) -> bytes:
    body = _JPEG_XMP + packet
    if len(body) > _LARGEST_SEGMENT:
        raise Unfit(f"{len(packet)} bytes do not go into one segment of a JPEG")
    segments, picture = _jpeg(data)
    if any(marker[0] == _APP2 and old.startswith(b"MPF\0") for marker, old in segments):
        raise Unfit("a JPEG with more pictures behind the first, found by their distance")
    kept = [segment for segment in segments if not _is_jpeg_xmp(*segment)]
    # JFIF's and Exif's own segments each have to be the first one.
    first = 0
    while first < len(kept) and _is_jpeg_start(*kept[first]):
        first += 1
    kept.insert(first, (bytes([_APP1]), body))
    return b"".join([data[:2], *(_segment(*segment) for segment in kept), data[picture:]])


def _jpeg(data: bytes) -> tuple[list[Part], int]:
    """The segments before the picture, and where that begins."""
    segments: list[Part] = []
    at = 2
    while True:
        if data[at : at + 1] != b"\xff":
            raise Unfit("a JPEG whose segments do not fit")
        while data[at + 1 : at + 2] == b"\xff":  # a marker may be filled up
            at += 1
        marker = data[at + 1 : at + 2]
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == bytes([_SOS]):
            return segments, at
        if not marker or not 0xC0 <= marker[0] <= 0xFE or 0xD0 <= marker[0] <= 0xD9:
            raise Unfit("a JPEG without a picture")
        if length < 2 or at + 2 + length > len(data):
            raise Unfit("a JPEG that was cut off")
        segments.append((marker, data[at + 4 : at + 2 + length]))
        at += 2 + length


def _segment(marker: bytes, body: bytes) -> bytes:
    return b"\xff" + marker + (len(body) + 2).to_bytes(2, "big") + body


def _is_jpeg_xmp(marker: bytes, body: bytes) -> bool:
    return marker[0] == _APP1 and body.startswith((_JPEG_XMP, _JPEG_EXTENDED_XMP))


def _is_jpeg_start(marker: bytes, body: bytes) -> bool:
    return marker[0] == _APP0 or (marker[0] == _APP1 and body.startswith(b"Exif\0"))
