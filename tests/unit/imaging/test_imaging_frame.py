"""From a selection to the frame that is sent."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from imaging_cases import Case, cases, extents, regions, untimed

from krita_AIhorde.imaging.geometry import (
    HARD_MAXIMUM,
    HARD_MINIMUM,
    STEP,
    Bounds,
    Extent,
    Frame,
    NothingInside,
    SizeLimits,
    default_region,
    plan_frame,
)

LARGE = Extent(30_000, 30_000)


def planned(width: int, height: int, canvas: Extent = LARGE) -> Frame:
    region = Bounds((canvas.width - width) // 2, (canvas.height - height) // 2, width, height)
    return plan_frame(region, canvas, smallest=512, largest=1024)


@pytest.mark.parametrize(
    ("selection", "requested"),
    [
        ((650, 512), (704, 512)),
        ((300, 200), (768, 512)),
        ((1000, 700), (1024, 704)),
        ((1920, 1080), (1024, 576)),
        ((3000, 600), (1024, 512)),
        ((100, 2000), (512, 1024)),
        ((333, 777), (512, 1024)),
        ((512, 512), (512, 512)),
        ((513, 1024), (576, 1024)),
        ((1, 1), (512, 512)),
        ((20000, 30), (1024, 512)),
    ],
)
def test_requested_sizes(selection: tuple[int, int], requested: tuple[int, int]) -> None:
    assert planned(*selection).requested == Extent(*requested)


def test_a_region_within_the_limits_is_sent_one_to_one() -> None:
    frame = planned(650, 520)
    assert frame.bounds.extent == frame.requested == Extent(704, 576)


def test_a_long_strip_takes_in_what_lies_around_it() -> None:
    frame = planned(20_000, 30)
    assert frame.bounds.extent == Extent(20_000, 10_000)
    assert frame.bounds.centre == frame.region.centre


def test_a_single_pixel_is_sent_as_it_is() -> None:
    assert planned(1, 1).bounds == planned(1, 1).region


def test_a_frame_is_pushed_back_into_the_canvas() -> None:
    canvas = Extent(2000, 2000)
    at_the_corner = plan_frame(Bounds(1900, 1900, 100, 90), canvas, smallest=512, largest=1024, context=100)
    assert Bounds.of_extent(canvas).contains(at_the_corner.bounds)
    assert at_the_corner.bounds.right == at_the_corner.bounds.bottom == 2000


def test_context_shows_the_surroundings() -> None:
    frame = plan_frame(Bounds(1000, 1000, 512, 512), LARGE, smallest=512, largest=1024, context=64)
    assert frame.bounds == Bounds(936, 936, 640, 640)
    assert frame.region_in_frame == Bounds(64, 64, 512, 512)


def test_a_frame_larger_than_the_canvas_sticks_out_evenly() -> None:
    frame = plan_frame(Bounds(0, 0, 600, 520), Extent(600, 520), smallest=512, largest=1024)
    assert frame.bounds == Bounds(-20, -28, 640, 576)
    assert frame.visible(Extent(600, 520)) == Bounds(0, 0, 600, 520)


def test_what_sticks_out_of_the_canvas_is_not_asked_for() -> None:
    frame = plan_frame(Bounds(-300, 900, 500, 500), Extent(1000, 1000), smallest=64, largest=1024)
    assert frame.region == Bounds(0, 900, 200, 100)


@pytest.mark.parametrize("region", [Bounds(-10, 0, 10, 10), Bounds(0, 100, 10, 10), Bounds(500, 500, 1, 1)])
def test_nothing_inside_is_an_error(region: Bounds) -> None:
    with pytest.raises(NothingInside):
        plan_frame(region, Extent(100, 100), smallest=512, largest=1024, context=64)


def test_a_negative_context_is_an_error() -> None:
    with pytest.raises(ValueError, match="context"):
        plan_frame(Bounds(0, 0, 9, 9), LARGE, smallest=512, largest=1024, context=-1)


@untimed
@given(cases())
def test_limits_always_hold(case: Case) -> None:
    requested = case.plan().requested
    limits = SizeLimits.normalised(case.smallest, case.largest)
    for side in (requested.width, requested.height):
        assert side % STEP == 0
        assert HARD_MINIMUM <= limits.smallest <= side <= limits.largest <= HARD_MAXIMUM


@untimed
@given(st.integers(-100, 5000), st.integers(-100, 5000))
def test_the_servers_limits_win_then_the_largest_then_the_smallest(smallest: int, largest: int) -> None:
    limits = SizeLimits.normalised(smallest, largest)
    assert limits.largest <= max(largest, HARD_MINIMUM)
    assert limits.smallest >= min(smallest, limits.largest)
    possible = range(HARD_MINIMUM, HARD_MAXIMUM + 1, STEP)
    assert limits.smallest in possible
    assert limits.largest in possible
    if smallest in possible and largest in possible and smallest <= largest:
        assert (limits.smallest, limits.largest) == (smallest, largest)


@untimed
@given(cases())
def test_the_frame_contains_the_region_and_its_context(case: Case) -> None:
    frame = case.plan()
    canvas = Bounds.of_extent(case.canvas)
    assert frame.region == case.region.intersection(canvas)
    around = case.region.grown(case.context).intersection(canvas)
    assert around is not None
    assert frame.bounds.contains(around)


@untimed
@given(cases())
@example(Case(Extent(3001, 300), Bounds(0, 0, 3001, 300), 64, 1024, 0))
def test_scale_is_uniform_within_a_pixel(case: Case) -> None:
    """Each axis has, to less than a canvas pixel, the length that the other axis's scale gives it."""
    frame = case.plan()
    bounds, requested = frame.bounds, frame.requested
    assert abs(bounds.width - Fraction(bounds.height * requested.width, requested.height)) < 1
    assert abs(bounds.height - Fraction(bounds.width * requested.height, requested.width)) < 1


