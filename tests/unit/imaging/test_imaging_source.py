"""What the Horde gets to see."""

from __future__ import annotations

import base64
from itertools import pairwise

import pytest
from hypothesis import assume, given
from imaging_cases import Case, cases, untimed_pixels
from imaging_pictures import (
    BLACK,
    BLUE,
    GREEN,
    RED,
    WHITE,
    Colour,
    differences,
    flat,
    frame_of,
    image_of,
    opened,
    picture,
)
from PIL import Image, features

from krita_AIhorde.imaging import pillow
from krita_AIhorde.imaging.geometry import Bounds, Extent, Frame, NothingInside, plan_frame
from krita_AIhorde.imaging.raster import Coverage, Raster
from krita_AIhorde.imaging.resample import Beyond, to_request
from krita_AIhorde.imaging.source import encode_mask, encode_source, to_base64

LOSS = 12  # of WebP at quality 95, in any channel, away from edges


def close(pixel: object, colour: Colour, tolerance: int = LOSS) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= tolerance for one, other in zip(pixel, colour, strict=False))


def test_a_source_is_a_webp_of_the_requested_size_without_alpha() -> None:
    canvas = Extent(300, 200)
    frame = plan_frame(Bounds.of_extent(canvas), canvas, smallest=512, largest=1024)
    visible = frame.visible(canvas)
    image = opened(encode_source(flat(visible.extent, RED), frame, canvas))
    assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (768, 512))
    assert close(image.getpixel((400, 300)), RED)


def test_colours_are_not_swapped() -> None:
    canvas = Extent(64, 64)
    frame = frame_of(canvas, Bounds.of_extent(canvas), Extent(64, 64))
    for colour in (RED, GREEN, BLUE):
        image = opened(encode_source(flat(canvas, colour), frame, canvas))
        assert close(image.getpixel((32, 32)), colour)


def test_a_picture_is_sent_one_to_one_where_it_can_be() -> None:
    canvas = Extent(128, 64)
    halves = picture(canvas, RED, (Bounds(64, 0, 64, 64), BLUE))
    image = opened(encode_source(halves, frame_of(canvas, Bounds.of_extent(canvas), canvas), canvas))
    # WebP halves the resolution of colour: only the two columns at the border may be mixed.
    for x in (0, 61, 66, 127):
        assert close(image.getpixel((x, 30)), RED if x < 64 else BLUE, 30), x


@pytest.mark.parametrize("hidden", [(0, 0, 0, 0), (255, 0, 0, 0)])
def test_into_transparent_parts_the_picture_goes_on_whatever_colour_they_hide(hidden: Colour) -> None:
    canvas = Extent(100, 100)
    half = picture(canvas, (30, 120, 210, 255), (Bounds(50, 0, 50, 100), hidden))
    for size in (64, 192):
        frame = frame_of(canvas, Bounds(0, 0, 9, 9), Extent(size, size))
        image = opened(encode_source(half, frame, canvas))
        assert image.mode == "RGB"
        corners = [image.getpixel((x, y)) for x in (0, size - 1) for y in (0, size - 1)]
        assert all(close(pixel, (30, 120, 210, 255)) for pixel in corners)
        assert all(high - low <= 2 * LOSS for low, high in image.getextrema())


def test_lines_on_a_layer_of_their_own_stay_lines_on_paper() -> None:
    canvas = Extent(64, 64)
    lines = picture(canvas, (0, 0, 0, 0), (Bounds(30, 0, 4, 64), (0, 0, 0, 255)))
    frame = frame_of(canvas, Bounds.of_extent(canvas), canvas)
    image = opened(encode_source(lines, frame, canvas, on_paper=True))
    assert close(image.getpixel((32, 32)), (0, 0, 0, 255), 30)
    assert close(image.getpixel((5, 5)), (255, 255, 255, 255), 10)


def test_half_transparent_paint_lies_on_what_is_around_it() -> None:
    canvas = Extent(128, 64)
    veil = picture(canvas, (200, 200, 200, 255), (Bounds(64, 0, 64, 64), (0, 0, 0, 100)))
    image = opened(encode_source(veil, frame_of(canvas, Bounds.of_extent(canvas), canvas), canvas))
    assert close(image.getpixel((120, 30)), (122, 122, 122, 255))


def test_a_wholly_transparent_picture_is_white() -> None:
    canvas = Extent(64, 64)
    frame = frame_of(canvas, Bounds.of_extent(canvas), Extent(128, 128))
    image = opened(encode_source(flat(canvas, (0, 0, 0, 0)), frame, canvas))
    assert all(low >= 255 - LOSS for low, _ in image.getextrema())


