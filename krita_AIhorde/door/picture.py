"""Paints the demo's picture, a lake between hills at sunset, with nothing but arithmetic."""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import Path

WIDTH, HEIGHT = 1024, 768
_HORIZON = 440  # the water's far edge, in pixels from the top
_SUN = (845.0, 300.0, 44.0)  # x, y, radius

Colour = tuple[float, float, float]

_ZENITH: Colour = (42, 66, 128)
_GLOW: Colour = (255, 183, 110)
_DISC: Colour = (255, 244, 214)
_HILLS: tuple[tuple[float, float, Colour], ...] = (  # height of the ridge, its roughness, colour
    (330, 60, (124, 104, 142)),
    (372, 44, (84, 82, 118)),
    (410, 26, (48, 62, 78)),
)


def paint(path: Path) -> None:
    """Write the picture to ``path``: 1024 x 768 pixels, RGB, 8 bits."""
    ridges = [
        [_ridge(x, level, rough, index) for x in range(WIDTH)]
        for index, (level, rough, _) in enumerate(_HILLS)
    ]
    land = [b"".join(_pixel(x, y, ridges) for x in range(WIDTH)) for y in range(_HORIZON)]
    rows = land + [_water(land, y) for y in range(_HORIZON, HEIGHT)]
    path.write_bytes(_png(rows))


def _ridge(x: int, level: float, rough: float, seed: int) -> float:
    waves = ((0.004, 1.0), (0.011, 0.5), (0.029, 0.22), (0.071, 0.1))
    return level - rough * sum(size * math.sin(x * step + 1.7 * seed + 40 * step) for step, size in waves)


def _pixel(x: int, y: int, ridges: list[list[float]]) -> bytes:
    for index in range(len(ridges) - 1, -1, -1):
        if y >= ridges[index][x]:
            haze = min(1.0, (y - ridges[index][x]) / 140)
            return _bytes(_mix(_HILLS[index][2], _GLOW, 0.35 * haze))
    return _bytes(_sky(x, y))


def _sky(x: int, y: int) -> Colour:
    colour = _mix(_ZENITH, _GLOW, (y / _HORIZON) ** 1.4)
    away = math.hypot(x - _SUN[0], y - _SUN[1])
    if away < _SUN[2]:
        return _DISC
    return _mix(colour, _DISC, 0.7 * math.exp(-(away - _SUN[2]) / 70))


def _water(land: list[bytes], y: int) -> bytes:
    """The land upside down, stretched and rippled, and darker the nearer it is."""
    depth = y - _HORIZON
    ripple = math.sin(depth * 0.55) * (1 + depth / 60)
    mirrored = land[max(0, min(_HORIZON - 1, int(_HORIZON - 1 - depth * 1.25 - ripple)))]
    shift = 3 * int(math.sin(depth * 0.9) * (2 + depth / 30))
    shade = 0.82 - 0.4 * depth / (HEIGHT - _HORIZON)
    table = bytes(int(value * shade) for value in range(256))
    return (mirrored[shift:] + mirrored[:shift]).translate(table)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    a, b = 1 - share, share
    return (one[0] * a + other[0] * b, one[1] * a + other[1] * b, one[2] * a + other[2] * b)


def _bytes(colour: Colour) -> bytes:
    return bytes((int(colour[0]), int(colour[1]), int(colour[2])))


def _png(rows: list[bytes]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
