"""Masks grow round and get soft outside, and never lose what was selected."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imaging_cases import untimed, untimed_pixels

from krita_AIhorde.imaging.geometry import Bounds, Extent
from krita_AIhorde.imaging.growth import feathered, grown
from krita_AIhorde.imaging.mask import PlannedMask, finished
from krita_AIhorde.imaging.raster import Coverage

distances = st.integers(0, 9)


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    """A few blocks of some coverage on nothing; they may touch the extent's edges."""
    extent = Extent(draw(st.integers(1, 30)), draw(st.integers(1, 30)))
    coverage = Coverage.uniform(extent, 0)
    for _ in range(draw(st.integers(0, 3))):
        size = Extent(draw(st.integers(1, 9)), draw(st.integers(1, 9)))
        block = Coverage.uniform(size, draw(st.sampled_from([1, 100, 255, 255])))
        x, y = draw(st.integers(-4, extent.width - 1)), draw(st.integers(-4, extent.height - 1))
        coverage = larger(coverage, block.within(extent, x, y))
    return coverage


def larger(one: Coverage, other: Coverage) -> Coverage:
    return Coverage(one.extent, bytes(map(max, one.data, other.data)))


def is_within(one: Coverage, other: Coverage) -> bool:
    """Whether no pixel of ``one`` is covered more than in ``other``."""
    return one.extent == other.extent and all(a <= b for a, b in zip(one.data, other.data, strict=True))


def value(coverage: Coverage, x: int, y: int) -> int:
    return coverage.data[y * coverage.extent.width + x]


def planned(coverage: Coverage, grow: int, feather: int) -> PlannedMask:
    return PlannedMask(coverage.extent, coverage.data, grow, feather)


def square(side: int = 20, margin: int = 20) -> Coverage:
    return Coverage.uniform(Extent(side, side)).within(
        Extent(side + 2 * margin, side + 2 * margin), margin, margin
    )


@untimed_pixels
@given(coverages(), st.integers(0, 6))
def test_growing_takes_the_largest_coverage_within_the_distance(coverage: Coverage, pixels: int) -> None:
    wide, high = coverage.extent.width, coverage.extent.height
    expected = bytearray(wide * high)
    disc = [
        (x, y)
        for x in range(-pixels, pixels + 1)
        for y in range(-pixels, pixels + 1)
        if x * x + y * y <= pixels * pixels
    ]
    for y in range(high):
        for x in range(wide):
            expected[y * wide + x] = max(
                value(coverage, x + dx, y + dy)
                for dx, dy in disc
                if 0 <= x + dx < wide and 0 <= y + dy < high
            )
    assert grown(coverage, pixels).data == bytes(expected)


@untimed
@given(coverages(), distances, distances)
def test_nothing_of_the_mask_gets_less(coverage: Coverage, grow: int, feather: int) -> None:
    larger_one = grown(coverage, grow)
    assert is_within(coverage, larger_one)
    assert is_within(larger_one, feathered(larger_one, feather))
    assert is_within(larger_one, finished(planned(coverage, grow, feather)))


@untimed
@given(coverages(), coverages(), distances, distances)
def test_a_larger_selection_makes_no_smaller_mask(
    one: Coverage, other: Coverage, grow: int, feather: int
) -> None:
    other = other.within(one.extent, 0, 0)
    both = larger(one, other)
    assert is_within(finished(planned(one, grow, feather)), finished(planned(both, grow, feather)))


@untimed
@given(coverages())
def test_by_nothing_it_stays_as_it_is(coverage: Coverage) -> None:
    assert grown(coverage, 0) == feathered(coverage, 0) == finished(planned(coverage, 0, 0)) == coverage


