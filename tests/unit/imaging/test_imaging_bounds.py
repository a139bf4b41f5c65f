"""Sizes and rectangles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imaging_cases import untimed

from krita_AIhorde.imaging.geometry import Bounds, Extent

coordinates = st.integers(-40, 40)
rectangles = st.builds(Bounds, coordinates, coordinates, st.integers(1, 40), st.integers(1, 40))


@pytest.mark.parametrize("sides", [(0, 5), (5, 0), (-1, 5)])
def test_an_empty_size_cannot_exist(sides: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="must be > 0"):
        Extent(*sides)
    with pytest.raises(ValueError, match="must be > 0"):
        Bounds(0, 0, *sides)


def test_half_pixels_cannot_exist() -> None:
    with pytest.raises(TypeError):
        Extent(3.5, 4)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Bounds(0.5, 0, 1, 1)  # type: ignore[arg-type]


def test_sides_of_an_extent() -> None:
    wide = Extent(30, 20)
    assert (wide.area, wide.shortest, wide.longest) == (600, 20, 30)
    assert wide.fits_in(Extent(30, 20))
    assert not wide.fits_in(Extent(100, 19))


def test_edges_of_bounds() -> None:
    bounds = Bounds(-5, 10, 20, 31)
    assert (bounds.right, bounds.bottom, bounds.area) == (15, 41, 620)
    assert bounds.centre == (5, 25.5)
    assert Bounds.between(-5, 10, 15, 41) == bounds
    assert Bounds.of_extent(bounds.extent) == Bounds(0, 0, 20, 31)
    assert (str(bounds), str(bounds.extent)) == ("20×31-5+10", "20×31")


def test_neighbours_share_no_pixel() -> None:
    assert Bounds(0, 0, 10, 10).intersection(Bounds(10, 0, 10, 10)) is None
    assert Bounds(0, 0, 10, 10).intersection(Bounds(9, 9, 10, 10)) == Bounds(9, 9, 1, 1)


def pixels(bounds: Bounds | None) -> set[tuple[int, int]]:
    if bounds is None:
        return set()
    return {(x, y) for x in range(bounds.x, bounds.right) for y in range(bounds.y, bounds.bottom)}


@untimed
@given(rectangles, rectangles)
def test_intersection_holds_the_pixels_that_are_in_both(one: Bounds, other: Bounds) -> None:
    assert pixels(one.intersection(other)) == pixels(one) & pixels(other)


@untimed
@given(rectangles, rectangles)
def test_contains_means_every_pixel(one: Bounds, other: Bounds) -> None:
    assert one.contains(other) == (pixels(other) <= pixels(one))


@untimed
@given(rectangles, rectangles)
def test_union_is_the_smallest_rectangle_over_both(one: Bounds, other: Bounds) -> None:
    both = one.union(other)
    assert both == other.union(one)
    assert both.contains(one)
    assert both.contains(other)
    for edge in (
        Bounds(both.x, both.y, 1, both.height),
        Bounds(both.right - 1, both.y, 1, both.height),
        Bounds(both.x, both.y, both.width, 1),
        Bounds(both.x, both.bottom - 1, both.width, 1),
    ):
        assert one.intersection(edge) or other.intersection(edge)


@untimed
@given(rectangles, rectangles)
def test_relative_bounds_come_back(one: Bounds, other: Bounds) -> None:
    assert one.relative_to(other).moved(other.x, other.y) == one
    assert one.relative_to(one) == Bounds.of_extent(one.extent)


@untimed
@given(rectangles, st.integers(0, 50))
def test_growing_keeps_the_centre_and_can_be_undone(bounds: Bounds, pixels: int) -> None:
    grown = bounds.grown(pixels)
    assert grown.centre == bounds.centre
    assert grown.width == bounds.width + 2 * pixels
    assert grown.grown(-pixels) == bounds


def test_bounds_do_not_shrink_to_nothing() -> None:
    with pytest.raises(ValueError, match="must be > 0"):
        Bounds(0, 0, 10, 10).grown(-5)
