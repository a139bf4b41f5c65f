"""Pictures and coverages as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imaging_cases import untimed
from imaging_pictures import Colour, flat, image_of, picture

from krita_AIhorde.imaging.geometry import Bounds, Extent
from krita_AIhorde.imaging.raster import Coverage, Raster, coverage_of_paint

NINE = Extent(3, 3)


@st.composite
def coverages(draw: st.DrawFn, extent: Extent | None = None) -> Coverage:
    size = extent or Extent(draw(st.integers(1, 8)), draw(st.integers(1, 8)))
    values = st.sampled_from([0, 0, 0, 1, 128, 254, 255])
    return Coverage(size, bytes(draw(st.lists(values, min_size=size.area, max_size=size.area))))


def value(coverage: Coverage, x: int, y: int) -> int:
    return coverage.data[y * coverage.extent.width + x]


@pytest.mark.parametrize("length", [0, 35, 37])
def test_a_raster_has_four_bytes_a_pixel(length: int) -> None:
    with pytest.raises(ValueError, match="3×3 pixels are 36 bytes"):
        Raster(NINE, bytes(length))


def test_a_coverage_has_one_byte_a_pixel() -> None:
    with pytest.raises(ValueError, match="3×3 pixels are 9 bytes"):
        Coverage(NINE, bytes(36))


def test_pixels_are_not_printed() -> None:
    assert len(repr(flat(Extent(500, 500), (1, 2, 3, 4)))) < 100


def test_a_raster_is_cropped_to_the_pixel() -> None:
    dot = picture(Extent(5, 4), (10, 20, 30, 40), (Bounds(3, 2, 1, 1), (50, 60, 70, 80)))
    crop = dot.cropped(Bounds(2, 1, 3, 3))
    assert crop.extent == NINE
    assert image_of(crop).getpixel((1, 1)) == (50, 60, 70, 80)
    assert crop.cropped(Bounds(0, 0, 1, 1)).data == bytes([30, 20, 10, 40])  # B, G, R, A


@pytest.mark.parametrize("bounds", [Bounds(-1, 0, 2, 2), Bounds(2, 2, 2, 1)])
def test_there_is_nothing_to_crop_beyond_the_edges(bounds: Bounds) -> None:
    with pytest.raises(ValueError, match="not inside"):
        flat(NINE, (1, 2, 3, 4)).cropped(bounds)
    with pytest.raises(ValueError, match="not inside"):
        Coverage.uniform(NINE).cropped(bounds)


@untimed
@given(coverages())
def test_bounds_hold_all_that_is_covered_and_no_more(coverage: Coverage) -> None:
    covered = [
        Bounds(x, y, 1, 1)
        for x in range(coverage.extent.width)
        for y in range(coverage.extent.height)
        if value(coverage, x, y)
    ]
    smallest = covered[0] if covered else None
    for pixel in covered:
        smallest = pixel.union(smallest) if smallest else pixel
    assert coverage.bounds() == smallest


@untimed
@given(coverages())
def test_a_plain_rectangle_is_known(coverage: Coverage) -> None:
    bounds = coverage.bounds()
    inside = 0 if bounds is None else bounds.area
    assert coverage.is_full == (set(coverage.data) == {255})
    assert coverage.is_plain_rectangle == (inside > 0 and coverage.data.count(255) == inside)


@untimed
@given(coverages(), st.integers(-9, 9), st.integers(-9, 9))
def test_a_coverage_is_placed_on_an_uncovered_ground(coverage: Coverage, x: int, y: int) -> None:
    ground = Extent(7, 6)
    placed = coverage.within(ground, x, y)
    assert placed.extent == ground
    own = Bounds.of_extent(coverage.extent)
    for column in range(ground.width):
        for row in range(ground.height):
            here = Bounds(column - x, row - y, 1, 1)
            expected = value(coverage, here.x, here.y) if own.contains(here) else 0
            assert value(placed, column, row) == expected


@untimed
@given(coverages())
def test_cropping_undoes_placing(coverage: Coverage) -> None:
    placed = coverage.within(Extent(20, 20), 5, 7)
    assert placed.cropped(Bounds.of_extent(coverage.extent).moved(5, 7)) == coverage


def test_what_is_not_covered_by_both_is_not_covered() -> None:
    ramp = Coverage(Extent(256, 1), bytes(range(256)))
    assert ramp.multiply(Coverage.uniform(ramp.extent)) == ramp
    assert ramp.multiply(Coverage.uniform(ramp.extent, 0)) == Coverage.uniform(ramp.extent, 0)
    squared = ramp.multiply(ramp).data
    assert all(abs(squared[i] - i * i / 255) < 1 for i in range(256))


def test_coverages_of_different_sizes_are_not_multiplied() -> None:
    with pytest.raises(ValueError, match="3×3 cannot be multiplied"):
        Coverage.uniform(NINE).multiply(Coverage.uniform(Extent(3, 4)))


@pytest.mark.parametrize(
    ("paint", "coverage"),
    [
        ((255, 255, 255, 255), 255),
        ((255, 255, 255, 128), 128),
        ((255, 255, 255, 0), 0),
        ((0, 0, 0, 255), 0),
        ((128, 128, 128, 255), 128),
        ((255, 0, 0, 255), 54),
        ((0, 255, 0, 255), 182),
        ((0, 0, 255, 255), 18),
        ((128, 128, 128, 128), 64),
    ],
)
def test_painted_masks_count_opacity_times_lightness(paint: Colour, coverage: int) -> None:
    assert coverage_of_paint(flat(NINE, paint)) == Coverage.uniform(NINE, coverage)


def test_a_soft_white_stroke_stays_as_soft() -> None:
    stroke = Raster(Extent(256, 1), b"".join(bytes([255, 255, 255, alpha]) for alpha in range(256)))
    assert coverage_of_paint(stroke).data == bytes(range(256))