@untimed
@given(coverages(), distances, distances)
def test_bounds_grow_by_both_distances_at_most(coverage: Coverage, grow: int, feather: int) -> None:
    before, after = coverage.bounds(), finished(planned(coverage, grow, feather)).bounds()
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert before.grown(grow + feather).contains(after)
        assert grown(coverage, grow).bounds() == before.grown(grow).intersection(
            Bounds.of_extent(coverage.extent)
        )


@untimed
@given(coverages(), distances, distances)
def test_a_mask_in_a_large_frame_is_that_of_all_of_the_frame(
    coverage: Coverage, grow: int, feather: int
) -> None:
    """Only what is near is worked on; that must not show."""
    frame = coverage.within(Extent(90, 80), 31, 27)
    whole = feathered(grown(frame, grow), feather)
    assert finished(planned(frame, grow, feather)) == whole


@untimed
@given(coverages(), distances, distances)
def test_what_is_finished_is_not_finished_again(coverage: Coverage, grow: int, feather: int) -> None:
    once = finished(planned(coverage, grow, feather))
    assert type(once) is Coverage
    assert finished(once) is once


@pytest.mark.parametrize(("grow", "feather"), [(12, 0), (0, 12), (6, 8), (3, 9)])
def test_corners_get_round(grow: int, feather: int) -> None:
    """Toward a corner the mask reaches as far as toward a side, not 1.4 times as far."""
    mask, reach = finished(planned(square(), grow, feather)), grow + feather
    corner = [
        hypot(x - 39, y - 39)
        for x in range(40, 60)
        for y in range(40, 60)
        if value(mask, x, y) >= 8  # the faintest part of a slope is nothing that anybody sees
    ]
    assert max(corner) <= reach
    side = [x - 39 for x in range(40, 60) if value(mask, x, 30) >= 8]
    assert max(corner) >= max(side) - 1.5


@pytest.mark.parametrize("feather", range(1, 20))
def test_the_slope_begins_at_the_rim_and_falls_to_its_end(feather: int) -> None:
    slope = [value(feathered(square(), feather), x, 30) for x in range(39, 61)]
    assert slope[0] == 255
    assert slope[1] < 255
    assert slope == sorted(slope, reverse=True)
    assert slope[feather + 1 :] == [0] * (len(slope) - feather - 1)
    assert max(a - b for a, b in pairwise(slope)) <= 255 * 2 / (feather + 1) + 2
    if feather > 2:
        assert 0 < slope[feather - 1] <= slope[1]


def test_a_soft_selection_keeps_its_softness() -> None:
    """Grown, its slope is the same a little farther out; feathered, it is wider and never steeper."""
    ramp = [255] * 10 + list(range(240, 0, -16)) + [0] * 40
    soft = Coverage(Extent(len(ramp), 9), bytes(ramp) * 9)
    moved = list(grown(soft, 4).data[: len(ramp)])
    assert moved == [255] * 4 + ramp[:-4]
    wider = list(feathered(soft, 8).data[: len(ramp)])
    steepest = max(a - b for a, b in pairwise(wider))
    assert steepest <= 16
    assert wider == sorted(wider, reverse=True)


def test_the_canvas_s_edges_get_no_slope() -> None:
    """What was selected up to the edge is repainted up to the edge."""
    left = Coverage.uniform(Extent(10, 40)).within(Extent(40, 40), 0, 0)
    rows = {finished(planned(left, 4, 8)).data[at : at + 40] for at in range(0, 1600, 40)}
    assert len(rows) == 1
    (row,) = rows
    assert row[:14] == b"\xff" * 14


@pytest.mark.parametrize("change", [grown, feathered])
def test_a_mask_does_not_shrink(change: Callable[[Coverage, int], Coverage]) -> None:
    with pytest.raises(ValueError, match="by -1"):
        change(square(), -1)


def test_no_mask_is_planned_to_shrink() -> None:
    with pytest.raises(ValueError, match="must be >= 0"):
        planned(square(), -1, 0)
    with pytest.raises(ValueError, match="must be >= 0"):
        planned(square(), 0, -1)