@untimed
@given(cases())
def test_the_frame_is_inside_the_canvas_where_it_fits_and_covers_it_elsewhere(case: Case) -> None:
    bounds = case.plan().bounds
    for first, end, side in (
        (bounds.x, bounds.right, case.canvas.width),
        (bounds.y, bounds.bottom, case.canvas.height),
    ):
        if end - first <= side:
            assert first >= 0
            assert end <= side
        else:
            assert first <= 0
            assert side <= end


@untimed
@given(cases())
def test_the_region_is_in_the_middle_unless_an_edge_of_the_canvas_is_in_the_way(case: Case) -> None:
    frame = case.plan()
    bounds, (x, y) = frame.bounds, frame.region.centre
    touches_x = bounds.x <= 0 or bounds.right >= case.canvas.width
    touches_y = bounds.y <= 0 or bounds.bottom >= case.canvas.height
    assert touches_x or abs(bounds.centre[0] - x) <= 0.5
    assert touches_y or abs(bounds.centre[1] - y) <= 0.5


@untimed
@given(cases())
def test_no_more_is_sent_than_the_requested_shape_needs(case: Case) -> None:
    """An axis gets less than 64 requested pixels more, and what one pixel of the other is by the shape.

    Only the smallest size may ask for more.
    """
    frame = case.plan()
    around = case.region.grown(case.context).intersection(Bounds.of_extent(case.canvas))
    assert around is not None
    limits = SizeLimits.normalised(case.smallest, case.largest)
    for sent, needed, requested in (
        (frame.bounds.width, around.width, frame.requested.width),
        (frame.bounds.height, around.height, frame.requested.height),
    ):
        step = Fraction(STEP * sent, requested)
        shape = Fraction(frame.requested.longest, frame.requested.shortest)
        assert requested == limits.smallest or sent - needed < step + shape + 1


@untimed
@given(cases())
@example(Case(Extent(9000, 9000), Bounds(3000, 3000, 1416, 237), 64, 1024, 0))
def test_planning_a_frame_again_changes_nothing(case: Case) -> None:
    frame = case.plan()
    assume(Bounds.of_extent(case.canvas).contains(frame.bounds))
    again = plan_frame(frame.bounds, case.canvas, smallest=case.smallest, largest=case.largest)
    assert (again.bounds, again.requested) == (frame.bounds, frame.requested)


@untimed
@given(extents(), st.integers(-100, 5000))
def test_without_a_selection_a_centred_square_of_the_smallest_size_is_meant(
    canvas: Extent, smallest: int
) -> None:
    region = default_region(canvas, smallest)
    assert Bounds.of_extent(canvas).contains(region)
    side = SizeLimits.normalised(smallest, HARD_MAXIMUM).smallest
    assert region.extent == Extent(min(side, canvas.width), min(side, canvas.height))
    assert all(
        0 <= middle - at <= 0.5
        for middle, at in zip((canvas.width / 2, canvas.height / 2), region.centre, strict=True)
    )


@untimed
@given(extents().flatmap(lambda canvas: st.tuples(st.just(canvas), regions(canvas))))
def test_the_default_limits_never_fail(canvas_and_region: tuple[Extent, Bounds]) -> None:
    canvas, region = canvas_and_region
    frame = plan_frame(region, canvas, smallest=512, largest=1024)
    assert frame.visible(canvas).contains(frame.region)


def test_a_frame_must_contain_its_region() -> None:
    with pytest.raises(ValueError, match="does not contain"):
        Frame(Bounds(0, 0, 65, 64), Bounds(0, 0, 64, 64), Extent(64, 64))


@pytest.mark.parametrize("size", [(100, 64), (64, 3136)])
def test_a_frame_must_ask_for_what_the_server_accepts(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="steps of 64"):
        Frame(Bounds(0, 0, 64, 64), Bounds(0, 0, 64, 64), Extent(*size))


def test_a_canvas_that_the_frame_does_not_touch_shows_nothing_of_it() -> None:
    frame = Frame(Bounds(100, 100, 64, 64), Bounds(100, 100, 64, 64), Extent(64, 64))
    with pytest.raises(NothingInside):
        frame.visible(Extent(50, 50))
