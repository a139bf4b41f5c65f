"""Something plausible where there is no picture: its colours, carried on into what is transparent."""

from __future__ import annotations

from PIL import Image

from . import pillow

SEED = 128
"""The alpha from which on a pixel's colour is carried on: where there is more of it than of the ground.

What a resampling filter leaves beside an edge is far below, and so are its colours' few bits."""
_LOWEST, _HIGHEST = 0, 255
_WEIGHTS = [0 if share < 8 else min(8 * share, 255) for share in range(256)]
"""Of a coarse pixel's colour, by the share of its surroundings that has one: a pixel alone gives its own
coarse one 9/64, which is enough for all of it. Below 8/255, a colour has no bits left to be true."""


def filled(image: Image.Image) -> Image.Image:
    """RGB from RGBA: the picture on a ground that carries on its colours where it is transparent.

    Opaque pixels stay as they are, others lie on the ground by their alpha. Beside an edge, the ground has
    the edge's colours; farther off, more and more of the picture has its say. No channel of it leaves the
    range that it has among the pixels of at least `SEED`; where there are none, the ground is white, Krita's
    default paper. Whatever colour a transparent pixel hides counts nothing. The same picture gives the same
    bytes.
    """
    alpha = image.getchannel("A")
    if alpha.getextrema() == (_HIGHEST, _HIGHEST):
        return image.convert("RGB")
    seeds = alpha.point([_LOWEST] * SEED + list(range(SEED, 256)))
    if seeds.getbbox() is None:
        return pillow.over_white(image)
    colours = image.convert("RGB")
    ground = _clipped(_spread(colours, seeds), colours, seeds)
    ground.paste(colours, mask=alpha)
    return ground


def _spread(colours: Image.Image, seeds: Image.Image) -> Image.Image:
    """RGB: a pyramid's levels, laid one over the other, the coarsest undermost.

    Each level is half the size of the one before, of its pixels' colours weighted by alpha: a coarse pixel
    has a colour as soon as a fine one below or beside it has, so the holes shrink until there are none. The
    finest level is left out: the picture itself is laid over the ground.
    """
    level = colours.copy()
    level.putalpha(seeds)
    levels: list[Image.Image] = []
    while level.getchannel("A").getextrema()[0] == _LOWEST and level.size != (1, 1):
        # RGBA: Pillow premultiplies by itself. The largest level is halved the fastest way.
        level = _halved(level) if levels else level.reduce(2)
        level.putalpha(level.getchannel("A").point(_WEIGHTS))
        levels.append(level)
    if not levels:
        return colours.copy()
    ground = levels.pop().convert("RGB")
    for finer in reversed(levels):
        ground = _doubled(ground, finer.size)
        ground.paste(finer.convert("RGB"), mask=finer.getchannel("A"))
    return _doubled(ground, colours.size)


def _halved(image: Image.Image) -> Image.Image:
    """Not of four pixels each but of sixteen, lest it show where the picture's edge lies in the pyramid."""
    size = (image.width + 1) // 2, (image.height + 1) // 2
    return image.resize(size, Image.Resampling.BILINEAR)


def _doubled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    box = (0, 0, size[0] / 2, size[1] / 2)  # of an odd size, the last pixel was only half covered
    return image.resize(size, Image.Resampling.BILINEAR, box=box)


def _clipped(ground: Image.Image, colours: Image.Image, seeds: Image.Image) -> Image.Image:
    """The ground within the seeds' range: averages of eight bits go one or two steps beyond it."""
    table: list[int] = []
    counts = colours.histogram(seeds.point([_LOWEST] + [_HIGHEST] * 255))
    for first in range(0, len(counts), 256):
        used = [value for value in range(256) if counts[first + value]]
        table += [min(max(value, used[0]), used[-1]) for value in range(256)]
    return ground.point(table)