@untimed_pixels
@given(cases(longest=300, request=512))
def test_nothing_is_darker_or_lighter_than_what_is_seen(case: Case) -> None:
    """Half of the canvas is transparent, the frame may stick out of it, and it may be scaled."""
    frame = case.plan()
    visible = frame.visible(case.canvas)
    half = Bounds(0, 0, max(1, visible.width // 2), visible.height)
    shown = picture(visible.extent, (90, 110, 130, 255), (half, (0, 0, 0, 0)))
    image = opened(encode_source(shown, frame, case.canvas))
    seen = (90, 110, 130) if visible.width > 1 else (255, 255, 255)
    for (low, high), channel in zip(image.getextrema(), seen, strict=True):
        assert abs(low - channel) <= LOSS
        assert abs(high - channel) <= LOSS


def test_a_blank_canvas_is_white() -> None:
    canvas = Extent(64, 64)
    image = opened(encode_source(None, frame_of(canvas, Bounds.of_extent(canvas), Extent(128, 128)), canvas))
    assert image.size == (128, 128)
    assert all(low >= 255 - LOSS for low, _ in image.getextrema())


def test_beyond_the_canvas_its_colours_go_on_smoothly() -> None:
    canvas = Extent(80, 80)
    frame = frame_of(canvas, Bounds.of_extent(canvas), Extent(192, 192), Bounds(-56, -56, 192, 192))
    corners = picture(
        canvas,
        RED,
        (Bounds(40, 0, 40, 40), GREEN),
        (Bounds(0, 40, 40, 40), BLUE),
        (Bounds(40, 40, 40, 40), WHITE),
    )
    image = opened(encode_source(corners, frame, canvas))
    for at, colour in (((60, 54), RED), ((130, 54), GREEN), ((54, 130), BLUE), ((137, 130), WHITE)):
        assert close(image.getpixel(at), colour, 40), at
    # Along the upper margin from red to green, with no step but what is left of the picture's own.
    reds = [image.crop((x, 5, x + 1, 6)).tobytes()[0] for x in range(192)]
    assert max(abs(a - b) for a, b in pairwise(reds)) <= 20
    assert reds[0] > 200
    assert reds[-1] < 100


def test_the_canvas_s_edge_is_sharp_however_it_is_scaled() -> None:
    """A picture whose border row has a colour of its own: it is not mixed with what is beyond."""
    canvas = Extent(64, 64)
    scene = picture(canvas, WHITE, (Bounds(0, 0, 64, 8), RED))
    for size in (64, 128, 256):
        frame = frame_of(canvas, Bounds.of_extent(canvas), Extent(size, size), Bounds(-32, -32, 128, 128))
        image = opened(encode_source(scene, frame, canvas))
        scale = size / 128
        for y in (29, 33, 36):
            assert close(image.getpixel((size // 2, int(y * scale))), RED, 50), (size, y)


@untimed_pixels
@given(cases(longest=400, request=512))
def test_padding_is_never_black(case: Case) -> None:
    frame = case.plan()
    visible = flat(frame.visible(case.canvas).extent, (200, 210, 220, 255))
    image = opened(encode_source(visible, frame, case.canvas))
    assert image.size == (frame.requested.width, frame.requested.height)
    assert all(
        abs(low - channel) <= LOSS and abs(high - channel) <= LOSS
        for (low, high), channel in zip(image.getextrema(), (200, 210, 220), strict=True)
    )


def test_a_strip_is_padded_without_unpacking_its_surroundings() -> None:
    canvas = Extent(20_000, 30)
    frame = plan_frame(Bounds.of_extent(canvas), canvas, smallest=512, largest=1024)
    assert frame.bounds.area == 200_000_000
    image = opened(encode_source(flat(canvas, (9, 120, 200, 255)), frame, canvas))
    assert image.size == (1024, 512)
    assert all(
        close(image.getpixel(at), (9, 120, 200, 255)) for at in ((0, 0), (512, 256), (1023, 511), (9, 400))
    )


def test_pixels_of_another_size_are_refused() -> None:
    canvas = Extent(64, 64)
    frame = frame_of(canvas, Bounds.of_extent(canvas), canvas)
    with pytest.raises(ValueError, match="63×64"):
        encode_source(flat(Extent(63, 64), RED), frame, canvas)
    with pytest.raises(ValueError, match="63×64"):
        encode_mask(Coverage.uniform(Extent(63, 64)), frame)
    with pytest.raises(NothingInside):
        encode_source(flat(canvas, RED), Frame(*[Bounds(99, 99, 64, 64)] * 2, canvas), canvas)


def test_a_mask_is_white_where_it_is_repainted_and_exact() -> None:
    canvas = Extent(128, 64)
    frame = frame_of(canvas, Bounds.of_extent(canvas), canvas)
    levels = Coverage(canvas, bytes(range(128)) * 64)
    image = opened(encode_mask(levels, frame))
    assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (128, 64))
    assert [image.getpixel((x, 9)) for x in range(128)] == [(x, x, x) for x in range(128)]


def test_a_full_mask_is_white_up_to_the_rim() -> None:
    frame = frame_of(Extent(333, 77), Bounds(0, 0, 1, 1), Extent(512, 128))
    image = opened(encode_mask(Coverage.uniform(frame.bounds.extent), frame))
    assert image.getextrema() == ((255, 255),) * 3


def test_hard_edges_of_a_mask_have_no_rings() -> None:
    frame = frame_of(Extent(300, 300), Bounds(0, 0, 1, 1), Extent(512, 512))
    square = Coverage.uniform(Extent(100, 100)).within(Extent(300, 300), 100, 100)
    row = opened(encode_mask(square, frame)).getchannel("R").crop((0, 256, 512, 257)).tobytes()
    rising = row[:256]
    assert list(rising) == sorted(rising)
    assert rising[:168] == bytes(168)
    assert rising[173:] == b"\xff" * 83


@untimed_pixels
@given(cases(longest=300, request=512))
def test_a_mask_can_be_given_for_a_part_of_the_frame(case: Case) -> None:
    """The rest is kept, and the result is that of the same coverage on the whole frame."""
    frame = case.plan()
    part = Coverage.uniform(frame.region.extent)
    at = frame.region_in_frame
    whole = opened(encode_mask(part.within(frame.bounds.extent, at.x, at.y), frame))
    own = opened(encode_mask(part, frame, covers=frame.region))
    assert differences(whole, own) <= 1


def box_of(channel: Image.Image) -> Bounds:
    """Where at least half of the light is."""
    box = channel.point(lambda level: 255 if level >= 128 else 0).getbbox()
    assert box is not None
    return Bounds.between(*box)


@untimed_pixels
@given(cases(longest=900, request=512))
def test_masks_align_with_sources(case: Case) -> None:
    """White on the region goes to the right pixels of the request, by a source's way and by a mask's.

    To a pixel; far enlarged, to a tenth of a canvas pixel, as the edge is a slope then.
    """
    frame = case.plan()
    exact, bounds, requested = frame.region_in_frame, frame.bounds, frame.requested
    left, right = (x * requested.width / bounds.width for x in (exact.x, exact.right))
    top, bottom = (y * requested.height / bounds.height for y in (exact.y, exact.bottom))
    tolerance = 1 + requested.longest / bounds.extent.longest / 10
    assume(right - left >= 2 and bottom - top >= 2)  # less may be lighter than half
    white = Image.new("L", (exact.width, exact.height), 255)
    for filter in (Image.Resampling.LANCZOS, Image.Resampling.BILINEAR):
        drawn = box_of(to_request(white, frame.region, frame, filter, Beyond.NOTHING))
        assert abs(drawn.x - left) <= tolerance
        assert abs(drawn.y - top) <= tolerance
        assert abs(drawn.right - right) <= tolerance
        assert abs(drawn.bottom - bottom) <= tolerance


def test_an_object_and_its_mask_arrive_at_the_same_place() -> None:
    canvas = Extent(1500, 1000)
    ball = Bounds(301, 403, 150, 130)
    frame = plan_frame(ball, canvas, smallest=256, largest=512, context=300)
    visible = frame.visible(canvas)
    scene = picture(visible.extent, BLACK, (ball.relative_to(visible), WHITE))
    source = box_of(opened(encode_source(scene, frame, canvas)).getchannel("G"))
    assert source.width < ball.width
    at = frame.region_in_frame
    mask = Coverage.uniform(ball.extent).within(frame.bounds.extent, at.x, at.y)
    assert source == box_of(opened(encode_mask(mask, frame)).getchannel("G"))


def test_base64_is_plain() -> None:
    text = to_base64(b"\x00\xff" * 100)
    assert base64.b64decode(text, validate=True) == b"\x00\xff" * 100
    assert "\n" not in text


def test_a_pillow_without_webp_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: feature != "webp")
    canvas = Extent(64, 64)
    with pytest.raises(pillow.NoWebP, match="without WebP"):
        encode_source(flat(canvas, RED), frame_of(canvas, Bounds.of_extent(canvas), canvas), canvas)


def test_a_raster_survives_the_way_through_pillow() -> None:
    raster = Raster(Extent(2, 1), bytes([1, 2, 3, 4, 5, 6, 7, 0]))
    assert pillow.raster_of(pillow.image_of(raster)) == raster
    assert image_of(raster).getpixel((0, 0)) == (3, 2, 1, 4)
