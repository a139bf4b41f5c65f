"""What stands in for pixels that are not there."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from imaging_cases import untimed_pixels
from imaging_pictures import differences
from PIL import Image

from krita_AIhorde.imaging.fill import SEED, filled

levels = st.sampled_from([0, 1, 60, 128, 200, 254, 255])


@st.composite
def pictures(draw: st.DrawFn, alphas: st.SearchStrategy[int]) -> Image.Image:
    """Blocks of random colours and alphas: sizes are odd and even, down to a single pixel."""
    wide, high = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    columns, rows = draw(st.integers(1, min(wide, 8))), draw(st.integers(1, min(high, 8)))
    blocks = [(draw(levels), draw(levels), draw(levels), draw(alphas)) for _ in range(columns * rows)]
    image = Image.new("RGBA", (columns, rows))
    image.putdata(blocks)
    return image.resize((wide, high), Image.Resampling.NEAREST)


def pixels(image: Image.Image) -> list[tuple[int, ...]]:
    data = image.tobytes()
    step = len(image.getbands())
    return [tuple(data[at : at + step]) for at in range(0, len(data), step)]


holes = pictures(st.sampled_from([0, 0, 255]))
any_alpha = pictures(st.sampled_from([0, 0, 1, 90, 127, 128, 200, 255, 255]))


@untimed_pixels
@given(any_alpha)
def test_opaque_pixels_stay_as_they_are(picture: Image.Image) -> None:
    result = filled(picture)
    assert (result.mode, result.size) == ("RGB", picture.size)
    for before, after in zip(pixels(picture), pixels(result), strict=True):
        if before[3] == 255:
            assert after == before[:3]


@untimed_pixels
@given(holes)
def test_no_filled_pixel_leaves_the_range_of_the_opaque_ones(picture: Image.Image) -> None:
    opaque = [pixel[:3] for pixel in pixels(picture) if pixel[3]]
    if not opaque:
        return
    for filling in pixels(filled(picture)):
        for value, seen in zip(filling, zip(*opaque, strict=True), strict=True):
            assert min(seen) <= value <= max(seen)


@untimed_pixels
@given(any_alpha)
def test_nor_the_range_of_what_is_seen_where_some_of_it_is_half_transparent(picture: Image.Image) -> None:
    seen = [pixel[:3] for pixel in pixels(picture) if pixel[3]]
    if not any(pixel[3] >= SEED for pixel in pixels(picture)):
        seen.append((255, 255, 255))
    for filling in pixels(filled(picture)):
        for value, channel in zip(filling, zip(*seen, strict=True), strict=True):
            assert min(channel) <= value <= max(channel)


@untimed_pixels
@given(any_alpha, st.tuples(levels, levels, levels))
def test_the_colours_that_transparent_pixels_hide_count_nothing(
    picture: Image.Image, colour: tuple[int, int, int]
) -> None:
    other = picture.copy()
    hidden = picture.getchannel("A").point(lambda alpha: 0 if alpha else 255)
    other.paste((*colour, 0), mask=hidden)
    assert filled(other).tobytes() == filled(picture).tobytes()


@untimed_pixels
@given(any_alpha)
def test_the_same_picture_is_filled_the_same_and_left_alone(picture: Image.Image) -> None:
    before = picture.tobytes()
    assert filled(picture).tobytes() == filled(picture.copy()).tobytes()
    assert picture.tobytes() == before


@untimed_pixels
@given(pictures(st.just(0)))
def test_where_there_is_nothing_at_all_it_is_white_paper(picture: Image.Image) -> None:
    assert set(pixels(filled(picture))) == {(255, 255, 255)}


def test_faint_paint_alone_lies_on_white_paper() -> None:
    assert filled(Image.new("RGBA", (9, 9), (0, 0, 0, 100))).getpixel((4, 4)) == (155, 155, 155)


def test_beside_an_edge_are_the_edge_s_colours() -> None:
    """Red above, blue below; left of them nothing."""
    picture = Image.new("RGBA", (128, 128))
    picture.paste((255, 0, 0, 255), (64, 0, 128, 64))
    picture.paste((0, 0, 255, 255), (64, 64, 128, 128))
    result = filled(picture)
    for x in (58, 63):
        assert near(result.getpixel((x, 16)), (255, 0, 0), 25)
        assert near(result.getpixel((x, 112)), (0, 0, 255), 25)
    column = [result.getpixel((60, y)) for y in range(128)]
    reds = [pixel[0] for pixel in column if isinstance(pixel, tuple)]
    assert reds == sorted(reds, reverse=True), "from one to the other and not back"
    assert max(a - b for a, b in pairwise(reds)) < 60, "and without a step"


def test_an_edge_does_not_show_in_what_is_filled() -> None:
    """A gradient's hole is filled so that its middle fits the gradient."""
    ramp = Image.linear_gradient("L").resize((200, 200))
    picture = Image.merge("RGB", (ramp, ramp, ramp))
    whole = picture.copy()
    picture.putalpha(255)
    picture.paste((0, 0, 0, 0), (80, 80, 120, 120))
    assert differences(filled(picture), whole) <= 24


def test_a_large_hole_has_no_rows_or_columns_that_jump() -> None:
    picture = Image.new("RGBA", (333, 257))
    for x in range(333):
        picture.paste((x * 255 // 332, 128, 255 - x * 255 // 332, 255), (x, 0, x + 1, 20))
    result = filled(picture)
    strip = result.crop((0, 20, 333, 257))
    for shift in ((1, 0), (0, 1)):
        one = strip.crop((shift[0], shift[1], strip.width, strip.height))
        other = strip.crop((0, 0, strip.width - shift[0], strip.height - shift[1]))
        assert differences(one, other) <= 24


def near(pixel: object, colour: tuple[int, int, int], tolerance: int) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True))
