"""What comes back from the Horde, and whether it lands where it should."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from imaging_cases import Case, cases, untimed_pixels
from imaging_pictures import RED, differences, flat, frame_of, image_of, lossless, opened, packed
from PIL import Image, features

from krita_AIhorde.imaging.geometry import Bounds, Extent, Frame, plan_frame
from krita_AIhorde.imaging.pillow import NoWebP, raster_of
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.imaging.resample import Beyond, to_request
from krita_AIhorde.imaging.result import BadImage, BadImageReason, crop_to_region, decode_result
from krita_AIhorde.imaging.source import encode_source

SQUARE = Extent(64, 64)
FRAME = frame_of(SQUARE, Bounds(10, 20, 30, 40), SQUARE)


def sample(kind: str = "WEBP", size: tuple[int, int] = (64, 64), mode: str = "RGB") -> bytes:
    """Something that is neither flat nor symmetric."""
    ramp = Image.linear_gradient("L").resize(size)
    return packed(Image.merge("RGB", (ramp, ramp.rotate(180), ramp)).convert(mode), kind)


def reason_of(data: bytes, frame: Frame = FRAME, **options: int) -> BadImageReason:
    with pytest.raises(BadImage) as caught:
        decode_result(data, frame, **options)
    return caught.value.reason


@untimed_pixels
@given(cases(longest=600, request=512))
def test_a_flat_result_is_flat_over_the_whole_region(case: Case) -> None:
    """No rims: not of one pixel, not at any edge."""
    frame = case.plan()
    colour = (200, 100, 50)
    data = lossless(Image.new("RGB", (frame.requested.width, frame.requested.height), colour))
    result = decode_result(data, frame, part=frame.region)
    assert result.raster == flat(frame.region.extent, (*colour, 255))
    assert result.bounds == frame.region
    if frame.bounds.area <= 1_000_000:
        whole = decode_result(data, frame).raster
        assert whole == flat(frame.bounds.extent, (*colour, 255))
        assert crop_to_region(whole, frame) == result.raster


@untimed_pixels
@given(cases(longest=600, request=512), st.sampled_from([0.5, 1, 2]))
def test_what_was_drawn_in_the_region_comes_back_to_it(case: Case, upscaling: float) -> None:
    """White on the region, black elsewhere: after both ways it is there, to a pixel of the coarser grid."""
    frame = case.plan()
    assume(frame.bounds.area <= 1_000_000)
    white = Image.new("L", (frame.region.width, frame.region.height), 255)
    sent = to_request(white, frame.region, frame, Image.Resampling.LANCZOS, Beyond.NOTHING)
    size = (int(sent.width * upscaling), int(sent.height * upscaling))
    coarse = max(1.0, frame.bounds.width / size[0], frame.bounds.height / size[1])
    assume(min(frame.region.width, frame.region.height) >= 4 * coarse)
    answer = sent.resize(size, Image.Resampling.LANCZOS).convert("RGB")
    raster = decode_result(lossless(answer), frame).raster
    seen = image_of(raster).getchannel("G").point(lambda level: 255 if level >= 128 else 0).getbbox()
    assert seen is not None
    wanted = frame.region_in_frame
    for drawn, edge in zip(seen, (wanted.x, wanted.y, wanted.right, wanted.bottom), strict=True):
        assert abs(drawn - edge) <= coarse


def test_a_picture_that_nobody_changed_comes_back_almost_as_it_was() -> None:
    canvas = Extent(1300, 900)
    scene = Image.merge(
        "RGB", (Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90))
    ).resize((1300, 900), Image.Resampling.BICUBIC)
    frame = plan_frame(Bounds.of_extent(canvas), canvas, smallest=512, largest=1024)
    sent = encode_source(raster_of(scene), frame, canvas)
    landed = image_of(crop_to_region(decode_result(sent, frame).raster, frame)).convert("RGB")
    assert differences(landed, scene) <= 16


def test_a_part_is_what_a_crop_of_the_whole_would_be() -> None:
    canvas = Extent(700, 500)
    frame = plan_frame(Bounds(90, 77, 301, 203), canvas, smallest=512, largest=1024, context=40)
    data = sample(size=(frame.requested.width, frame.requested.height))
    part = image_of(decode_result(data, frame, part=frame.region).raster)
    assert differences(part, image_of(crop_to_region(decode_result(data, frame).raster, frame))) <= 1


def test_of_a_frame_far_larger_than_the_canvas_the_visible_part_is_enough() -> None:
    canvas = Extent(20_000, 30)
    frame = plan_frame(Bounds.of_extent(canvas), canvas, smallest=512, largest=1024)
    result = decode_result(sample(size=(1024, 512)), frame, part=frame.visible(canvas))
    assert result.raster.extent == canvas


def test_a_part_beyond_the_frame_is_an_error() -> None:
    with pytest.raises(ValueError, match="not inside"):
        decode_result(sample(), FRAME, part=Bounds(0, 0, 65, 64))


def test_only_a_raster_of_the_frame_has_a_region_to_crop() -> None:
    with pytest.raises(ValueError, match="does not fill"):
        crop_to_region(flat(Extent(63, 64), RED), FRAME)


def test_a_result_of_the_same_size_is_not_touched() -> None:
    data = sample()
    result = decode_result(data, FRAME)
    assert image_of(result.raster).convert("RGB").tobytes() == opened(data).tobytes()
    assert (result.original, result.bounds, result.has_alpha) == (SQUARE, FRAME.bounds, False)


@pytest.mark.parametrize("size", [(256, 256), (128, 128), (48, 32), (1, 1)])
def test_upscaled_and_lowered_results_fill_the_frame(size: tuple[int, int]) -> None:
    result = decode_result(packed(Image.new("RGB", size, (9, 99, 199)), "PNG"), FRAME)
    assert result.raster == flat(SQUARE, (9, 99, 199, 255))
    assert result.original == Extent(*size)


def test_alpha_is_kept_and_hidden_colours_stay_hidden() -> None:
    cut_out = Image.new("RGBA", (128, 128), (255, 0, 0, 0))
    cut_out.paste((0, 0, 255, 255), (64, 0, 128, 128))
    result = decode_result(lossless(cut_out), FRAME)
    assert result.has_alpha
    landed = image_of(result.raster)
    assert landed.getpixel((5, 5)) == (0, 0, 0, 0)
    assert landed.getpixel((60, 5)) == (0, 0, 255, 255)
    for x in range(64):
        pixel = landed.getpixel((x, 30))
        assert isinstance(pixel, tuple)
        assert pixel[0] == 0, f"hidden red has bled into column {x}"


def test_an_opaque_alpha_channel_is_no_transparency() -> None:
    assert not decode_result(packed(Image.new("RGBA", (64, 64), RED), "PNG"), FRAME).has_alpha


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "JPEG"])
def test_the_formats_of_workers_are_read_by_their_content(kind: str) -> None:
    result = decode_result(sample(kind), FRAME)
    assert differences(image_of(result.raster).convert("RGB"), opened(sample(kind))) == 0


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_formats_are_refused(kind: str) -> None:
    assert reason_of(sample(kind)) is BadImageReason.NOT_AN_IMAGE


@pytest.mark.parametrize(
    "data", [b"", b"R", b"<html>404 not found</html>", b"RIFF\x00\x00\x00\x00WAVE", bytes(100)]
)
def test_other_things_are_not_images(data: bytes) -> None:
    assert reason_of(data) is BadImageReason.NOT_AN_IMAGE


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "JPEG"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_download_that_broke_off_is_truncated(kind: str, share: float) -> None:
    noise = Image.effect_noise((64, 64), 90).convert("RGB")
    data = packed(noise, kind)
    assert reason_of(data[: int(len(data) * share)]) is BadImageReason.TRUNCATED


@untimed_pixels
@given(st.sampled_from(["WEBP", "PNG", "JPEG"]), st.data())
def test_damaged_bytes_are_a_picture_or_a_bad_image(kind: str, data: st.DataObject) -> None:
    damaged = bytearray(sample(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    del damaged[data.draw(st.integers(1, len(damaged))) :]
    try:
        result = decode_result(bytes(damaged), FRAME)
    except BadImage:
        return
    assert result.raster.extent == SQUARE


@untimed_pixels
@given(
    st.binary(max_size=200),
    st.sampled_from([b"RIFF\x00\x00\x00\x00WEBP", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]),
)
def test_garbage_behind_a_good_beginning_is_truncated(garbage: bytes, beginning: bytes) -> None:
    assert reason_of(beginning + garbage) in (BadImageReason.TRUNCATED, BadImageReason.TOO_MANY_PIXELS)


def png_claiming(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def webp_claiming(kind: str, width: int, height: int) -> bytes:
    """A small WebP of one of the three kinds, with another size in its header."""
    small = Image.new("RGB", (16, 16), "red")
    options = {
        "VP8 ": {},
        "VP8L": {"lossless": True},
        "VP8X": {"lossless": True, "exif": b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"},
    }
    data = bytearray(packed(small, "WEBP", **options[kind]))
    assert data[12:16] == kind.encode()
    if kind == "VP8 ":
        data[26:30] = struct.pack("<HH", width, height)
    elif kind == "VP8L":
        kept = int.from_bytes(data[21:25], "little") >> 28 << 28
        data[21:25] = struct.pack("<I", kept | height - 1 << 14 | width - 1)
    else:
        data[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(data)


@pytest.mark.parametrize("side", [4097, 10_000, 30_000, 2**31 - 1])
def test_a_png_that_would_unpack_to_far_too_much_is_refused(side: int) -> None:
    assert reason_of(png_claiming(side, side)) is BadImageReason.TOO_MANY_PIXELS


@pytest.mark.parametrize("kind", ["VP8 ", "VP8L", "VP8X"])
def test_a_webp_that_would_unpack_to_far_too_much_is_refused(kind: str) -> None:
    assert reason_of(webp_claiming(kind, 16_383, 16_383)) is BadImageReason.TOO_MANY_PIXELS
    assert reason_of(webp_claiming(kind, 4096, 4097)) is BadImageReason.TOO_MANY_PIXELS
    assert decode_result(webp_claiming(kind, 16, 16), FRAME, max_pixels=256).original == Extent(16, 16)


def test_four_times_the_requested_sides_are_accepted_and_no_more() -> None:
    large = frame_of(SQUARE, Bounds(0, 0, 9, 9), Extent(2048, 1024))
    assert reason_of(png_claiming(4 * 2048, 4 * 1024), large) is BadImageReason.TRUNCATED
    assert reason_of(png_claiming(4 * 2048, 4 * 1024 + 1), large) is BadImageReason.TOO_MANY_PIXELS


def test_the_limit_can_be_set() -> None:
    assert decode_result(sample(), FRAME, max_pixels=64 * 64).original == SQUARE
    assert reason_of(sample(), max_pixels=64 * 64 - 1) is BadImageReason.TOO_MANY_PIXELS


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA"])
def test_png_modes(mode: str) -> None:
    image = Image.new(mode, (64, 64), 1 if mode in ("1", "P") else "white")
    if mode == "P":
        image.putpalette([0, 0, 0, 255, 255, 255])
    assert decode_result(packed(image, "PNG"), FRAME).raster == flat(SQUARE, (255, 255, 255, 255))


def test_a_palette_with_a_transparent_colour() -> None:
    image = Image.new("P", (64, 64), 1)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(0, (0, 0, 32, 64))
    result = decode_result(packed(image, "PNG", transparency=b"\x00\xff"), FRAME)
    assert result.has_alpha
    assert image_of(result.raster).getpixel((40, 5)) == (0, 255, 0, 255)
    alpha = image_of(result.raster).getchannel("A")
    assert alpha.getpixel((5, 5)) == 0


def test_sixteen_bits_of_grey_are_scaled_not_clipped() -> None:
    ramp = Image.new("I;16", (64, 64))
    for x in range(64):
        for y in range(64):
            ramp.putpixel((x, y), 4 * x * 257 + 100)
    landed = image_of(decode_result(packed(ramp, "PNG"), FRAME).raster)
    assert [landed.getpixel((x, 9)) for x in range(64)] == [(x, x, x, 255) for x in range(0, 256, 4)]


def test_a_cmyk_jpeg_is_shown_in_its_colours() -> None:
    data = packed(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG", quality=95)
    assert opened(data).mode == "CMYK"
    pixel = image_of(decode_result(data, FRAME).raster).getpixel((30, 30))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 245
    assert max(pixel[1:3]) < 10


def test_of_an_animation_the_first_image_is_taken() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    data = packed(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert decode_result(data, FRAME).raster == flat(SQUARE, RED)


def test_a_pillow_without_webp_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sample()
    monkeypatch.setattr(features, "check", lambda feature: feature != "webp")
    with pytest.raises(NoWebP):
        decode_result(data, FRAME)


def test_the_mask_of_a_landed_layer_fits_its_pixels() -> None:
    mask = Coverage.uniform(FRAME.region.extent).within(FRAME.bounds.extent, FRAME.region.x, FRAME.region.y)
    assert mask.extent == decode_result(sample(), FRAME).raster.extent
    assert mask.bounds() == FRAME.region_in_frame
